"""What the readings of an indicator make of a year: its periods, what was read of each, and their sum when it means something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dentelle.network.agreements.models import Agreement, Indicator, Reading, ReadingAnswer
from dentelle.network.agreements.periods import Period, periods_between
from dentelle.rules.wording import plural


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of the year and what was read of it, None when nothing was."""

    period: Period
    reading: Reading | None


def rows_of(
    agreement: Agreement, indicator: Indicator, readings: Iterable[Reading], year: int, on: date
) -> list[PeriodRow]:
    """Every period of the year that the agreement lived and that is over, and those read before their end; oldest first."""
    first = max(agreement.starts_on or date(year, 1, 1), date(year, 1, 1))
    last = min(agreement.last_day or date(year, 12, 31), date(year, 12, 31))
    by_end = {each.ends_on: each for each in readings}
    return [
        PeriodRow(period, by_end.get(period.last))
        for period in periods_between(indicator.frequency, first, last)
        if period.last in by_end or period.last < on
    ]


@dataclass(frozen=True, slots=True)
class YearTotal:
    """The sum of a year's readings, with its unit, and what it lacks: « 4 h », « (1 période n’est pas relevée) »."""

    said: str
    lacks: str

    def __str__(self) -> str:
        return f"{self.said}{self.lacks}"


def total_of(rows: Sequence[PeriodRow], indicator: Indicator) -> YearTotal | None:
    """Return the sum of the readings of a year, None when there is nothing to add or it would mean nothing."""
    known = [row.reading for row in rows if row.reading is not None]
    if not known or not indicator.adds_up:
        return None
    lacks = []
    if len(known) < len(rows):
        lacks.append(plural(len(rows) - len(known), "période n’est pas relevée", "périodes ne sont pas relevées"))
    if any(each.is_partial for each in known):
        lacks.append("un relevé est partiel")
    if any(each.answer == ReadingAnswer.DISPUTED for each in known):
        lacks.append("un relevé au moins est contesté")
    said = indicator.told(sum((each.value for each in known), Decimal()))
    return YearTotal(said, f" ({' ; '.join(lacks)})" if lacks else "")
