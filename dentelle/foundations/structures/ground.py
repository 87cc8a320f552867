"""What the places of a coverage are called and hold, read from the ground; without the ground, their codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dentelle.foundations.ground import ground
from dentelle.opendata.ground.places import GroundMissing, UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import KIND_LABELS, Territory


@dataclass(frozen=True, slots=True)
class Place:
    """One place: ``spec`` finds it again; ``communes`` is empty when the ground does not know it (any more)."""

    spec: str
    name: str
    kind: str
    communes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Covered:
    """Places put together, each commune counted once. ``population`` is None when the ground gives none."""

    places: tuple[Place, ...]
    communes: frozenset[str]
    population: int | None

    @property
    def names(self) -> str:
        return ", ".join(place.name for place in self.places)


NOTHING = Covered((), frozenset(), None)


def ground_or_none() -> Ground | None:
    """Return the ground, None while it has not been built: pages then show codes rather than nothing."""
    try:
        return ground()
    except GroundMissing:
        return None


def covered(specs: Sequence[str], known: Ground | None) -> Covered:
    """Return what ``specs`` (``KIND:CODE``) are called and hold."""
    places = tuple(_place(spec, known) for spec in specs)
    communes = frozenset().union(*(place.communes for place in places))
    return Covered(places, communes, known.population_of(communes) if known and communes else None)


@dataclass(frozen=True, slots=True)
class Together:
    """Several coverages together: communes covered at all, those covered more than once, inhabitants counted once."""

    communes: int
    shared: int
    population: int | None


def together(coverages: Iterable[Covered], known: Ground | None) -> Together:
    """Return what coverages hold together, without double count."""
    once: set[str] = set()
    twice: set[str] = set()
    for one in coverages:
        twice |= once & one.communes
        once |= one.communes
    return Together(len(once), len(twice), known.population_of(once) if known and once else None)


def _place(spec: str, known: Ground | None) -> Place:
    kind = spec.partition(":")[0]
    if known is None:
        return Place(spec, spec, KIND_LABELS.get(kind, kind), frozenset())
    try:
        found: Territory = territory_of(known, spec)
    except UnknownPlace:  # merged or abolished since: the version keeps what it said
        return Place(spec, f"{spec} (inconnu du référentiel actuel)", KIND_LABELS.get(kind, kind), frozenset())
    return Place(spec, found.name, KIND_LABELS[found.kind], found.communes)
