"""What one euro of a contract is worth in hours: the one definition of the range, for a contract as for a whole country.

Decided here, once: central takes the labour share of the trade, the usual effort and the reference hourly cost; low takes
the least labour share and the dearest hour, high the greatest share and the cheapest hour. The effort is the same in all
three: it is what the buyer chooses, not what nobody knows, and other efforts are shown as variants. One rounding, half up,
of the total. A calibration by amount applies the same formula (``formulas.by_amount``) to the same parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.calibration import formulas
from dentelle.rules.calibration.request import CalibrationRequest
from dentelle.rules.dated import Override, Parameters, ParameterValue, Status, parameter
from dentelle.rules.trades import trades
from dentelle.rules.wording import half_up

_WEAKEST_FIRST = (Status.TO_CONFIRM, Status.LOCAL_PRACTICE, Status.ANNOUNCED, Status.CERTAIN)


@dataclass(frozen=True, slots=True)
class HoursRange:
    """Whole hours, each rounded half up once."""

    low: int
    central: int
    high: int


@dataclass(frozen=True, slots=True)
class HoursRate:
    """Hours per euro before tax of the contracts of one trade, exact; ``status`` is the weakest of the values behind."""

    trade: str
    label: str
    low: Fraction
    central: Fraction
    high: Fraction
    status: Status
    parameters: tuple[ParameterValue, ...]

    def hours(self, amount_cents: int) -> HoursRange:
        """Return the hours of an amount in cents before tax, or of a sum of amounts."""
        euros = Fraction(amount_cents, 100)
        return HoursRange(half_up(euros * self.low), half_up(euros * self.central), half_up(euros * self.high))


def hours_rate(trade: str, on: date, overrides: Iterable[Override] = ()) -> HoursRate:
    """Return the rate of a trade for a consultation launched on a day, overrides applied.

    Raises CalibrationRefused for an unknown trade, ParameterUnknownAt for a day before the first values.
    """
    parameters = Parameters(on, overrides)
    request = CalibrationRequest(trade=trade)
    share = formulas.labour_share(request, parameters)
    effort = formulas.effort_rate(request, parameters)
    cost = formulas.hourly_cost(request, parameters)
    exact = formulas.by_amount(Decimal(1), share, effort, cost)
    return HoursRate(
        trade=trade,
        label=share.source.label if share.source else trade,
        low=exact.low,
        central=exact.central,
        high=exact.high,
        status=weakest(value.status for value in parameters.used),
        parameters=parameters.used,
    )


def hours_rates(on: date, overrides: Iterable[Override] = ()) -> tuple[HoursRate, ...]:
    """Return the rate of every trade on a day, by trade code."""
    kept = tuple(overrides)
    return tuple(hours_rate(code, on, kept) for code in sorted(trade.code for trade in trades()))


def days_of_change(after: date) -> tuple[date, ...]:
    """Return the days later than ``after`` from which at least one rate takes another value, oldest first."""
    paths = {value.path for rate in hours_rates(after) for value in rate.parameters}
    return tuple(sorted({start for path in paths for start, _ in parameter(path).values if start > after}))


def weakest(statuses: Iterable[Status]) -> Status:
    """Return the least certain of several statuses: to confirm as soon as one is."""
    return min(statuses, key=_WEAKEST_FIRST.index)
