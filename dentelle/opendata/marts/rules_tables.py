"""The rules' parameters in the marts' own shapes: thresholds, delays, hours of a cent by trade."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import lcm

from dentelle.opendata.marts.parameters import CpvTrade, Foresight, HoursParameters, HoursPeriod, Threshold, TradeWeight
from dentelle.rules.calibration import HoursRate, days_of_change, hours_rates
from dentelle.rules.compared import award_margin
from dentelle.rules.derogations import short_works_months
from dentelle.rules.launch import consultation_months, preparation_months
from dentelle.rules.thresholds import social_condition_in_force_on, threshold_table
from dentelle.rules.trades import cpv_trade_table, trade


def foresight() -> Foresight:
    """European thresholds of every period, their projection, the margin of awards, the date of L2112-2-1, the delays."""
    rows = [
        Threshold(
            buyer_kind=row.buyer_kind.value,
            contract_kind=row.contract_kind.value,
            valid_from=row.valid_from,
            valid_until=row.valid_to,
            threshold_eur=row.amount_eur,
            status="to_confirm" if row.projected else "certain",
        )
        for row in threshold_table()
    ]
    return Foresight(
        thresholds=tuple(rows),
        award_margin=_thousandths(award_margin()),
        social_condition_from=social_condition_in_force_on(),
        consultation_months=consultation_months(),
        preparation_months=preparation_months(),
        short_works_months=short_works_months(),
    )


def hours_parameters(as_of: date) -> HoursParameters:
    """The hours of a cent by CPV prefix, for consultations launched from ``as_of`` on: the rates of the rules as integers.

    A line's status is the weaker of its CPV correspondence's and its rate's.
    """
    days = (as_of, *days_of_change(as_of))
    rates = {day: hours_rates(day) for day in days}
    per_cent = [bound / 100 for found in rates.values() for rate in found for bound in _bounds(rate)]
    parts = lcm(*(bound.denominator for bound in per_cent))
    lines = [
        CpvTrade(row.prefix, row.trade, None if row.trade is None else trade(row.trade).label, row.status.value)
        for row in cpv_trade_table()
    ]
    periods = [HoursPeriod(day, {rate.trade: _weight(rate, parts) for rate in found}) for day, found in rates.items()]
    return HoursParameters(trades=tuple(lines), parts=parts, periods=tuple(periods))


def _bounds(rate: HoursRate) -> tuple[Fraction, Fraction, Fraction]:
    return rate.low, rate.central, rate.high


def _weight(rate: HoursRate, parts: int) -> TradeWeight:
    low, central, high = (int(bound / 100 * parts) for bound in _bounds(rate))
    return TradeWeight(low, central, high, rate.status.value)


def _thousandths(number: Decimal) -> int:
    return int((number * 1000).to_integral_value(ROUND_HALF_UP))
