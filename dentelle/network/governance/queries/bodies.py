"""Mandates, bodies, and who sits where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import READ_ONLY_ROLES, Role, Structure
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.network.governance import access
from dentelle.network.governance.access import Viewer
from dentelle.network.governance.models import (
    COMMITTEES,
    Body,
    BodyKind,
    Erratum,
    Mandate,
    Office,
    OfficeRole,
    Session,
)
from dentelle.network.governance.people import one_each

# the order in which a body is read
# who may sit in a body: officials and the teams of members; those who only read do not
SEATED_ROLES = (*(role for role in Role.values if role not in READ_ONLY_ROLES), Role.ELECTED_OFFICIAL.value)
_RANK = {role: rank for rank, role in enumerate(OfficeRole.values)}


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body, how many people sit there today, who leads it, its next session."""

    body: Body
    territory: str
    people: int
    leads: tuple[Office, ...]
    following: Session | None


@dataclass(frozen=True, slots=True)
class BodySheet:
    """One body: who sits there today, who will, who sat there; its sessions, ``unsettled`` being past without minutes."""

    body: Body
    territory: str
    offices: tuple[Office, ...]
    arriving: tuple[Office, ...]
    former: tuple[Office, ...]
    coming: tuple[Session, ...]
    unsettled: tuple[Session, ...]
    held: tuple[Session, ...]
    cancelled: tuple[Session, ...]

    @property
    def people(self) -> int:
        """How many people sit there: who holds two offices counts once."""
        return len(one_each(self.offices))

    @property
    def somebody_leaves(self) -> bool:
        """Say whether a last day is known for somebody who sits there."""
        return any(office.ends_on for office in self.offices)


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
    corrections: tuple[Erratum, ...]


def running_mandate(viewer: Viewer, today: date) -> Mandate | None:
    """Return the mandate whose dates hold today, None when there is none."""
    return access.mandates_visible_to(viewer).on(today).first()


def next_mandate(viewer: Viewer, today: date) -> Mandate | None:
    """Return the mandate prepared ahead, that begins after today."""
    return access.mandates_visible_to(viewer).filter(starts_on__gt=today).order_by("starts_on").first()


def mandate_list(viewer: Viewer) -> tuple[MandateRow, ...]:
    """Return every mandate of the network, latest first."""
    found: QuerySet[Any] = (
        access.mandates_visible_to(viewer)
        .annotate(
            seats=Count("offices", distinct=True),
            said=Count("concerns", distinct=True),
            lines=Count("axes", filter=Q(axes__version__gt=0), distinct=True),
        )
        .order_by("-starts_on", "-pk")
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
        tuple(Erratum.objects.filter(mandate=mandate, session=None).select_related("by", "body")),
    )


def body_list(viewer: Viewer, *, today: date, open_only: bool = True) -> tuple[BodyRow, ...]:
    """Return the bodies of the network in the order of their kind, with what people look for first."""
    found = access.bodies_visible_to(viewer).select_related("axis")
    bodies = list(found.filter(closed_on=None) if open_only else found)
    return _rows(bodies, today)


def _rows(bodies: Sequence[Body], today: date) -> tuple[BodyRow, ...]:
    running: dict[int | None, list[Office]] = {}
    for office in _ordered(Office.objects.filter(body__in=bodies).on(today)):
        running.setdefault(office.body_id, []).append(office)
    nearest: dict[int, Session] = {}
    for session in _coming(Session.objects.filter(body__in=bodies), today).order_by("-starts_at", "-pk"):
        nearest[session.body_id] = session
    known = ground_or_none()
    order = {kind: rank for rank, kind in enumerate(BodyKind.values)}
    return tuple(
        BodyRow(
            body,
            covered(body.places, known).names if body.places else "",
            len(one_each(running.get(body.pk, ()))),
            tuple(
                office
                for office in running.get(body.pk, ())
                if office.role in {OfficeRole.PRESIDENT, OfficeRole.LEAD_OFFICIAL}
            ),
            nearest.get(body.pk),
        )
        for body in sorted(bodies, key=lambda body: (order[body.kind], body.name))
    )


def body_sheet(viewer: Viewer, pk: int, *, today: date) -> BodySheet:
    """Return one body, or 404."""
    body = access.one(access.bodies_visible_to(viewer).select_related("axis"), pk)
    offices = _ordered(body.offices.all())
    sessions = list(body.sessions.annotate(points=Count("items")).order_by("-starts_at", "-pk")[:100])
    waiting = sorted(
        (each for each in sessions if not each.held_at and not each.cancelled_at), key=lambda each: each.starts_at
    )
    return BodySheet(
        body,
        covered(body.places, ground_or_none()).names if body.places else "",
        tuple(office for office in offices if office.starts_on <= today and not _over(office, today)),
        tuple(office for office in offices if office.starts_on > today),
        tuple(office for office in offices if _over(office, today)),
        tuple(each for each in waiting if timezone.localdate(each.starts_at) >= today),
        tuple(each for each in waiting if timezone.localdate(each.starts_at) < today),
        tuple(each for each in sessions if each.held_at),
        tuple(each for each in sessions if each.cancelled_at),
    )


def _over(office: Office, today: date) -> bool:
    return office.ends_on is not None and office.ends_on < today


def committees_of(viewer: Viewer, places: Sequence[str]) -> tuple[Body, ...]:
    """Return the open employment committees whose territory meets ``places`` (KIND:CODE), and those that have not said theirs.

    Without the ground, places are compared as they are written.
    """
    found = access.bodies_visible_to(viewer).filter(kind__in=COMMITTEES, closed_on=None).order_by("kind", "name")
    known = ground_or_none()
    here = covered(places, known).communes
    return tuple(
        body
        for body in found
        if not body.places or (here & covered(body.places, known).communes) or set(places) & set(body.places)
    )


def lead_officials(viewer: Viewer, *, today: date) -> tuple[Office, ...]:
    """Return the lead officials of today, in a body or not."""
    found = access.offices_visible_to(viewer).on(today).filter(role=OfficeRole.LEAD_OFFICIAL)
    return tuple(_ordered(found))


def offices_to_hand_over(viewer: Viewer, mandate: Mandate, *, today: date) -> tuple[Office, ...]:
    """Return every office of a mandate held today or to come, body by body: the grid of a handover."""
    kept = access.offices_visible_to(viewer).filter(Q(ends_on=None) | Q(ends_on__gte=today), mandate=mandate)
    return tuple(
        sorted(_ordered(kept), key=lambda office: (office.body.name if office.body else "", _RANK[office.role]))
    )


def structures_of(viewer: Viewer) -> QuerySet[Structure]:
    """Return the approved members of the network, by name."""
    return Structure.objects.approved().filter(network=access.network_of(viewer)).order_by("name", "pk")


def people_of(viewer: Viewer) -> QuerySet[User]:
    """Return the accounts of officials and of teams of the members, for the head to tie an office to one."""
    return (
        User.objects.filter(
            memberships__structure__network=access.network_of(viewer),
            memberships__structure__status="approved",
            memberships__role__in=SEATED_ROLES,
            is_active=True,
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def coming_sessions(viewer: Viewer, *, today: date, size: int = 5) -> tuple[Session, ...]:
    """Return the sessions of all bodies from today on, soonest first."""
    found = _coming(access.sessions_visible_to(viewer), today).select_related("body").order_by("starts_at", "pk")
    return tuple(found[:size])


def unsettled_sessions(viewer: Viewer, *, today: date, size: int = 5) -> tuple[Session, ...]:
    """Return the sessions of days past whose minutes are not settled, latest first."""
    past = access.sessions_visible_to(viewer).filter(held_at=None, cancelled_at=None, starts_at__lt=_midnight(today))
    return tuple(past.select_related("body").order_by("-starts_at", "-pk")[:size])


def _coming(found: QuerySet[Session], today: date) -> QuerySet[Session]:
    return found.filter(held_at=None, cancelled_at=None, starts_at__gte=_midnight(today))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _ordered(found: QuerySet[Office]) -> list[Office]:
    return sorted(
        found.select_related("structure", "body", "user"), key=lambda office: (_RANK[office.role], office.full_name)
    )
