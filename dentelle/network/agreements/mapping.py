"""The page « qui fait quoi »: the lines declared on a territory, read against the ground."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.organisations.models import Coverage, Membership, Structure
from dentelle.foundations.structures.ground import NOTHING, Covered, covered, ground_or_none
from dentelle.network.agreements.access import Viewer as Reader
from dentelle.network.agreements.access import naming, network_pk, service_lines_visible_to
from dentelle.network.agreements.models import Public, Service, ServiceLine
from dentelle.network.agreements.who_does_what import Doer, Verdict, verdict
from dentelle.network.governance.access import bodies_visible_to
from dentelle.network.governance.models import Body, BodyKind
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.text import fold

MOST = 2_000
COMMITTEES = (BodyKind.LOCAL_COMMITTEE.value, BodyKind.DEPARTMENTAL_COMMITTEE.value)


@dataclass(frozen=True, slots=True)
class DoerLine:
    """One line of the map: who, where, as declared by whom; ``mine`` when the reader's structure declared it."""

    line: ServiceLine
    name: str
    where: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A service for a public: who does it, and what that makes together (None when no commune is known)."""

    public: str
    doers: tuple[DoerLine, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ServiceRows:
    code: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TerritoryMap:
    """The map of one territory. ``nobody`` are the services no line names; ``committees`` those of 2024 that meet it,
    by the official file; ``bodies`` those the network keeps in its governance.
    """

    structure: Structure | None
    structures: tuple[Structure, ...]
    territory: Covered
    services: tuple[ServiceRows, ...]
    nobody: tuple[str, ...]
    committees: tuple[str, ...]
    committees_known: bool
    bodies: tuple[Body, ...]

    @property
    def overlaps(self) -> int:
        return sum(
            cell.verdict is not None and cell.verdict.kind == "overlap" for row in self.services for cell in row.cells
        )

    @property
    def lines(self) -> int:
        return sum(len(cell.doers) for row in self.services for cell in row.cells)


def places_of(structure: Structure, today: date) -> list[tuple[str, str]]:
    """Return the places a structure covers today, as choices: (« epci:243500139 », its name)."""
    coverage = Coverage.objects.in_force(today).filter(structure=structure).first()
    if coverage is None:
        return []
    return [(place.spec, place.name) for place in covered(coverage.places, ground_or_none()).places]


def communes_of(specs: Iterable[str]) -> list[tuple[str, str]]:
    """Return the communes of places as choices, by name as French readers look for them; none without the ground."""
    ground = ground_or_none()
    if ground is None:
        return []
    held = covered(list(specs), ground).communes
    named = ((f"commune:{code}", ground.commune(code).name) for code in held)
    return sorted(named, key=lambda each: (fold(each[1]), each[0]))


def territory_map(viewer: Reader, today: date, *, structure_pk: int | None = None) -> TerritoryMap:
    """Return who does what on what a structure of the network covers: the reader's own, or the one asked for.

    To an organisation named on the map: the territories of the structures that name it.
    """
    # a structure that has not said what it covers has no map: only its own people choose it
    has_map = Q(pk__in=Coverage.objects.in_force(today).values("structure_id"))
    if isinstance(viewer, Membership):
        has_map |= Q(pk=viewer.structure_id)
    mapped = Structure.objects.approved().filter(has_map)
    if isinstance(viewer, Seat):
        mapped = mapped.filter(pk__in=naming(viewer).values("structure_id"))
    else:
        mapped = mapped.filter(network_id=network_pk(viewer))
    structures = tuple(mapped.order_by("name", "pk"))
    chosen = _chosen(viewer, structures, structure_pk)
    ground = ground_or_none()
    coverage = Coverage.objects.in_force(today).filter(structure=chosen).first() if chosen else None
    territory = covered(coverage.places, ground) if coverage else NOTHING
    specs = {place.spec for place in territory.places}
    visible = service_lines_visible_to(viewer)
    if chosen:
        visible = visible.filter(structure__network=chosen.network_id)
    lines = visible.select_related("structure", "organisation")[:MOST]
    here = list(_here(lines, territory, specs, ground)) if coverage else []
    services = tuple(_services(here, territory, viewer))
    named = {row.code for row in services}
    return TerritoryMap(
        structure=chosen,
        structures=structures,
        territory=territory,
        services=services,
        nobody=tuple(str(each.label) for each in Service if each.value not in named),
        committees=_committees(territory, ground),
        committees_known=ground is not None and ground.areas("committee") is not None,
        bodies=_bodies(viewer, territory, ground),
    )


def meets(places: Sequence[str], territory: Covered, ground: Ground | None) -> bool:
    """Say whether places may meet a territory: by their communes, by name without the ground; unsaid places may."""
    if not places:
        return True
    if ground is None or not territory.communes:
        return bool(set(places) & {place.spec for place in territory.places})
    return bool(covered(places, ground).communes & territory.communes)


def _bodies(viewer: Reader, territory: Covered, ground: Ground | None) -> tuple[Body, ...]:
    """The employment committees the network keeps; to an outside person none, since their pages are the network's."""
    if isinstance(viewer, Seat):
        return ()
    kept = bodies_visible_to(viewer).filter(kind__in=COMMITTEES, closed_on=None).order_by("kind", "name")
    # one whose territory nobody said stands on every map: nothing tells that it is not of this one
    return tuple(body for body in kept if meets(getattr(body, "places", []), territory, ground))


def _chosen(viewer: Reader, structures: Iterable[Structure], asked: int | None) -> Structure | None:
    known = {each.pk: each for each in structures}
    if asked in known:
        return known[asked]
    if isinstance(viewer, Membership):
        return known.get(viewer.structure_id)
    return next(iter(known.values()), None)


def _here(
    lines: Iterable[ServiceLine], territory: Covered, specs: set[str], ground: Ground | None
) -> Iterable[tuple[ServiceLine, Covered, frozenset[str]]]:
    """The lines that meet the territory: by their communes, or by a place of the same name while there is no ground."""
    for line in lines:
        place = covered(line.places, ground)
        meeting = place.communes & territory.communes
        if meeting or (not territory.communes and specs & set(line.places)):
            yield line, place, meeting


_Here = tuple[ServiceLine, Covered, frozenset[str]]


def _services(here: list[_Here], territory: Covered, viewer: Reader) -> Iterable[ServiceRows]:
    mine = viewer.structure_id if isinstance(viewer, Membership) else None
    for service in Service:
        cells = []
        for public in Public:
            found = [each for each in here if (each[0].service, each[0].public) == (service.value, public.value)]
            if not found:
                continue
            same = [each for each in here if each[0].service == service.value and each[0].public != public.value]
            doers = tuple(
                DoerLine(line, _name(line), place.names, line.structure_id == mine) for line, place, _ in found
            )
            said = _said(found, same, public, territory) if territory.communes else None
            cells.append(Cell(str(public.label), doers, said))
        if cells:
            yield ServiceRows(service.value, str(service.label), tuple(cells))


def _said(found: list[_Here], same: list[_Here], public: Public, territory: Covered) -> Verdict:
    """What those of a line make together; « tout public » meets every public, on their lines and on its own."""
    known = [Doer(_name(line), meeting) for line, _, meeting in found]
    others = [
        Doer(_name(line), meeting, str(line.get_public_display()))
        for line, _, meeting in same
        if public is Public.ALL or line.public == Public.ALL
    ]
    if public is Public.ALL:
        return verdict(known, territory.communes, within=others)
    return verdict([*known, *others], territory.communes)


def _name(line: ServiceLine) -> str:
    return line.organisation.name if line.organisation else line.structure.name


def _committees(territory: Covered, ground: Ground | None) -> tuple[str, ...]:
    """Return the local employment committees (2024) whose communes meet the territory, when their file is loaded."""
    areas = ground.areas("committee") if ground else None
    if areas is None:
        return ()
    met = (areas.names[code] for code, communes in areas.members.items() if communes & territory.communes)
    return tuple(sorted(met, key=fold))
