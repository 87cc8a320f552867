"""Will a social condition be mandatory at the next consultation: yes, no, or to check, and why.

DECP amounts are awards, not the estimates the law compares with a threshold: within the margin of
``obligation.award_margin`` nothing is affirmed, here as in ``rules.obligation``. Where the buyer's or the contract's kind is
unknown, every possible threshold must give the same answer.
Source: L2112-2-1 of the *code de la commande publique*; thresholds of ``parameters.Threshold``.
"""

from collections.abc import Callable, Sequence
from datetime import date

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame
from dentelle.opendata.marts.parameters import BUYER_KINDS, CONTRACT_KINDS, Foresight, Threshold


def with_obligation(renewals: Frame, foresight: Foresight, *, as_of: date) -> Frame:
    """Add required, threshold_eur, threshold_status and obligation_basis.

    Needs buyer_kind, contract_kind, need_amount_cents, amount_kind, duration_months, is_subsequent and
    estimated_launch. A launch that should already have happened, or is not known, is judged at ``as_of``, the earliest still
    possible, and a condition it may have escaped is to check; works that may be exempted stay bound until the buyer says
    so. Same rules as ``rules.launch`` and ``rules.obligation``.
    """
    launch = nw.col("estimated_launch")
    judged = renewals.with_columns(judged_on=nw.max_horizontal(launch, nw.lit(as_of)))
    series = {
        (buyer, contract): _threshold(foresight.thresholds, buyer, contract)
        for buyer in BUYER_KINDS
        for contract in CONTRACT_KINDS
    }
    priced = judged.with_columns(**{f"t_{buyer}_{contract}": expr for (buyer, contract), expr in series.items()})
    bounded = priced.with_columns(low=_bound(nw.min_horizontal), high=_bound(nw.max_horizontal)).drop(
        *[f"t_{buyer}_{contract}" for buyer, contract in series]
    )
    basis = _basis(foresight)
    code = nw.col("obligation_basis")
    required = (
        nw.when(code.is_in(["above_threshold", "above_threshold_ceiling", "short_works"]))
        .then(nw.lit("yes"))
        .when(code.is_in(["below_threshold", "below_threshold_ceiling", "before_obligation"]))
        .then(nw.lit("no"))
        .otherwise(nw.lit("to_check"))
    )
    same = nw.col("low") == nw.col("high")
    return (
        bounded.with_columns(obligation_basis=basis)
        .with_columns(
            required=required,
            threshold_eur=nw.when(same).then(nw.col("low")).cast(nw.Int64),
            threshold_status=_status(foresight.thresholds),
        )
        .drop("low", "high", "judged_on")
    )


def _threshold(thresholds: Sequence[Threshold], buyer: str, contract: str) -> nw.Expr:
    """The threshold of one buyer and one contract kind at ``judged_on``; null outside every period."""
    launch = nw.col("judged_on")
    periods: list[nw.Expr] = []
    for row in thresholds:
        if (row.buyer_kind, row.contract_kind) == (buyer, contract):
            inside = launch >= row.valid_from
            if row.valid_until is not None:
                inside = inside & (launch <= row.valid_until)
            periods.append(nw.when(inside).then(nw.lit(row.threshold_eur).cast(nw.Int64)))
    return nw.coalesce(*periods) if periods else nw.lit(None).cast(nw.Int64)


def _bound(choose: Callable[..., nw.Expr]) -> nw.Expr:
    """Lowest or highest threshold among the kinds the row leaves possible."""

    def of_buyer(contract: str) -> nw.Expr:
        possible = choose(*[nw.col(f"t_{buyer}_{contract}") for buyer in BUYER_KINDS])
        for buyer in BUYER_KINDS:
            possible = nw.when(nw.col("buyer_kind") == buyer).then(nw.col(f"t_{buyer}_{contract}")).otherwise(possible)
        return possible

    bound = choose(*[of_buyer(contract) for contract in CONTRACT_KINDS if contract != "concession"])
    for contract in CONTRACT_KINDS:
        bound = nw.when(nw.col("contract_kind") == contract).then(of_buyer(contract)).otherwise(bound)
    return bound


def _status(thresholds: Sequence[Threshold]) -> nw.Expr:
    certain = [row.valid_until for row in thresholds if row.status == "certain" and row.valid_until is not None]
    known_until = max(certain, default=date.min)
    launch = nw.col("judged_on")
    return (
        nw.when(nw.col("high").is_null())
        .then(nw.lit(None).cast(nw.String))
        .when(launch <= known_until)
        .then(nw.lit("certain"))
        .otherwise(nw.lit("to_confirm"))
    )


def _basis(foresight: Foresight) -> nw.Expr:
    amount = nw.col("need_amount_cents")
    # cents × 1000 against euros × 100 × thousandths: integers on both sides
    above = amount * 1000 >= nw.col("high") * 100 * (1000 + foresight.award_margin)
    below = amount * 1000 < nw.col("low") * 100 * (1000 - foresight.award_margin)
    ceiling = nw.col("amount_kind") == "ceiling"
    early = nw.col("estimated_launch") < foresight.social_condition_from
    over = nw.col("judged_on") < foresight.social_condition_from
    short = (nw.col("contract_kind") == "works") & (nw.col("duration_months") < foresight.short_works_months)
    return (
        nw.when(over)
        .then(nw.lit("before_obligation"))
        .when(nw.col("is_subsequent"))
        .then(nw.lit("subsequent"))
        .when(amount.is_null())
        .then(nw.lit("amount_unusable"))
        .when(nw.col("high").is_null())
        .then(nw.lit("threshold_unknown"))
        .when(below & ceiling)
        .then(nw.lit("below_threshold_ceiling"))
        .when(below)
        .then(nw.lit("below_threshold"))
        .when(above & nw.col("estimated_launch").is_null())
        .then(nw.lit("launch_unknown"))
        .when(above & early)
        .then(nw.lit("launch_uncertain"))
        .when(above & short)
        .then(nw.lit("short_works"))
        .when(above & ceiling)
        .then(nw.lit("above_threshold_ceiling"))
        .when(above)
        .then(nw.lit("above_threshold"))
        .when(nw.col("low") == nw.col("high"))
        .then(nw.lit("near_threshold"))
        .when(nw.col("buyer_kind") == "unknown")
        .then(nw.lit("buyer_kind_unknown"))
        .otherwise(nw.lit("contract_kind_unknown"))
    )
