"""Which territories a territory is compared with: of the same kind, of about as many inhabitants."""

from functools import lru_cache

import pyarrow.compute as pc

from dentelle.opendata.ground.store import Ground
from dentelle.opendata.marts.clause_rate import COMPARABLES, Comparable, comparables
from dentelle.thread.territory.queries import Chosen


def comparable_territories(ground: Ground, chosen: Chosen) -> list[Comparable]:
    """Return the five territories of the same kind nearest in population, nearest first.

    A hand-picked list has no kind of its own: it is compared with intercommunalities, which are many and of every size.
    Empty for the whole country, or when the population is unknown: there is nothing to be near to.
    """
    if chosen.is_country or not chosen.population:
        return []
    if chosen.kind != "list":
        return list(_same_kind(ground, chosen.kind, chosen.code))
    own = chosen.population
    nearest = sorted((abs(population - own), code, population) for code, population in _epci_populations(ground))
    return [
        Comparable(f"epci:{code}", ground.name_of("epci", code) or code, population)
        for _, code, population in nearest[:COMPARABLES]
    ]


@lru_cache(maxsize=512)
def _same_kind(ground: Ground, kind: str, code: str) -> tuple[Comparable, ...]:
    return tuple(comparables(ground, kind, code))


@lru_cache(maxsize=4)
def _epci_populations(ground: Ground) -> tuple[tuple[str, int], ...]:
    table = ground.communes_table()
    grouped = table.filter(pc.is_valid(table["epci_code"])).group_by("epci_code").aggregate([("population", "sum")])
    pairs = zip(grouped["epci_code"].to_pylist(), grouped["population_sum"].to_pylist(), strict=True)
    return tuple(sorted((code, population) for code, population in pairs if population))
