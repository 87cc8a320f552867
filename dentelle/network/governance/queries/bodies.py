"""Mandates, bodies, and who sits where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import Structure
from dentelle.network.governance import access
from dentelle.network.governance.access import Viewer
from dentelle.network.governance.models import Body, BodyKind, Mandate, Office, OfficeRole, Session

# the order in which a body is read
_RANK = {role: rank for rank, role in enumerate(OfficeRole.values)}


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body, how many people sit there, who leads it, its next session."""

    body: Body
    seats: int
    leads: tuple[Office, ...]
    following: Session | None


@dataclass(frozen=True, slots=True)
class BodySheet:
    """One body: who sits there, who sat there, its sessions."""

    body: Body
    offices: tuple[Office, ...]
    former: tuple[Office, ...]
    coming: tuple[Session, ...]
    held: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate and what was done in it."""

    mandate: Mandate
    offices: int
    concerns: int
    axes: int


@dataclass(frozen=True, slots=True)
class MandateSheet:
    """One mandate, with all who held an office in it, body by body."""

    mandate: Mandate
    groups: tuple[tuple[str, tuple[Office, ...]], ...]
    concerns: int


def running_mandate(viewer: Viewer) -> Mandate | None:
    """Return the mandate under way, None when none is open."""
    return access.mandates_visible_to(viewer).filter(ends_on=None).first()


def mandate_list(viewer: Viewer) -> tuple[MandateRow, ...]:
    """Return every mandate of the network, latest first."""
    found = access.mandates_visible_to(viewer).annotate(
        seats=Count("offices", distinct=True),
        said=Count("concerns", distinct=True),
        lines=Count("axes", filter=Q(axes__version__gt=0), distinct=True),
    )
    return tuple(MandateRow(each, each.seats, each.said, each.lines) for each in found)


def mandate_sheet(viewer: Viewer, pk: int) -> MandateSheet:
    """Return one mandate, or 404."""
    mandate = access.one(access.mandates_visible_to(viewer), pk)
    groups: dict[str, list[Office]] = {}
    for office in _ordered(mandate.offices.all()):
        groups.setdefault(office.body.name if office.body else "Élus référents", []).append(office)
    return MandateSheet(
        mandate,
        tuple((name, tuple(offices)) for name, offices in sorted(groups.items())),
        mandate.concerns.count(),
    )


def body_list(viewer: Viewer, *, open_only: bool = True) -> tuple[BodyRow, ...]:
    """Return the bodies of the network in the order of their kind, with what people look for first."""
    found = access.bodies_visible_to(viewer).select_related("axis")
    bodies = list(found.filter(closed_on=None) if open_only else found)
    return _rows(bodies)


def _rows(bodies: Sequence[Body]) -> tuple[BodyRow, ...]:
    running: dict[int | None, list[Office]] = {}
    for office in _ordered(Office.objects.filter(body__in=bodies, ends_on=None)):
        running.setdefault(office.body_id, []).append(office)
    nearest: dict[int, Session] = {}
    for session in Session.objects.filter(body__in=bodies, held_at=None).order_by("-starts_at"):
        nearest[session.body_id] = session
    order = {kind: rank for rank, kind in enumerate(BodyKind.values)}
    return tuple(
        BodyRow(
            body,
            len(running.get(body.pk, ())),
            tuple(
                office
                for office in running.get(body.pk, ())
                if office.role in {OfficeRole.PRESIDENT, OfficeRole.LEAD_OFFICIAL}
            ),
            nearest.get(body.pk),
        )
        for body in sorted(bodies, key=lambda body: (order[body.kind], body.name))
    )


def body_sheet(viewer: Viewer, pk: int) -> BodySheet:
    """Return one body, or 404."""
    body = access.one(access.bodies_visible_to(viewer).select_related("axis"), pk)
    offices = _ordered(body.offices.all())
    sessions = list(body.sessions.annotate(points=Count("items")).order_by("-starts_at")[:100])
    return BodySheet(
        body,
        tuple(office for office in offices if office.ends_on is None),
        tuple(office for office in offices if office.ends_on is not None),
        tuple(sorted((each for each in sessions if not each.held_at), key=lambda each: each.starts_at)),
        tuple(each for each in sessions if each.held_at),
    )


def lead_officials(viewer: Viewer) -> tuple[Office, ...]:
    """Return the lead officials of the mandate under way, in a body or not."""
    found = access.offices_visible_to(viewer).filter(ends_on=None, role=OfficeRole.LEAD_OFFICIAL)
    return tuple(_ordered(found))


def running_offices(viewer: Viewer) -> tuple[Office, ...]:
    """Return every office still held, body by body: the grid of a handover."""
    found = _ordered(access.offices_visible_to(viewer).filter(ends_on=None, mandate__ends_on=None))
    return tuple(sorted(found, key=lambda office: (office.body.name if office.body else "", _RANK[office.role])))


def structures_of(viewer: Viewer) -> QuerySet[Structure]:
    """Return the approved members of the network, by name."""
    return Structure.objects.approved().filter(network=access.network_of(viewer)).order_by("name", "pk")


def people_of(viewer: Viewer) -> QuerySet[User]:
    """Return the accounts of the network's elected officials, for the head to tie an office to one."""
    return (
        User.objects.filter(
            memberships__structure__network=access.network_of(viewer),
            memberships__role="elected_official",
            is_active=True,
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def coming_sessions(viewer: Viewer, *, size: int = 5) -> tuple[Session, ...]:
    """Return the next sessions of all bodies, soonest first."""
    found = access.sessions_visible_to(viewer).filter(held_at=None).select_related("body").order_by("starts_at", "pk")
    return tuple(found[:size])


def is_past(session: Session, today: date) -> bool:
    """Say whether the day of a session has come."""
    return timezone.localdate(session.starts_at) <= today


def _ordered(found: QuerySet[Office]) -> list[Office]:
    return sorted(
        found.select_related("structure", "body", "user"), key=lambda office: (_RANK[office.role], office.full_name)
    )
