"""Which territories a territory is compared with: of the same kind, of about as many inhabitants."""

from dataclasses import dataclass
from functools import lru_cache

import pyarrow.compute as pc

from dentelle.opendata.ground.store import Ground
from dentelle.thread.territory.queries import Chosen

COMPARED = 4
# a hand-picked list, an employment zone or a committee is compared with intercommunalities: many, of every size
_COMPARED_AS = {"epci": "epci", "department": "department", "region": "region", "commune": "commune"}


@dataclass(frozen=True, slots=True)
class Comparable:
    """A territory to compare with; ``spec`` finds it again."""

    spec: str
    name: str
    population: int
    communes: frozenset[str]


def comparable_territories(ground: Ground, chosen: Chosen) -> list[Comparable]:
    """Return the four territories whose population is nearest (as a ratio) to that of ``chosen``, largest first.

    None for the whole country, or when the population is unknown: there is nothing to be near to.
    """
    if chosen.is_country or not chosen.population:
        return []
    kind = _COMPARED_AS.get(chosen.kind, "epci")
    own = chosen.population
    others = [
        (max(population, own) / min(population, own), code, population)
        for code, population in _populations(ground, kind)
        if not (chosen.kind == kind and code == chosen.code)
    ]
    found = []
    for _, code, population in sorted(others)[:COMPARED]:
        communes = frozenset({code}) if kind == "commune" else ground.communes_of(kind, code)
        found.append(Comparable(f"{kind}:{code}", ground.name_of(kind, code) or code, population, communes))
    return sorted(found, key=lambda one: (-one.population, one.spec))


@lru_cache(maxsize=16)
def _populations(ground: Ground, kind: str) -> tuple[tuple[str, int], ...]:
    table = ground.communes_table()
    column = f"{kind}_code"
    grouped = table.filter(pc.is_valid(table[column])).group_by(column).aggregate([("population", "sum")])
    pairs = zip(grouped[column].to_pylist(), grouped["population_sum"].to_pylist(), strict=True)
    return tuple(sorted((code, population) for code, population in pairs if population))
