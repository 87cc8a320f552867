"""One block of one source, read and written to staging: the unit of work of a worker process."""

import mmap
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar

import pyarrow as pa
from xxhash import xxh3_128_digest

from dentelle.opendata.decp import record as record_module
from dentelle.opendata.decp import split_json, split_xml
from dentelle.opendata.decp.columns import BlockColumns, Shaper
from dentelle.opendata.decp.memory import fixed_texts
from dentelle.opendata.decp.pieces import Block, BlockResult, Broken, Container, Reading, excerpt
from dentelle.opendata.decp.record import NOTHING, Record, RecordRefused, known, mend
from dentelle.opendata.decp.shape import WRAPPERS
from dentelle.opendata.decp.staged import STAGED_REJECTS

Item = TypeVar("Item")
_PADDED_KEY: Final = b' ":'
_LOST: Final = "\ufffd".encode()
# Records read at once: so few that they are still in the processor's cache from one column to the next.
HANDFUL: Final = 256
HASH_BYTES: Final = 10
_object: Final = attrgetter("objet")


class SourceReader:
    """Reads blocks of sources; keeps the last source mapped and the rules' memory warm."""

    def __init__(self) -> None:
        self.shaper = Shaper()
        self.parser = split_xml.parser()
        self.path: Path | None = None
        self.buffer: mmap.mmap | None = None

    def mapped(self, path: Path) -> mmap.mmap:
        if self.buffer is None or self.path != path:
            self.close()
            with path.open("rb") as file:
                self.buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.path = path
        return self.buffer

    def close(self) -> None:
        if self.buffer is not None:
            self.buffer.close()
        self.buffer = self.path = None

    def read(self, path: Path, source_key: int, block: Block, folder: Path) -> BlockResult:
        """Read a block, write its staging files into ``folder``."""
        kept, stop, closed, lines = _Kept(self.shaper.block()), block.start, False, 0
        mark = kept.mark()
        for reading in _readings(self.mapped(path), block):
            if reading.instead:
                kept.back_to(mark)
            elif not reading.follows:
                mark = kept.mark()
            for start in range(0, len(reading.raws), HANDFUL):
                self._take(reading, start, kept, block.container)
            kept.broken += [
                replace(broken, local=kept.met + broken.local if broken.local is not None else None)
                for broken in reading.broken
            ]
            kept.met += reading.count
            stop, closed, lines = reading.stop, reading.closed, reading.lines
        files: list[str] = []
        if kept.columns.count:
            tables = kept.columns.tables(
                kept.positions, fixed_texts(b"".join(kept.digests).hex().encode(), 2 * HASH_BYTES), kept.generations,
                source_key=source_key, part=block.number, textual=block.container.syntax == "xml",
            )  # fmt: skip
            for name, table in tables.items():
                if table.num_rows:
                    files.append(_write(folder, name, block.number, table))
        if kept.broken:
            files.append(_write(folder, "rejects", block.number, _rejects(kept.broken, source_key, block.number)))
        return BlockResult(
            block.number, block.start, stop, closed, kept.met, kept.columns.count, lines,
            dict(Counter(kept.generations)), dict(Counter(broken.defect for broken in kept.broken)), tuple(files),
        )  # fmt: skip

    def _take(self, reading: Reading, start: int, kept: "_Kept", container: Container) -> None:
        """Decode and keep the handful of pieces that starts there; note those that are refused."""
        these = slice(start, start + HANDFUL)
        raws, positions = reading.raws[these], reading.positions[these]
        locals_ = [kept.met + local for local in reading.locals[these]]
        is_xml = container.syntax == "xml"
        text = b"".join(raws)
        given: list[Record | None] = [None] * len(raws)
        if not is_xml:
            given = reading.records[these] if reading.records else split_json.decoded(raws)
        records, tags, gone = self._records(raws, given, text, is_xml=is_xml)
        if gone:
            for at, defect in gone.items():
                offset, line = (None, positions[at]) if is_xml else (positions[at], None)
                kept.broken.append(Broken(locals_[at], offset, line, defect, excerpt(raws[at])))
            raws, positions, locals_ = _without(gone, raws), _without(gone, positions), _without(gone, locals_)
        if not records:
            return
        for row in _lossy(text, raws) if not gone else _lossy(b"".join(raws), raws):
            kept.columns.flags.note(kept.columns.count + row, "lost_accents")
        kept.positions += positions
        kept.digests.append(b"".join([xxh3_128_digest(raw)[:HASH_BYTES] for raw in raws]))
        kept.generations += _generations(records, container)
        kept.columns.add(records, locals_, _kinds(records, tags, container))

    def _records(
        self, raws: list[bytes], records: list[Record | None], text: bytes, *, is_xml: bool
    ) -> tuple[list[Record], list[str | None], dict[int, str]]:
        """The ``records`` decoded and those that need care, what the tag of each says of its kind (XML), the defects of the pieces refused.

        ``text`` is all the pieces end to end.
        """
        tags: list[str | None] = [None] * len(raws)
        gone: dict[int, str] = {}
        padded = not is_xml and _PADDED_KEY in text
        if padded or not all(records) or len(text) > record_module.MAX_RECORD_BYTES:
            for at, raw in enumerate(raws):
                if records[at] and not (padded and _PADDED_KEY in raw) and len(raw) <= record_module.MAX_RECORD_BYTES:
                    continue
                try:
                    records[at], tags[at] = self._careful(raw, is_xml=is_xml)
                except RecordRefused as refusal:
                    records[at], gone[at] = None, refusal.defect
        kept = [record for record in records if record is not None]
        if not all(map(_object, kept)):
            for at, record in enumerate(records):
                if record is not None and record.objet is None and not known(record):
                    records[at], gone[at] = None, "empty_record"
            kept = [record for record in records if record is not None]
        return kept, _without(gone, tags), gone

    def _careful(self, raw: bytes, *, is_xml: bool) -> tuple[Record, str | None]:
        """The record of one piece, mended if need be, and what its tag says of its kind; raise RecordRefused."""
        if len(raw) > record_module.MAX_RECORD_BYTES:
            raise RecordRefused("record_too_large")
        if is_xml:
            record, tag = split_xml.read_record(raw, self.parser)
            return record, "concession" if tag == "contrat-concession" else None
        return mend(raw), None


@dataclass(slots=True)
class _Kept:
    """What is kept of a block as it is read."""

    columns: BlockColumns
    met: int = 0  # records met, readable or not
    positions: list[int] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)  # those of a handful of records, end to end
    generations: list[str] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    def mark(self) -> list[int]:
        """Where it stands, to come back to."""
        return [self.met, *map(len, self.growing())]

    def back_to(self, mark: list[int]) -> None:
        """Forget all that was kept since the mark."""
        self.met = mark[0]
        for column, length in zip(self.growing(), mark[1:], strict=True):
            del column[length:]
        self.columns.recount()

    def growing(self) -> list[Any]:
        return [self.positions, self.digests, self.generations, self.broken, *self.columns.growing()]


def _readings(buffer: mmap.mmap, block: Block) -> Iterator[Reading]:
    """What there is in a block, a stretch at a time where the syntax allows it."""
    if block.container.syntax == "xml":
        yield split_xml.read_xml(buffer, block.start, block.end)
    elif block.container.syntax == "lines":
        yield split_json.read_lines(buffer, block.start, block.end)
    else:
        yield from split_json.stretches(buffer, block.container, block.start, block.end)


def _lossy(text: bytes, raws: list[bytes]) -> Iterator[int]:
    """The positions of the pieces that hold a sign lost for good; ``text`` is all of them end to end."""
    at = text.find(_LOST[:1])  # one byte that French seldom has: found at the speed of memory
    ends: list[int] = []
    while at >= 0:
        if not text.startswith(_LOST, at):
            at = text.find(_LOST[:1], at + 1)
            continue
        ends = ends or list(accumulate(map(len, raws)))
        row = bisect_right(ends, at)
        yield row
        at = text.find(_LOST[:1], ends[row])


def _without(gone: dict[int, str], column: list[Item]) -> list[Item]:
    return [value for at, value in enumerate(column) if at not in gone] if gone else column


def _rejects(broken: list[Broken], source_key: int, part: int) -> pa.Table:
    rows = sorted(broken, key=lambda row: row.local if row.local is not None else -1)
    columns: list[list[Any]] = [
        [source_key] * len(rows),
        [part] * len(rows),
        [row.local for row in rows],
        [row.offset for row in rows],
        [row.line for row in rows],
        [row.defect for row in rows],
        [row.excerpt for row in rows],
    ]
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, STAGED_REJECTS, strict=True)],
        schema=STAGED_REJECTS,
    )


def _write(folder: Path, table: str, number: int, rows: pa.Table) -> str:
    name = f"{table}-{number:06d}.arrow"
    with pa.OSFile(str(folder / name), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
        writer.write_table(rows)
    return name


def _kinds(records: list[Record], tags: list[str | None], container: Container) -> list[str]:
    if container.kind is not None:
        return [container.kind] * len(records)
    return [_kind(record, tag) for record, tag in zip(records, tags, strict=True)]


def _generations(records: list[Record], container: Container) -> list[str]:
    if container.generation is not None:
        return [container.generation] * len(records)
    return [_generation(record) for record in records]


def _kind(record: Record, told: str | None) -> str:
    """contract or concession: what the container says, else the record's own type, else the fields it fills."""
    if told is not None:
        return told
    if record.type_ is not None:
        return "concession" if "oncession" in str(record.type_) else "contract"
    only_concession = (
        record.acheteur is None
        and record.autoriteConcedante is not None
        and record.autoriteConcedante.id not in (None, "")
    )
    return "concession" if only_concession else "contract"


def _generation(record: Record) -> str:
    """2022 when a field born with the decrees of 2022 is there, else 2019."""
    labels = (*WRAPPERS, "ccag")
    born_in_2022 = record.offresRecues is not None or any(getattr(record, label) != NOTHING for label in labels)
    return "2022" if born_in_2022 else "2019"
