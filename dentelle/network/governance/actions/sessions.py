"""Sessions of a body: planned, prepared, held. Once held, nothing of them is rewritten."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance import access
from dentelle.network.governance.actions.concerns import SETTLED, tell
from dentelle.network.governance.actions.offices import running_mandate
from dentelle.network.governance.models import (
    AgendaItem,
    Attendance,
    Body,
    Concern,
    ConcernState,
    Decision,
    NewsKind,
    Office,
    Presence,
    Session,
    SessionDocument,
)
from dentelle.network.governance.refusals import GovernanceRefused

ACCEPTED = (sniff.PDF, sniff.DOCX, sniff.XLSX, sniff.ODS, sniff.TEXT)
MAX_BYTES = 20 * 1024 * 1024
TO_HAND = [ConcernState.GATHERED.value, ConcernState.CARRIED.value]


@transaction.atomic
def plan_session(seat: NetworkSeat, body: Body, *, starts_at: datetime, place: str, at: datetime) -> Session:
    """Announce a meeting of a body, in the mandate under way."""
    mandate = running_mandate(seat)
    if body.network_id != seat.network_id or body.closed_on:
        raise GovernanceRefused("body_closed", "Cette instance est fermée\u00a0: elle ne se réunit plus.", "body")
    if timezone.localdate(starts_at) < mandate.starts_on:
        raise GovernanceRefused(
            "before_mandate", f"« {mandate} » commence le {mandate.starts_on:%d/%m/%Y}.", "starts_at"
        )
    session = Session.objects.create(
        network_id=seat.network_id, body=body, mandate=mandate, starts_at=starts_at, place=place.strip()
    )
    record("session.planned", session, at=at, actor=seat.user, structure=None, on=_day(starts_at))
    return session


@transaction.atomic
def move_session(seat: NetworkSeat, pk: int, *, starts_at: datetime, place: str, at: datetime) -> Session:
    """Change when or where a session not held yet will be."""
    session = _open(seat, pk)
    session.starts_at, session.place = starts_at, place.strip()
    session.save(update_fields=["starts_at", "place"])
    record("session.moved", session, at=at, actor=seat.user, structure=None, on=_day(starts_at))
    return session


@transaction.atomic
def add_item(seat: NetworkSeat, pk: int, *, title: str, concerns: Sequence[int], at: datetime) -> AgendaItem:
    """Put a point on the agenda, with the concerns it starts from."""
    session = _open(seat, pk)
    if not title.strip():
        raise GovernanceRefused("title", "Donnez l’intitulé du point.", "title")
    rank = (session.items.aggregate(last=Max("rank"))["last"] or 0) + 1
    item = AgendaItem.objects.create(session=session, rank=rank, title=" ".join(title.split())[:200])
    item.concerns.set(_concerns(seat, concerns))
    record("session.item_added", session, at=at, actor=seat.user, structure=None, rank=rank)
    return item


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
    """Say who came: office → presence, empty for unknown. Only those who sit in the body that day."""
    session = _open(seat, pk)
    seated = {office.pk for office in seated_at(session)}
    for key, presence in presences.items():
        if key not in seated:
            raise GovernanceRefused(
                "not_seated", "Une personne de la liste ne siège plus\u00a0: relisez les présences."
            )
        if presence in Presence.values:
            Attendance.objects.update_or_create(session=session, office_id=key, defaults={"presence": presence})
        else:
            Attendance.objects.filter(session=session, office_id=key).delete()
    present = session.attendance.filter(presence__in=[Presence.PRESENT, Presence.REPRESENTED]).count()
    record(
        "session.attendance_noted", session, at=at, actor=seat.user, structure=None, present=present, seats=len(seated)
    )
    return session


@transaction.atomic
def decide_in_session(seat: NetworkSeat, pk: int, *, text: str, concerns: Sequence[int], at: datetime) -> Decision:
    """Write a decision; the authors of the concerns it answers are told when the session is held."""
    session = _open(seat, pk)
    if not text.strip():
        raise GovernanceRefused("text", "Écrivez la décision.", "text")
    number = (session.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    decision = Decision.objects.create(session=session, number=number, text=text.strip())
    decision.concerns.set(_concerns(seat, concerns))
    record("session.decided", session, at=at, actor=seat.user, structure=None, number=number)
    return decision


def add_document(
    seat: NetworkSeat, pk: int, upload: UploadedFile[bytes], *, title: str, at: datetime
) -> SessionDocument:
    """Keep a file of a session, before or after it was held: minutes often come later. Raises GovernanceRefused."""
    with transaction.atomic():
        session = access.one(access.sessions_visible_to(seat).select_for_update().select_related(None), pk)
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
    if timezone.localdate(session.starts_at) > timezone.localdate(at):
        raise GovernanceRefused("too_early", "Cette séance n’a pas encore eu lieu.")
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


def seated_at(session: Session) -> list[Office]:
    """Return who sits in the body on the day of a session."""
    day = timezone.localdate(session.starts_at)
    running = Office.objects.filter(body=session.body_id, mandate=session.mandate_id, starts_on__lte=day)
    return list(running.exclude(ends_on__lt=day).select_related("structure").order_by("full_name", "pk"))


def _open(seat: NetworkSeat, pk: int) -> Session:
    session = access.one(access.sessions_visible_to(seat).select_for_update().select_related(None), pk)
    if session.held_at:
        raise GovernanceRefused("held", "Le compte rendu de cette séance est arrêté\u00a0: il ne change plus.")
    return session


def _concerns(seat: NetworkSeat, keys: Sequence[int]) -> list[Concern]:
    """Return chosen concerns that may be discussed: gathered under a theme, not settled."""
    return list(access.concerns_visible_to(seat).filter(pk__in=keys, state__in=TO_HAND))


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
