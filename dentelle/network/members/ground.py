"""The ground, department by department and intercommunality by intercommunality: what is covered, what is not."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.store import Ground

# classes of size of what a member covers, from the smallest: (upper bound, words)
SIZES = (
    (50_000, "moins de 50\u202f000 habitants"),
    (150_000, "de 50\u202f000 à 150\u202f000 habitants"),
    (500_000, "de 150\u202f000 à 500\u202f000 habitants"),
    (10**12, "500\u202f000 habitants et plus"),
)
EPCI_TYPES = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole de Lyon",
}


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune of the ground; ``population`` 0 when the ground gives none."""

    code: str
    name: str
    department: str
    region: str
    epci: str
    population: int


@dataclass(frozen=True, slots=True)
class Share:
    """A department or an intercommunality: its people and communes, and those nobody covers."""

    code: str
    name: str
    region: str
    communes: int
    population: int
    white_communes: int
    white_population: int

    @property
    def covered_percent(self) -> int | None:
        """Whole percent of the people covered, rounded down so that 100 means all of them; None without any people."""
        return (self.population - self.white_population) * 100 // self.population if self.population else None


@lru_cache(maxsize=2)
def communes(ground: Ground) -> tuple[CommuneRow, ...]:
    """Return every commune, read once per ground. Overseas collectivities, outside of the French schemes, are left out."""
    columns = ["commune_code", "commune_name", "department_code", "region_code", "epci_code", "population", "zone"]
    return tuple(
        CommuneRow(
            row["commune_code"],
            row["commune_name"],
            row["department_code"],
            row["region_code"],
            row["epci_code"] or "",
            row["population"] or 0,
        )
        for row in ground.communes_table().select(columns).to_pylist()
        if row["zone"] != "com"
    )


def departments(ground: Ground, covered: Collection[str]) -> tuple[Share, ...]:
    """Return every department with what of it is covered, most people left aside first."""
    shares = _shares(communes(ground), "department", covered)
    named = [
        Share(code, ground.department(code).name, ground.department(code).region_code, *figures)
        for code, figures in shares.items()
    ]
    return tuple(sorted(named, key=lambda share: (-share.white_population, share.code)))


def epcis(ground: Ground, covered: Collection[str], department: str) -> tuple[Share, ...]:
    """Return the intercommunalities of a department that have communes nobody covers; only their communes in it count."""
    here = [row for row in communes(ground) if row.department == department]
    named = [
        Share(code, _epci_name(ground, code), "", *figures)
        for code, figures in _shares(here, "epci", covered).items()
        if figures[2]
    ]
    return tuple(sorted(named, key=lambda share: (-share.white_population, share.code)))


def white_communes(ground: Ground, covered: Collection[str], epci: str, department: str) -> tuple[CommuneRow, ...]:
    """Return the communes of an intercommunality, in a department, that nobody covers, most populous first."""
    found = [
        row for row in communes(ground) if row.epci == epci and row.department == department and row.code not in covered
    ]
    return tuple(sorted(found, key=lambda row: (-row.population, row.code)))


def main_place(ground: Ground, covered: Collection[str]) -> tuple[str, str]:
    """Return the region and the kind of intercommunality where most of the people covered live; empty when nothing is."""
    regions: Counter[str] = Counter()
    bodies: Counter[str] = Counter()
    for code in covered:
        row = _by_code(ground).get(code)
        if row is not None:
            regions[row.region] += row.population
            bodies[row.epci] += row.population
    if not regions:
        return "", ""
    region = max(sorted(regions), key=lambda code: regions[code])
    body = max(sorted(bodies), key=lambda code: bodies[code])
    return ground.region(region).name, _epci_kind(ground, body)


def size_of(population: int | None) -> str:
    """Return the class of size of what a member covers, empty when unknown."""
    if population is None:
        return ""
    return next(words for bound, words in SIZES if population < bound)


@lru_cache(maxsize=2)
def _by_code(ground: Ground) -> dict[str, CommuneRow]:
    return {row.code: row for row in communes(ground)}


def _shares(rows: Collection[CommuneRow], area: str, covered: Collection[str]) -> dict[str, tuple[int, int, int, int]]:
    """Return per area: communes, people, communes nobody covers, people nobody covers."""
    found: dict[str, list[int]] = {}
    for row in rows:
        figures = found.setdefault(getattr(row, area), [0, 0, 0, 0])
        figures[0] += 1
        figures[1] += row.population
        if row.code not in covered:
            figures[2] += 1
            figures[3] += row.population
    return {code: (one, two, three, four) for code, (one, two, three, four) in found.items()}


def _epci_name(ground: Ground, code: str) -> str:
    return (ground.name_of("epci", code) or code) if code else "communes sans intercommunalité"


def _epci_kind(ground: Ground, code: str) -> str:
    try:
        kind = ground.epci(code).type
    except UnknownPlace:
        return ""
    return EPCI_TYPES.get(kind, kind)
