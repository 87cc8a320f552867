"""Committee meetings of an agreement: noted, corrected or taken out without losing what was noted."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.utils import timezone

from dentelle.network.agreements.access import Author
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.models import TAKEN_OUT, CommitteeKind, CommitteeMeeting
from dentelle.network.agreements.plausible import check_happened
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import SIGNED_STATES

HELD = SIGNED_STATES


@dataclass(frozen=True, slots=True)
class MeetingContent:
    """A committee meeting as typed."""

    kind: str
    held_on: date
    agenda: str = ""
    attendance: str = ""
    decisions: str = ""
    next_on: date | None = None


def hold_meeting(
    actor: Author, pk: int, content: MeetingContent, *, expected_revision: int, at: datetime
) -> CommitteeMeeting:
    """Write down a committee meeting. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=HELD) as change:
        meeting = CommitteeMeeting(structure=change.agreement.structure, agreement=change.agreement)
        _fill_meeting(change, meeting, content)
        change.record("agreement.meeting_held", meeting, held_on=content.held_on.isoformat())
    return meeting


def correct_meeting(
    actor: Author, pk: int, meeting_pk: int, content: MeetingContent, *, expected_revision: int, at: datetime
) -> CommitteeMeeting:
    """Correct a committee meeting noted wrongly; what was noted stays beside it. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=HELD) as change:
        meeting = _meeting(change, meeting_pk)
        before = _noted(meeting)
        _fill_meeting(change, meeting, content)
        if _noted(meeting) == before:
            raise AgreementRefused("same", "Rien n’a changé.")
        meeting.former = [*meeting.former, {"until": timezone.localdate(at).isoformat(), **before}]
        meeting.save(update_fields=["former"])
        change.record(
            "agreement.meeting_corrected", meeting, before=before["held_on"], held_on=content.held_on.isoformat()
        )
    return meeting


def take_out_meeting(
    actor: Author, pk: int, meeting_pk: int, reason: str, *, expected_revision: int, at: datetime
) -> CommitteeMeeting:
    """Take out a committee meeting noted by mistake: it counts no more, what was noted stays beside, with the reason.

    Raises AgreementRefused, EditedMeanwhile.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=HELD) as change:
        meeting = _meeting(change, meeting_pk)
        if not reason.strip():
            raise AgreementRefused("reason", "Dites pourquoi elle est retirée\u00a0: les parties le liront.", "reason")
        taken_out = {"until": timezone.localdate(at).isoformat(), **_noted(meeting), TAKEN_OUT: reason.strip()[:500]}
        meeting.former = [*meeting.former, taken_out]
        meeting.save(update_fields=["former"])
        change.record("agreement.meeting_taken_out", meeting, before=meeting.held_on.isoformat())
    return meeting


def _meeting(change: Change, pk: int) -> CommitteeMeeting:
    found = change.agreement.meetings.filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.taken_out:
        raise AgreementRefused("taken_out", "Cette réunion est retirée\u00a0: notez-la de nouveau si elle s’est tenue.")
    return found


def _fill_meeting(change: Change, meeting: CommitteeMeeting, content: MeetingContent) -> None:
    if content.kind not in CommitteeKind.values:
        raise AgreementRefused("kind", "Choisissez le comité dans la liste.", "kind")
    to_come = "Une réunion se note une fois tenue\u00a0: cette date est à venir."
    check_happened(change.agreement, content.held_on, change.at, "held_on", to_come)
    if content.next_on is not None and content.next_on <= content.held_on:
        raise AgreementRefused("next_on", "La prochaine réunion suit celle-ci.", "next_on")
    if not (content.agenda.strip() or content.attendance.strip() or content.decisions.strip()):
        raise AgreementRefused(
            "empty", "Dites au moins l’ordre du jour, qui était présent, ou ce qui a été décidé.", "agenda"
        )
    meeting.kind, meeting.held_on, meeting.next_on = content.kind, content.held_on, content.next_on
    meeting.agenda, meeting.attendance = content.agenda.strip(), content.attendance.strip()
    meeting.decisions = content.decisions.strip()
    meeting.save()


def _noted(meeting: CommitteeMeeting) -> dict[str, str]:
    """What a meeting says, as kept once it is corrected."""
    return {
        "kind": meeting.kind,
        "held_on": meeting.held_on.isoformat(),
        "agenda": meeting.agenda,
        "attendance": meeting.attendance,
        "decisions": meeting.decisions,
        "next_on": meeting.next_on.isoformat() if meeting.next_on else "",
    }
