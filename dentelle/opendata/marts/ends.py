"""When a contract ends: its published duration, else what contracts of the same CPV usually last."""

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, add_months, keep
from dentelle.opendata.marts.months import month_label
from dentelle.opendata.marts.parameters import (
    CPV_LEVELS,
    LONGEST_CONCESSION,
    LONGEST_CONTRACT,
    MEDIAN_MINIMUM,
    Foresight,
)

ENDS = ("duration_months", "duration_source", "duration_level", "estimated_end")


def with_ends(contracts: Frame, observed: Frame) -> Frame:
    """``contracts`` with duration_source, duration_level, the duration used and estimated_end.

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
    return add_months(dated, "estimated_end", "effective_on", "duration_months")


def with_launch(contracts: Frame, foresight: Foresight) -> Frame:
    """Add estimated_end_month, estimated_launch (consultation) and prepare_from, counted back from estimated_end."""
    lead = nw.lit(-foresight.consultation_months)
    labelled = contracts.with_columns(
        estimated_end_month=month_label(nw.col("estimated_end")),
        lead=lead,
        early=lead - foresight.preparation_months,
    )
    launched = add_months(labelled, "estimated_launch", "estimated_end", "lead")
    return add_months(launched, "prepare_from", "estimated_end", "early").drop("lead", "early")


def _plausible() -> nw.Expr:
    longest = nw.when(nw.col("kind") == "concession").then(nw.lit(LONGEST_CONCESSION)).otherwise(LONGEST_CONTRACT)
    months = nw.col("duration_months").cast(nw.Int64)
    return nw.when((months >= 1) & (months <= longest)).then(months)


def _with_medians(contracts: Frame, observed: Frame) -> Frame:
    """Add ``guess`` and ``level``: the median of the finest CPV level that has one."""
    counted = keep(
        observed.select("kind", "cpv", stated=_plausible())
        .filter(~nw.col("stated").is_null())
        .group_by("kind", "cpv", "stated")
        .agg(times=nw.len())
    )
    levels = (*CPV_LEVELS, 0)
    medians = keep(nw.concat([_medians(counted, level) for level in levels]))
    missing = contracts.filter(nw.col("stated").is_null())
    codes = keep(missing.select("kind", code=nw.coalesce("cpv", nw.lit("")), cpv="cpv").unique())
    prefixes = nw.concat(
        [codes.select("kind", "code", prefix=_prefix(level), digits=nw.lit(level)) for level in levels]
    )
    found = prefixes.join(medians, on=["kind", "prefix", "digits"], how="inner")
    ordered = found.with_columns(one=nw.lit(1), coarse=-nw.col("digits"))
    finest = ordered.with_columns(rank=nw.col("one").cum_sum().over("kind", "code", order_by="coarse"))
    guesses = keep(finest.filter(nw.col("rank") == 1).select("kind", "code", guess="median", level="prefix"))
    # an absent duration only: the others need no guess
    asked = nw.when(nw.col("stated").is_null()).then(nw.coalesce("cpv", nw.lit("")))
    return contracts.with_columns(code=asked).join(guesses, on=["kind", "code"], how="left").drop("code")


def _prefix(level: int) -> nw.Expr:
    return nw.col("cpv").str.slice(0, level) if level else nw.lit("*")


def _medians(counted: Frame, level: int) -> Frame:
    """The middle of the durations published under each prefix, half months up, from how many times each was published."""
    prefixed = counted.with_columns(prefix=_prefix(level)).filter(~nw.col("prefix").is_null())
    times = prefixed.group_by("kind", "prefix", "stated").agg(times=nw.col("times").sum())
    ranked = times.with_columns(
        reached=nw.col("times").cum_sum().over("kind", "prefix", order_by="stated"),
        observations=nw.col("times").sum().over("kind", "prefix"),
    ).filter(nw.col("observations") >= MEDIAN_MINIMUM)
    # the two middle ranks, one and the same when the count is odd
    lower = nw.when(nw.col("reached") * 2 >= nw.col("observations")).then(nw.col("stated"))
    upper = nw.when(nw.col("reached") * 2 > nw.col("observations")).then(nw.col("stated"))
    middle = ranked.with_columns(lower=lower, upper=upper).group_by("kind", "prefix")
    found = middle.agg(low=nw.col("lower").min(), high=nw.col("upper").min())
    return found.select(
        "kind", "prefix", digits=nw.lit(level), median=((nw.col("low") + nw.col("high") + 1) // 2).cast(nw.Int64)
    )
