"""Look at a spreadsheet before opening it: a few kilobytes can unfold into all the memory of the machine.

Readers lay a sheet out as a rectangle, from its first to its last used cell. So one cell at XFD1048576, a million empty
rows or a sheet that inflates a thousand times are refused here, from a bounded reading of the compressed parts.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from lxml import etree

from dentelle.opendata.refusal import SourceRefused

MAX_INFLATED = 300_000_000  # bytes, all parts together
# a sheet compresses ten to fifty times; one that unfolds much further, past a size no honest one needs, means harm
MAX_RATIO = 200
RATIO_FROM = 40_000_000
MAX_ROWS = 200_000  # five times the communes of France
MAX_COLUMNS = 1_000
MAX_CELLS = 10_000_000  # of the rectangle: forty times a file of communes with seven columns
_CHUNK = 1 << 16
_KEEP = 64  # bytes repeated between chunks, so that a reference cut in two is still seen

_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,12})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\b")


def check_spreadsheet(path: Path, *, max_rows: int = MAX_ROWS) -> None:
    """Refuse an xlsx file that is not one, inflates beyond reason, lies about its size, or spans a huge rectangle."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            members = archive.infolist()
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise SourceRefused(
                    "not_a_spreadsheet",
                    "ce n’est pas un classeur xlsx ; s’il s’agit d’une archive, donnez le fichier qu’elle contient.",
                    path=path,
                )
            declared = sum(member.file_size for member in members)
            if declared > MAX_INFLATED:  # what it says of itself is enough to refuse it, never to trust it
                raise _bomb(path, declared)
            budget = MAX_INFLATED
            for member in members:
                budget -= _check_member(path, raw, member, budget, max_rows)
    except (zipfile.BadZipFile, struct.error, zlib.error, EOFError) as broken:
        raise SourceRefused("spreadsheet_broken", f"classeur xlsx endommagé ({broken}).", path=path) from broken


def _check_member(path: Path, raw: IO[bytes], member: zipfile.ZipInfo, budget: int, max_rows: int) -> int:
    extent = _Extent(max_rows) if member.filename.startswith("xl/worksheets/") else None
    size, tail = 0, b""
    for chunk in _inflated(raw, member):
        size += len(chunk)
        if size > budget or _unfolds(size, member):
            raise _bomb(path, size)
        if extent is not None:
            window = tail + chunk
            extent.grow(window)
            if extent.too_wide:
                raise SourceRefused("spreadsheet_too_wide", extent.told(Path(member.filename).stem), path=path)
            tail = window[-_KEEP:]
    return size


def _unfolds(size: int, member: zipfile.ZipInfo) -> bool:
    return size > RATIO_FROM and size > MAX_RATIO * max(1, member.compress_size)


def _bomb(path: Path, size: int) -> SourceRefused:
    return SourceRefused(
        "spreadsheet_bomb", f"une fois décompressé, le classeur dépasse {size // 1_000_000} Mo : refusé.", path=path
    )


@dataclass(slots=True)
class _Extent:
    """The last row and column a sheet mentions; rows without number are counted."""

    max_rows: int
    counted: int = 0
    row: int = 0
    column: int = 0

    def grow(self, window: bytes) -> None:
        # a row cut between two windows is seen twice at most: the limit is far enough for that not to matter
        self.counted += len(_ROW.findall(window))
        self.row = max(self.row, self.counted)
        for letters, digits in _REFERENCE.findall(window):
            self.row = max(self.row, int(digits))
            self.column = max(self.column, _column_number(letters))

    @property
    def too_wide(self) -> bool:
        return self.row > self.max_rows or self.column > MAX_COLUMNS or self.row * self.column > MAX_CELLS

    def told(self, sheet: str) -> str:
        return (
            f"la feuille {sheet} s’étend au moins jusqu’à la ligne {self.row} et la colonne {self.column} "
            f"(limites : {self.max_rows} lignes, {MAX_COLUMNS} colonnes, {MAX_CELLS} cases) ; "
            "supprimez les lignes et colonnes vides, ou enregistrez en CSV."
        )


def check_opendocument(path: Path, *, max_rows: int = MAX_ROWS) -> None:
    """Refuse an ods file that is broken, inflates beyond reason, or whose used cells span a huge rectangle.

    An ods file says « this row, a million times » in one line: blank rows at the end weigh nothing and are let through,
    those before a used one are counted.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            member = archive.getinfo("content.xml")
            parser = etree.XMLPullParser(events=("start", "end"), resolve_entities=False, no_network=True)
            extent = _RepeatedExtent(max_rows)
            size = 0
            for chunk in _inflated(raw, member):
                size += len(chunk)
                if size > MAX_INFLATED or _unfolds(size, member):
                    raise _bomb(path, size)
                parser.feed(chunk)
                extent.read(parser)
                if extent.too_wide:
                    raise SourceRefused("spreadsheet_too_wide", extent.told(), path=path)
    except (zipfile.BadZipFile, KeyError, struct.error, zlib.error, EOFError, etree.XMLSyntaxError) as broken:
        raise SourceRefused("spreadsheet_broken", f"classeur ods endommagé ({broken}).", path=path) from broken


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


@dataclass(slots=True)
class _RepeatedExtent:
    """Rows and cells of an ods sheet once its repetitions are counted; blank rows only count before a used one."""

    max_rows: int
    rows: int = 0
    blank: int = 0
    cells: int = 0
    in_row: int = 0

    def read(self, parser: "etree.XMLPullParser") -> None:
        for event, node in parser.read_events():
            element = cast("etree._Element", node)
            if event == "start":
                if element.tag == _TABLE + "table":
                    self.rows = self.blank = self.in_row = 0
                continue
            if element.tag == _TABLE + "table-cell" and element.get(_OFFICE_TYPE):
                self.in_row += _times(element, "number-columns-repeated")
            elif element.tag == _TABLE + "table-row":
                self._end_row(_times(element, "number-rows-repeated"))
                element.clear()
                while element.getprevious() is not None:
                    del cast("etree._Element", element.getparent())[0]

    def _end_row(self, times: int) -> None:
        if self.in_row == 0:
            self.blank += times
            return
        self.rows += self.blank + times
        self.cells += self.in_row * times
        self.blank = self.in_row = 0

    @property
    def too_wide(self) -> bool:
        return self.rows > self.max_rows or self.in_row > MAX_COLUMNS or self.cells > MAX_CELLS

    def told(self) -> str:
        return (
            f"une feuille s’étend au moins sur {self.rows} lignes et {self.cells} cases (limites : {self.max_rows} lignes, "
            f"{MAX_COLUMNS} colonnes, {MAX_CELLS} cases) ; supprimez les lignes vides, ou enregistrez en CSV."
        )


def _times(element: "etree._Element", name: str) -> int:
    written = element.get(_TABLE + name, "1")
    # twelve digits are already beyond any sheet: longer ones are refused by the same limit
    return max(1, int(written[:12])) if written.isascii() and written.isdigit() else 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _inflated(raw: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what the part really unfolds into, whatever size the archive declares for it."""
    raw.seek(member.header_offset)
    header = raw.read(30)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    raw.seek(name_length + extra_length, 1)
    left = member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (chunk := raw.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(f"compression {member.compress_type} non prise en charge")
    inflater = zlib.decompressobj(-15)
    while not inflater.eof:
        block = inflater.unconsumed_tail
        if not block:
            block = raw.read(min(_CHUNK, left))
            left -= len(block)
            if not block:
                break
        chunk = inflater.decompress(block, _CHUNK)
        if chunk:
            yield chunk
