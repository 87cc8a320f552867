"""Rounding at the end only, and splits that always sum to the whole. Exact fractions in, whole hours out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.calibration.request import Rounding
from dentelle.rules.wording import half_up

_NEAREST = {
    Rounding.UNIT: 1,
    Rounding.FIVE: 5,
    Rounding.SEVEN: 7,
    Rounding.TEN: 10,
    Rounding.FIFTY: 50,
}


def round_hours(exact: Fraction, rounding: Rounding, weekly_hours: Decimal, monthly_hours: Decimal) -> int:
    """Round hours once: half up to the unit or the step, up to whole weeks or months; a coarse step never gives zero."""
    if exact <= 0:
        return 0
    if rounding in _NEAREST:
        step = _NEAREST[rounding]
        rounded = half_up(exact / step) * step
        return rounded if rounded or rounding is Rounding.UNIT else step
    size = Fraction(weekly_hours if rounding is Rounding.WEEK else monthly_hours)
    return half_up(-(-exact // size) * size)


def largest_remainder(total: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Split a whole number in proportion to weights, so that the parts sum to it and each is within one of its share.

    Left-over units go to the largest remainders, the first part first when they are equal.
    """
    whole = sum(weights, Fraction(0))
    if whole <= 0:
        raise ValueError("the weights of a split must sum to more than zero")
    exact = [total * weight / whole for weight in weights]
    parts = [value.numerator // value.denominator for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return tuple(parts)
