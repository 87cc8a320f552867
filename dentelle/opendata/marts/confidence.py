"""How sure a foreseen renewal is: a sum of written points, so that anybody can redo it.

The points are a choice of ours, checked by the back-test, which counts precision level by level.
"""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame

HIGH = 75
MEDIUM = 50
SHORT_MONTHS = 6


def with_confidence(renewals: Frame) -> Frame:
    """Add confidence_score (0..100), confidence (low < 50 ≤ medium < 75 ≤ high) and confidence_reasons.

    Needs effective_source, duration_source, duration_months, contract_kind, is_framework, is_subsequent, buyer_id_valid
    and the chain columns. Each reason is a code with its points, in ``REASONS``.
    """
    tests = _tests()
    points = [nw.when(tests[code]).then(nw.lit(value)).otherwise(nw.lit(0)) for code, value in REASONS.items()]
    said = [nw.when(tests[code]).then(nw.lit(code)) for code in REASONS]
    total = nw.sum_horizontal(*points)
    bounded = nw.max_horizontal(nw.lit(0), nw.min_horizontal(nw.lit(100), total)).cast(nw.Int32)
    scored = renewals.with_columns(
        confidence_score=bounded, confidence_reasons=nw.concat_str(said, separator="|", ignore_nulls=True)
    )
    score = nw.col("confidence_score")
    level = (
        nw.when(score >= HIGH)
        .then(nw.lit("high"))
        .when(score >= MEDIUM)
        .then(nw.lit("medium"))
        .otherwise(nw.lit("low"))
    )
    return scored.with_columns(confidence=level)


# code → points
REASONS: dict[str, int] = {
    "notified": 25,  # the notification or signature date is published
    "published_only": 12,  # only a publication date
    "duration_published": 25,
    "duration_median": 8,  # median of the CPV instead
    "chain_long": 30,  # at least three contracts of the same need
    "chain_pair": 20,  # two
    "recurring_kind": 15,  # supplies or services: needs that come back
    "framework": 5,
    "buyer_known": 5,
    "works_alone": -15,  # works without framework nor earlier contract: most are built once
    "short": -10,  # under six months
    "subsequent": -20,  # comes back with its framework, not by itself
    "replaced": -60,  # a later contract of the chain already exists
}


def _tests() -> dict[str, nw.Expr]:
    kind, source = nw.col("contract_kind"), nw.col("effective_source")
    length = nw.col("chain_length")
    return {
        "notified": source.is_in(["notification", "signature"]),
        "published_only": source == "publication",
        "duration_published": nw.col("duration_source") == "published",
        "duration_median": nw.col("duration_source") == "cpv_median",
        "chain_long": length >= 3,
        "chain_pair": length == 2,
        "recurring_kind": kind.is_in(["supplies", "services", "concession"]),
        "framework": nw.col("is_framework"),
        "buyer_known": nw.coalesce("buyer_id_valid", nw.lit(False)),
        "works_alone": (kind == "works") & ~nw.col("is_framework") & (length == 1),
        "short": nw.col("duration_months") < SHORT_MONTHS,
        "subsequent": nw.col("is_subsequent"),
        "replaced": ~nw.col("is_last_of_chain"),
    }
