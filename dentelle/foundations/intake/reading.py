"""From a file to a grid of text: every sheet is looked at, the one whose header names the most fields is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dentelle.foundations.intake.columns import Field, Proposal, find_header, propose
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.tabular import Row, Table, check_workbook, tables_of

MAX_ROWS = 50_000  # a purchase plan has hundreds of lines, a register of many years some tens of thousands
MAX_COLUMNS = 200
LONGEST_CELL = 5_000


class IntakeRefused(Exception):
    """The file cannot be taken in; the message is French: what, why, what to do. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the file: its number as a person counts it, its cells as text, as many as there are titles."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found in a file. ``header_number`` is 0 when no line names any field: titles are then letters of columns."""

    sheet: str
    header_number: int
    titles: tuple[str, ...]
    lines: tuple[GridLine, ...]
    mapping: Mapping[str, Proposal]


def refuse_hostile(path: Path, *, name: str = "") -> None:
    """Refuse at once a file that is not to be read at all. Raises IntakeRefused."""
    try:
        check_workbook(path, max_rows=MAX_ROWS)
    except SourceRefused as refused:
        raise _said(refused, path, name) from refused


def _said(refused: SourceRefused, path: Path, name: str) -> IntakeRefused:
    return IntakeRefused(refused.code, f"« {name or path.name} »\u00a0: {str(refused).removeprefix(f'{path.name} : ')}")


def read_grid(
    path: Path, fields: Sequence[Field], *, name: str = "", remembered: Mapping[str, str] | None = None
) -> Grid:
    """Return the table of ``path`` that names the most fields, with the mapping proposed. Raises IntakeRefused.

    ``name`` is what the person calls the file. Blank lines are left out; line numbers stay those of the file.
    """
    best: Grid | None = None
    try:
        for table in tables_of(path, max_rows=MAX_ROWS):
            found = _grid(table, fields, remembered)
            if found is not None and (best is None or len(found.mapping) > len(best.mapping)):
                best = found
    except SourceRefused as refused:
        raise _said(refused, path, name) from refused
    if best is None or not best.lines:
        raise IntakeRefused("no_lines", f"« {name or path.name} » ne contient aucune ligne à lire.")
    return best


def _grid(table: Table, fields: Sequence[Field], remembered: Mapping[str, str] | None) -> Grid | None:
    rows = _bounded(table)
    if not rows:
        return None
    rank = find_header([cells for _, cells in rows], fields)
    width = max(len(cells) for _, cells in rows)
    if rank is None:
        titles = tuple(f"Colonne {_letters(column)}" for column in range(width))
        header_number, first = 0, 0
    else:
        header_number, header = rows[rank]
        titles = tuple(cell.strip() or f"Colonne {_letters(column)}" for column, cell in enumerate(header))
        first = rank + 1
    lines = tuple(
        GridLine(number, tuple(cells[: len(titles)]) + ("",) * (len(titles) - len(cells)))
        for number, cells in rows[first:]
    )
    return Grid(table.name, header_number, titles, lines, propose(titles, fields, remembered))


def _bounded(table: Table) -> list[Row]:
    rows: list[Row] = []
    for number, cells in table.rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= MAX_ROWS:
            raise SourceRefused("too_many_lines", f"plus de {MAX_ROWS} lignes : découpez le fichier.")
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise SourceRefused("too_many_columns", f"ligne {number} : plus de {MAX_COLUMNS} colonnes.")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise SourceRefused("cell_too_long", f"ligne {number} : une case dépasse {LONGEST_CELL} caractères.")
        rows.append((number, [cell.strip() for cell in cells]))
    return rows


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
