"""What comes back: every contract with its estimated end, its chain, how sure that is, and what the next one will owe."""

from dataclasses import dataclass
from datetime import date

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.buyers import buyer_columns, buyer_facts
from dentelle.opendata.marts.chains import chains
from dentelle.opendata.marts.confidence import with_confidence
from dentelle.opendata.marts.ends import ENDS, with_ends, with_launch
from dentelle.opendata.marts.ground_frames import GroundFrames
from dentelle.opendata.marts.holders import holder_columns, known_names
from dentelle.opendata.marts.location import located, within
from dentelle.opendata.marts.months import month_index
from dentelle.opendata.marts.obligation import with_obligation
from dentelle.opendata.marts.parameters import Foresight, Window

_NARROW = [
    *("contract_key", "kind", "number", "lot_rank", "buyer_id", "buyer_siren", "cpv", "object_words"),
    *("place_code", "place_kind", "effective_on", "duration_months"),
]
_DESCRIBED = [
    *("contract_key", "uid", "kind", "number", "lot_rank", "buyer_id", "buyer_id_valid", "buyer_siren", "buyer_name"),
    *("object", "cpv", "cpv_division", "procedure", "is_framework", "framework_number"),
    *("notified_on", "published_on", "effective_on", "effective_source"),
    *("amount_cents", "amount_flag", "amount_kind", "summable", "modification_count"),
    *("social_status", "social_clause", "social_criterion", "reserved", "holder_count", "holder_id", "holder_name"),
]


@dataclass(frozen=True, slots=True)
class Renewals:
    """``rows``: ``schema.RENEWALS`` (plus ``extra`` columns asked for); ``chain_report``: ``schema.CHAIN_REPORT``."""

    rows: Frame
    chain_report: Frame


def renewals(
    contracts: Frame,
    ground: GroundFrames,
    foresight: Foresight,
    *,
    as_of: date,
    window: Window | None = None,
    areas: Frame | None = None,
    keep_replaced: bool = False,
    extra: tuple[str, ...] = (),
    names: Frame | None = None,
) -> Renewals:
    """Contracts expected to end in ``window`` (all of them when None) in the territory ``areas`` (the country when None).

    ``areas`` is one column ``area`` (``location.areas_of``). With a window, a contract a later one of its chain already
    replaced does not come back again by itself and is left out, unless ``keep_replaced``; without a window every contract
    is there and ``is_last_of_chain`` says it. Contracts whose end cannot be estimated are in no window. ``extra`` names
    columns of ``contracts`` to carry along. ``names`` (the data set's table) gives holders the names other records carry.
    """
    facts = keep(buyer_facts(contracts, ground.communes, ground.epcis, ground.legal_units))
    # text columns stay aside until the rows wanted are known: every step before works on a narrow table
    seats = facts.select("buyer_siren", "seat_area")
    narrow = contracts.select(_NARROW).join(seats, on="buyer_siren", how="left")
    places = keep(located(narrow, ground.communes, ground.postal_codes, ground.former_codes))
    inside = places if areas is None else keep(within(places, areas))
    mine = contracts.select(_NARROW) if areas is None else keep(_of_buyers(contracts.select(_NARROW), inside))
    ended = keep(with_ends(mine, contracts))
    chained = chains(ended)
    chosen = ended.select("contract_key", *ENDS).join(chained.rows, on="contract_key", how="inner")
    chosen = chosen.join(inside.drop("seat_area"), on="contract_key", how="inner")
    if window is not None:
        end = month_index(nw.col("estimated_end"))
        chosen = chosen.filter(end >= window.first, end <= window.last)
        if not keep_replaced:
            chosen = chosen.filter(nw.col("is_last_of_chain"))
    described = contracts.select(*_DESCRIBED, *extra).join(keep(chosen), on="contract_key", how="inner")
    named = holder_columns(buyer_columns(described, facts), known_names(names, ground))
    rows = keep(_with_need(_derived(named), contracts))
    # dates are fixed before being compared with every threshold period: an engine may otherwise compute them each time
    scored = keep(with_confidence(with_launch(rows, foresight)))
    judged = with_obligation(scored, foresight, as_of=as_of)
    return Renewals(rows=judged.select(*schema.RENEWALS.names, *extra), chain_report=chained.report)


def _of_buyers(contracts: Frame, inside: Frame) -> Frame:
    """Every contract, wherever it is, of the buyers having one inside: a chain is a matter of buyer, not of place."""
    buyer = nw.coalesce("buyer_siren", "buyer_id", nw.lit("?"))
    numbered = contracts.with_columns(buyer_key=buyer)
    buyers = numbered.join(inside.select("contract_key"), on="contract_key", how="semi").select("buyer_key").unique()
    return numbered.join(buyers, on="buyer_key", how="semi").drop("buyer_key")


def _derived(contracts: Frame) -> Frame:
    """What follows from the contract alone: its kind, and whether it depends on a framework agreement."""
    division = nw.col("cpv_division")
    contract_kind = (
        nw.when(nw.col("kind") == "concession")
        .then(nw.lit("concession"))
        .when(division == "45")
        .then(nw.lit("works"))
        .when((division >= "50") & (division <= "98"))
        .then(nw.lit("services"))
        .when((division >= "03") & (division <= "48"))
        .then(nw.lit("supplies"))
        .otherwise(nw.lit("unknown"))
    )
    return contracts.with_columns(
        contract_kind=contract_kind,
        is_framework=nw.coalesce("is_framework", nw.lit(False)),
        is_subsequent=~nw.col("framework_number").is_null(),
        need=nw.coalesce("uid", "contract_key"),
    )


def _with_need(rows: Frame, contracts: Frame) -> Frame:
    """The amount of the whole need: the lots of one procedure are one, and the law compares their sum with the threshold.

    A row whose amount another row already carries is not one lot more; one in doubt leaves the sum unknown, for nothing says which is right.
    """
    usable = nw.when(nw.col("amount_flag") == "ok").then(nw.lit(1)).otherwise(nw.lit(0))
    lot = nw.when(nw.col("amount_flag") == "repeated").then(nw.lit(0)).otherwise(nw.lit(1))
    amount = nw.when(nw.col("amount_flag") == "ok").then(nw.col("amount_cents"))
    totals = (
        contracts.select("kind", need=nw.coalesce("uid", "contract_key"), amount=amount, lot=lot, usable=usable)
        .group_by("kind", "need")
        .agg(total=nw.col("amount").sum(), lots=nw.col("lot").sum(), usable=nw.col("usable").sum())
    )
    return (
        rows.join(totals, on=["kind", "need"], how="inner")
        .with_columns(
            need_amount_cents=nw.when(nw.col("usable") == nw.col("lots")).then(nw.col("total")).cast(nw.Int64),
            need_lots=nw.col("lots").cast(nw.Int32),
        )
        .drop("need", "total", "lots", "usable")
    )
