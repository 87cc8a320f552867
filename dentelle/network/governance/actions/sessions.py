"""Sessions of a body: planned, prepared, held or cancelled. Once held, nothing of them is rewritten but documents.

Until then, what is corrected or removed is kept (``Erratum``) and said on the page of the session.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat, Structure
from dentelle.foundations.typed import NIR_REFUSED, holds_nir
from dentelle.network.governance import access
from dentelle.network.governance.actions.concerns import SETTLED, tell
from dentelle.network.governance.actions.offices import keep_what_was, mandate_of_day
from dentelle.network.governance.letters import Called, called, tell_cancelled, tell_moved, together
from dentelle.network.governance.models import (
    VALIDATING,
    AgendaItem,
    Attendance,
    Attendee,
    AxisVersion,
    Body,
    BodyKind,
    Concern,
    ConcernState,
    Corrected,
    Decision,
    Mandate,
    NewsKind,
    Office,
    Presence,
    Session,
    SessionDocument,
)
from dentelle.network.governance.people import one_each
from dentelle.network.governance.refusals import GovernanceRefused

ACCEPTED = (sniff.PDF, sniff.DOCX, sniff.XLSX, sniff.ODS, sniff.TEXT)
MAX_BYTES = 20 * 1024 * 1024
BYTES_STAY = timedelta(days=30)  # of a document taken out by mistake, while somebody may ask for it
COUNTED = (Presence.PRESENT.value, Presence.REPRESENTED.value)
FURTHEST = timedelta(days=731)  # a meeting is not announced that far ahead: beyond, the year is mistyped
# what an agenda may take up: a concern a decision followed is discussed again as the decision is carried out
TO_DISCUSS = [ConcernState.GATHERED.value, ConcernState.CARRIED.value, ConcernState.ANSWERED.value]


@transaction.atomic
def plan_session(seat: NetworkSeat, body: Body, *, starts_at: datetime, place: str, at: datetime) -> Session:
    """Announce a meeting of a body, in the mandate of its day: under way, or prepared ahead."""
    if body.network_id != seat.network_id or body.closed_on:
        raise GovernanceRefused("body_closed", "Cette instance est fermée\u00a0: elle ne se réunit plus.", "body")
    _refuse_too_far(starts_at, at)
    mandate = mandate_of_day(seat, timezone.localdate(starts_at), "starts_at", at=at)
    session = Session.objects.create(
        network_id=seat.network_id, body=body, mandate=mandate, starts_at=starts_at, place=place.strip()
    )
    record("session.planned", session, at=at, actor=seat.user, structure=None, on=_day(starts_at))
    return session


@transaction.atomic
def move_session(seat: NetworkSeat, pk: int, *, starts_at: datetime, place: str, at: datetime) -> Session:
    """Change when or where a session not held yet will be; it belongs to the mandate of its day.

    Those it brings together, on the former day or the new one, are written to, unless both are past.
    """
    session = _open(seat, pk)
    before = copy(session)
    _refuse_too_far(starts_at, at)
    day = timezone.localdate(starts_at)
    if session.mandate.holds(day):
        mandate: Mandate = session.mandate
    else:
        mandate = mandate_of_day(seat, day, "starts_at", at=at)
    _refuse_noted_people(session, mandate, day)
    session.starts_at, session.place, session.mandate = starts_at, place.strip(), mandate
    session.save(update_fields=["starts_at", "place", "mandate"])
    told = tell_moved(before, session, called_by_move(before, session, at=at).people, at=at)
    record("session.moved", session, at=at, actor=seat.user, structure=None, on=_day(starts_at), told=told)
    return session


def called_by_move(before: Session, after: Session, *, at: datetime) -> Called:
    """Return whom it concerns that a session is at another time or place; nobody when nothing changed, or nothing is to come."""
    changed = (before.starts_at, before.place) != (after.starts_at, after.place)
    if not changed or max(before.starts_at, after.starts_at) <= at:
        return Called((), ())
    return together(called(before, seated_at(before)), called(after, seated_at(after)))


@transaction.atomic
def cancel_session(seat: NetworkSeat, pk: int, *, reason: str, at: datetime) -> Session:
    """Say a session not settled will not be, or was not, held, and why; it stays readable, and nothing of it changes any more.

    Those it brings together (who sits in the body that day, who manages a member for an assembly) are written to, unless its hour is past: they know.
    """
    session = _open(seat, pk)
    if not reason.strip():
        raise GovernanceRefused("reason", "Donnez la raison\u00a0: ceux que la séance réunit la liront.", "reason")
    if session.decisions.exists():
        raise GovernanceRefused(
            "decided",
            "Des décisions y sont inscrites\u00a0: retirez-les d’abord, ou arrêtez le compte rendu.",
            "reason",
        )
    session.cancelled_at, session.cancelled_for = at, " ".join(reason.split())[:300]
    session.save(update_fields=["cancelled_at", "cancelled_for"])
    told = tell_cancelled(session, seated_at(session), at=at) if session.starts_at > at else 0
    record("session.cancelled", session, at=at, actor=seat.user, structure=None, on=_day(session.starts_at), told=told)
    return session


@transaction.atomic
def add_item(
    seat: NetworkSeat, pk: int, *, title: str, concerns: Sequence[int], at: datetime, version: int | None = None
) -> AgendaItem:
    """Put a point on the agenda, with the concerns it starts from, or the axis to decide on: without a title, it takes its name."""
    session = _open(seat, pk)
    to_decide = _to_decide(session, version)
    title = " ".join(title.split())[:200]
    if not title and to_decide is not None:
        title = f"Axe à faire valider\u00a0: {to_decide.name}"
    if not title:
        raise GovernanceRefused("title", "Donnez l’intitulé du point.", "title")
    rank = (session.items.aggregate(last=Max("rank"))["last"] or 0) + 1
    item = AgendaItem.objects.create(session=session, rank=rank, title=title, version=to_decide)
    item.concerns.set(_concerns(seat, concerns))
    record("session.item_added", session, at=at, actor=seat.user, structure=None, rank=rank)
    return item


@transaction.atomic
def change_item(
    seat: NetworkSeat,
    pk: int,
    item_pk: int,
    *,
    title: str,
    concerns: Sequence[int],
    at: datetime,
    version: int | None = None,
) -> AgendaItem:
    """Correct a point of the agenda, the concerns it starts from and the axis to decide on; its former title is kept."""
    session = _open(seat, pk)
    item = access.one(session.items.select_for_update(), item_pk)
    title = " ".join(title.split())[:200]
    if not title:
        raise GovernanceRefused("title", "Donnez l’intitulé du point.", "title")
    if title != item.title:
        _keep(seat, session, Corrected.ITEM, item.title, title, at=at)
        item.title = title
        item.save(update_fields=["title"])
    if version != item.version_id:
        item.version = _to_decide(session, version)
        item.save(update_fields=["version"])
    _tie(seat, item, concerns)
    record("session.item_changed", session, at=at, actor=seat.user, structure=None, rank=item.rank)
    return item


@transaction.atomic
def remove_item(seat: NetworkSeat, pk: int, item_pk: int, *, at: datetime) -> None:
    """Take a point off the agenda; its title and what was noted are kept."""
    session = _open(seat, pk)
    item = access.one(session.items.select_for_update(), item_pk)
    said = f"{item.title}\n{item.notes}".strip()
    _keep(seat, session, Corrected.ITEM, said, "", at=at)
    record("session.item_removed", session, at=at, actor=seat.user, structure=None, rank=item.rank)
    item.delete()


@transaction.atomic
def note_item(seat: NetworkSeat, pk: int, item_pk: int, *, notes: str, at: datetime) -> AgendaItem:
    """Write what was said on a point."""
    session = _open(seat, pk)
    item = access.one(session.items.all(), item_pk)
    item.notes = notes.strip()
    item.save(update_fields=["notes"])
    record("session.item_noted", session, at=at, actor=seat.user, structure=None, rank=item.rank)
    return item


@transaction.atomic
def note_attendance(seat: NetworkSeat, pk: int, presences: Mapping[int, str], *, at: datetime) -> Session:
    """Say who came: office → presence, empty for unknown. Only those who sit in the body that day, or were noted already.

    A person is noted once, at the highest of their functions there, whichever is named.
    """
    session = _come(_open(seat, pk), at)
    noted = [each.office for each in session.attendance.select_related("office")]
    people = one_each({office.pk: office for office in [*seated_at(session), *noted]}.values())
    if set(presences) - {office.pk for held in people for office in held}:
        raise GovernanceRefused("not_seated", "Une personne de la liste ne siège plus\u00a0: relisez les présences.")
    for held in people:
        named = [presences[office.pk] for office in held if office.pk in presences]
        if not named:
            continue
        said = [presence for presence in named if presence in Presence.values]
        session.attendance.filter(office__in=held).delete()
        if said:
            Attendance.objects.create(session=session, office=held[0], presence=min(said, key=Presence.values.index))
    present = session.attendance.filter(presence__in=COUNTED).count()
    record(
        "session.attendance_noted", session, at=at, actor=seat.user, structure=None, present=present, seats=len(people)
    )
    return session


@transaction.atomic
def note_members(
    seat: NetworkSeat, pk: int, presences: Mapping[int, str], *, at: datetime, people: Mapping[int, str] | None = None
) -> Session:
    """Say which member structures came to a general assembly: structure → presence, empty for unknown.

    ``people``: structure → who came for it or represents it. A name written now beside a presence not noted says it came.
    """
    session = _come(_open(seat, pk), at)
    if session.body.kind != BodyKind.GENERAL_ASSEMBLY:
        raise GovernanceRefused("not_assembly", "Les membres viennent par structure en assemblée générale seulement.")
    known = set(Structure.objects.approved().filter(network=seat.network_id).values_list("pk", flat=True))
    named = dict(session.attendees.exclude(structure=None).values_list("structure", "full_name"))
    known |= set(named)
    for key, presence in presences.items():
        if key not in known:
            raise GovernanceRefused(
                "not_member", "Une structure de la liste n’est plus membre\u00a0: relisez les présences."
            )
        name = " ".join((people or {}).get(key, "").split())[:150]
        if holds_nir(name):
            raise GovernanceRefused("nir", NIR_REFUSED)
        if presence not in Presence.values and name and name != named.get(key, ""):
            presence = Presence.PRESENT.value
        if presence in Presence.values:
            kept = {"presence": presence, "full_name": name}
            Attendee.objects.update_or_create(session=session, structure_id=key, defaults=kept)
        else:
            Attendee.objects.filter(session=session, structure=key).delete()
    present = session.attendees.filter(structure__isnull=False, presence__in=COUNTED).count()
    record("session.members_noted", session, at=at, actor=seat.user, structure=None, present=present)
    return session


@transaction.atomic
def add_guest(seat: NetworkSeat, pk: int, *, full_name: str, function: str, at: datetime) -> Attendee:
    """Write somebody who came without sitting in the body."""
    session = _come(_open(seat, pk), at)
    name = " ".join(full_name.split())[:150]
    if not name:
        raise GovernanceRefused("guest", "Donnez le nom de la personne invitée.", "full_name")
    if session.attendees.filter(structure=None, full_name=name).exists():
        raise GovernanceRefused("guest", f"{name} est déjà parmi les personnes invitées.", "full_name")
    guest = Attendee.objects.create(
        session=session, full_name=name, function=" ".join(function.split())[:160], presence=Presence.PRESENT
    )
    record("session.guest_added", session, at=at, actor=seat.user, structure=None)
    return guest


@transaction.atomic
def remove_guest(seat: NetworkSeat, pk: int, guest_pk: int, *, at: datetime) -> None:
    """Take out somebody written by mistake among those invited, before the minutes are settled."""
    session = _open(seat, pk)
    access.one(session.attendees.filter(structure=None), guest_pk).delete()
    record("session.guest_removed", session, at=at, actor=seat.user, structure=None)


@transaction.atomic
def decide_in_session(seat: NetworkSeat, pk: int, *, text: str, concerns: Sequence[int], at: datetime) -> Decision:
    """Write a decision; the authors of the concerns it answers are told when the session is held."""
    session = _come(_open(seat, pk), at)
    if not text.strip():
        raise GovernanceRefused("text", "Écrivez la décision.", "text")
    number = (session.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    decision = Decision.objects.create(session=session, number=number, text=text.strip())
    decision.concerns.set(_concerns(seat, concerns))
    record("session.decided", session, at=at, actor=seat.user, structure=None, number=number)
    return decision


@transaction.atomic
def change_decision(
    seat: NetworkSeat, pk: int, decision_pk: int, *, text: str, concerns: Sequence[int], at: datetime
) -> Decision:
    """Correct a decision not settled yet and the concerns it answers; its former words are kept."""
    session = _open(seat, pk)
    decision = access.one(session.decisions.select_for_update(), decision_pk)
    text = text.strip()
    if not text:
        raise GovernanceRefused("text", "Écrivez la décision.", "text")
    if text != decision.text:
        _keep(seat, session, Corrected.DECISION, decision.text, text, at=at)
        decision.text = text
        decision.save(update_fields=["text"])
    _tie(seat, decision, concerns)
    record("session.decision_changed", session, at=at, actor=seat.user, structure=None, number=decision.number)
    return decision


@transaction.atomic
def remove_decision(seat: NetworkSeat, pk: int, decision_pk: int, *, at: datetime) -> None:
    """Take out a decision not settled yet; its words are kept."""
    session = _open(seat, pk)
    decision = access.one(session.decisions.select_for_update(), decision_pk)
    _keep(seat, session, Corrected.DECISION, decision.text, "", at=at)
    record("session.decision_removed", session, at=at, actor=seat.user, structure=None, number=decision.number)
    decision.delete()


@transaction.atomic
def remove_document(seat: NetworkSeat, pk: int, document_pk: int, *, at: datetime) -> None:
    """Take a file out of a session, settled or not; its title is kept, its bytes go after ``BYTES_STAY``."""
    session = access.one(access.sessions_visible_to(seat).select_for_update().select_related(None), pk)
    document = access.one(session.documents.select_for_update(), document_pk)
    _keep(seat, session, Corrected.DOCUMENT, document.title, "", at=at)
    StoredFile.objects.filter(pk=document.file_id).update(purge_after=at + BYTES_STAY)
    record("session.document_removed", session, at=at, actor=seat.user, structure=None)
    document.delete()


def add_document(
    seat: NetworkSeat, pk: int, upload: UploadedFile[bytes], *, title: str, at: datetime
) -> SessionDocument:
    """Keep a file of a session not cancelled, before or after it was held: minutes often come later. Raises GovernanceRefused."""
    with transaction.atomic():
        session = access.one(access.sessions_visible_to(seat).select_for_update().select_related(None), pk)
        _refuse_cancelled(session)
        try:
            stored = receive_upload(
                upload,
                accept=ACCEPTED,
                max_bytes=MAX_BYTES,
                structure=None,
                network=seat.network,
                actor=seat.user,
                at=at,
            )
        except UploadRefused as refused:
            raise GovernanceRefused("file", str(refused), "file") from refused
        document = SessionDocument.objects.create(
            session=session, file=stored, title=title.strip()[:160] or stored.name[:160]
        )
        record("session.document_added", session, at=at, actor=seat.user, structure=None, size=stored.size)
    return document


@transaction.atomic
def hold(seat: NetworkSeat, pk: int, *, at: datetime) -> Session:
    """Settle the minutes: nothing changes any more but documents, and authors learn what was said and decided."""
    session = _open(seat, pk)
    _come(session, at)
    if not session.items.exists():
        raise GovernanceRefused("no_agenda", "L’ordre du jour est vide\u00a0: ajoutez au moins un point.")
    session.held_at = at
    session.save(update_fields=["held_at"])
    answered: set[int] = set()
    for decision in session.decisions.order_by("number"):
        for concern in decision.concerns.select_related("author", "structure").order_by("pk"):
            answered.add(concern.pk)
            if concern.state not in SETTLED:
                concern.state = ConcernState.ANSWERED
                concern.save(update_fields=["state"])
            tell(concern, NewsKind.DECIDED, at=at, words=decision.text, session=session)
    discussed = Concern.objects.filter(items__session=session).exclude(pk__in=answered).distinct()
    for concern in discussed.select_related("author", "structure").order_by("pk"):
        tell(concern, NewsKind.DISCUSSED, at=at, session=session)
    record("session.held", session, at=at, actor=seat.user, structure=None)
    return session


def axes_to_decide(session: Session) -> QuerySet[AxisVersion]:
    """Return what its agenda may have decided: the versions that await, of its mandate, when its body decides of axes."""
    if session.body.kind not in VALIDATING:
        return AxisVersion.objects.none()
    awaiting = AxisVersion.objects.filter(
        network=session.network_id, decided_on=None, axis__closed_on=None, axis__mandate=session.mandate_id
    )
    return awaiting.exclude(items__session=session).select_related("axis").order_by("axis__rank")


def _to_decide(session: Session, key: int | None) -> AxisVersion | None:
    if key is None:
        return None
    found = axes_to_decide(session).filter(pk=key).first()
    if found is None:
        raise GovernanceRefused(
            "version",
            "Cet axe n’attend plus de décision ici, ou il est déjà à l’ordre du jour\u00a0: choisissez de nouveau.",
            "version",
        )
    return found


def seated_at(session: Session) -> list[Office]:
    """Return who sits in the body on the day of a session."""
    day = timezone.localdate(session.starts_at)
    running = Office.objects.filter(body=session.body_id, mandate=session.mandate_id, starts_on__lte=day)
    return list(running.exclude(ends_on__lt=day).select_related("structure", "user").order_by("full_name", "pk"))


def _open(seat: NetworkSeat, pk: int) -> Session:
    session = access.one(access.sessions_visible_to(seat).select_for_update().select_related(None), pk)
    if session.held_at:
        raise GovernanceRefused("held", "Le compte rendu de cette séance est arrêté\u00a0: il ne change plus.")
    _refuse_cancelled(session)
    return session


def _refuse_cancelled(session: Session) -> None:
    if session.cancelled_at:
        raise GovernanceRefused("cancelled", "Cette séance est annulée\u00a0: prévoyez-en une autre.")


def _come(session: Session, at: datetime) -> Session:
    """Return a session whose hour has come; refused before."""
    if session.starts_at > at:
        begins = timezone.localtime(session.starts_at)
        raise GovernanceRefused(
            "too_early", f"Cette séance n’a pas encore eu lieu\u00a0: elle commence le {begins:%d/%m/%Y à %H:%M}."
        )
    return session


def _refuse_too_far(starts_at: datetime, at: datetime) -> None:
    if starts_at - at > FURTHEST:
        raise GovernanceRefused(
            "too_far",
            f"Le {timezone.localdate(starts_at):%d/%m/%Y} est dans plus de deux ans\u00a0: vérifiez l’année.",
            "starts_at",
        )


def _refuse_noted_people(session: Session, mandate: Mandate, day: date) -> None:
    """Refuse a day on which somebody already noted does not sit: who came would no longer be who sits."""
    noted = session.attendance.select_related("office")
    for each in noted:
        office = each.office
        if office.mandate_id != mandate.pk or office.starts_on > day or (office.ends_on and office.ends_on < day):
            raise GovernanceRefused(
                "noted",
                f"La présence de {office.full_name} est notée, qui ne siège pas ce jour-là\u00a0: effacez-la d’abord.",
                "starts_at",
            )


def _keep(seat: NetworkSeat, session: Session, what: Corrected, before: str, after: str, *, at: datetime) -> None:
    keep_what_was(seat, session.mandate, what, before, after, at=at, session=session, body=session.body)


def _tie(seat: NetworkSeat, owner: AgendaItem | Decision, keys: Sequence[int]) -> None:
    """Tie a point or a decision to chosen concerns; one it already had stays choosable whatever became of it."""
    had = list(owner.concerns.filter(pk__in=keys))
    owner.concerns.set({one.pk: one for one in [*had, *_concerns(seat, keys)]}.values())


def _concerns(seat: NetworkSeat, keys: Sequence[int]) -> list[Concern]:
    """Return chosen concerns that may be discussed: gathered under a theme, whatever followed, but those set aside or withdrawn."""
    return list(access.concerns_visible_to(seat).filter(pk__in=keys, state__in=TO_DISCUSS))


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
