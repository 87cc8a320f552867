"""The rules' parameters in the marts' own shapes: thresholds, trades, effort, hourly cost."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from dentelle.opendata.marts.parameters import Foresight, HoursParameters, Ratio, Threshold, TradeShare
from dentelle.rules.compared import award_margin
from dentelle.rules.dated import Parameters, Status
from dentelle.rules.thresholds import social_condition_in_force_on, threshold_table
from dentelle.rules.trades import cpv_trade_table, labour_share, trade

_WEAKEST = (Status.TO_CONFIRM, Status.LOCAL_PRACTICE, Status.ANNOUNCED, Status.CERTAIN)


def foresight() -> Foresight:
    """European thresholds of every period, their projection, the margin of awards, and the date of L2112-2-1."""
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
    )


def hours_parameters(on: date) -> HoursParameters:
    """Labour shares by CPV prefix, usual effort and reference hourly cost, as known ``on`` that day.

    A line's status is the weaker of its CPV correspondence's and its share's.
    """
    parameters = Parameters(on)
    shares = []
    for row in cpv_trade_table():
        if row.trade is None:
            shares.append(TradeShare(row.prefix, None, None, 0, 0, 0, row.status.value))
            continue
        share = labour_share(row.trade, parameters)
        shares.append(
            TradeShare(
                cpv_prefix=row.prefix,
                trade=row.trade,
                trade_name=trade(row.trade).label,
                share_low=_thousandths(share.low_number),
                share_central=_thousandths(share.number),
                share_high=_thousandths(share.high_number),
                status=weakest(row.status.value, share.status.value),
            )
        )
    effort, cost = parameters.get("clause.effort_rate"), parameters.get("clause.hourly_cost")
    today = parameters.get("clause.hourly_cost_today")
    return HoursParameters(
        trades=tuple(shares),
        effort=Ratio(
            _thousandths(effort.low_number),
            _thousandths(effort.number),
            _thousandths(effort.high_number),
            effort.status.value,
        ),
        # low hours take the dearest hour known, today's order of magnitude; high hours the cheapest of the guides
        hourly_cost=Ratio(
            _cents(cost.low_number),
            _cents(cost.number),
            max(_cents(cost.high_number), _cents(today.high_number)),
            weakest(cost.status.value, today.status.value),
        ),
    )


def weakest(*statuses: str) -> str:
    """The least certain of several statuses."""
    return next(status.value for status in _WEAKEST if status.value in statuses)


def _thousandths(number: Decimal) -> int:
    return int((number * 1000).to_integral_value(ROUND_HALF_UP))


def _cents(number: Decimal) -> int:
    return int((number * 100).to_integral_value(ROUND_HALF_UP))
