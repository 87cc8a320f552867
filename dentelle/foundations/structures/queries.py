"""Reads: the page of a structure for its people, the list and the pages of structures for the head of their network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from dentelle.foundations.organisations import access
from dentelle.foundations.organisations.models import (
    Coverage,
    Device,
    Membership,
    NetworkSeat,
    Role,
    Structure,
    StructureStatus,
)
from dentelle.foundations.structures.ground import NOTHING, Covered, Together, covered, ground_or_none, together

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the structure, with their role in words."""

    pk: int
    name: str
    email: str
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the territory covered; ``state`` is past, current or planned."""

    number: int
    valid_from: date
    state: str
    covered: Covered
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class StructureRow:
    """A line of the network's list."""

    structure: Structure
    devices: str
    people: int
    covered: Covered


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """Requests first, then one page of the structures of a status; ``after`` finds the next page, empty at the end."""

    requests: tuple[StructureRow, ...]
    rows: tuple[StructureRow, ...]
    after: int | None
    counts: Mapping[str, int]
    territory: Together


def people(membership: Membership) -> list[Person]:
    """Return who works in the structure, or nobody for those who may not know."""
    found = access.people_visible_to(membership).select_related("user").order_by("user__full_name", "pk")
    return [_person(one) for one in found]


def devices(membership: Membership) -> list[Device]:
    """Return what the structure runs and ran, the open ones first."""
    return sorted(access.devices_visible_to(membership), key=lambda device: device.closed_on is not None)


def versions(coverages: Sequence[Coverage], *, today: date) -> list[Version]:
    """Return versions of one territory (latest first) with what they hold, and which one is in force today."""
    known = ground_or_none()
    current = next((one.version for one in coverages if one.valid_from <= today), 0)
    return [
        Version(
            one.version,
            one.valid_from,
            "current" if one.version == current else "past" if one.version < current else "planned",
            covered(one.places, known),
            one.reason,
            one.author.full_name if one.author else "",
        )
        for one in coverages
    ]


def coverage_history(membership: Membership, *, today: date) -> list[Version]:
    """Return the versions of the structure's own territory, latest first."""
    return versions(list(access.coverages_visible_to(membership).select_related("author")), today=today)


def network_page(
    seat: NetworkSeat, *, status: str, text: str, after: int | None, today: date, size: int = PAGE_SIZE
) -> NetworkPage:
    """Return the requests and one page of the structures of ``status`` whose name contains ``text``."""
    mine = access.structures_of(seat)
    counted = dict(mine.values_list("status").annotate(Count("pk")).order_by())
    found = mine.filter(status=status, name__icontains=text) if text else mine.filter(status=status)
    if after is not None and (last := mine.filter(pk=after).values_list("name", "pk").first()):
        found = found.filter(Q(name__gt=last[0]) | Q(name=last[0], pk__gt=last[1]))
    kept = list(found.order_by("name", "pk")[: size + 1])
    waiting = list(mine.filter(status=StructureStatus.REQUESTED).order_by("pk")[:size])
    rows = _rows([*waiting, *kept[:size]], today)
    return NetworkPage(
        tuple(rows[one.pk] for one in waiting),
        tuple(rows[one.pk] for one in kept[:size]),
        kept[size - 1].pk if len(kept) > size else None,
        {code: counted.get(code, 0) for code in StructureStatus.values},
        _whole_territory(seat, today),
    )


def _whole_territory(seat: NetworkSeat, today: date) -> Together:
    known = ground_or_none()
    places = Coverage.objects.in_force(today).filter(
        structure__network=seat.network_id, structure__status=StructureStatus.APPROVED
    )
    return together((covered(specs, known) for specs in places.values_list("places", flat=True)), known)


def _rows(structures: Sequence[Structure], today: date) -> dict[int, StructureRow]:
    keys = {one.pk for one in structures}
    known = ground_or_none()
    places = {one.structure_id: one.places for one in Coverage.objects.in_force(today).filter(structure__in=keys)}
    running: dict[int, list[str]] = {}
    for device in Device.objects.filter(structure__in=keys, closed_on=None).order_by("name"):
        running.setdefault(device.structure_id, []).append(device.name)
    members = dict(
        Membership.objects.filter(structure__in=keys).values_list("structure").annotate(Count("pk")).order_by()
    )
    return {
        one.pk: StructureRow(
            one,
            ", ".join(running.get(one.pk, ())),
            members.get(one.pk, 0),
            covered(places[one.pk], known) if one.pk in places else NOTHING,
        )
        for one in structures
    }


@dataclass(frozen=True, slots=True)
class StructureSheet:
    """What the head of a network reads of a structure: who it is, what it covers, who answers for it. Nothing it does."""

    structure: Structure
    devices: tuple[Device, ...]
    versions: tuple[Version, ...]
    managers: tuple[Person, ...]
    people: int

    @property
    def current(self) -> Version | None:
        return next((version for version in self.versions if version.state == "current"), None)


def structure_sheet(seat: NetworkSeat, pk: int, *, today: date) -> StructureSheet:
    """Return one structure of the head's network; Http404 for any other."""
    structure = access.structure_of(seat, pk)
    members = list(Membership.objects.filter(structure=structure).select_related("user").order_by("user__full_name"))
    history = list(Coverage.objects.filter(structure=structure).select_related("author"))
    return StructureSheet(
        structure,
        tuple(Device.objects.filter(structure=structure)),
        tuple(versions(history, today=today)),
        tuple(_person(one) for one in members if one.role == Role.MANAGER),
        len(members),
    )


def _person(one: Membership) -> Person:
    return Person(one.pk, one.user.full_name, one.user.email, one.get_role_display(), one.user.is_active)
