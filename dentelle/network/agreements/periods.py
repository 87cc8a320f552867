"""Which reading of an indicator is owed: calendar periods that ended since the agreement began. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices


class Frequency(TextChoices):
    """How often an indicator is read."""

    MONTHLY = "monthly", "chaque mois"
    QUARTERLY = "quarterly", "chaque trimestre"
    YEARLY = "yearly", "chaque année"


PERIOD_WORDS = {Frequency.MONTHLY: "mois", Frequency.QUARTERLY: "trimestre", Frequency.YEARLY: "an"}
MONTHS_OF = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month, quarter or year; both days included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"du {self.first:%d/%m/%Y} au {self.last:%d/%m/%Y}"


def period_of(frequency: str, day: date) -> Period:
    """Return the calendar period a day falls in."""
    months = MONTHS_OF[Frequency(frequency)]
    month = (day.month - 1) // months * months + 1
    first = date(day.year, month, 1)
    following = month + months
    after = date(day.year + (following - 1) // 12, (following - 1) % 12 + 1, 1)
    return Period(first, after - timedelta(days=1))


def last_complete(frequency: str, *, since: date, on: date) -> Period | None:
    """Return the latest period over before ``on`` that holds a day from ``since`` on; None while none is."""
    period = period_of(frequency, period_of(frequency, on).first - timedelta(days=1))
    return period if period.last >= since else None


def periods_between(frequency: str, first: date, last: date) -> tuple[Period, ...]:
    """Return the periods from the one that holds ``first`` to the one that holds ``last``, in order; none when they cross."""
    found: list[Period] = []
    while first <= last:
        found.append(period_of(frequency, first))
        first = found[-1].last + timedelta(days=1)
    return tuple(found)
