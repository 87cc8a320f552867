"""Mandates, bodies and offices, kept by the head of the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat, Structure
from dentelle.network.governance import access
from dentelle.network.governance.models import Axis, Body, BodyKind, Mandate, Office, OfficeRole
from dentelle.network.governance.refusals import GovernanceRefused


@dataclass(frozen=True, slots=True)
class Place:
    """A place somebody takes: who, for which structure, as what. ``body`` None: lead official of no body in particular."""

    full_name: str
    role: str
    body: Body | None
    structure: Structure | None
    user: User | None = None
    elected_as: str = ""
    gender: str = ""


@transaction.atomic
def open_mandate(seat: NetworkSeat, *, name: str, starts_on: date, at: datetime) -> Mandate:
    """Begin a term. The former one must have been closed: what is said goes to one mandate, never two."""
    name = " ".join(name.split())
    running = access.mandates_visible_to(seat).filter(ends_on=None).first()
    if running:
        raise GovernanceRefused(
            "mandate_running",
            f"« {running} » n’est pas clos\u00a0: faites la passation, ou donnez d’abord sa date de fin.",
            "name",
        )
    last = access.mandates_visible_to(seat).order_by("-ends_on").first()
    if last and last.ends_on and starts_on <= last.ends_on:
        raise GovernanceRefused(
            "mandate_overlaps",
            f"« {last} » s’est terminé le {last.ends_on:%d/%m/%Y}\u00a0: le suivant commence après.",
            "starts_on",
        )
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(network_id=seat.network_id, name=name, starts_on=starts_on)
    except IntegrityError as taken:
        raise GovernanceRefused("mandate_name", f"Le réseau a déjà un mandat « {name} ».", "name") from taken
    record("mandate.opened", mandate, at=at, actor=seat.user, structure=None, starts_on=starts_on.isoformat())
    return mandate


@transaction.atomic
def close_mandate(seat: NetworkSeat, pk: int, *, ends_on: date, at: datetime) -> Mandate:
    """End a term and every office still running in it, on the same day. What was said stays tied to it."""
    mandate = access.one(access.mandates_visible_to(seat).select_for_update(), pk)
    if mandate.ends_on:
        raise GovernanceRefused(
            "mandate_closed", f"« {mandate} » est clos depuis le {mandate.ends_on:%d/%m/%Y}.", "ends_on"
        )
    if ends_on < mandate.starts_on:
        raise GovernanceRefused(
            "mandate_dates",
            f"« {mandate} » commence le {mandate.starts_on:%d/%m/%Y}\u00a0: il ne finit pas avant.",
            "ends_on",
        )
    ended = end_running(mandate, ends_on)
    mandate.ends_on = ends_on
    mandate.save(update_fields=["ends_on"])
    record(
        "mandate.closed", mandate, at=at, actor=seat.user, structure=None, ends_on=ends_on.isoformat(), offices=ended
    )
    return mandate


def end_running(mandate: Mandate, ends_on: date) -> int:
    """End the offices of a mandate still open; one that had not begun ends the day it would have. Return how many."""
    running = Office.objects.filter(mandate=mandate, ends_on=None)
    late = running.filter(starts_on__gt=ends_on)
    ended = 0
    for office in late:
        office.ends_on = office.starts_on
        office.save(update_fields=["ends_on"])
        ended += 1
    return ended + running.filter(starts_on__lte=ends_on).update(ends_on=ends_on)


@transaction.atomic
def open_body(seat: NetworkSeat, *, kind: str, name: str, purpose: str, axis: Axis | None, at: datetime) -> Body:
    """Add a body to the network; a working group may be attached to an axis."""
    body = Body(network_id=seat.network_id, kind=kind, name=" ".join(name.split()), purpose=purpose, axis=axis)
    _save_body(seat, body)
    record("body.opened", body, at=at, actor=seat.user, structure=None, kind=kind, axis=axis.pk if axis else None)
    return body


@transaction.atomic
def change_body(
    seat: NetworkSeat, pk: int, *, kind: str, name: str, purpose: str, axis: Axis | None, at: datetime
) -> Body:
    """Change what a body is; its sessions and those who sit there stay."""
    body = access.one(access.bodies_visible_to(seat).select_for_update(), pk)
    body.kind, body.name, body.purpose, body.axis = kind, " ".join(name.split()), purpose, axis
    _save_body(seat, body)
    record("body.changed", body, at=at, actor=seat.user, structure=None, kind=kind, axis=axis.pk if axis else None)
    return body


@transaction.atomic
def close_body(seat: NetworkSeat, pk: int, *, closed_on: date, at: datetime) -> Body:
    """End a body and the offices held in it; its sessions stay."""
    body = access.one(access.bodies_visible_to(seat).select_for_update(), pk)
    if body.closed_on:
        raise GovernanceRefused(
            "body_closed", f"« {body} » est fermée depuis le {body.closed_on:%d/%m/%Y}.", "closed_on"
        )
    if Office.objects.filter(body=body, ends_on=None, starts_on__gt=closed_on).exists():
        raise GovernanceRefused(
            "body_dates",
            "Une fonction y commence après cette date\u00a0: choisissez une date plus tardive.",
            "closed_on",
        )
    Office.objects.filter(body=body, ends_on=None).update(ends_on=closed_on)
    body.closed_on = closed_on
    body.save(update_fields=["closed_on"])
    record("body.closed", body, at=at, actor=seat.user, structure=None, closed_on=closed_on.isoformat())
    return body


@transaction.atomic
def open_office(seat: NetworkSeat, place: Place, *, starts_on: date, at: datetime) -> Office:
    """Have somebody sit in a body, or be lead official, from a day of the running mandate."""
    mandate = running_mandate(seat)
    if starts_on < mandate.starts_on:
        raise GovernanceRefused(
            "office_before_mandate",
            f"« {mandate} » commence le {mandate.starts_on:%d/%m/%Y}\u00a0: la fonction ne peut commencer avant.",
            "starts_on",
        )
    office = make_office(seat, mandate, place, starts_on=starts_on)
    record(
        "office.opened",
        office,
        at=at,
        actor=seat.user,
        structure=None,
        starts_on=starts_on.isoformat(),
        role=place.role,
    )
    return office


def make_office(seat: NetworkSeat, mandate: Mandate, place: Place, *, starts_on: date) -> Office:
    """Write one office, checked; the caller tells the journal."""
    name = " ".join(place.full_name.split())
    if not name:
        raise GovernanceRefused("office_name", "Donnez le nom de la personne.", "full_name")
    if place.body is None and place.role != OfficeRole.LEAD_OFFICIAL:
        raise GovernanceRefused("office_body", "Dites dans quelle instance la personne siège.", "body")
    if place.body is not None and (place.body.network_id != seat.network_id or place.body.closed_on):
        raise GovernanceRefused("office_body", "Cette instance n’est pas ouverte.", "body")
    if place.structure is not None and place.structure.network_id != seat.network_id:
        raise GovernanceRefused("office_structure", "Cette structure n’est pas du réseau.", "structure")
    if place.user is not None and not place.user.memberships.filter(structure__network=seat.network_id).exists():
        raise GovernanceRefused("office_user", "Ce compte n’est pas d’une structure du réseau.", "user")
    twin = Office.objects.filter(mandate=mandate, body=place.body, full_name=name, role=place.role, ends_on=None)
    if twin.exists():
        raise GovernanceRefused("office_twice", f"{name} a déjà cette fonction.", "full_name")
    return Office.objects.create(
        network_id=seat.network_id,
        mandate=mandate,
        body=place.body,
        structure=place.structure,
        user=place.user,
        full_name=name,
        elected_as=" ".join(place.elected_as.split()),
        gender=place.gender,
        role=place.role,
        starts_on=starts_on,
    )


@transaction.atomic
def end_office(seat: NetworkSeat, pk: int, *, ends_on: date, at: datetime) -> Office:
    """End an office; it stays in the history of the mandate."""
    office = access.one(access.offices_visible_to(seat).select_for_update(), pk)
    if office.ends_on:
        raise GovernanceRefused("office_ended", f"Cette fonction a pris fin le {office.ends_on:%d/%m/%Y}.", "ends_on")
    if ends_on < office.starts_on:
        raise GovernanceRefused(
            "office_dates", f"Elle commence le {office.starts_on:%d/%m/%Y}\u00a0: elle ne finit pas avant.", "ends_on"
        )
    office.ends_on = ends_on
    office.save(update_fields=["ends_on"])
    record("office.ended", office, at=at, actor=seat.user, structure=None, ends_on=ends_on.isoformat())
    return office


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of mandate as one act: the former ends the day before the new one starts.

    ``continued``: keys of offices whose holder goes on in the same place; ``arrivals``: places taken by others.
    """

    name: str
    starts_on: date
    ends_on: date
    continued: Sequence[int]
    arrivals: Sequence[Place]


@transaction.atomic
def hand_over(seat: NetworkSeat, change: Handover, *, at: datetime) -> Mandate:
    """After elections: close every office of the running mandate, open the next with those who stay and those who come.

    Concerns, axes and sessions stay with the mandate they were written in. All or nothing.
    """
    former = running_mandate(seat)
    kept: Mapping[int, Office] = {
        office.pk: office
        for office in Office.objects.filter(mandate=former, ends_on=None, pk__in=change.continued).select_related(
            "body"
        )
    }
    if len(kept) != len(set(change.continued)):
        raise GovernanceRefused(
            "handover_office", "Une des fonctions reconduites a pris fin entre-temps\u00a0: relisez la liste."
        )
    if not former.starts_on <= change.ends_on < change.starts_on:
        raise GovernanceRefused(
            "handover_dates",
            f"Le mandat « {former} » (depuis le {former.starts_on:%d/%m/%Y}) finit avant que le suivant commence.",
            "starts_on",
        )
    ended = end_running(former, change.ends_on)
    former.ends_on = change.ends_on
    former.save(update_fields=["ends_on"])
    record(
        "mandate.closed",
        former,
        at=at,
        actor=seat.user,
        structure=None,
        ends_on=change.ends_on.isoformat(),
        offices=ended,
    )
    mandate = open_mandate(seat, name=change.name, starts_on=change.starts_on, at=at)
    places = [_again(kept[pk]) for pk in change.continued] + list(change.arrivals)
    for place in places:
        make_office(seat, mandate, place, starts_on=change.starts_on)
    record("office.handed_over", mandate, at=at, actor=seat.user, structure=None, ended=ended, opened=len(places))
    return mandate


def running_mandate(seat: NetworkSeat) -> Mandate:
    """Return the mandate under way, held until the act is done; refused when none is open."""
    mandate = access.mandates_visible_to(seat).select_for_update().filter(ends_on=None).first()
    if mandate is None:
        raise GovernanceRefused("no_mandate", "Aucun mandat n’est ouvert\u00a0: ouvrez-en un d’abord.")
    return mandate


def _again(office: Office) -> Place:
    body = office.body if office.body and not office.body.closed_on else None
    if office.body and body is None:
        raise GovernanceRefused("handover_body", f"« {office.body} » est fermée\u00a0: personne n’y est reconduit.")
    return Place(office.full_name, office.role, body, office.structure, office.user, office.elected_as, office.gender)


def _save_body(seat: NetworkSeat, body: Body) -> None:
    if body.kind not in BodyKind.values or not body.name:
        raise GovernanceRefused("body", "Donnez la nature et le nom de l’instance.", "name")
    if body.axis is not None and body.axis.network_id != seat.network_id:
        raise GovernanceRefused("body_axis", "Cet axe n’est pas du réseau.", "axis")
    try:
        with transaction.atomic():
            body.save()
    except IntegrityError as taken:
        raise GovernanceRefused("body_name", f"Le réseau a déjà une instance « {body.name} ».", "name") from taken
