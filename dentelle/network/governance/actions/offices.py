"""Mandates, bodies and offices, kept by the head of the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat, Structure
from dentelle.foundations.search.actions import index
from dentelle.network.governance import access
from dentelle.network.governance.models import (
    Attendance,
    Axis,
    AxisVersion,
    Body,
    BodyKind,
    Concern,
    Corrected,
    Erratum,
    Mandate,
    Office,
    OfficeRole,
    Session,
)
from dentelle.network.governance.people import one_each
from dentelle.network.governance.refusals import GovernanceRefused


@dataclass(frozen=True, slots=True)
class Place:
    """A place somebody takes: who, for which structure, as what, in whose stead when somebody leaves it.

    ``body`` None: lead official of no body in particular.
    """

    full_name: str
    role: str
    body: Body | None
    structure: Structure | None
    user: User | None = None
    elected_as: str = ""
    gender: str = ""
    replaces: str = ""


@transaction.atomic
def open_mandate(seat: NetworkSeat, *, name: str, starts_on: date, at: datetime) -> Mandate:
    """Begin a term. The former one must have been closed: what is said goes to one mandate, never two.

    Sessions planned from its first day on, and not settled, become its own: those who sit that day are its people.
    """
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
    sessions_from(seat, starts_on).update(mandate=mandate)
    record("mandate.opened", mandate, at=at, actor=seat.user, structure=None, starts_on=starts_on.isoformat())
    return mandate


def sessions_from(seat: NetworkSeat, day: date) -> QuerySet[Session]:
    """Return the sessions of a day on that are neither settled nor cancelled: a mandate that begins that day takes them."""
    first = timezone.make_aware(datetime.combine(day, time.min))
    return access.sessions_visible_to(seat).filter(held_at=None, cancelled_at=None, starts_at__gte=first)


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
    """End the offices of a mandate held on its last day or to be held later; one that never begins in it goes. Return how many."""
    later = Office.objects.filter(mandate=mandate).filter(Q(ends_on=None) | Q(ends_on__gt=ends_on))
    noted = Attendance.objects.filter(office__in=later).values("office")
    gone, _ = later.filter(starts_on__gt=ends_on).exclude(pk__in=noted).delete()
    gone += later.filter(starts_on__gt=ends_on).update(ends_on=F("starts_on"))
    return gone + later.filter(starts_on__lte=ends_on).update(ends_on=ends_on)


@transaction.atomic
def open_body(
    seat: NetworkSeat,
    *,
    kind: str,
    name: str,
    purpose: str,
    axis: Axis | None,
    at: datetime,
    places: Sequence[str] = (),
) -> Body:
    """Add a body to the network; a working group may be attached to an axis, an employment committee has its territory."""
    body = Body(network_id=seat.network_id, kind=kind, name=" ".join(name.split()), purpose=purpose, axis=axis)
    body.places = list(places)
    _save_body(seat, body)
    record("body.opened", body, at=at, actor=seat.user, structure=None, kind=kind, axis=axis.pk if axis else None)
    return body


@transaction.atomic
def change_body(
    seat: NetworkSeat,
    pk: int,
    *,
    kind: str,
    name: str,
    purpose: str,
    axis: Axis | None,
    at: datetime,
    places: Sequence[str] = (),
) -> Body:
    """Change what a body is; its sessions and those who sit there stay."""
    body = access.one(access.bodies_visible_to(seat).select_for_update(), pk)
    body.kind, body.name, body.purpose, body.axis = kind, " ".join(name.split()), purpose, axis
    body.places = list(places)
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
    planned = body.sessions.filter(held_at=None, cancelled_at=None).order_by("starts_at").first()
    if planned is not None:
        raise GovernanceRefused(
            "body_meets",
            f"Sa séance du {timezone.localdate(planned.starts_at):%d/%m/%Y} n’est pas arrêtée\u00a0: arrêtez-en le compte rendu, ou annulez-la.",
            "closed_on",
        )
    if Office.objects.filter(body=body, starts_on__gt=closed_on).exists():
        raise GovernanceRefused(
            "body_dates",
            "Une fonction y commence après cette date\u00a0: choisissez une date plus tardive.",
            "closed_on",
        )
    held = Office.objects.filter(body=body).filter(Q(ends_on=None) | Q(ends_on__gt=closed_on))
    held.update(ends_on=closed_on)
    body.closed_on = closed_on
    body.save(update_fields=["closed_on"])
    index(body)
    record("body.closed", body, at=at, actor=seat.user, structure=None, closed_on=closed_on.isoformat())
    return body


@transaction.atomic
def reopen_body(seat: NetworkSeat, pk: int, *, resumed: Sequence[int], at: datetime) -> Body:
    """Open again a body that was closed. ``resumed``: offices its closing ended, whose holders sit there again."""
    body = access.one(access.bodies_visible_to(seat).select_for_update(), pk)
    offices = list(ended_with(body, today=timezone.localdate(at)).filter(pk__in=resumed).select_related("mandate"))
    if body.closed_on is None:
        raise GovernanceRefused("body_open", f"« {body} » n’est pas fermée.")
    body.closed_on = None
    body.save(update_fields=["closed_on"])
    for office in offices:
        office.ends_on = office.mandate.ends_on
        office.save(update_fields=["ends_on"])
    index(body)
    record("body.reopened", body, at=at, actor=seat.user, structure=None, offices=len(offices))
    return body


def ended_with(body: Body, *, today: date) -> QuerySet[Office]:
    """Return the offices that ended the day a body was closed, in a mandate not over: its closing may have ended them."""
    going_on = Q(mandate__ends_on=None) | Q(mandate__ends_on__gte=today)
    return body.offices.filter(going_on, ends_on=body.closed_on or date.max)


@transaction.atomic
def open_office(seat: NetworkSeat, place: Place, *, starts_on: date, at: datetime) -> Office:
    """Have somebody sit in a body, or be lead official, in the mandate of the first day: under way, or prepared ahead."""
    mandate = mandate_of_day(seat, starts_on, "starts_on", at=at)
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
    _check_people(seat, place)
    _refuse_twin(mandate, place.body, name, place.role, starts_on)
    _refuse_member_twice(mandate, place, starts_on, mandate.ends_on)
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
        ends_on=mandate.ends_on,
    )


def _refuse_twin(
    mandate: Mandate, body: Body | None, name: str, role: str, starts_on: date, own: int | None = None
) -> None:
    twins = Office.objects.filter(mandate=mandate, body=body, full_name=name, role=role)
    if own is not None:
        twins = twins.exclude(pk=own)
    if twins.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
        raise GovernanceRefused("office_twice", f"{name} a déjà cette fonction.", "full_name")


def _refuse_member_twice(
    mandate: Mandate, place: Place, starts_on: date, ends_on: date | None, own: Office | None = None
) -> None:
    """Refuse « membre » beside another function of the same person in a body: who presides is a member already."""
    held = Office.objects.filter(mandate=mandate, body=place.body).select_related("user")
    held = held.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        held = held.filter(starts_on__lt=ends_on)
    if own is not None:
        held = held.exclude(pk=own.pk)
    asked = Office(full_name=place.full_name, user=place.user, role=place.role)
    others = next((each for each in one_each([*held, asked]) if asked in each), ())
    twin = next((each for each in others if each is not asked and OfficeRole.MEMBER in {each.role, place.role}), None)
    if place.body is not None and twin is not None:
        raise GovernanceRefused(
            "member_twice",
            f"{twin.full_name} siège déjà dans « {place.body} » ({twin.get_role_display()})\u00a0: une personne y compte "
            "une fois. Pour changer sa fonction, terminez d’abord celle-ci.",
            "full_name",
        )


@transaction.atomic
def correct_office(seat: NetworkSeat, pk: int, place: Place, *, starts_on: date, at: datetime) -> Office:
    """Mend an office written wrong; what was written is kept beside its mandate. Its body stays: end it there instead."""
    office = access.one(access.offices_visible_to(seat).select_for_update(), pk)
    before, name = _said(office), " ".join(place.full_name.split())
    if not name:
        raise GovernanceRefused("office_name", "Donnez le nom de la personne.", "full_name")
    if not office.mandate.holds(starts_on) or (office.ends_on and starts_on > office.ends_on):
        raise GovernanceRefused(
            "office_dates", f"La fonction commence pendant « {office.mandate} », et avant sa fin.", "starts_on"
        )
    if office.body_id is None and place.role != OfficeRole.LEAD_OFFICIAL:
        raise GovernanceRefused("office_body", "Hors d’une instance, on est élu référent ou élue référente.", "role")
    _check_people(seat, place)
    if not office.ends_on or office.ends_on >= timezone.localdate(at):
        _refuse_twin(office.mandate, office.body, name, place.role, starts_on, own=office.pk)
        _refuse_member_twice(office.mandate, replace(place, body=office.body), starts_on, office.ends_on, own=office)
    office.full_name, office.role, office.gender, office.starts_on = name, place.role, place.gender, starts_on
    office.elected_as, office.structure, office.user = " ".join(place.elected_as.split()), place.structure, place.user
    office.save()
    if _said(office) != before:
        keep_what_was(seat, office.mandate, Corrected.OFFICE, before, _said(office), at=at, body=office.body)
    record("office.corrected", office, at=at, actor=seat.user, structure=None, starts_on=starts_on.isoformat())
    return office


@transaction.atomic
def remove_office(seat: NetworkSeat, pk: int, *, at: datetime) -> Office:
    """Take out an office written by mistake, that nobody held: refused once its attendance was noted."""
    office = access.one(access.offices_visible_to(seat).select_for_update(), pk)
    if Attendance.objects.filter(office=office).exists():
        raise GovernanceRefused(
            "office_held",
            "La présence de cette personne est notée dans une séance\u00a0: terminez plutôt la fonction.",
        )
    keep_what_was(seat, office.mandate, Corrected.OFFICE, _said(office), "", at=at, body=office.body)
    record("office.removed", office.mandate, at=at, actor=seat.user, structure=None, role=office.role)
    office.delete()
    return office


def keep_what_was(
    seat: NetworkSeat,
    mandate: Mandate,
    what: Corrected,
    before: str,
    after: str,
    *,
    at: datetime,
    session: Session | None = None,
    body: Body | None = None,
    version: AxisVersion | None = None,
    reason: str = "",
) -> None:
    """Keep the words a correction replaces, or takes out when ``after`` is empty. In the caller's act."""
    Erratum.objects.create(
        network_id=seat.network_id,
        mandate=mandate,
        session=session,
        body=body,
        version=version,
        what=what,
        before=before[:1500],
        after=after[:1500],
        reason=" ".join(reason.split())[:300],
        at=at,
        by=seat.user,
    )


def _said(office: Office) -> str:
    """Return an office in one line, as it is kept when somebody corrects it."""
    told = [office.full_name, office.elected_as, office.get_role_display(), office.structure and office.structure.name]
    return ", ".join(one for one in told if one) + f", depuis le {office.starts_on:%d/%m/%Y}"


def _check_people(seat: NetworkSeat, place: Place) -> None:
    if place.structure is not None and place.structure.network_id != seat.network_id:
        raise GovernanceRefused("office_structure", "Cette structure n’est pas du réseau.", "structure")
    if place.user is not None and not place.user.memberships.filter(structure__network=seat.network_id).exists():
        raise GovernanceRefused("office_user", "Ce compte n’est pas d’une structure du réseau.", "user")


@transaction.atomic
def end_office(seat: NetworkSeat, pk: int, *, ends_on: date, at: datetime) -> Office:
    """End an office; it stays in the history of the mandate. A last day still to come may be changed."""
    office = access.one(access.offices_visible_to(seat).select_for_update(), pk)
    if office.ends_on and office.ends_on < timezone.localdate(at):
        raise GovernanceRefused("office_ended", f"Cette fonction a pris fin le {office.ends_on:%d/%m/%Y}.", "ends_on")
    last = office.mandate.ends_on
    if last and ends_on > last:
        raise GovernanceRefused("office_dates", f"« {office.mandate} » finit le {last:%d/%m/%Y}.", "ends_on")
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

    It may be prepared ahead: until its first day the former mandate and its people hold. Concerns, axes and settled sessions
    stay with the mandate they were written in; sessions planned from its first day on become its own. All or nothing.
    """
    former = open_mandate_of(seat)
    if former.starts_on > timezone.localdate(at):
        raise GovernanceRefused(
            "handover_prepared",
            f"La passation est déjà préparée\u00a0: « {former} » commence le {former.starts_on:%d/%m/%Y}.",
        )
    kept: Mapping[int, Office] = {
        office.pk: office for office in former.offices.filter(pk__in=change.continued).select_related("body")
    }
    if len(kept) != len(set(change.continued)):
        raise GovernanceRefused(
            "handover_office", "Une des fonctions reconduites a pris fin entre-temps\u00a0: relisez la liste."
        )
    check_days(former, change.starts_on, change.ends_on)
    last_days = {pk: office.ends_on for pk, office in kept.items() if office.ends_on}
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
    for pk in dict.fromkeys(change.continued):
        again = make_office(seat, mandate, _again(kept[pk]), starts_on=change.starts_on)
        if last_days.get(pk) and last_days[pk] >= change.starts_on:  # a last day already said still holds
            again.ends_on = last_days[pk]
            again.save(update_fields=["ends_on"])
        # a session already passed that becomes the new mandate's keeps who was noted as having come
        Attendance.objects.filter(office=pk, session__mandate=mandate).update(office=again)
    for place in change.arrivals:
        make_office(seat, mandate, place, starts_on=change.starts_on)
    opened = len(set(change.continued)) + len(change.arrivals)
    record("office.handed_over", mandate, at=at, actor=seat.user, structure=None, ended=ended, opened=opened)
    return mandate


def check_days(former: Mandate, starts_on: date, ends_on: date) -> None:
    """Refuse a handover whose days do not follow those of the mandate it ends."""
    if not former.starts_on <= ends_on < starts_on:
        raise GovernanceRefused(
            "handover_dates",
            f"Le mandat « {former} » (depuis le {former.starts_on:%d/%m/%Y}) finit avant que le suivant commence.",
            "starts_on",
        )


def try_hand_over(seat: NetworkSeat, change: Handover, *, at: datetime) -> None:
    """Do a handover and undo it: whatever would refuse it is said before anybody confirms it."""
    with transaction.atomic():
        hand_over(seat, change, at=at)
        transaction.set_rollback(True)


@transaction.atomic
def correct_mandate(
    seat: NetworkSeat, pk: int, *, name: str, starts_on: date, reason: str, at: datetime, ends_on: date | None = None
) -> Mandate:
    """Mend the name or the days of a mandate; what was written stays beside it, with why.

    The mandate before it ends the day before; offices that began or ended with a mandate follow, and sessions not settled go to
    the mandate of their day. Refused when something was already done on the days that would change mandate.
    """
    mandate = access.one(access.mandates_visible_to(seat).select_for_update(), pk)
    name, was, ended = " ".join(name.split()), mandate.starts_on, mandate.ends_on
    if not reason.strip():
        raise GovernanceRefused("reason", "Dites pourquoi\u00a0: ces mots restent à côté du mandat.", "reason")
    others = access.mandates_visible_to(seat).select_for_update().exclude(pk=pk)
    if not name or others.filter(name=name).exists():
        raise GovernanceRefused("mandate_name", f"Le réseau a déjà un mandat « {name} ».", "name")
    before = others.filter(starts_on__lt=was).order_by("-starts_on").first()
    after = others.filter(starts_on__gt=was).exists()
    last = ended if after or ended is None or ends_on is None else ends_on
    _check_days(mandate, before, starts_on, last)
    said = _days(mandate)
    touching = before is not None and before.ends_on == was - timedelta(days=1)
    mandate.name = name
    if starts_on != was:
        if before is not None and (touching or (before.ends_on and before.ends_on >= starts_on)):
            _move_end(before, starts_on - timedelta(days=1))
        mandate.starts_on = starts_on
        mandate.offices.filter(Q(starts_on=was) | Q(starts_on__lt=starts_on)).update(starts_on=starts_on)
    if last != ended and last is not None:
        _move_end(mandate, last)
    mandate.save()
    if before is not None and starts_on != was:
        first = timezone.make_aware(datetime.combine(min(was, starts_on), time.min))
        end = timezone.make_aware(datetime.combine(max(was, starts_on), time.min))
        moved = Session.objects.filter(network=seat.network_id, held_at=None, starts_at__gte=first, starts_at__lt=end)
        moved.update(mandate=mandate if starts_on < was else before)
    Erratum.objects.create(
        network_id=seat.network_id,
        mandate=mandate,
        what=Corrected.MANDATE,
        before=said,
        after=_days(mandate),
        reason=" ".join(reason.split())[:300],
        at=at,
        by=seat.user,
    )
    record("mandate.corrected", mandate, at=at, actor=seat.user, structure=None, starts_on=starts_on.isoformat())
    return mandate


def _check_days(mandate: Mandate, before: Mandate | None, starts_on: date, last: date | None) -> None:
    """Refuse days that leave something done outside the mandate it was done in."""
    was = mandate.starts_on
    if last is not None and last < starts_on:
        raise GovernanceRefused("mandate_dates", "Un mandat ne finit pas avant de commencer.", "starts_on")
    if before is not None and starts_on <= before.starts_on:
        raise GovernanceRefused(
            "mandate_dates",
            f"« {before} » commence le {before.starts_on:%d/%m/%Y}\u00a0: celui-ci vient après.",
            "starts_on",
        )
    changed = [(min(was, starts_on), max(was, starts_on), "starts_on")]
    if mandate.ends_on is not None and last is not None and last != mandate.ends_on:
        day = timedelta(days=1)
        changed.append((min(mandate.ends_on, last) + day, max(mandate.ends_on, last) + day, "ends_on"))
    for begins, ends, field in changed:
        done = _done_between(mandate, before, begins, ends)
        if done:
            raise GovernanceRefused(
                "mandate_lived",
                f"Entre ces deux dates, {done}\u00a0: cela resterait à un mandat qui n’avait plus cours.",
                field,
            )


def _done_between(mandate: Mandate, before: Mandate | None, begins: date, ends: date) -> str:
    """Say what was done from a day to the eve of another, empty when nothing was; what begins or ends with a mandate follows it."""
    network = mandate.network_id
    first, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (begins, ends))
    sessions = Session.objects.filter(network=network, starts_at__gte=first, starts_at__lt=end)
    offices = Office.objects.filter(network=network)
    began = offices.filter(starts_on__gte=begins, starts_on__lt=ends)
    ended = offices.filter(ends_on__gte=begins, ends_on__lt=ends)
    for each in filter(None, (mandate, before)):
        began = began.exclude(mandate=each, starts_on=each.starts_on)
        if each.ends_on is not None:
            ended = ended.exclude(mandate=each, ends_on=each.ends_on)
    came = Q(held_at__isnull=False) | Q(attendance__isnull=False) | Q(attendees__isnull=False)
    if sessions.filter(came).exists():
        return "une séance a été tenue"
    if Concern.objects.filter(network=network, written_at__gte=first, written_at__lt=end).exists():
        return "une préoccupation a été écrite"
    if AxisVersion.objects.filter(network=network, decided_on__gte=begins, decided_on__lt=ends).exists():
        return "un axe a été décidé"
    if began.exists() or ended.exists():
        return "une fonction commence ou finit"
    return ""


def _move_end(mandate: Mandate, last: date) -> None:
    """End a mandate on another day, with the offices that ended with it."""
    mandate.offices.filter(Q(ends_on=mandate.ends_on) | Q(ends_on__gt=last)).update(ends_on=last)
    mandate.ends_on = last
    mandate.save(update_fields=["ends_on"])


def _days(mandate: Mandate) -> str:
    """Return a mandate in one line, as it is kept when somebody corrects it."""
    until = f" au {mandate.ends_on:%d/%m/%Y}" if mandate.ends_on else ""
    return f"{mandate.name}, du {mandate.starts_on:%d/%m/%Y}{until}"


def open_mandate_of(seat: NetworkSeat) -> Mandate:
    """Return the mandate that has no end yet, under way or prepared ahead, held until the act is done."""
    mandate = access.mandates_visible_to(seat).select_for_update().filter(ends_on=None).first()
    if mandate is None:
        raise GovernanceRefused("no_mandate", "Aucun mandat n’est ouvert\u00a0: ouvrez-en un d’abord.")
    return mandate


def running_mandate(seat: NetworkSeat, *, at: datetime) -> Mandate:
    """Return the mandate whose dates hold today, held until the act is done; refused when there is none."""
    mandate = access.mandates_visible_to(seat).on(timezone.localdate(at)).select_for_update().first()
    if mandate is None:
        raise GovernanceRefused("no_mandate", "Aucun mandat n’est en cours\u00a0: ouvrez-en un d’abord.")
    return mandate


def mandate_of_day(seat: NetworkSeat, day: date, field: str, *, at: datetime) -> Mandate:
    """Return the mandate whose dates hold a day, under way or to come; refused at ``field`` otherwise."""
    today = timezone.localdate(at)
    mandate = access.mandates_visible_to(seat).on(day).select_for_update().first()
    if mandate is None:
        raise GovernanceRefused(
            "no_mandate_that_day",
            f"Aucun mandat n’a cours le {day:%d/%m/%Y}\u00a0: choisissez un jour d’un mandat, ou ouvrez-le d’abord.",
            field,
        )
    if mandate.ends_on and mandate.ends_on < today:
        raise GovernanceRefused(
            "mandate_closed", f"« {mandate} » est clos depuis le {mandate.ends_on:%d/%m/%Y}.", field
        )
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
    index(body)
