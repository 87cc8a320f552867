"""How many hours the renewals could carry: amount × labour share × effort ÷ hourly cost, low – central – high.

An order of magnitude for prospecting, never a calibration: DECP amounts are awards of the last contract. Hours are
computed from integers and rounded half up once, on each row given out.
"""

from dataclasses import dataclass
from math import gcd

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame
from dentelle.opendata.marts.months import floor_divide
from dentelle.opendata.marts.parameters import HoursParameters, Ratio, TradeShare
from dentelle.opendata.marts.rules_tables import weakest

LEVELS = ("low", "central", "high")
_STATUSES = ("to_confirm", "local_practice", "announced", "certain")  # weakest first


@dataclass(frozen=True, slots=True)
class HoursPotential:
    """``rows``: ``schema.HOURS_POTENTIAL``; ``excluded``: ``schema.HOURS_EXCLUDED``."""

    rows: Frame
    excluded: Frame


def hours_potential(renewals: Frame, parameters: HoursParameters) -> HoursPotential:
    """Hours by month of estimated end, trade, buyer and kind of amount.

    Prices and framework ceilings never share a row: a ceiling's hours are an upper bound. Every contract left out is
    counted once in ``excluded``, with the first reason that holds.
    """
    traded = with_trade(renewals, parameters)
    kept = traded.filter(nw.col("hours_excluded").is_null())
    grouped = kept.group_by("estimated_end_month", "trade", "buyer_siren", "amount_kind").agg(
        nw.col("buyer_name").max(),
        contracts=nw.len().cast(nw.Int64),
        amount_cents=nw.col("amount_cents").sum(),
        weakness=nw.col("weakness").min(),
    )
    rows = _named(with_hours(grouped, parameters), parameters).with_columns(month=nw.col("estimated_end_month"))
    lost = traded.filter(~nw.col("hours_excluded").is_null())
    excluded = lost.group_by("hours_excluded")
    return HoursPotential(
        rows=rows, excluded=excluded.agg(contracts=nw.len().cast(nw.Int64)).rename({"hours_excluded": "reason"})
    )


def with_trade(renewals: Frame, parameters: HoursParameters) -> Frame:
    """Add trade, weakness (rank of the status, 0 = weakest) and hours_excluded (reason, null when hours can be held)."""
    held = {row.cpv_prefix: row.trade or "" for row in parameters.trades}
    status = {row.cpv_prefix: _STATUSES.index(_status(row, parameters)) for row in parameters.trades}
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
    found = renewals.with_columns(trade=trade, weakness=weakness).with_columns(hours_excluded=reason)
    return found.with_columns(trade=nw.when(nw.col("trade") != "").then(nw.col("trade")))


def with_hours(frame: Frame, parameters: HoursParameters) -> Frame:
    """Add hours_low, hours_central and hours_high from amount_cents and trade."""
    columns = {}
    for level in LEVELS:
        ratios = {row.trade: _ratio(row, parameters, level) for row in parameters.trades if row.trade}
        top = {trade: numerator for trade, (numerator, _) in ratios.items()}
        bottom = {trade: denominator for trade, (_, denominator) in ratios.items()}
        numerator = nw.col("trade").replace_strict(top, default=None, return_dtype=nw.Int64)
        denominator = nw.col("trade").replace_strict(bottom, default=None, return_dtype=nw.Int64)
        # half up: floor(x + 1/2) with x = cents × numerator / denominator
        doubled = nw.col("amount_cents") * numerator * 2 + denominator
        columns[f"hours_{level}"] = floor_divide(doubled, denominator * 2)
    return frame.with_columns(**columns)


def _named(frame: Frame, parameters: HoursParameters) -> Frame:
    names = {row.trade: row.trade_name for row in parameters.trades if row.trade}
    ranks = dict(enumerate(_STATUSES))
    return frame.with_columns(
        trade_name=nw.col("trade").replace_strict(names, default=None, return_dtype=nw.String),
        status=nw.col("weakness").replace_strict(ranks, default=None, return_dtype=nw.String),
    )


def named_hours(renewals: Frame, parameters: HoursParameters) -> Frame:
    """Contract by contract: trade, trade_name, hours_low/central/high, hours_status, hours_excluded.

    Hours and status are null when the contract is excluded; ``amount_kind`` tells a ceiling.
    """
    named = _named(with_hours(with_trade(renewals, parameters), parameters), parameters)
    kept = nw.col("hours_excluded").is_null()
    hours = {f"hours_{level}": nw.when(kept).then(nw.col(f"hours_{level}")) for level in LEVELS}
    return named.with_columns(**hours, hours_status=nw.when(kept).then(nw.col("status"))).drop("status", "weakness")


def _status(row: TradeShare, parameters: HoursParameters) -> str:
    return weakest(row.status, parameters.effort.status, parameters.hourly_cost.status)


def _ratio(row: TradeShare, parameters: HoursParameters, level: str) -> tuple[int, int]:
    """Hours per cent, as a reduced fraction: a dear hour gives few hours, so the cost's range is read backwards."""
    share = {"low": row.share_low, "central": row.share_central, "high": row.share_high}[level]
    effort = _at(parameters.effort, level)
    cost = _at(parameters.hourly_cost, {"low": "high", "central": "central", "high": "low"}[level])
    if not (0 <= share <= 1000 and 0 <= effort <= 1000 and cost > 0):
        raise ValueError(f"{row.trade} : part {share} ‰, effort {effort} ‰, coût {cost} centimes : hors limites")
    numerator, denominator = share * effort, 1_000_000 * cost
    common = gcd(numerator, denominator)
    return numerator // common, denominator // common


def _at(ratio: Ratio, level: str) -> int:
    return {"low": ratio.low, "central": ratio.central, "high": ratio.high}[level]
