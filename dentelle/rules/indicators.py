"""Rates and averages of a report. A denominator of zero gives None (nothing to compare), never zero nor an error.

Values come out as Decimals rounded half up; shares are between 0 and 1 and more when a target is exceeded.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.dated import parameter
from dentelle.rules.wording import decimal_of

Number = int | Decimal


def ratio(part: Number, whole: Number, places: int = 4) -> Decimal | None:
    """Return part ÷ whole; None when the whole is zero. Negative numbers are refused."""
    if part < 0 or whole < 0:
        raise ValueError("a part and a whole are never negative")
    return decimal_of(Fraction(part) / Fraction(whole), places) if whole else None


def completion_rate(credited_hours: Number, due_hours: Number) -> Decimal | None:
    """Return credited hours ÷ due hours (1.1579 for 11 000 h done of 9 500 h due)."""
    return ratio(credited_hours, due_hours)


def expected_at_rate(done: Number, rate: Number) -> Decimal | None:
    """Return the forecast behind a volume done at a known completion rate (143 000 h at twice the forecast → 71 500 h)."""
    return ratio(done, rate, 1)


def hours_per(total_hours: Number, count: Number) -> Decimal | None:
    """Return average hours per participant, contract, lot or operation, to the tenth."""
    return ratio(total_hours, count, 1)


def average(count: Number, per: Number) -> Decimal | None:
    """Return an average count, to the hundredth (contracts per participant)."""
    return ratio(count, per, 2)


def share(part: Number, whole: Number) -> Decimal | None:
    """Return the share of a part in a whole; a part larger than its whole is refused."""
    if part > whole:
        raise ValueError("a part cannot be larger than its whole")
    return ratio(part, whole)


def growth(now: Number, before: Number) -> Decimal | None:
    """Return the relative change between two periods (0.0993 for 9.16 → 10.07 M h); None when there was nothing before."""
    if now < 0 or before < 0:
        raise ValueError("volumes are never negative")
    return decimal_of((Fraction(now) - Fraction(before)) / Fraction(before), 4) if before else None


def full_time_equivalents(total_hours: Number, on: date) -> Decimal:
    """Return full-time equivalents at the national convention (1 600 h), to the hundredth."""
    if total_hours < 0:
        raise ValueError("hours are never negative")
    return decimal_of(Fraction(total_hours) / Fraction(parameter("clause.fte_hours").at(on).number), 2)
