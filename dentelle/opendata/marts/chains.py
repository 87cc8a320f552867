"""Chains of contracts of the same need: who bought what, again.

Two contracts follow each other when the same buyer (SIREN) bought under the same CPV group (3 digits), with objects that
share enough words, and the second took effect around the end of the first. Each contract has at most one successor and
one predecessor. Concessions carry no CPV since 2024: those of one buyer are compared together, by their words alone, and
never with contracts. Everything is decided by integers and total orders: same rows on any engine, in any order of input.
"""

from dataclasses import dataclass

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep
from dentelle.opendata.marts.months import month_index
from dentelle.opendata.marts.words import MINIMUM_WEIGHT, weighted_words

LIKENESS = 50  # weighted Jaccard of the words, in percent, from which two objects are the same need
EARLY_MONTHS = 12  # a successor may take effect this long before the estimated end (renewals not taken up)…
LATE_MONTHS = 18  # … or this long after it (a gap between two contracts)
WAVE_MONTHS = 2  # contracts closer than this are one award wave (lots), not successive
ELAPSED_PERCENT = (
    50  # … but never before this share of the duration has run: those are lots or additions, not a successor
)
BLOCK_CAP = 400  # contracts compared pair by pair: beyond, the block is split by whole CPV, then given up
MATCHING_ROUNDS = 3
JUMPS = 5  # doublings when walking a chain back to its root: 2**5 contracts of the same need


@dataclass(frozen=True, slots=True)
class Chains:
    """``rows``: contract_key and the chain columns of ``schema.RENEWALS``; ``report``: ``schema.CHAIN_REPORT``."""

    rows: Frame
    report: Frame


def chains(contracts: Frame, *, early: int = EARLY_MONTHS, late: int = LATE_MONTHS) -> Chains:
    """Link the contracts of the same need.

    ``contracts`` needs contract_key, kind, buyer_id, buyer_siren, cpv, number, lot_rank, object_words, effective_on and
    estimated_end. Contracts without date, without telling words or in a block beyond ``BLOCK_CAP`` stay alone, and
    ``chain_status`` says which. ``early`` and ``late`` bound, in months around the estimated end, when a successor may start.
    """
    numbered = keep(_numbered(contracts))
    sized = keep(_blocks(numbered))
    words = keep(_words(sized))
    telling = words.group_by("id").agg(total=nw.col("weight").sum()).filter(nw.col("total") >= MINIMUM_WEIGHT)
    pairs = keep(_pairs(words, telling, early, late))
    links = _matching(pairs)
    rooted = _roots(links)
    return Chains(rows=_rows(sized, links, rooted), report=_report(sized))


def _numbered(contracts: Frame) -> Frame:
    """Small integers instead of keys: the pair search handles hundreds of millions of them."""
    buyer = nw.coalesce("buyer_siren", "buyer_id", nw.lit("?"))
    # a concession of 2019 may say its CPV, the one that follows it cannot
    concession = nw.when(nw.col("kind") == "concession").then(nw.lit(" · concessions"))
    unsaid = nw.lit(" · CPV sans CPV")
    group = nw.coalesce(concession, nw.concat_str([nw.lit(" · CPV "), nw.col("cpv").str.slice(0, 3)]), unsaid)
    whole = nw.coalesce(concession, nw.concat_str([nw.lit(" · CPV "), nw.col("cpv")]), unsaid)
    return contracts.with_row_index("id", order_by="contract_key").select(
        "contract_key",
        "effective_on",
        "number",
        "lot_rank",
        "object_words",
        nw.col("id").cast(nw.Int64),
        starts=month_index(nw.col("effective_on")),
        ends=month_index(nw.col("estimated_end")),
        wide=nw.concat_str([buyer, group]),
        fine=nw.concat_str([buyer, whole]),
    )


def _blocks(numbered: Frame) -> Frame:
    """The block each contract is compared in, its size and its treatment; the rank of the contract in its wave."""
    measured = numbered.with_columns(wide_size=nw.len().over("wide"), fine_size=nw.len().over("fine"))
    fits = nw.col("wide_size") <= BLOCK_CAP
    treatment = (
        nw.when(fits)
        .then(nw.lit("searched"))
        .when(nw.col("fine_size") <= BLOCK_CAP)
        .then(nw.lit("split_by_cpv"))
        .otherwise(nw.lit("too_large"))
    )
    chosen = measured.with_columns(
        treatment=treatment, name=nw.when(fits).then("wide").otherwise("fine"), one=nw.lit(1)
    )
    return chosen.with_columns(
        block=nw.col("id").min().over("name"),
        # the third lot of a wave is rather followed by the third lot of the next one
        wave=nw.col("one").cum_sum().over("name", "effective_on", order_by=["number", "lot_rank", "id"]),
    ).drop("one", "fine_size")


def _words(sized: Frame) -> Frame:
    comparable = sized.filter(
        nw.col("treatment") != "too_large", ~nw.col("effective_on").is_null(), nw.len().over("name") > 1
    )
    return weighted_words(comparable, "id", "block", "starts", "ends", "wave")


def _pairs(words: Frame, telling: Frame, early: int, late: int) -> Frame:
    """(earlier, later) pairs alike enough, with their likeness in percent and the order in which to prefer them."""
    earlier = words.filter(~nw.col("ends").is_null()).select(
        "block", "word", "weight", "ends", earlier="id", began="starts", wave_before="wave"
    )
    later = words.select("block", "word", later="id", starts="starts", wave_after="wave")
    start, began, end = nw.col("starts"), nw.col("began"), nw.col("ends")
    met = (
        earlier.join(later, on=["block", "word"], how="inner")
        .filter(
            start >= began + WAVE_MONTHS,
            (start - began) * 100 >= (end - began) * ELAPSED_PERCENT,
            start >= end - early,
            start <= end + late,
        )
        .group_by("earlier", "later")
        .agg(
            shared=nw.col("weight").sum(),
            gap=(start - end).abs().min(),
            lead=(nw.col("wave_before") - nw.col("wave_after")).abs().min(),
            starts=start.min(),
        )
    )
    totals_before = telling.select(earlier="id", before="total")
    totals_after = telling.select(later="id", after="total")
    union = nw.col("before") + nw.col("after") - nw.col("shared")
    return (
        met.join(totals_before, on="earlier", how="inner")
        .join(totals_after, on="later", how="inner")
        .with_columns(union=union)
        .filter(nw.col("shared") * 100 >= nw.col("union") * LIKENESS)
        .select("earlier", "later", "gap", "lead", score=nw.col("shared") * 100 // nw.col("union"))
    )


def _matching(pairs: Frame) -> Frame:
    """At most one successor and one predecessor each: mutual best choices, a few rounds over those still free."""
    found: Frame | None = None
    free = pairs
    for _ in range(MATCHING_ROUNDS):
        if found is not None:
            taken_before, taken_after = found.select("earlier"), found.select("later")
            free = pairs.join(taken_before, on="earlier", how="anti").join(taken_after, on="later", how="anti")
        best_before = _first(free, "later", "earlier")
        mutual = _first(best_before, "earlier", "later").select("earlier", "later", "score")
        found = keep(mutual if found is None else nw.concat([found, mutual]))
    assert found is not None  # noqa: S101 (MATCHING_ROUNDS is at least 1)
    return found


def _first(pairs: Frame, each: str, other: str) -> Frame:
    """The preferred pair of ``each``: most alike, same place in its wave, closest to the estimated end, then the key."""
    order = pairs.with_columns(one=nw.lit(1), unlike=-nw.col("score"))
    ranked = order.with_columns(rank=nw.col("one").cum_sum().over(each, order_by=["unlike", "lead", "gap", other]))
    return ranked.filter(nw.col("rank") == 1).drop("one", "unlike", "rank")


def _roots(links: Frame) -> Frame:
    """later → root and steps, by doubling: after n jumps every chain of 2**n contracts has found its oldest."""
    walked = keep(links.select(id="later", root="earlier", steps=nw.lit(1).cast(nw.Int64)))
    for _ in range(JUMPS):
        further = walked.select(root="id", beyond="root", more="steps")
        walked = keep(
            walked.join(further, on="root", how="left").select(
                "id",
                root=nw.coalesce("beyond", "root"),
                steps=nw.col("steps") + nw.coalesce("more", nw.lit(0)),
            )
        )
    return walked


def _rows(sized: Frame, links: Frame, rooted: Frame) -> Frame:
    dates = sized.select("id", "contract_key", "effective_on")
    before = dates.select(earlier="id", chain_previous_key="contract_key", chain_previous_on="effective_on")
    after = dates.select(later="id", chain_next_key="contract_key")
    first = dates.select(root="id", chain_id="contract_key", chain_first_on="effective_on")
    previous = links.join(before, on="earlier", how="left").select(
        "chain_previous_key", "chain_previous_on", id="later", chain_score=nw.col("score").cast(nw.Int32)
    )
    following = links.join(after, on="later", how="left").select("chain_next_key", id="earlier")
    lengths = rooted.group_by("root").agg(others=nw.len())
    status = (
        nw.when(nw.col("treatment") == "too_large")
        .then(nw.lit("block_too_large"))
        .when(nw.col("effective_on").is_null())
        .then(nw.lit("no_date"))
        .when(nw.col("object_words").is_null())
        .then(nw.lit("no_words"))
        .otherwise(nw.lit("searched"))
    )
    return (
        sized.select("id", "contract_key", "effective_on", "treatment", "object_words")
        .join(rooted, on="id", how="left")
        .with_columns(root=nw.coalesce("root", "id"), steps=nw.coalesce("steps", nw.lit(0)))
        .join(lengths, on="root", how="left")
        .join(first, on="root", how="left")
        .join(previous, on="id", how="left")
        .join(following, on="id", how="left")
        .select(
            "contract_key",
            "chain_id",
            "chain_previous_key",
            "chain_previous_on",
            "chain_first_on",
            "chain_next_key",
            "chain_score",
            chain_length=(nw.coalesce("others", nw.lit(0)) + 1).cast(nw.Int32),
            chain_rank=(nw.col("steps") + 1).cast(nw.Int32),
            is_last_of_chain=nw.col("chain_next_key").is_null(),
            chain_status=status,
        )
    )


def _report(sized: Frame) -> Frame:
    """The largest block met, and every block that was split or given up, largest first."""
    wide = sized.group_by("wide").agg(contracts=nw.len(), treatment=nw.col("treatment").max())
    largest = wide.with_columns(one=nw.lit(1), size=-nw.col("contracts"))
    ranked = largest.with_columns(rank=nw.col("one").cum_sum().over("treatment", order_by=["size", "wide"]))
    kept = ranked.filter((nw.col("treatment") != "searched") | (nw.col("rank") == 1))
    return kept.select("contracts", "treatment", block="wide")
