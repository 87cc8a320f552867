"""What the pages of members read: the directory and its figures, white areas, balance. Frozen rows, no write."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count

from dentelle.foundations.organisations.models import Coverage, Device, DeviceKind, Structure
from dentelle.foundations.structures.ground import covered as places_covered
from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.governance.models import Concern, ConcernState, Gender, Mandate, Office
from dentelle.network.members import access, ground
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.text import fold

PAGE = 60
UNKNOWN = "non renseigné"
# what a white area is a lack of: a code of the address → words
SERVICES = {"": "aucun membre", **{code: f"aucun dispositif « {label} »" for code, label in DeviceKind.choices}}


@dataclass(frozen=True, slots=True)
class Member:
    """A member: what it runs today, what it covers. ``region``, ``body`` and ``size`` are where most of its people live."""

    structure: Structure
    devices: tuple[Device, ...]
    territory: str
    communes: frozenset[str]
    population: int | None
    region: str
    body: str

    @property
    def size(self) -> str:
        return ground.size_of(self.population)

    def runs(self, kind: str) -> bool:
        """Say whether it runs a device of that kind; any member runs « nothing in particular »."""
        return not kind or any(device.kind == kind for device in self.devices)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the directory shows."""

    text: str = ""
    device: str = ""
    region: str = ""

    @property
    def active(self) -> bool:
        return bool(self.text or self.device or self.region)


@dataclass(frozen=True, slots=True)
class Figures:
    """The network as a whole, each commune counted once."""

    members: int
    devices: tuple[tuple[str, int], ...]
    communes: int
    population: int | None
    everybody: int | None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One value of a dimension: how many members, people who sit and concerns it has."""

    label: str
    members: int | None
    people: int
    concerns: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """One dimension of a mandate; ``counted`` says what could not be placed is shown as such, never left out."""

    title: str
    rows: tuple[BalanceRow, ...]


def members(network_id: int, *, today: date) -> tuple[Member, ...]:
    """Return every member at work with what it runs and covers, by name: three queries whatever their number."""
    found = list(access.members_of(network_id).order_by("name", "pk"))
    known = ground_or_none()
    places = {one.structure_id: one.places for one in Coverage.objects.in_force(today).filter(structure__in=found)}
    running: dict[int, list[Device]] = {}
    for device in Device.objects.filter(structure__in=found, opened_on__lte=today).exclude(closed_on__lte=today):
        running.setdefault(device.structure_id, []).append(device)
    return tuple(_member(one, running.get(one.pk, []), places.get(one.pk, []), known) for one in found)


def _member(structure: Structure, devices: Sequence[Device], places: Sequence[str], known: Ground | None) -> Member:
    where = places_covered(places, known)
    region, body = ground.main_place(known, where.communes) if known else ("", "")
    ordered = tuple(sorted(devices, key=lambda device: (device.kind, device.name)))
    return Member(structure, ordered, where.names, where.communes, where.population, region, body)


def chosen(found: Sequence[Member], filters: Filters) -> tuple[Member, ...]:
    """Return the members that answer to filters: words of their name, territory or devices."""
    words = fold(filters.text).split()
    return tuple(
        member
        for member in found
        if member.runs(filters.device)
        and (not filters.region or member.region == filters.region)
        and all(word in _text(member) for word in words)
    )


def covered(found: Sequence[Member], device: str = "") -> frozenset[str]:
    """Return the communes members cover together; those that run ``device`` when one is asked for."""
    return frozenset().union(*(member.communes for member in found if member.runs(device)))


def figures(found: Sequence[Member]) -> Figures:
    """Return the network as a whole."""
    known = ground_or_none()
    together = covered(found)
    devices = Counter(device.kind for member in found for device in member.devices)
    return Figures(
        len(found),
        tuple((DeviceKind(kind).label, devices[kind]) for kind in DeviceKind.values if devices[kind]),
        len(together),
        known.population_of(together) if known and together else None,
        _everybody(known) if known else None,
    )


@lru_cache(maxsize=2)
def _everybody(known: Ground) -> int:
    return sum(row.population for row in ground.communes(known))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """How much each member weighs in what is compared."""

    found: Sequence[Member]
    people: Counter[int | None]
    concerns: Counter[int]

    def rows(self, value: str) -> tuple[BalanceRow, ...]:
        """Return a dimension of members (an attribute), heaviest first, then what is in no member or unknown."""
        members, people, concerns = Counter[str](), Counter[str](), Counter[str]()
        for member in self.found:
            label = getattr(member, value) or UNKNOWN
            members[label] += 1
            people[label] += self.people[member.structure.pk]
            concerns[label] += self.concerns[member.structure.pk]
        elsewhere = sum(self.people.values()) - sum(people.values())
        gone = sum(self.concerns.values()) - sum(concerns.values())
        listed = [
            BalanceRow(label, members[label], people[label], concerns[label])
            for label in sorted(members, key=lambda label: (label == UNKNOWN, -members[label], label))
        ]
        if elsewhere or gone:
            listed.append(BalanceRow("hors des membres actuels", 0, elsewhere, gone))
        return tuple(listed)


@dataclass(slots=True)
class _Person:
    """Somebody who sits, whatever the number of their offices."""

    structures: Counter[int]
    gender: str = ""

    @property
    def structure(self) -> int | None:
        """The member they sit most for, None when no office says one."""
        return min(self.structures, key=lambda pk: (-self.structures[pk], pk)) if self.structures else None


def _people(mandate: Mandate, *, today: date) -> list[_Person]:
    """Return who sits, each once: today, on the first day of a mandate to come, ever in one that is over.

    Somebody is known by their name. What one of their offices says of them (gender) holds for all.
    """
    held = Office.objects.filter(mandate=mandate).exclude(role="technician")
    if mandate.ends_on is None or mandate.ends_on >= today:
        held = held.on(max(today, mandate.starts_on))
    found: dict[str, _Person] = {}
    for name, structure, gender in held.order_by("starts_on", "pk").values_list("full_name", "structure", "gender"):
        person = found.setdefault(fold(name), _Person(Counter()))
        if structure is not None:
            person.structures[structure] += 1
        person.gender = gender or person.gender
    return list(found.values())


def balance(network_id: int, mandate: Mandate, *, today: date) -> tuple[Balance, ...]:
    """Return who sits and who speaks in a mandate, beside who the members are. Counts only: no mark, no label of opinion."""
    seated = _people(mandate, today=today)
    said = Concern.objects.filter(mandate=mandate).exclude(state=ConcernState.WITHDRAWN)
    concerns = Counter(dict(said.order_by().values_list("structure").annotate(Count("pk"))))
    people = Counter(person.structure for person in seated)
    weighed = _Weighed(members(network_id, today=today), people, concerns)
    genders = Counter(person.gender for person in seated)
    by_gender = [BalanceRow(label, None, genders[code], None) for code, label in Gender.choices if genders[code]]
    if genders[""]:
        by_gender.append(BalanceRow(UNKNOWN, None, genders[""], None))
    return (
        Balance("Région", weighed.rows("region")),
        Balance("Type d’intercommunalité", weighed.rows("body")),
        Balance("Taille du territoire couvert", weighed.rows("size")),
        Balance("Genre des personnes qui siègent", tuple(by_gender)),
    )


def _text(member: Member) -> str:
    named = [member.structure.name, member.territory, *(device.name for device in member.devices)]
    return fold(" ".join(named))
