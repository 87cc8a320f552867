"""How many hours the renewals could carry, low – central – high: the rates of ``rules.calibration.rates`` over a whole table.

An order of magnitude for prospecting, never a calibration: DECP amounts are awards of the last contract. Amounts become
parts of an hour, integers that add up exactly across trades; a row given out rounds its own sum half up, once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame
from dentelle.opendata.marts.months import floor_divide
from dentelle.opendata.marts.parameters import HoursParameters, TradeWeight

LEVELS = ("low", "central", "high")
GRAIN = ("month", "trade", "buyer", "amount_kind")
_COLUMNS = {"month": "estimated_end_month", "trade": "trade", "buyer": "buyer_siren", "amount_kind": "amount_kind"}
_STATUSES = ("to_confirm", "local_practice", "announced", "certain")  # weakest first


@dataclass(frozen=True, slots=True)
class HoursPotential:
    """``rows``: ``schema.HOURS_POTENTIAL``; ``excluded``: ``schema.HOURS_EXCLUDED``."""

    rows: Frame
    excluded: Frame


def hours_potential(renewals: Frame, parameters: HoursParameters, by: Sequence[str] = GRAIN) -> HoursPotential:
    """Hours by month of estimated end, trade, buyer and kind of amount, or by some of these only; the others are then null.

    As long as ``amount_kind`` is asked, prices and framework ceilings never share a row: a ceiling's hours are an upper
    bound. Every contract left out is counted once in ``excluded``, with the first reason that holds.
    """
    traded = with_parts(with_trade(renewals, parameters), parameters)
    kept = traded.filter(nw.col("hours_excluded").is_null())
    keys = [_COLUMNS[name] for name in by] or ["one"]
    summed = (
        kept.with_columns(one=nw.lit(1))
        .group_by(*keys)
        .agg(
            *[nw.col(f"hours_{level}_parts").sum() for level in LEVELS],
            buyer_name=nw.col("buyer_name").max(),
            contracts=nw.len().cast(nw.Int64),
            amount_cents=nw.col("amount_cents").sum(),
            weakness=nw.col("weakness").min(),
        )
    )
    absent = {_COLUMNS[name]: nw.lit(None).cast(nw.String) for name in GRAIN if name not in by}
    if "buyer" not in by:
        absent["buyer_name"] = nw.lit(None).cast(nw.String)
    rows = _named(with_hours(summed.with_columns(one=nw.lit(1), **absent), parameters), parameters)
    lost = traded.filter(~nw.col("hours_excluded").is_null()).group_by("hours_excluded")
    return HoursPotential(
        rows=rows.with_columns(month=nw.col("estimated_end_month")),
        excluded=lost.agg(contracts=nw.len().cast(nw.Int64)).rename({"hours_excluded": "reason"}),
    )


def with_trade(renewals: Frame, parameters: HoursParameters) -> Frame:
    """Add trade, weakness (rank of the status, 0 = weakest) and hours_excluded (reason, null when hours can be held)."""
    held = {row.cpv_prefix: row.trade or "" for row in parameters.trades}
    status = {row.cpv_prefix: _STATUSES.index(row.status) for row in parameters.trades}
    sizes = sorted({len(prefix) for prefix in held}, reverse=True)
    prefixes = [nw.col("cpv").str.slice(0, size) for size in sizes]
    trade = nw.coalesce(*[prefix.replace_strict(held, default=None, return_dtype=nw.String) for prefix in prefixes])
    weakness = nw.coalesce(*[prefix.replace_strict(status, default=None, return_dtype=nw.Int64) for prefix in prefixes])
    reason = (
        nw.when(~nw.col("is_last_of_chain"))
        .then(nw.lit("already_replaced"))
        .when(nw.col("is_subsequent"))
        .then(nw.lit("subsequent"))
        .when((nw.col("amount_flag") == "repeated") | (nw.col("amount_flag") == "in_doubt"))
        .then(nw.lit("amount_repeated"))
        .when((nw.col("amount_flag") != "ok") | nw.col("amount_cents").is_null())
        .then(nw.lit("amount_unusable"))
        .when(nw.col("cpv").is_null() & (nw.col("contract_kind") == "concession"))
        .then(nw.lit("concession_without_cpv"))
        .when(nw.col("cpv").is_null())
        .then(nw.lit("no_cpv"))
        .when(nw.coalesce("trade", nw.lit("")) == "")
        .then(nw.lit("no_trade"))
    )
    found = renewals.with_columns(trade=trade, correspondence=weakness).with_columns(hours_excluded=reason)
    weighed = found.with_columns(rate=_of_period(parameters, lambda weight: _STATUSES.index(weight.status)))
    return weighed.with_columns(
        trade=nw.when(nw.col("trade") != "").then(nw.col("trade")),
        weakness=nw.min_horizontal("correspondence", "rate"),
    ).drop("correspondence", "rate")


def with_parts(frame: Frame, parameters: HoursParameters) -> Frame:
    """Add hours_low_parts, hours_central_parts and hours_high_parts: exact, to be summed before any rounding.

    Needs trade, amount_cents and estimated_launch, which says the period whose parameters hold.
    """
    weights: dict[str, Callable[[TradeWeight], int]] = {
        "low": lambda weight: weight.low,
        "central": lambda weight: weight.central,
        "high": lambda weight: weight.high,
    }
    amount = nw.col("amount_cents")
    return frame.with_columns(
        **{f"hours_{level}_parts": amount * _of_period(parameters, weights[level]) for level in LEVELS}
    )


def _of_period(parameters: HoursParameters, value: Callable[[TradeWeight], int]) -> nw.Expr:
    """An integer of the trade, in the period of the launch."""
    first, *later = parameters.periods
    found = _of_trade({trade: value(weight) for trade, weight in first.weights.items()})
    for period in later:
        own = _of_trade({trade: value(weight) for trade, weight in period.weights.items()})
        found = nw.when(nw.col("estimated_launch") >= period.launched_from).then(own).otherwise(found)
    return found


def _of_trade(values: dict[str, int]) -> nw.Expr:
    return nw.col("trade").replace_strict(values, default=None, return_dtype=nw.Int64)


def with_hours(frame: Frame, parameters: HoursParameters) -> Frame:
    """Add hours_low, hours_central and hours_high: the parts, rounded half up to whole hours."""
    # half up: floor(x + 1/2)
    return frame.with_columns(
        **{
            f"hours_{level}": floor_divide(nw.col(f"hours_{level}_parts") * 2 + parameters.parts, parameters.parts * 2)
            for level in LEVELS
        }
    )


def _named(frame: Frame, parameters: HoursParameters) -> Frame:
    names = {row.trade: row.trade_name for row in parameters.trades if row.trade}
    ranks = dict(enumerate(_STATUSES))
    return frame.with_columns(
        trade_name=nw.col("trade").replace_strict(names, default=None, return_dtype=nw.String),
        status=nw.col("weakness").replace_strict(ranks, default=None, return_dtype=nw.String),
    )


def named_hours(renewals: Frame, parameters: HoursParameters) -> Frame:
    """Contract by contract: trade, trade_name, hours_low/central/high, their parts, hours_status, hours_excluded.

    Hours and status are null when the contract is excluded; ``amount_kind`` tells a ceiling.
    """
    traded = with_parts(with_trade(renewals, parameters), parameters)
    named = _named(with_hours(traded, parameters), parameters)
    kept = nw.col("hours_excluded").is_null()
    figures = [f"hours_{level}{suffix}" for level in LEVELS for suffix in ("", "_parts")]
    hours = {name: nw.when(kept).then(nw.col(name)) for name in figures}
    return named.with_columns(**hours, hours_status=nw.when(kept).then(nw.col("status"))).drop("status", "weakness")
