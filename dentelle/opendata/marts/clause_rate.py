"""How often a social consideration is written, with the counts behind every rate.

A contract says yes (clause, criterion or reserved contract), says no, or says nothing: the rate is yes ÷ (yes + no), and
coverage tells what share of the contracts said anything. A rate never travels without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import narwhals.stable.v2 as nw
import pyarrow as pa

from dentelle.opendata.engines import Frame, keep
from dentelle.opendata.ground import Ground
from dentelle.opendata.marts.parameters import AMOUNT_BANDS, SMALL_COUNT

NATIONAL = "country:FR"
COMPARABLES = 5
RATE_AREAS = pa.schema(
    [
        ("territory", pa.string()),  # « kind:code »
        ("territory_name", pa.string()),
        ("role", pa.string()),  # asked | comparable
        ("area", pa.string()),  # one of location.areas_of
    ]
)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A territory of the same kind, near in population."""

    spec: str
    name: str
    population: int


def clause_rate(contracts: Frame, places: Frame, buyers: Frame, territories: Frame) -> Frame:
    """``schema.CLAUSE_RATE``: each territory, and the country, whole and by buyer kind, CPV division, amount band, year.

    ``places`` is ``location.located``; ``buyers`` has buyer_siren and buyer_kind (``buyers.buyer_facts``);
    ``territories`` is ``RATE_AREAS``. The year is that of effective_on.
    """
    read = contracts.select(
        "contract_key",
        "buyer_siren",
        "social_status",
        cpv_division=nw.coalesce("cpv_division", nw.lit("unknown")),
        year=nw.coalesce(nw.col("effective_on").dt.year().cast(nw.String), nw.lit("unknown")),
        amount_band=amount_band(),
        all=nw.lit("all"),
    )
    kinds = buyers.select("buyer_siren", known_kind="buyer_kind")
    facts = read.join(kinds, on="buyer_siren", how="left").with_columns(
        buyer_kind=nw.coalesce("known_kind", nw.lit("unknown"))
    )
    inside = _belonging(places, territories)
    columns = ["territory", "territory_name", "role"]
    local = inside.join(facts, on="contract_key", how="inner")
    national = facts.with_columns(
        territory=nw.lit(NATIONAL), territory_name=nw.lit("France entière"), role=nw.lit("national")
    )
    dimensions = ["all", "buyer_kind", "cpv_division", "amount_band", "year"]
    needed = [*columns, "social_status", *dimensions]
    everything = keep(nw.concat([local.select(needed), national.select(needed)]))
    counted = [_count(everything, columns, dimension) for dimension in dimensions]
    return nw.concat(counted)


def amount_band() -> nw.Expr:
    """« 0-25000 », « 25000-40000 »… in euros, upper bound excluded; « unusable » when the amount is not to be trusted."""
    amount = nw.col("amount_cents")
    usable = (nw.col("amount_flag") == "ok") & ~amount.is_null()
    bands = [(0, AMOUNT_BANDS[0]), *pairwise(AMOUNT_BANDS)]
    steps = [nw.when(usable & (amount < high * 100)).then(nw.lit(f"{low}-{high}")) for low, high in bands]
    last = nw.when(usable).then(nw.lit(f"{AMOUNT_BANDS[-1]}+"))
    return nw.coalesce(*steps, last, nw.lit("unusable"))


def _belonging(places: Frame, territories: Frame) -> Frame:
    """(territory, contract), once each, whether by the place of execution or by the buyer's seat."""
    located = places.select("contract_key", "place_area", "seat_area")
    by_place = located.join(territories, left_on="place_area", right_on="area", how="inner")
    by_seat = located.join(territories, left_on="seat_area", right_on="area", how="inner")
    columns = ["contract_key", "territory", "territory_name", "role"]
    return nw.concat([by_place.select(columns), by_seat.select(columns)]).unique()


def _count(rows: Frame, columns: list[str], dimension: str) -> Frame:
    status = nw.col("social_status")

    marked = rows.with_columns(
        considered=nw.when(status == "considered").then(nw.lit(1)).otherwise(nw.lit(0)),
        none=nw.when(status == "none").then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    counts = marked.group_by(*columns, dimension).agg(
        total=nw.len().cast(nw.Int64),
        considered=nw.col("considered").sum().cast(nw.Int64),
        none=nw.col("none").sum().cast(nw.Int64),
    )
    stated = nw.col("considered") + nw.col("none")
    summed = counts.with_columns(stated=stated, not_stated=nw.col("total") - stated)
    some = nw.col("stated") > 0
    return summed.select(
        *columns,
        "total",
        "considered",
        "none",
        "not_stated",
        "stated",
        dimension=nw.lit(dimension),
        value=nw.col(dimension),
        rate=nw.when(some).then(nw.col("considered").cast(nw.Float64) / nw.col("stated")),
        coverage=nw.col("stated").cast(nw.Float64) / nw.col("total"),
        small_count=nw.col("stated") < SMALL_COUNT,
    )


def comparables(ground: Ground, kind: str, code: str, *, number: int = COMPARABLES) -> list[Comparable]:
    """The ``number`` territories of the same kind nearest in population, nearest first, then by code.

    Empty for a kind without list (a hand-picked territory) or a territory without population.
    """
    populations = _populations(ground, kind)
    own = populations.get(code)
    if own is None:
        return []
    others = [(abs(population - own), other) for other, population in populations.items() if other != code]
    return [
        Comparable(f"{kind}:{other}", ground.name_of(kind, other) or other, populations[other])
        for _, other in sorted(others)[:number]
    ]


def _populations(ground: Ground, kind: str) -> dict[str, int]:
    communes = ground.communes_table()
    inhabitants: dict[str, int] = dict(
        zip(communes["commune_code"].to_pylist(), communes["population"].to_pylist(), strict=True)
    )
    if kind in ("zone", "committee"):
        table = ground.areas_table(kind)
        pairs: Sequence[tuple[str, str]] = list(
            zip(table["commune_code"].to_pylist(), table["area_code"].to_pylist(), strict=True)
        )
    elif kind in ("commune", "epci", "department", "region"):
        pairs = list(zip(communes["commune_code"].to_pylist(), communes[f"{kind}_code"].to_pylist(), strict=True))
    else:
        return {}
    total: dict[str, int] = {}
    for commune, code in pairs:
        if code is not None:
            total[code] = total.get(code, 0) + (inhabitants.get(commune) or 0)
    return {code: population for code, population in total.items() if population > 0}
