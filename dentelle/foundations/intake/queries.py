"""What the pages of drops show: the columns with what they hold, one page of lines, the counts of the dry run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dentelle.foundations.intake.columns import Field, Match
from dentelle.foundations.intake.models import Correction, Drop, DropLine, LineAct
from dentelle.foundations.intake.targets import Target

PAGE = 50
SAMPLES = 3
LOOKED_AT = 60  # first lines, among which the samples of each column are taken


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file as it is offered: its place, its title, a few of its values."""

    place: int
    title: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field wanted and the column found for it (None: none), with why."""

    field: Field
    column: Column | None
    why: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid. ``problem`` says what is wrong; ``original`` what the file says when a person wrote another text."""

    field: str
    label: str
    column: int
    text: str
    problem: str = ""
    original: str = ""

    @property
    def is_corrected(self) -> bool:
        return self.original != self.text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the grid: what will be done with it, and why."""

    number: int
    act: str
    act_label: str
    cells: tuple[Cell, ...]
    told: tuple[str, ...]  # problems of the whole line, or what an update changes

    @property
    def wrong(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.problem)


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of line and how many."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An optional column with cells that cannot be read."""

    field: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class GridPage:
    """Everything the page of a drop shows. ``before`` and ``after`` are line numbers to ask the pages around with, or None."""

    fields: tuple[FieldRow, ...]
    columns: tuple[Column, ...]
    tabs: tuple[Tab, ...]
    tab: str
    lines: tuple[Line, ...]
    before: int | None
    after: int | None
    unreadable: tuple[Unreadable, ...]
    missing: tuple[str, ...]

    @property
    def found(self) -> tuple[FieldRow, ...]:
        """The fields that have a column."""
        return tuple(row for row in self.fields if row.column)

    @property
    def absent(self) -> tuple[FieldRow, ...]:
        """The fields this file says nothing of."""
        return tuple(row for row in self.fields if not row.column)

    @property
    def is_new_to_us(self) -> bool:
        """Whether a column was told by its title rather than remembered or chosen: to be looked at before writing."""
        return any(row.why in (Match.NAMED.label, Match.ALIKE.label) for row in self.found)

    @property
    def is_correctable(self) -> bool:
        """Whether a line shown has a cell to correct, or corrected already: a correction may be corrected."""
        return any(line.act == LineAct.REFUSED or any(cell.is_corrected for cell in line.cells) for line in self.lines)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(row.field.label for row in self.fields if row.column)


def grid_page(
    drop: Drop, target: Target, *, tab: str = "", after: int | None = None, before: int | None = None
) -> GridPage:
    """Return one page of the grid: the lines of one act (``tab``), fifty from a line number on."""
    tabs = _tabs(drop)
    shown = tab if tab in {each.code for each in tabs} else _first_tab(tabs)
    found = drop.lines.all() if shown == "all" else drop.lines.filter(act=shown)
    rows, previous, following = _keyset(found, after, before)
    columns = _columns(drop)
    fields = tuple(_field_row(field, drop.mapping, columns) for field in target.fields)
    corrections = _corrections_of(drop, [row.number for row in rows])
    return GridPage(
        fields=fields,
        columns=columns,
        tabs=tabs,
        tab=shown,
        lines=tuple(_line(row, fields, corrections) for row in rows),
        before=previous,
        after=following,
        unreadable=_unreadable(drop, target),
        missing=tuple(row.field.label for row in fields if row.field.required and row.column is None),
    )


def _tabs(drop: Drop) -> tuple[Tab, ...]:
    words = {
        LineAct.REFUSED: "à corriger",
        LineAct.CREATE: "nouvelles",
        LineAct.UPDATE: "modifiées",
        LineAct.UNCHANGED: "inchangées",
    }
    tabs = [Tab(act.value, label, int(drop.counts.get(act.value, 0))) for act, label in words.items()]
    return (*tabs, Tab("all", "en tout", drop.line_count))


def _first_tab(tabs: Sequence[Tab]) -> str:
    return next((each.code for each in tabs if each.count), "all")


def _keyset(found: Any, after: int | None, before: int | None) -> tuple[list[DropLine], int | None, int | None]:
    if before is not None:
        rows = list(found.filter(number__lt=before).order_by("-number")[: PAGE + 1])
        more = len(rows) > PAGE
        rows = rows[:PAGE][::-1]
        return rows, rows[0].number if more and rows else None, rows[-1].number if rows else None
    if after is not None:
        found = found.filter(number__gt=after)
    rows = list(found.order_by("number")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return rows, rows[0].number if after is not None and rows else None, rows[-1].number if more else None


def _columns(drop: Drop) -> tuple[Column, ...]:
    first = list(drop.lines.order_by("number").values_list("cells", flat=True)[:LOOKED_AT])
    return tuple(Column(place, title, _samples(first, place)) for place, title in enumerate(drop.titles))


def _samples(lines: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    seen = dict.fromkeys(cells[place] for cells in lines if place < len(cells) and cells[place].strip())
    return tuple(text if len(text) <= 60 else text[:59] + "…" for text in list(seen)[:SAMPLES])


def _field_row(field: Field, mapping: Mapping[str, Any], columns: Sequence[Column]) -> FieldRow:
    found = mapping.get(field.name)
    if found is None:
        return FieldRow(field, None, "", doubtful=False)
    match = Match(found["match"])
    return FieldRow(field, columns[found["column"]], match.label, doubtful=match is Match.ALIKE)


def _corrections_of(drop: Drop, numbers: Sequence[int]) -> dict[tuple[int, int], str]:
    rows = Correction.objects.filter(drop=drop, number__in=numbers).values_list("number", "column", "text")
    return {(number, column): text for number, column, text in rows}


def _line(row: DropLine, fields: Sequence[FieldRow], corrections: Mapping[tuple[int, int], str]) -> Line:
    problems = {column: message for _, column, message in row.problems if column is not None}
    whole = tuple(dict.fromkeys(message for _, column, message in row.problems if column is None))
    cells = []
    for each in fields:
        if each.column is None:
            continue
        place = each.column.place
        original = row.cells[place]
        text = corrections.get((row.number, place), original)
        cells.append(Cell(each.field.name, each.field.label, place, text, problems.get(place, ""), original))
    told = whole or (("change : " + ", ".join(row.changes),) if row.changes else ())
    return Line(row.number, row.act, LineAct(row.act).label, tuple(cells), told)


def _unreadable(drop: Drop, target: Target) -> tuple[Unreadable, ...]:
    counts = drop.counts.get("problems", {})
    optional = [field for field in target.fields if not field.required and field.name in drop.mapping]
    return tuple(
        Unreadable(field.name, field.label, counts[field.name]) for field in optional if counts.get(field.name)
    )
