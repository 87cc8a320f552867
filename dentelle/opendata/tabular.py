"""Read the columns wanted from a CSV or xlsx file made for people: title lines, accents, separators, spaces and all.

Every cell comes out as text, exactly as written; numbers of a spreadsheet come out without « .0 ». Nothing is guessed
about types: a lost leading zero stays lost here, and is dealt with where the code's meaning is known.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.spreadsheet_guard import MAX_ROWS, check_opendocument, check_spreadsheet
from dentelle.opendata.text import fold

MAX_TEXT_BYTES = 40_000_000  # twenty times a file of communes
MAX_LINE = 100_000  # characters: a line of separators alone would become as many cells
HEADER_WITHIN = 50  # INSEE puts about five title lines before the header
_SEPARATORS = (";", ",", "\t", "|")


@dataclass(frozen=True, slots=True)
class Field:
    """A column wanted: our name for it, and the headers it is known under (compared without case, accents or signs)."""

    name: str
    headers: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number as a person counts it (from 1), its wanted cells as text."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: the headers found (our name → as written) and the lines that are not blank."""

    path: Path
    headers: dict[str, str]
    lines: list[Line]


Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a file: its name (empty for a text) and its rows, each with its number as a person counts it."""

    name: str
    rows: Iterable[Row]


def read_sheet(path: Path, fields: Sequence[Field]) -> Sheet:
    """Return the wanted columns of the first table of ``path`` that has all the required headers.

    Raises ``SourceRefused``: absent or empty file, unknown format, header not found (with the headers seen), too many
    lines, broken file.
    """
    seen: list[str] = []
    for table in tables_of(path):
        found = _with_header(path, table.rows, fields, seen)
        if found is not None:
            return found
    wanted = ", ".join(field.headers[0] for field in fields if field.required)
    shown = " | ".join(seen[:12]) or "aucun"
    raise SourceRefused(
        "header_not_found",
        f"aucune ligne de titres avec les colonnes attendues ({wanted}) dans les {HEADER_WITHIN} premières lignes ; "
        f"premiers titres vus : {shown}.",
        path=path,
    )


def tables_of(path: Path, *, max_rows: int = MAX_ROWS) -> Iterator[Table]:
    """Yield the tables of a file: each sheet of a workbook (xlsx, ods, xls), or a text once per separator it may have.

    Raises ``SourceRefused``: absent or empty file, unknown format, broken or outsized file.
    """
    if not path.is_file():
        raise SourceRefused("file_absent", f"le fichier {path} n’existe pas.")
    with path.open("rb") as stream:
        start = stream.read(8)
    if not start:
        raise SourceRefused("file_empty", "le fichier est vide.", path=path)
    if kind := _workbook_kind(path):
        yield from _workbook_tables(path, kind, max_rows)
    elif start.startswith((b"%PDF", b"{", b"<")):
        raise SourceRefused(
            "format_unknown", "format non pris en charge : un fichier CSV, xlsx, ods ou xls est attendu.", path=path
        )
    else:
        yield from _text_tables(path)


def _with_header(path: Path, rows: Iterable[Row], fields: Sequence[Field], seen: list[str]) -> Sheet | None:
    iterator = iter(rows)
    for rank, (_, cells) in enumerate(iterator):
        if rank >= HEADER_WITHIN:
            return None
        places = _match(cells, fields)
        if places is not None:
            headers = {name: cells[place].strip() for name, place in places.items()}
            return Sheet(path, headers, list(_lines(path, iterator, places)))
        if not seen and sum(bool(cell.strip()) for cell in cells) > 1:
            seen.extend(cell.strip()[:40] for cell in cells if cell.strip())
    return None


def _match(cells: Sequence[str], fields: Sequence[Field]) -> dict[str, int] | None:
    written = {_spelling(cell): place for place, cell in reversed(list(enumerate(cells))) if len(cell) < 200}
    places = {}
    for field in fields:
        place = next((written[_spelling(header)] for header in field.headers if _spelling(header) in written), None)
        if place is not None:
            places[field.name] = place
        elif field.required:
            return None
    return places


def _spelling(header: str) -> str:
    return fold(header).replace(" ", "")


def _lines(path: Path, rows: Iterator[Row], places: dict[str, int]) -> Iterator[Line]:
    for count, (number, cells) in enumerate(rows):
        if count >= MAX_ROWS:
            raise SourceRefused(
                "too_many_lines", f"plus de {MAX_ROWS} lignes : ce n’est pas le fichier attendu.", path=path
            )
        values = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        if any(values.values()):
            yield Line(number, values)


def _text_tables(path: Path) -> Iterator[Table]:
    size = path.stat().st_size
    if size > MAX_TEXT_BYTES:
        raise SourceRefused(
            "file_too_large",
            f"{size / 1e6:.0f} Mo : un fichier de moins de {MAX_TEXT_BYTES // 1_000_000} Mo est attendu.",
            path=path,
        )
    text = _decoded(path, path.read_bytes())
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise SourceRefused("line_too_long", f"ligne {number} : plus de {MAX_LINE} caractères.", path=path)
    for separator in _SEPARATORS:
        if separator in text:
            yield Table("", _text_rows(path, text, separator))


def _decoded(path: Path, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceRefused("encoding_unknown", "texte illisible : enregistrez le fichier en CSV UTF-8.", path=path)


def _text_rows(path: Path, text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raise SourceRefused("line_unreadable", f"ligne {number} illisible ({broken}).", path=path) from broken
        yield number, cells
        number = reader.line_num + 1


def _is_opendocument(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "content.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def check_workbook(path: Path, *, max_rows: int = MAX_ROWS) -> None:
    """Refuse a workbook that would take the machine, from a bounded look at it; any other file is let through.

    Raises ``SourceRefused``.
    """
    kind = _workbook_kind(path)
    if kind == "xlsx":
        check_spreadsheet(path, max_rows=max_rows)
    elif kind == "ods":
        check_opendocument(path, max_rows=max_rows)
    elif kind == "xls" and path.stat().st_size > MAX_TEXT_BYTES:  # an xls sheet ends at line 65 536 by itself
        raise SourceRefused("file_too_large", "classeur xls trop grand : enregistrez-le en xlsx.", path=path)


def _workbook_kind(path: Path) -> str:
    """Return xlsx, ods or xls by the first bytes, never the name; nothing for another file."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"PK"):
        return "ods" if _is_opendocument(path) else "xlsx"
    return "xls" if start.startswith(b"\xd0\xcf\x11\xe0") else ""


def _workbook_tables(path: Path, kind: str, max_rows: int) -> Iterator[Table]:
    check_workbook(path, max_rows=max_rows)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        for rank, name in enumerate(workbook.sheet_names):
            rows = workbook.get_sheet_by_index(rank).to_python(skip_empty_area=False)
            yield Table(name, ((number, [_cell(value) for value in row]) for number, row in enumerate(rows, start=1)))
    except (CalamineError, OSError, ValueError) as broken:
        raise SourceRefused("spreadsheet_broken", f"classeur {kind} illisible.", path=path) from broken


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
