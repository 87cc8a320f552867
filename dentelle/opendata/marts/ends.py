"""When a contract ends: its published duration, else what contracts of the same CPV usually last."""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep
from dentelle.opendata.marts.months import month_label, plus_months
from dentelle.opendata.marts.parameters import (
    CPV_LEVELS,
    LONGEST_CONCESSION,
    LONGEST_CONTRACT,
    MEDIAN_MINIMUM,
    Foresight,
)


def with_ends(contracts: Frame, observed: Frame, foresight: Foresight) -> Frame:
    """``contracts`` with duration_source, duration_level, the duration used, estimated_end and the dates before it.

    A duration missing or absurd (≤ 0, > 180 months, > 360 for a concession) is replaced by the median of ``observed``
    (contracts of the same kind) at the finest CPV level having ``MEDIAN_MINIMUM`` published durations: 8, 5, 4, 3, 2
    digits, else all. Half months round up.
    """
    published = contracts.with_columns(stated=_plausible())
    guessed = _with_medians(published, observed)
    used = nw.coalesce("stated", "guess")
    source = (
        nw.when(~nw.col("stated").is_null())
        .then(nw.lit("published"))
        .when(~nw.col("guess").is_null())
        .then(nw.lit("cpv_median"))
        .otherwise(nw.lit("none"))
    )
    dated = guessed.with_columns(
        duration_months=used.cast(nw.Int32),
        duration_source=source,
        duration_level=nw.when(nw.col("stated").is_null()).then(nw.col("level")),
    ).drop("stated", "guess", "level")
    ended = dated.with_columns(estimated_end=plus_months(nw.col("effective_on"), nw.col("duration_months")))
    return ended.with_columns(
        estimated_end_month=month_label(nw.col("estimated_end")),
        estimated_launch=plus_months(nw.col("estimated_end"), nw.lit(-foresight.consultation_months)),
        prepare_from=plus_months(
            nw.col("estimated_end"), nw.lit(-foresight.consultation_months - foresight.preparation_months)
        ),
    )


def _plausible() -> nw.Expr:
    longest = nw.when(nw.col("kind") == "concession").then(nw.lit(LONGEST_CONCESSION)).otherwise(LONGEST_CONTRACT)
    months = nw.col("duration_months").cast(nw.Int64)
    return nw.when((months >= 1) & (months <= longest)).then(months)


def _with_medians(contracts: Frame, observed: Frame) -> Frame:
    known = observed.select("kind", "cpv", stated=_plausible()).filter(~nw.col("stated").is_null())
    medians = keep(nw.concat([_medians(known, level) for level in (*CPV_LEVELS, 0)]))
    joined = contracts
    for level in (*CPV_LEVELS, 0):
        at_level = medians.filter(nw.col("digits") == level).select(
            "kind", **{f"prefix_{level}": nw.col("prefix"), f"median_{level}": nw.col("median")}
        )
        joined = joined.with_columns(**{f"prefix_{level}": _prefix(level)}).join(
            at_level, on=["kind", f"prefix_{level}"], how="left"
        )
    levels = [*CPV_LEVELS, 0]
    level_used: nw.Expr = nw.coalesce(
        *[nw.when(~nw.col(f"median_{level}").is_null()).then(nw.col(f"prefix_{level}")) for level in levels]
    )
    return joined.with_columns(
        guess=nw.coalesce(*[nw.col(f"median_{level}") for level in levels]), level=level_used
    ).drop(*[f"prefix_{level}" for level in levels], *[f"median_{level}" for level in levels])


def _prefix(level: int) -> nw.Expr:
    return nw.col("cpv").str.slice(0, level) if level else nw.lit("*")


def _medians(known: Frame, level: int) -> Frame:
    prefixed = known.with_columns(prefix=_prefix(level)).filter(~nw.col("prefix").is_null())
    counted = prefixed.group_by("kind", "prefix").agg(middle=nw.col("stated").median(), observations=nw.len())
    enough = counted.filter(nw.col("observations") >= MEDIAN_MINIMUM)
    return enough.select("kind", "prefix", digits=nw.lit(level), median=(nw.col("middle") + 0.5).floor().cast(nw.Int64))
