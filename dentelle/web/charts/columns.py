"""Stacked columns: how many, by period, and of which sort."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from dentelle.rules.wording import THIN
from dentelle.web.charts.chart import Cell, Chart
from dentelle.web.charts.svg import NARROW, TEXT, WIDE, Drawing, text_width
from dentelle.web.formatting import number, plural

_LEGEND_LINE = 24
_PLOT = 210
_FOOT = 44
_SMALL = 12
_BOLD = 1.15  # bold digits are wider by about this much


@dataclass(frozen=True, slots=True)
class Series:
    """One sort, named; ``tone`` is strong, hatched (uncertain), pale, or 1 to 6."""

    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Column:
    """One period: ``label`` under the column, ``group`` under the first of its group (a year), ``name`` in the table.

    ``values`` follow the order of the series, from the foot of the column; ``urls`` open the lines of each.
    """

    label: str
    group: str
    name: str
    values: tuple[int, ...]
    urls: tuple[str, ...] = ()


def stacked_columns(
    identifier: str,
    title: str,
    *,
    columns: Sequence[Column],
    series: Sequence[Series],
    counted: str,
    context: str = "",
    note: str = "",
) -> Chart:
    """Draw ``columns`` of ``series``; ``counted`` is what is counted, in the singular (« marché »)."""
    totals = [sum(column.values) for column in columns]
    by_series = [sum(column.values[rank] for column in columns) for rank in range(len(series))]
    parts = ", ".join(f"{one.label} {number(total)}" for one, total in zip(series, by_series, strict=True))
    highest = max(range(len(columns)), key=lambda rank: (totals[rank], -rank), default=None)
    peak = f" Le plus fort : {columns[highest].name}, {number(totals[highest])}." if highest is not None else ""
    description = f"{plural(sum(totals), counted)} : {parts}.{peak}"
    rows = []
    for column, total in zip(columns, totals, strict=True):
        urls = column.urls or ("",) * len(column.values)
        cells = [Cell(number(value), url) for value, url in zip(column.values, urls, strict=True)]
        rows.append((Cell(column.name), *cells, Cell(number(total))))
    rows.append((Cell("Ensemble"), *(Cell(number(total)) for total in by_series), Cell(number(sum(totals)))))
    drawings = [
        _draw(f"{identifier}-{suffix}", width, css, title, description, columns, series, totals)
        for suffix, width, css in (("w", WIDE, "chart-wide"), ("n", NARROW, "chart-narrow"))
    ]
    return Chart(
        identifier,
        title,
        description,
        drawings[0],
        drawings[1],
        ("Période", *(one.label for one in series), "Total"),
        tuple(rows),
        context,
        note,
    )


def _draw(
    identifier: str,
    width: float,
    css: str,
    title: str,
    description: str,
    columns: Sequence[Column],
    series: Sequence[Series],
    totals: Sequence[int],
) -> SafeString:
    drawing = Drawing(identifier, width)
    top = _legend(drawing, series) + 26
    foot = top + _PLOT
    highest = max([*totals, 1])
    step = width / max(len(columns), 1)
    bar = min(step * 0.74, 64)
    every = _every(columns, step)
    words, size = _totals(totals, step)
    group = None
    for rank, column in enumerate(columns):
        middle = step * (rank + 0.5)
        _column(drawing, column, series, middle - bar / 2, bar, foot, _PLOT / highest)
        drawing.text(middle, foot - _PLOT * totals[rank] / highest - 6, words[rank], size, "middle")
        if rank % every == 0:
            drawing.text(middle, foot + 18, column.label, "c-text c-muted", "middle")
        if column.group != group:
            group = column.group
            drawing.text(middle - bar / 2, foot + 36, group, "c-text c-muted")
    drawing.line(0, foot, width, foot, "c-base")
    return drawing.render(foot + _FOOT, title, description, f"chart-svg {css}")


def _legend(drawing: Drawing, series: Sequence[Series]) -> float:
    x, y = 0.0, 14.0
    for one in series:
        needed = 22 + text_width(one.label) + 18
        if x and x + needed > drawing.width:
            x, y = 0.0, y + _LEGEND_LINE
        drawing.rect(x + 1, y - 12, 14, 14, f"c-swatch tone-{one.tone}", hatched=one.tone == "hatched")
        drawing.text(x + 22, y, one.label)
        x += needed
    return y


def _column(
    drawing: Drawing, column: Column, series: Sequence[Series], x: float, width: float, foot: float, scale: float
) -> None:
    y = foot
    for value, one in zip(column.values, series, strict=True):
        height = value * scale
        y -= height
        if not value:
            continue
        drawing.rect(x, y, width, height, f"c-bar tone-{one.tone}", hatched=one.tone == "hatched")
        words = number(value)
        inside = height >= TEXT + 6 and text_width(words) <= width - 4
        if inside and one.tone == "strong" and value != sum(column.values):
            drawing.text(x + width / 2, y + height / 2 + 5, words, "c-text c-inside", "middle")


def _totals(totals: Sequence[int], step: float) -> tuple[list[str], str]:
    """Return what is written above the columns, and its class: smaller, then in thousands, rather than overlapping."""
    exact = [number(total) for total in totals]
    widest = max((text_width(words) * _BOLD for words in exact), default=0)
    if widest <= step:
        return exact, "c-text c-strong"
    if widest * _SMALL / TEXT <= step:
        return exact, "c-text c-small"
    return [f"{number(total / 1000)}{THIN}k" if total >= 1000 else number(total) for total in totals], "c-text c-small"


def _every(columns: Sequence[Column], step: float) -> int:
    """Return 1 when every label fits under its column, else 2, 3…: one label out of so many."""
    widest = max((text_width(column.label) for column in columns), default=0) + 6
    return max(1, -int(-widest // step)) if step else 1
