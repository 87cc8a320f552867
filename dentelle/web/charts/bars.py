"""Horizontal bars with an interval: a central figure, and how low or high it may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from dentelle.rules.wording import THIN
from dentelle.web.charts.chart import Cell, Chart
from dentelle.web.charts.svg import NARROW, WIDE, Drawing, wrapped
from dentelle.web.formatting import number

_LABEL = 224  # wide: room for the names on the left
_VALUE = 150  # wide: room for the figures on the right


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """One row: its name, its low, central and high figures; ``uncertain`` textures the bar and says « à confirmer »."""

    name: str
    low: int
    central: int
    high: int
    uncertain: bool = False
    url: str = ""


def interval_bars(
    identifier: str,
    title: str,
    *,
    bars: Sequence[IntervalBar],
    named: str,
    unit: str,
    context: str = "",
    note: str = "",
) -> Chart:
    """Draw ``bars`` on one scale from 0 to the highest end; ``unit`` follows figures (« h ») and
    ``named`` says what each bar is (« Métier »)."""
    doubtful = sum(bar.uncertain for bar in bars)
    listed = " ; ".join(f"{bar.name} {number(bar.central)}{THIN}{unit}" for bar in bars[:3])
    description = f"{len(bars)} lignes ; les premières : {listed}."
    if doubtful:
        verb = "reposent" if doubtful > 1 else "repose"
        description += f" {doubtful} {verb} sur une valeur à confirmer (hachures)."
    rows = tuple(
        (
            Cell(bar.name, bar.url),
            *(Cell(number(value)) for value in (bar.low, bar.central, bar.high)),
            Cell("à confirmer" if bar.uncertain else "retenu"),
        )
        for bar in bars
    )
    wide = _draw(f"{identifier}-w", WIDE, title, description, bars, unit)
    narrow = _draw(f"{identifier}-n", NARROW, title, description, bars, unit)
    columns = (named, f"Bas ({unit})", f"Central ({unit})", f"Haut ({unit})", "Statut")
    return Chart(identifier, title, description, wide, narrow, columns, rows, context, note)


def _draw(
    identifier: str, width: float, title: str, description: str, bars: Sequence[IntervalBar], unit: str
) -> SafeString:
    drawing = Drawing(identifier, width)
    is_wide = width == WIDE
    left = _LABEL if is_wide else 0
    room = (width - _LABEL - _VALUE if is_wide else width) - 8
    scale = room / max([bar.high for bar in bars] + [1])
    y = 4.0
    for bar in bars:
        lines = wrapped(bar.name, (_LABEL - 16) if is_wide else width, 2)
        figures = f"{number(bar.central)}{THIN}{unit}"
        between = f"{number(bar.low)} à {number(bar.high)}" + (" ?" if bar.uncertain else "")
        top = y + 4 if is_wide else y + 18 * len(lines) + 20
        for rank, line in enumerate(lines):
            drawing.text(0, y + 15 + 18 * rank, line)
        if is_wide:
            drawing.text(width, y + 15, figures, "c-text c-strong", "end")
            drawing.text(width, y + 33, between, "c-text c-muted", "end")
        else:
            drawing.text(0, top - 6, figures, "c-text c-strong")
            drawing.text(width, top - 6, between, "c-text c-muted", "end")
        _bar(drawing, bar, left, top, scale)
        y = top + (44 if is_wide else 36)
    return drawing.render(y, title, description, f"chart-svg {'chart-wide' if is_wide else 'chart-narrow'}")


def _bar(drawing: Drawing, bar: IntervalBar, left: float, top: float, scale: float) -> None:
    tone = "hatched" if bar.uncertain else "strong"
    drawing.rect(left, top, bar.central * scale, 16, f"c-bar tone-{tone}", hatched=bar.uncertain)
    middle = top + 21
    low, high = left + bar.low * scale, left + bar.high * scale
    drawing.line(low, middle, high, middle, "c-range")
    drawing.line(low, middle - 3, low, middle + 3, "c-range")
    drawing.line(high, middle - 3, high, middle + 3, "c-range")
