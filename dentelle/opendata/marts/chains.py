"""Chains of contracts of the same need: who bought what, again.

Two contracts follow each other when the same buyer (SIREN) bought under the same CPV group (3 digits), with objects that
share enough words, and the second took effect around the end of the first. Each contract has at most one successor and
one predecessor. Concessions carry no CPV since 2024: those of one buyer are compared together, by their words alone, and
never with contracts. Everything is decided by integers and total orders: same rows on any engine, in any order of input.
"""

from dataclasses import dataclass

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep, release
from dentelle.opendata.marts.months import month_index
from dentelle.opendata.marts.words import MINIMUM_WEIGHT, weighted_words

SAME_WORDING = 75  # from this likeness, a few other words say less than the calendar: the next contract is the follower
LIKENESS = 50  # weighted Jaccard of the words, in percent, from which two objects are the same need
EARLY_MONTHS = 12  # a successor may take effect this long before the estimated end (renewals not taken up)…
LATE_MONTHS = 18  # … or this long after it (a gap between two contracts)
WAVE_MONTHS = 2  # contracts closer than this are one award wave (lots), not successive
ELAPSED_PERCENT = (
    50  # … but never before this share of the duration has run: those are lots or additions, not a successor
)
BLOCK_CAP = 400  # contracts compared pair by pair: beyond, the block is split by whole CPV, then given up
WORDS = 2**31  # more than there are words
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
    sized = keep(_waves(keep(_blocks(keep(_numbered(contracts))))))
    words, telling = _words(sized)
    pairs = _pairs(sized, words, telling, early, late)
    release(words, telling)
    links = _matching(pairs)
    release(pairs)
    rooted = _roots(links)
    return Chains(rows=_rows(sized, links, rooted), report=_report(sized))


def _numbered(contracts: Frame) -> Frame:
    """Small integers instead of keys: the pair search handles tens of millions of them."""
    # a concession of 2019 may say its CPV, the one that follows it cannot
    concession = nw.when(nw.col("kind") == "concession").then(nw.lit("concessions"))
    unsaid = nw.lit("sans CPV")
    return contracts.with_row_index("id", order_by="contract_key").select(
        "contract_key",
        "effective_on",
        "number",
        "lot_rank",
        "object_words",
        nw.col("id").cast(nw.Int64),
        starts=month_index(nw.col("effective_on")),
        ends=month_index(nw.col("estimated_end")),
        buyer=nw.coalesce("buyer_siren", "buyer_id", nw.lit("?")),
        group=nw.coalesce(concession, nw.col("cpv").str.slice(0, 3), unsaid),
        whole=nw.coalesce(concession, nw.col("cpv"), unsaid),
    )


def _blocks(numbered: Frame) -> Frame:
    """The block each contract is compared in, its size and its treatment: counted by group, never over all the rows."""
    keys = numbered.select("id", "buyer", "group", "whole")
    wide = keys.group_by("buyer", "group").agg(wide_size=nw.len(), wide_block=nw.col("id").min())
    crowded = keys.join(
        wide.filter(nw.col("wide_size") > BLOCK_CAP).select("buyer", "group"), on=["buyer", "group"], how="semi"
    )
    # a whole CPV always starts with its group: the finer block is a part of the crowded one
    fine = crowded.group_by("buyer", "whole").agg(fine_size=nw.len(), fine_block=nw.col("id").min())
    measured = numbered.join(wide, on=["buyer", "group"], how="inner").join(fine, on=["buyer", "whole"], how="left")
    fits = nw.col("wide_size") <= BLOCK_CAP
    treatment = (
        nw.when(fits)
        .then(nw.lit("searched"))
        .when(nw.col("fine_size") <= BLOCK_CAP)
        .then(nw.lit("split_by_cpv"))
        .otherwise(nw.lit("too_large"))
    )
    return measured.select(
        *("id", "contract_key", "effective_on", "number", "lot_rank", "object_words", "starts", "ends", "wide_size"),
        *("buyer", "group"),
        treatment=treatment,
        block=nw.when(fits).then("wide_block").otherwise("fine_block"),
        block_size=nw.when(fits).then("wide_size").otherwise("fine_size"),
    )


def _waves(sized: Frame) -> Frame:
    """The rank of the contract in its wave: the third lot of a wave is rather followed by the third lot of the next one."""
    days = sized.group_by("block", "effective_on").agg(together=nw.len()).filter(nw.col("together") > 1)
    members = sized.select("id", "block", "effective_on", "number", "lot_rank", one=nw.lit(1)).join(
        days, on=["block", "effective_on"], how="semi"
    )
    ranked = members.select(
        "id", wave=nw.col("one").cum_sum().over("block", "effective_on", order_by=["number", "lot_rank", "id"])
    )
    return sized.join(ranked, on="id", how="left").with_columns(wave=nw.coalesce("wave", nw.lit(1)))


def _words(sized: Frame) -> tuple[Frame, Frame]:
    """The words of the contracts that can be compared, one row each; the weight of those whose words say enough."""
    comparable = sized.filter(
        nw.col("treatment") != "too_large", ~nw.col("effective_on").is_null(), nw.col("block_size") > 1
    )
    words = keep(weighted_words(comparable.select("id", "object_words"), "id"))
    telling = keep(words.group_by("id").agg(total=nw.col("weight").sum()).filter(nw.col("total") >= MINIMUM_WEIGHT))
    placed = comparable.select("id", "block", "starts", "ends").join(telling.select("id"), on="id", how="semi")
    joined = keep(
        words.join(placed, on="id", how="inner").select(
            # one number for a word of a block: what the search joins on
            *("id", "starts", "ends", "weight"),
            place=nw.col("block") * WORDS + nw.col("word"),
        )
    )
    release(words)
    return joined, telling


def _pairs(sized: Frame, words: Frame, telling: Frame, early: int, late: int) -> Frame:
    """(earlier, later) pairs alike enough, with their likeness in percent and the order in which to prefer them."""
    earlier = words.filter(~nw.col("ends").is_null()).select("place", "weight", "ends", earlier="id", began="starts")
    later = words.select("place", later="id", start="starts")
    start, began, end = nw.col("start"), nw.col("began"), nw.col("ends")
    # tens of millions of rows pass here: nothing is carried that can be looked up afterwards
    met = (
        earlier.join(later, on="place", how="inner")
        .filter(
            start >= began + WAVE_MONTHS,
            (start - began) * 100 >= (end - began) * ELAPSED_PERCENT,
            start >= end - early,
            start <= end + late,
        )
        .group_by("earlier", "later")
        .agg(shared=nw.col("weight").sum())
    )
    union = nw.col("before") + nw.col("after") - nw.col("shared")
    alike = keep(
        met.join(telling.select(earlier="id", before="total"), on="earlier", how="inner")
        .join(telling.select(later="id", after="total"), on="later", how="inner")
        .filter(nw.col("shared") * 100 >= union * LIKENESS)
        .select("earlier", "later", score=nw.col("shared") * 100 // union)
    )
    first = sized.select("ends", earlier="id", wave_before="wave")
    second = sized.select("starts", later="id", wave_after="wave")
    placed = alike.join(first, on="earlier", how="inner").join(second, on="later", how="inner")
    pairs = keep(
        placed.select(
            *("earlier", "later", "score"),
            gap=(nw.col("starts") - nw.col("ends")).abs(),
            lead=(nw.col("wave_before") - nw.col("wave_after")).abs(),
        )
    )
    release(alike)
    return pairs


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
    """The preferred pair of ``each``: same wording, same place in its wave, closest to the estimated end, most alike, then the key."""
    reworded = nw.when(nw.col("score") >= SAME_WORDING).then(nw.lit(0)).otherwise(nw.lit(1))
    order = pairs.with_columns(one=nw.lit(1), unlike=-nw.col("score"), reworded=reworded)
    preference = ["reworded", "lead", "gap", "unlike", other]
    ranked = order.with_columns(rank=nw.col("one").cum_sum().over(each, order_by=preference))
    return ranked.filter(nw.col("rank") == 1).drop("one", "unlike", "reworded", "rank")


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
    wide = sized.group_by("buyer", "group").agg(contracts=nw.len(), treatment=nw.col("treatment").max())
    named = wide.with_columns(block=nw.concat_str(["buyer", nw.lit(" · CPV "), "group"]))
    largest = named.with_columns(one=nw.lit(1), size=-nw.col("contracts"))
    ranked = largest.with_columns(rank=nw.col("one").cum_sum().over("treatment", order_by=["size", "block"]))
    kept = ranked.filter((nw.col("treatment") != "searched") | (nw.col("rank") == 1))
    return kept.select("contracts", "treatment", "block")
