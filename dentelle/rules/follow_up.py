"""When what is followed is late: the delays after which somebody is reminded. Most have no source: to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dentelle.rules.dated import parameter


@dataclass(frozen=True, slots=True)
class Delays:
    """Each delay as the parameter ``follow_up.<name>_days`` gives it; ``statement_day`` is a day of the month."""

    calibration: timedelta
    approval: timedelta
    launch: timedelta
    award: timedelta
    care: timedelta
    suspension: timedelta
    closing: timedelta
    deadline_notice: timedelta
    statement_day: int


@cache
def delays() -> Delays:
    """Return the delays of the packaged parameters."""
    names = ("calibration", "approval", "launch", "award", "care", "suspension", "closing", "deadline_notice")
    known = {name: timedelta(days=parameter(f"follow_up.{name}_days").latest().whole) for name in names}
    return Delays(**known, statement_day=parameter("follow_up.statement_day").latest().whole)


def month_after(month: date) -> date:
    """Return the first day of the month that follows.

    >>> month_after(date(2026, 12, 1)), month_after(date(2026, 2, 14))
    (datetime.date(2027, 1, 1), datetime.date(2026, 3, 1))
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def statement_due(month: date) -> date:
    """Return the day the hours of a month are expected by."""
    return month_after(month).replace(day=delays().statement_day)
