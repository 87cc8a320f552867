"""What comes back: every contract with its estimated end, its chain, how sure that is, and what the next one will owe."""

from dataclasses import dataclass, fields
from datetime import date

import narwhals.stable.v2 as nw

from dentelle.opendata.engines import Frame, keep
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.buyers import buyer_columns, buyer_facts
from dentelle.opendata.marts.chains import chains
from dentelle.opendata.marts.confidence import with_confidence
from dentelle.opendata.marts.ends import with_ends
from dentelle.opendata.marts.location import located, within
from dentelle.opendata.marts.months import month_index
from dentelle.opendata.marts.obligation import with_obligation
from dentelle.opendata.marts.parameters import Foresight, Window

_NEEDED = [
    *("contract_key", "uid", "kind", "number", "lot_rank", "buyer_id", "buyer_id_valid", "buyer_siren", "buyer_name"),
    *("object", "object_words", "cpv", "cpv_division", "procedure", "is_framework", "framework_number"),
    *("place_code", "place_kind", "notified_on", "published_on", "effective_on", "effective_source"),
    *("duration_months", "amount_cents", "amount_flag", "amount_kind", "summable", "modification_count"),
    *("social_status", "social_clause", "social_criterion", "reserved", "holder_count", "holder_id", "holder_name"),
    *("source_sha256", "source_position", "flags"),
]


@dataclass(frozen=True, slots=True)
class Ground:
    """The places and legal units the marts join with: ``schema.COMMUNES``, ``POSTAL_CODES``, … in one engine."""

    communes: Frame
    postal_codes: Frame
    former_codes: Frame
    epcis: Frame
    legal_units: Frame

    def kept(self) -> "Ground":
        """The same, computed once."""
        return Ground(**{field.name: keep(getattr(self, field.name)) for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Renewals:
    """``rows``: ``schema.RENEWALS`` (plus ``extra`` columns asked for); ``chain_report``: ``schema.CHAIN_REPORT``."""

    rows: Frame
    chain_report: Frame


def renewals(
    contracts: Frame,
    ground: Ground,
    foresight: Foresight,
    *,
    as_of: date,
    window: Window | None = None,
    areas: Frame | None = None,
    keep_replaced: bool = False,
    extra: tuple[str, ...] = (),
) -> Renewals:
    """Contracts expected to end in ``window`` (all of them when None) in the territory ``areas`` (the country when None).

    ``areas`` is one column ``area`` (``location.areas_of``). With a window, a contract a later one of its chain already
    replaced does not come back again by itself and is left out, unless ``keep_replaced``; without a window every contract
    is there and ``is_last_of_chain`` says it. Contracts whose end cannot be estimated are in no window. ``extra`` names
    columns of ``contracts`` to carry along.
    """
    facts = keep(buyer_facts(contracts, ground.communes, ground.epcis, ground.legal_units))
    named = buyer_columns(contracts.select(_NEEDED), facts)
    places = keep(located(named, ground.communes, ground.postal_codes, ground.former_codes))
    inside = places if areas is None else keep(within(places, areas))
    base = _base(named if areas is None else _of_buyers(named, inside)).drop("seat_area")
    ended = keep(with_ends(base, contracts, foresight))
    chained = chains(ended)
    if window is not None:
        end = month_index(nw.col("estimated_end"))
        ended = ended.filter(end >= window.first, end <= window.last)
    rows = ended.join(inside, on="contract_key", how="inner").join(chained.rows, on="contract_key", how="inner")
    if window is not None and not keep_replaced:
        rows = rows.filter(nw.col("is_last_of_chain"))
    judged = with_obligation(with_confidence(rows), foresight, as_of=as_of)
    return Renewals(rows=judged.select(*schema.RENEWALS.names, *extra), chain_report=chained.report)


def _of_buyers(contracts: Frame, inside: Frame) -> Frame:
    """Every contract, wherever it is, of the buyers having one inside: a chain is a matter of buyer, not of place."""
    buyer = nw.coalesce("buyer_siren", "buyer_id", nw.lit("?"))
    numbered = contracts.with_columns(buyer_key=buyer)
    buyers = numbered.join(inside.select("contract_key"), on="contract_key", how="semi").select("buyer_key").unique()
    return numbered.join(buyers, on="buyer_key", how="semi").drop("buyer_key")


def _base(contracts: Frame) -> Frame:
    """What follows from the contract alone: its kind, whether it depends on a framework, the amount of the whole need."""
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
    # the lots of one procedure are one need: the law compares their sum with the threshold
    need = nw.coalesce("uid", "contract_key")
    unusable = nw.when(nw.col("amount_flag") == "ok").then(nw.lit(0)).otherwise(nw.lit(1))
    marked = contracts.with_columns(contract_kind=contract_kind, need=need, unusable=unusable)
    total = nw.col("amount_cents").sum().over("kind", "need")
    return marked.with_columns(
        is_framework=nw.coalesce("is_framework", nw.lit(False)),
        is_subsequent=~nw.col("framework_number").is_null(),
        need_amount_cents=nw.when(nw.col("unusable").sum().over("kind", "need") == 0).then(total).cast(nw.Int64),
        need_lots=nw.len().over("kind", "need").cast(nw.Int32),
    ).drop("need", "unusable")
