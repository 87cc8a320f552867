"""How sure a foreseen renewal is: the criteria of ``rules.confidence``, read on each contract.

One doubt is enough for low, every sign together makes high. The back-test counts precision level by level.
"""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame
from dentelle.opendata.marts.months import month_index
from dentelle.rules.confidence import ConfidenceCriteria, confidence_criteria


def with_confidence(renewals: Frame, criteria: ConfidenceCriteria | None = None) -> Frame:
    """Add confidence (low, medium, high), confidence_reasons (codes of the criteria met) and confidence_score (signs met).

    Needs effective_on, effective_source, duration_source, duration_months, contract_kind, is_subsequent and the chain
    columns.
    """
    chosen = criteria or confidence_criteria()
    tests = _tests(chosen)
    doubts = [criterion.code for criterion in chosen.doubts]
    signs = [criterion.code for criterion in chosen.signs]
    said = [nw.when(tests[code]).then(nw.lit(code)) for code in (*doubts, *signs)]

    def met(codes: list[str]) -> nw.Expr:
        return nw.sum_horizontal(*[nw.when(tests[code]).then(nw.lit(1)).otherwise(nw.lit(0)) for code in codes])

    counted = renewals.with_columns(
        confidence_score=met(signs).cast(nw.Int32),
        doubts=met(doubts),
        confidence_reasons=nw.concat_str(said, separator="|", ignore_nulls=True),
    )
    level = (
        nw.when(nw.col("doubts") > 0)
        .then(nw.lit("low"))
        .when(nw.col("confidence_score") == len(signs))
        .then(nw.lit("high"))
        .otherwise(nw.lit("medium"))
    )
    return counted.with_columns(confidence=level).drop("doubts")


def _tests(criteria: ConfidenceCriteria) -> dict[str, nw.Expr]:
    """How each criterion reads: true, false, or null when it cannot be said (then it is not met)."""
    kind, source = nw.col("contract_kind"), nw.col("effective_source")
    earlier = nw.col("chain_rank").cast(nw.Int64) - 1
    elapsed = month_index(nw.col("effective_on")) - month_index(nw.col("chain_first_on"))
    strayed = (elapsed - earlier * nw.col("duration_months").cast(nw.Int64)).abs()
    return {
        "replaced": ~nw.col("is_last_of_chain"),
        "subsequent": nw.col("is_subsequent"),
        "works_alone": (kind == "works") & (earlier == 0),
        "short": (nw.col("duration_months") < criteria.short_months) & (earlier == 0),
        "duration_median": nw.col("duration_source") != "published",
        "date_guessed": ~source.is_in(["notification", "signature", "publication"]),
        "notified": source.is_in(["notification", "signature"]),
        "recurring_kind": kind.is_in(["supplies", "services", "concession"]),
        "rhythm": (earlier > 0) & (strayed <= earlier * criteria.rhythm_months),
    }
