"""Who comes to a stage: members from their space, anyone from its public page; who came; when they are forgotten."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Seat
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Structure
from dentelle.foundations.search.actions import index
from dentelle.network.tour import access, letters
from dentelle.network.tour.actions.places import give_places, is_full
from dentelle.network.tour.actions.stages import held_for_change
from dentelle.network.tour.models import Registration, Stage
from dentelle.network.tour.refusals import TourRefused
from dentelle.network.tour.vocabulary import RegistrationState, StageState, Stakeholder
from dentelle.opendata.text import fold

MOST_NAMELESS = 200
WRITTEN = (StageState.DRAFT.value, StageState.KNOWN.value)  # not announced: who came makes it held
CLOSED = "Les inscriptions à cette étape sont closes."


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who registers: ``user`` for those who have an account, ``structure`` for members alone."""

    full_name: str
    email: str
    organisation: str
    kind: str
    user: User | None = None
    structure: Structure | None = None


@transaction.atomic
def register_member(viewer: access.Viewer, pk: int, *, kind: str, at: datetime) -> Registration:
    """Register the person themselves to a stage of their network. Raises TourRefused when it is closed."""
    stage = _locked(access.one(access.stages_visible_to(viewer), pk))
    if isinstance(viewer, Membership):
        house, structure = viewer.structure.name, viewer.structure
    else:
        house, structure = viewer.network.name, None
    guest = Guest(viewer.user.full_name, viewer.user.email, house, kind, viewer.user, structure)
    registration = _enrol(stage, guest, at=at)
    record(
        "stage.registered", stage, at=at, actor=viewer.user, structure=structure, waiting=registration.state == "waiting"
    )  # fmt: skip
    return registration


@transaction.atomic
def register_seat(seat: Seat, pk: int, *, kind: str, at: datetime) -> Registration:
    """Register a person outside, for their organisation, to a stage open to it. Raises TourRefused when it is closed."""
    stage = _locked(access.one(access.stages_open_to(seat), pk))
    guest = Guest(seat.user.full_name, seat.user.email, seat.organisation.name, kind, seat.user)
    registration = _enrol(stage, guest, at=at)
    waits = registration.state == RegistrationState.WAITING
    record("stage.registered", stage, at=at, actor=seat.user, structure=None, waiting=waits)
    return registration


@transaction.atomic
def register_guest(pk: int, guest: Guest, *, at: datetime) -> Registration:
    """Register somebody without account to a public stage; asked twice for a person, write to them again and no more.

    What it returns must not show whether the person was registered already.
    """
    stage = _locked(access.one(access.public_stages(), pk))
    registration = _enrol(stage, guest, at=at)
    record("stage.registered", stage, at=at, actor=None, structure=None, waiting=registration.state == "waiting")
    return registration


@transaction.atomic
def leave_as_member(viewer: access.Viewer, pk: int, *, at: datetime) -> Stage:
    """Give one's place back."""
    stage = _locked(access.one(access.stages_visible_to(viewer), pk))
    registration = access.own_registration(viewer, stage)
    if registration is not None:
        structure = viewer.structure if isinstance(viewer, Membership) else None
        _leave(stage, registration, actor=viewer.user, structure=structure, at=at)
    return stage


@transaction.atomic
def leave_as_seat(seat: Seat, pk: int, *, at: datetime) -> Stage:
    """Give back the place somebody took for their organisation."""
    stage = _locked(access.one(access.stages_open_to(seat), pk))
    registration = access.own_registration(seat, stage)
    if registration is not None:
        _leave(stage, registration, actor=seat.user, structure=None, at=at)
    return stage


@transaction.atomic
def leave_by_token(token: str, *, at: datetime) -> Stage:
    """Give a place back from the link of a letter; done twice, nothing more happens. 404 for a token nobody was given."""
    registration = registration_behind(token)
    stage = _locked(registration.stage)
    _leave(stage, registration, actor=None, structure=registration.structure, at=at)
    return stage


def left_words(registration: Registration | None) -> str:
    """Return what to say to somebody who leaves: a place is given back, a turn is not one yet."""
    waited = registration is not None and registration.state == RegistrationState.WAITING
    return "Vous n’êtes plus sur la liste d’attente." if waited else "Votre place est rendue."


def registration_behind(token: str) -> Registration:
    """Return the registration a letter's link cancels, or 404; none once its person is forgotten."""
    key = letters.registration_key(token)
    found = (
        Registration.objects.filter(pk=key, forgotten_on=None)
        .exclude(stage__state=StageState.DRAFT)
        .select_related("stage__tour__network", "structure")
        .first()
        if key
        else None
    )
    if found is None:
        raise Http404
    return found


@transaction.atomic
def note_attendance(seat: NetworkSeat, pk: int, present: Collection[int], *, at: datetime) -> int:
    """Say who came among those registered, once the stage has begun; return how many. Said again, it replaces.

    Of a stage only written down whose day is past, it says that it took place. Raises TourRefused.
    """
    stage = _after(seat, pk, at)
    came = set(present)
    listed = list(stage.registrations.exclude(state=RegistrationState.CANCELLED).exclude(registered_at=None))
    for registration in listed:
        registration.attended = registration.pk in came
    Registration.objects.bulk_update(listed, ["attended"], batch_size=500)
    _held(stage, seat, at)
    count = stage.registrations.filter(attended=True).count()
    record("stage.attendance_noted", stage, at=at, actor=seat.user, structure=None, came=count)
    return count


@transaction.atomic
def add_came(
    seat: NetworkSeat, pk: int, *, kind: str, number: int = 1, full_name: str = "", organisation: str = "", at: datetime
) -> int:
    """Add people who came without having registered: one by name, or several counted by what they are."""
    stage = _after(seat, pk, at)
    if kind not in Stakeholder.values:
        raise TourRefused("kind", "Dites à quel titre.", "kind")
    if not 1 <= number <= MOST_NAMELESS:
        raise TourRefused("number", f"De 1 à {MOST_NAMELESS} personnes à la fois.", "number")
    if full_name.strip() and number > 1:
        raise TourRefused(
            "number", "Un nom vaut pour une personne\u00a0: laissez-le vide pour en compter plusieurs.", "number"
        )
    Registration.objects.bulk_create(
        Registration(
            stage=stage,
            full_name=full_name.strip()[:150],
            organisation=organisation.strip()[:150],
            kind=kind,
            attended=True,
        )
        for _ in range(number)
    )
    _held(stage, seat, at)
    record("stage.came_added", stage, at=at, actor=seat.user, structure=None, count=number)
    return number


@transaction.atomic
def remove_came(seat: NetworkSeat, pk: int, registration: int, *, at: datetime) -> None:
    """Take back somebody added by mistake to those who came without having registered."""
    stage = _after(seat, pk, at)
    gone, _ = stage.registrations.filter(pk=registration, registered_at=None).delete()
    if gone:
        record("stage.came_removed", stage, at=at, actor=seat.user, structure=None)


@transaction.atomic
def forget_people(at: datetime) -> int:
    """Erase names and addresses of stages past for half a year; what was cancelled goes whole. Return how many people."""
    today = timezone.localdate(at)
    old = Registration.objects.filter(stage__day__lt=today - letters.KEPT, forgotten_on=None)
    gone, _ = old.filter(state=RegistrationState.CANCELLED).delete()
    kept = old.update(full_name="", email="", organisation="", user=None, forgotten_on=today)
    return gone + kept


def _enrol(stage: Stage, guest: Guest, *, at: datetime) -> Registration:
    """Give a place or a turn to somebody; who has one already keeps it. Writes to them in every case.

    Somebody is an account, or an address and a name: a town hall has one mailbox for several people.
    """
    if not stage.takes_registrations(at):
        raise TourRefused("closed", CLOSED)
    email, name = guest.email.strip().lower(), same_name(guest.full_name)
    same = Q(email=email) | (Q(user=guest.user) if guest.user is not None else Q(pk=None))
    rows = [
        each
        for each in stage.registrations.filter(same).order_by("pk")
        if (guest.user is not None and each.user_id == guest.user.pk) or _is(each, guest, name)
    ]
    known = next((each for each in rows if each.state != RegistrationState.CANCELLED), None)
    if known is not None and guest.user is not None and known.user_id is None and len(rows) == 1:
        known.user, known.structure = guest.user, guest.structure
        known.save(update_fields=["user", "structure"])
    if known is None:
        stage.registrations.filter(pk__in=[each.pk for each in rows[1:]]).delete()  # cancelled under another address
        known = rows[0] if rows else Registration(stage=stage)
        known.state = RegistrationState.WAITING if is_full(stage) else RegistrationState.CONFIRMED
        known.full_name, known.organisation = guest.full_name.strip()[:150], guest.organisation.strip()[:150]
        known.email, known.registered_at = email, at
        known.kind = guest.kind if guest.kind in Stakeholder.values else Stakeholder.OTHER
        known.user, known.structure = guest.user, guest.structure
        known.save()
    letters.write_to(known, stage, str(known.state), at=at)
    return known


def same_name(full_name: str) -> str:
    """Return a name as it is compared: accents, case and hyphens never make two people of one."""
    said = full_name.strip()[:150]
    return fold(said) or said.casefold()


def _is(registration: Registration, guest: Guest, name: str) -> bool:
    """Say whether a registration under the address of a guest is theirs, and not one of another account."""
    owned = registration.user_id is not None and guest.user is not None and registration.user_id != guest.user.pk
    return not owned and same_name(registration.full_name) == name


def _leave(
    stage: Stage, registration: Registration, *, actor: User | None, structure: Structure | None, at: datetime
) -> None:
    if registration.state == RegistrationState.CANCELLED:
        return
    if stage.has_come(at):
        raise TourRefused("begun", "Cette étape a commencé\u00a0: il n’y a plus de place à rendre.")
    registration.state = RegistrationState.CANCELLED
    registration.save(update_fields=["state"])
    give_places(stage, at=at)
    record("stage.left", stage, at=at, actor=actor, structure=structure)


def _locked(stage: Stage) -> Stage:
    """Lock a stage already looked for: of two people who ask for the last place, one waits for the other."""
    return Stage.objects.select_for_update().get(pk=stage.pk)


def _after(seat: NetworkSeat, pk: int, at: datetime) -> Stage:
    stage = held_for_change(seat, pk)
    if stage.state not in (*WRITTEN, StageState.ANNOUNCED, StageState.HELD):
        raise TourRefused(
            "state", f"Cette étape est {stage.get_state_display()}\u00a0: les présences ne se notent pas."
        )
    if stage.state == StageState.KNOWN and stage.day is None:
        raise TourRefused("unready", "Dites d’abord quel jour elle a eu lieu.")
    if not stage.has_come(at):
        raise TourRefused("early", "Cette étape n’a pas encore commencé.")
    if stage.state in WRITTEN and not stage.place:
        raise TourRefused("unready", "Dites d’abord où elle a eu lieu.")
    return stage


def _held(stage: Stage, seat: NetworkSeat, at: datetime) -> None:
    """Say a stage took place; one written down afterwards is known to its readers from now on."""
    was_written = stage.state in WRITTEN
    stage.state, stage.attendance_at = StageState.HELD, at
    stage.announced_at = stage.announced_at or at
    stage.save(update_fields=["state", "attendance_at", "announced_at"])
    if was_written:
        index(stage)
        record("stage.entered_held", stage, at=at, actor=seat.user, structure=None, region=stage.region_code)
