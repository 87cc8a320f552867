"""Rates compared: a dot per place on one scale, never without the counts behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from dentelle.web.charts.chart import Cell, Chart
from dentelle.web.charts.svg import NARROW, WIDE, Drawing, wrapped
from dentelle.web.formatting import UNKNOWN, number, percent

_LABEL = 224
_VALUE = 170


@dataclass(frozen=True, slots=True)
class RateRow:
    """One place: ``part`` of ``stated``, of ``total`` contracts; ``asked`` marks the place the page is about.

    The rate is over what is stated; ``small`` says that too few are stated to read the rate without the counts.
    """

    name: str
    part: int
    stated: int
    total: int
    asked: bool = False
    small: bool = False
    url: str = ""

    @property
    def rate(self) -> float | None:
        """Share of what is stated; None when nothing is."""
        return self.part / self.stated if self.stated else None

    @property
    def coverage(self) -> float | None:
        """Share of the contracts that state something; None without contracts."""
        return self.stated / self.total if self.total else None


def rate_dots(
    identifier: str, title: str, *, rows: Sequence[RateRow], counted: str, context: str = "", note: str = ""
) -> Chart:
    """Draw one dot per row; ``counted`` names the part (« avec considération sociale »)."""
    described = [
        f"{row.name} : {percent(row.rate)} ({number(row.part)} sur {number(row.stated)} renseignés, "
        f"{percent(row.coverage)} des {number(row.total)} marchés)"
        for row in rows
    ]
    description = " ; ".join(described) + "."
    data = tuple(
        (
            Cell(row.name, row.url),
            Cell(percent(row.rate) + (" (effectif faible)" if row.small and row.stated else "")),
            Cell(number(row.part)),
            Cell(number(row.stated)),
            Cell(number(row.total)),
            Cell(percent(row.coverage)),
        )
        for row in rows
    )
    wide = _draw(f"{identifier}-w", WIDE, title, description, rows)
    narrow = _draw(f"{identifier}-n", NARROW, title, description, rows)
    columns = ("Territoire", "Taux", counted.capitalize(), "Renseignés", "Marchés", "Couverture")
    return Chart(identifier, title, description, wide, narrow, columns, data, context, note)


def _draw(identifier: str, width: float, title: str, description: str, rows: Sequence[RateRow]) -> SafeString:
    drawing = Drawing(identifier, width)
    is_wide = width == WIDE
    left = _LABEL + 8 if is_wide else 8
    room = (width - _LABEL - _VALUE if is_wide else width) - 32
    top_rate = _ceiling(max((row.rate or 0 for row in rows), default=0))
    y = 4.0
    marks: list[tuple[float, RateRow]] = []  # (height, row): drawn once the scale is known
    for row in rows:
        weight = "c-text c-strong" if row.asked else "c-text"
        lines = wrapped(row.name, (_LABEL - 16) if is_wide else width, 2)
        for rank, line in enumerate(lines):
            drawing.text(0, y + 16 + 18 * rank, line, weight)
        counts = f"{number(row.part)} sur {number(row.stated)}"
        value = percent(row.rate) if row.rate is not None else UNKNOWN
        if is_wide:
            drawing.text(width, y + 16, value, f"{weight} c-strong", "end")
            drawing.text(width, y + 34, counts, "c-text c-muted", "end")
            marks.append((y + 20, row))
            y += 46
        else:
            base = y + 18 * len(lines) + 16
            drawing.text(0, base, value, f"{weight} c-strong")
            drawing.text(width, base, counts, "c-text c-muted", "end")
            marks.append((base + 16, row))
            y = base + 34
    for at, row in marks:
        drawing.line(left, at, left + room, at, "c-grid")
        for tick in range(5):
            x = left + room * tick / 4
            drawing.line(x, at - 6, x, at + 6, "c-grid")
        if row.rate is not None:
            drawing.circle(
                left + room * row.rate / top_rate, at, 7 if row.asked else 6, "c-dot" if row.asked else "c-ring"
            )
    for tick in (0, 2, 4):
        drawing.text(left + room * tick / 4, y + 16, percent(top_rate * tick / 4), "c-text c-muted", "middle")
    return drawing.render(y + 24, title, description, f"chart-svg {'chart-wide' if is_wide else 'chart-narrow'}")


def _ceiling(rate: float) -> float:
    """Return the end of the scale: the first round share at or above ``rate``."""
    return next((end for end in (0.04, 0.08, 0.2, 0.4, 0.6, 0.8) if rate <= end), 1.0)
