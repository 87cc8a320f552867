"""Sharing whole minutes without losing one: between months of a plan, between contracts of a pooling agreement.

Every function here returns integers that add up exactly to what was given (largest remainder method; equal remainders go
to the earlier part, so that the same question always has the same answer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


class SpreadingRefused(Exception):
    """The parts cannot be made. ``code`` is stable, the message is French."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class MonthlyMinutes:
    """Minutes of one month; ``month`` is its first day."""

    month: date
    minutes: int


def allocate(minutes: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share ``minutes`` in proportion to ``weights``; the parts add up to ``minutes``.

    Raises SpreadingRefused on negative minutes or weights, or when no weight is above zero.

    >>> allocate(100, (1, 1, 1))
    (34, 33, 33)
    """
    if minutes < 0 or any(weight < 0 for weight in weights):
        raise SpreadingRefused("negative", "Les minutes et les parts sont des nombres positifs ou nuls.")
    total = sum(weights)
    if total == 0:
        raise SpreadingRefused("no_weight", "Aucune part n’est supérieure à zéro\u00a0: rien ne dit comment répartir.")
    floors = [minutes * weight // total for weight in weights]
    remainders = [minutes * weight % total for weight in weights]
    left = minutes - sum(floors)
    for place in sorted(range(len(weights)), key=lambda place: (-remainders[place], place))[:left]:
        floors[place] += 1
    return tuple(floors)


def spread_by_month(minutes: int, starts_on: date, ends_on: date) -> tuple[MonthlyMinutes, ...]:
    """Spread ``minutes`` over the months of a period, each in proportion to its days inside it.

    Raises SpreadingRefused when the period ends before it starts.
    """
    if ends_on < starts_on:
        raise SpreadingRefused("period_reversed", "La fin de la période précède son début.")
    months = _months(starts_on, ends_on)
    days = [(min(_month_end(month), ends_on) - max(month, starts_on)).days + 1 for month in months]
    return tuple(MonthlyMinutes(month, part) for month, part in zip(months, allocate(minutes, days), strict=True))


def expected_by(plan: Sequence[MonthlyMinutes], on: date) -> int:
    """Return the minutes the plan expected by the end of the month before ``on``: a month counts once it is over."""
    return sum(line.minutes for line in plan if _month_end(line.month) < on)


def _months(starts_on: date, ends_on: date) -> list[date]:
    months = [starts_on.replace(day=1)]
    while _month_end(months[-1]) < ends_on:
        months.append(_month_end(months[-1]) + timedelta(days=1))
    return months


def _month_end(month: date) -> date:
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)
