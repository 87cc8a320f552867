"""Stream the wanted columns of a stock file of any size, in bounded memory, as text."""

import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.text import fold

BLOCK = 8 << 20  # bytes of CSV held at once, and the longest line accepted
PARQUET_ROWS = 100_000
MAX_RATIO = 100  # stock files shrink about six times
RATIO_WATCHED_FROM = 200_000_000
_NOTHING = ["", "[ND]"]  # [ND]: what INSEE writes in place of what a person asked not to publish


@dataclass(slots=True)
class Unreadable:
    """Lines that do not have the columns of the header: counted, the first ones named, never kept."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def note(self, row: Any) -> str:
        """Take note of an invalid row and have it skipped."""
        self.count += 1
        if row.number is not None and len(self.lines) < 20:
            self.lines.append(row.number)
        return "skip"


def read_batches(path: Path, columns: Sequence[str], unreadable: Unreadable) -> Iterator[pa.RecordBatch]:
    """Yield batches of ``columns`` (all text, null when empty) in the order of the file.

    Raises ``SourceRefused``: absent file, missing column, codes stored as numbers, archive with several files, bomb.
    """
    if not path.is_file():
        raise SourceRefused("file_absent", f"le fichier {path} n’existe pas.")
    with path.open("rb") as stream:
        start = stream.read(4)
    try:
        if start == b"PAR1":
            yield from _parquet_batches(path, columns)
        else:
            with ExitStack() as stack:
                yield from _csv_batches(path, _opened(path, start, stack), columns, unreadable)
    except (pa.ArrowInvalid, EOFError, zipfile.BadZipFile, gzip.BadGzipFile, OSError) as broken:
        reason = str(broken).splitlines()[0][:200] if str(broken) else type(broken).__name__
        raise SourceRefused("stock_unreadable", f"fichier illisible ou tronqué ({reason}).", path=path) from broken


def _parquet_batches(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        names = _matched(path, file.schema_arrow.names, columns)
        for name in names:
            kind = file.schema_arrow.field(name).type
            if pa.types.is_integer(kind) or pa.types.is_floating(kind):
                raise SourceRefused(
                    "codes_as_numbers",
                    f"la colonne {name} est stockée en nombres : les zéros de tête sont perdus, reprenez le fichier de l’INSEE.",
                    path=path,
                )
        for batch in file.iter_batches(batch_size=PARQUET_ROWS, columns=names):
            arrays = [_text(batch.column(batch.schema.get_field_index(name))) for name in names]
            yield pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _text(values: pa.Array) -> pa.Array:
    text = pc.cast(values, pa.string())
    return pc.if_else(pc.is_in(text, value_set=pa.array(_NOTHING)), pa.scalar(None, pa.string()), text)


def _csv_batches(
    path: Path, stream: IO[bytes], columns: Sequence[str], unreadable: Unreadable
) -> Iterator[pa.RecordBatch]:
    buffered = io.BufferedReader(stream, BLOCK) if isinstance(stream, io.RawIOBase) else stream
    header = buffered.readline(1 << 16).decode("utf-8-sig", "replace").strip()
    separator = max(",;\t", key=header.count)
    written = [name.strip().strip('"') for name in header.split(separator)]
    names = _matched(path, written, columns)
    with pcsv.open_csv(
        buffered,
        # one thread: the numbers of the lines that cannot be read are known, and memory stays bounded
        read_options=pcsv.ReadOptions(block_size=BLOCK, column_names=written, use_threads=False),
        parse_options=pcsv.ParseOptions(delimiter=separator, invalid_row_handler=unreadable.note),
        convert_options=pcsv.ConvertOptions(
            include_columns=names,
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=_NOTHING,
        ),
    ) as reader:
        for batch in reader:
            yield batch.rename_columns(list(columns))


def _matched(path: Path, written: Sequence[str], columns: Sequence[str]) -> list[str]:
    known = {fold(name).replace(" ", ""): name for name in written}
    absent = [name for name in columns if fold(name) not in known]
    if absent:
        raise SourceRefused(
            "column_absent",
            f"colonne(s) absente(s) : {', '.join(absent)} ; premières colonnes vues : {', '.join(written[:5])[:200]}.",
            path=path,
        )
    return [known[fold(name)] for name in columns]


def _opened(path: Path, start: bytes, stack: ExitStack) -> IO[bytes]:
    if start.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", _Watched(path, stack.enter_context(cast("IO[bytes]", gzip.open(path, "rb")))))
    if start.startswith(b"PK"):
        archive = stack.enter_context(zipfile.ZipFile(path))
        members = [member for member in archive.infolist() if member.filename.lower().endswith(".csv")]
        if len(members) != 1:
            raise SourceRefused(
                "archive_ambiguous", f"l’archive contient {len(members)} fichiers CSV, un seul est attendu.", path=path
            )
        return cast("IO[bytes]", _Watched(path, stack.enter_context(archive.open(members[0]))))
    return stack.enter_context(path.open("rb", buffering=BLOCK))


class _Watched(io.RawIOBase):
    """An inflated stream that refuses to go on when it grows out of proportion with the compressed file."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path = path
        self._stream = stream
        self._limit = max(RATIO_WATCHED_FROM, MAX_RATIO * path.stat().st_size)
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._given += len(chunk)
        if self._given > self._limit:
            raise SourceRefused(
                "stock_bomb",
                f"le fichier décompressé est plus de {MAX_RATIO} fois plus gros que l’archive : refusé.",
                path=self._path,
            )
        return len(chunk)
