"""One block of one source, read and written to staging: the unit of work of a worker process."""

import hashlib
import mmap
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from dentelle.opendata.decp import record as record_module
from dentelle.opendata.decp import split_json, split_xml
from dentelle.opendata.decp.columns import Shaper
from dentelle.opendata.decp.memory import fixed_texts
from dentelle.opendata.decp.pieces import Block, Broken, Reading, excerpt
from dentelle.opendata.decp.record import Record, RecordRefused, decode, known, mend

STAGED_REJECTS: Final = pa.schema(
    [
        ("source_key", pa.int64()),
        ("part", pa.int32()),
        ("local", pa.int32()),
        ("byte_offset", pa.int64()),
        ("line", pa.int64()),
        ("defect", pa.string()),
        ("excerpt", pa.string()),
    ]
)
_LOST: Final = "\ufffd".encode()
# Half-read text is worth compressing a little: staging stays on disk until the data set is thrown away.
COMPRESSION: Final = "lz4"


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What came out of a block: counts, where reading stopped, and the names of the files written."""

    number: int
    start: int
    stop: int
    closed: bool
    read: int
    kept: int
    lines: int
    generations: dict[str, int] = field(default_factory=dict)
    defects: dict[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()


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
        buffer = self.mapped(path)
        reading = _reading(buffer, block)
        records, tags = self._records(buffer, block, reading)
        container = block.container
        if container.kind is not None:
            kinds = [container.kind] * len(records)
        else:
            kinds = [_kind(record, tag) for record, tag in zip(records, tags, strict=True)]
        if container.generation is not None:
            generations = [container.generation] * len(records)
        else:
            generations = [_generation(record) for record in records]
        digest = hashlib.blake2b
        joined = b"".join([digest(raw, digest_size=10).digest() for raw in reading.raws])
        hashes = fixed_texts(joined.hex().encode(), 20)
        damaged: frozenset[int] = frozenset()
        if buffer.find(_LOST, block.start, reading.stop) >= 0:
            damaged = frozenset(row for row, raw in enumerate(reading.raws) if _LOST in raw)
        files: list[str] = []
        if records:
            tables = self.shaper.tables(
                records, reading.locals, reading.positions, hashes, kinds, generations,
                source_key=source_key, part=block.number, textual=container.syntax == "xml", damaged=damaged,
            )  # fmt: skip
            for name, table in tables.items():
                if table.num_rows:
                    files.append(_write(folder, name, block.number, table))
        if reading.broken:
            files.append(_write(folder, "rejects", block.number, _rejects(reading, source_key, block.number)))
        return BlockResult(
            block.number, block.start, reading.stop, reading.closed, reading.count, len(records), reading.lines,
            dict(Counter(generations)), dict(Counter(broken.defect for broken in reading.broken)), tuple(files),
        )  # fmt: skip

    def _records(self, buffer: mmap.mmap, block: Block, reading: Reading) -> tuple[list[Record], list[str | None]]:
        """Decode each piece; those that refuse go from ``raws`` to ``broken``, in place."""
        records: list[Record] = []
        tags: list[str | None] = []
        refused: list[tuple[int, str]] = []
        is_xml = block.container.syntax == "xml"
        padded = not is_xml and buffer.find(b' ":', block.start, reading.stop) >= 0
        largest = record_module.MAX_RECORD_BYTES
        for at, raw in enumerate(reading.raws):
            try:
                if len(raw) > largest:
                    raise RecordRefused("record_too_large")
                if is_xml:
                    record, tag = split_xml.read_record(raw, self.parser)
                    tags.append("concession" if tag == "contrat-concession" else None)
                elif padded and b' ":' in raw:
                    record = mend(raw)
                else:
                    try:
                        record = decode(raw)
                    except (msgspec.MsgspecError, UnicodeError, RecursionError):
                        record = mend(raw)
                    if record.objet is None and not known(record):
                        raise RecordRefused("empty_record")
            except RecordRefused as refusal:
                refused.append((at, refusal.defect))
                continue
            records.append(record)
        if not is_xml:
            tags = [None] * len(records)
        if refused:
            _move_refused(reading, refused, is_xml=is_xml)
        return records, tags


def _reading(buffer: mmap.mmap, block: Block) -> Reading:
    if block.container.syntax == "xml":
        return split_xml.read_xml(buffer, block.start, block.end)
    if block.container.syntax == "lines":
        return split_json.read_lines(buffer, block.start, block.end)
    return split_json.read_array(buffer, block.container, block.start, block.end)


def _move_refused(reading: Reading, refused: list[tuple[int, str]], *, is_xml: bool) -> None:
    for at, defect in refused:
        position = reading.positions[at]
        offset, line = (None, position) if is_xml else (position, None)
        reading.broken.append(Broken(reading.locals[at], offset, line, defect, excerpt(reading.raws[at])))
    gone = {at for at, _ in refused}
    keep = [at for at in range(len(reading.raws)) if at not in gone]
    reading.raws = [reading.raws[at] for at in keep]
    reading.locals = [reading.locals[at] for at in keep]
    reading.positions = [reading.positions[at] for at in keep]


def _rejects(reading: Reading, source_key: int, part: int) -> pa.Table:
    rows = sorted(reading.broken, key=lambda broken: broken.local if broken.local is not None else -1)
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
    name = f"{table}-{number:06d}.parquet"
    pq.write_table(rows, folder / name, compression=COMPRESSION, use_dictionary=_DICTIONARIES, write_statistics=False)
    return name


# Columns whose values come back: the others would pay for a dictionary that is thrown away.
_DICTIONARIES: Final = [
    "kind", "generation", "buyer_id", "buyer_name", "nature", "cpv", "procedure", "techniques", "modalities", "ccag", "price_form",
    "price_types", "place_code", "place_kind", "place_name", "duration_flag", "amount_flag", "social_status", "environment_status",
    "consortium", "flags", "holder_id_kind", "notified_on", "published_on",
]  # fmt: skip


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
    born_in_2022 = (
        record.considerationsSociales is not None
        or record.considerationsEnvironnementales is not None
        or record.techniques is not None
        or record.typesPrix is not None
        or record.modalitesExecution is not None
        or record.ccag is not None
        or record.offresRecues is not None
    )
    return "2022" if born_in_2022 else "2019"
