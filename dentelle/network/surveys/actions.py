"""What people do to surveys. Each act: access, rule, write, one journal entry, one transaction."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.surveys.access import campaign_of, questionnaire_of, response_read_by
from dentelle.network.surveys.doubts import before
from dentelle.network.surveys.meanwhile import Opened, Together, bring_together
from dentelle.network.surveys.models import (
    Answer,
    Campaign,
    CampaignState,
    Invitee,
    Question,
    Questionnaire,
    Response,
    ResponseState,
)
from dentelle.network.surveys.reading import (
    Given,
    Read,
    asked_by,
    being_written,
    given,
    lacks,
    of_part,
    packed,
    told_doubts,
    unasked,
)
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.shipped import CODES, write_shipped
from dentelle.rules.disclosure import looks_like_nir
from dentelle.rules.surveys import is_answered

LONGEST = timedelta(days=366)


@transaction.atomic
def take_shipped(seat: NetworkSeat, code: str, *, at: datetime) -> Questionnaire:
    """Take a questionnaire that comes with Dentelle into the head's network."""
    if code not in CODES:
        raise Http404
    made = write_shipped(seat.network, code, at=at)
    record("questionnaire.taken", made, at=at, actor=seat.user, structure=None, code=code)
    return made


@transaction.atomic
def create_campaign(
    seat: NetworkSeat,
    *,
    questionnaire: int,
    title: str,
    closes_on: date,
    anonymous: bool,
    year: int | None,
    at: datetime,
) -> Campaign:
    """Prepare a campaign. Raises SurveyRefused."""
    asked = questionnaire_of(seat, questionnaire)
    if asked.published_at is None:
        raise SurveyRefused("draft", "Ce questionnaire n’est qu’un brouillon\u00a0: publiez-le d’abord.")
    today = timezone.localdate(at)
    if not today < closes_on <= today + LONGEST:
        raise SurveyRefused("closes_on", "Le dernier jour est à venir, dans l’année.")
    made = Campaign.objects.create(
        network=seat.network,
        questionnaire=asked,
        title=title.strip()[:200],
        year=year,
        closes_on=closes_on,
        anonymous=anonymous,
        created_by=seat.user,
        created_at=at,
    )
    record("campaign.created", made, at=at, actor=seat.user, structure=None, anonymous=anonymous)
    return made


@transaction.atomic
def open_campaign(seat: NetworkSeat, pk: int, *, at: datetime) -> Campaign:
    """Open a campaign: those invited may answer from now on."""
    campaign = campaign_of(seat, pk)
    if campaign.state != CampaignState.DRAFT:
        raise SurveyRefused("state", "Cette campagne est déjà ouverte.")
    today = timezone.localdate(at)
    if campaign.closes_on < today:
        raise SurveyRefused("closes_on", "Son dernier jour est passé\u00a0: préparez-en une autre.")
    campaign.state, campaign.opened_on = CampaignState.OPEN, today
    campaign.save(update_fields=["state", "opened_on"])
    record("campaign.opened", campaign, at=at, actor=seat.user, structure=None)
    return campaign


def save_part(invitee: Invitee, block_code: str, time: int, values: Mapping[str, Any], *, at: datetime) -> Response:
    """Keep ``values`` in one part of the answer of ``invitee``, over whatever is there. Raises SurveyRefused."""
    return save_together(invitee, block_code, time, values, None, at=at)[0]


@transaction.atomic
def save_together(
    invitee: Invitee,
    block_code: str,
    time: int,
    values: Mapping[str, Any],
    opened: Opened | None,
    *,
    knowing: bool = True,
    at: datetime,
) -> tuple[Response, Together]:
    """Keep what was typed in one part of the answer of ``invitee``, whom the caller's door has recognised, and what others
    wrote there since it was opened: what both wrote is not kept but told (``bring_together``).

    ``values``: code of a question → value, None for nothing. Saved at each change: it leaves no line in the journal until
    the answer is sent. What was sent already stands: changes are kept beside it. Raises SurveyRefused.
    """
    campaign = invitee.campaign
    _refuse_closed(campaign)
    _refuse_gone(invitee)
    whole = asked_by(campaign)
    block = whole.block(block_code)
    if block is None or not 1 <= time <= block.most:
        raise Http404
    if any(isinstance(value, str) and looks_like_nir(value) for value in values.values()):
        raise SurveyRefused("nir", "Un numéro de sécurité sociale ne s’écrit pas ici\u00a0: effacez-le.")
    response = _draft_of(invitee, at)
    asked = {question.code: question for question in block.questions}
    now = being_written(response)
    typed = {code: value for code, value in values.items() if code in asked}
    done = bring_together(typed, of_part(block, now, time), opened, knowing=knowing)
    changed = done.taken
    if response.version:
        known = {**now, **{(code, time): value for code, value in changed.items()}}
        _keep_beside(response, {key: value for key, value in known.items() if is_answered(value)})
    else:
        for code, value in changed.items():
            _keep(response, asked[code], time, value)
    response.saved_at = at
    response.save(update_fields=["saved_at", "working"])
    return response, done


@transaction.atomic
def remove_time(
    invitee: Invitee,
    block_code: str,
    time: int,
    values: Mapping[str, Any] | None = None,
    opened: Opened | None = None,
    *,
    at: datetime,
) -> Together | None:
    """Take one time out of a part answered several times; those after it move down.

    Nothing is taken out, and what differs is returned, when somebody wrote there since the page that shows ``values`` opened.
    """
    _refuse_closed(invitee.campaign)
    response = Response.objects.select_for_update().filter(invitee=invitee).first()
    if response is None:
        return None
    block = asked_by(invitee.campaign).block(block_code)
    if block is not None and opened is not None:
        done = bring_together(values or {}, of_part(block, being_written(response), time), opened, knowing=True)
        if done.others or done.disputed:
            return done
    if response.version:
        codes = {question.code for question in block.questions} if block else set()
        moved = {
            (code, when - 1 if code in codes and when > time else when): value
            for (code, when), value in being_written(response).items()
            if code not in codes or when != time
        }
        _keep_beside(response, moved)
        response.save(update_fields=["working"])
        return None
    mine = response.answers.filter(question__block=block_code)
    mine.filter(occurrence=time).delete()
    for answer in mine.filter(occurrence__gt=time).order_by("occurrence"):
        answer.occurrence -= 1
        answer.save(update_fields=["occurrence"])
    return None


@transaction.atomic
def submit(invitee: Invitee, comment: str, *, at: datetime, actor: User | None = None) -> Response:
    """Send an answer, or its next version. In an anonymous campaign, what says whose it is goes at once.

    Raises SurveyRefused.
    """
    campaign = invitee.campaign
    _refuse_closed(campaign)
    _refuse_gone(invitee)
    response = Response.objects.select_for_update().filter(invitee=invitee).first()
    if response is None:
        raise SurveyRefused("empty", "Répondez d’abord à une question au moins.")
    whole, known, comment = asked_by(campaign), being_written(response), comment.strip()[:1_000]
    lacking = lacks(whole, known)
    if lacking:
        raise SurveyRefused("missing", f"Il reste à répondre\u00a0: {', '.join(lack.label for lack in lacking[:5])}.")
    if told_doubts(whole, known, before(invitee, whole)) and not comment:
        raise SurveyRefused("doubts", "Des chiffres étonnent\u00a0: corrigez-les, ou expliquez-les en un mot.")
    left = unasked(whole, known)
    kept = {key: value for key, value in known.items() if key not in left and key[0] in whole.labels}
    today = timezone.localdate(at)
    if _is_new(response, kept, comment):
        _keep_version(response, whole, kept)
        response.version += 1
        response.submitted_on = None if campaign.anonymous else today
        invitee.answered_on = today
        invitee.save(update_fields=["answered_on"])
    response.state, response.comment, response.returned = ResponseState.SUBMITTED, comment, ""
    response.working = None
    if campaign.anonymous:
        response.invitee = response.structure = response.saved_at = None
        response.answers.update(structure=None)
    response.save()
    told = None if campaign.anonymous else actor
    record(
        "campaign.answered",
        campaign,
        at=at,
        actor=told,
        structure=None if campaign.anonymous else invitee.structure,
        version=response.version,
    )
    return response


@transaction.atomic
def drop_changes(invitee: Invitee) -> None:
    """Forget the changes to an answer that were not sent: the one sent stands. Leaves no line, as typing does."""
    _refuse_closed(invitee.campaign)
    Response.objects.filter(invitee=invitee).update(working=None)


@transaction.atomic
def send_back(seat: NetworkSeat, pk: int, reason: str, *, at: datetime) -> Response:
    """Give an answer back to who sent it, to be mended: as sent, it counts until then. Never an anonymous one.

    Raises SurveyRefused.
    """
    response = response_read_by(seat, pk)
    invitee = response.invitee
    if invitee is None:
        raise SurveyRefused("anonymous", "Cette réponse est anonyme\u00a0: personne ne peut la reprendre.")
    if response.campaign.state != CampaignState.OPEN:
        raise SurveyRefused("state", "La campagne est close.")
    if not reason.strip():
        raise SurveyRefused("reason", "Dites ce qui est à reprendre.")
    response.state, response.returned = ResponseState.RETURNED, reason.strip()[:1_000]
    response.save(update_fields=["state", "returned"])
    record("response.returned", response, at=at, actor=seat.user, structure=response.structure)
    return response


@transaction.atomic
def check(seat: NetworkSeat, pk: int, *, at: datetime) -> Response:
    """Say that an answer has been looked at and holds."""
    response = response_read_by(seat, pk)
    response.state, response.returned = ResponseState.CHECKED, ""
    response.save(update_fields=["state", "returned"])
    record("response.checked", response, at=at, actor=seat.user, structure=response.structure)
    return response


def _draft_of(invitee: Invitee, at: datetime) -> Response:
    response, _ = Response.objects.select_for_update().get_or_create(
        invitee=invitee,
        defaults={
            "campaign": invitee.campaign,
            "structure": invitee.structure,
            "kind": invitee.kind,
            "region_code": invitee.region_code,
            "saved_at": at,
        },
    )
    return response


def _keep(response: Response, question: Question, time: int, value: Any) -> None:
    if value in (None, "", []):
        response.answers.filter(question=question, occurrence=time).delete()
        return
    Answer.objects.update_or_create(
        response=response,
        question=question,
        occurrence=time,
        defaults={"value": value, "structure": response.structure},
    )


def _keep_beside(response: Response, known: Given) -> None:
    """Set the changes to an answer that was sent; none when they come back to what was sent."""
    changed = packed(known)
    response.working = None if changed == packed(given(response)) else changed


def _is_new(response: Response, known: Given, comment: str) -> bool:
    return not response.version or packed(known) != packed(given(response)) or comment != response.comment


def _keep_version(response: Response, whole: Read, known: Given) -> None:
    """Write ``known`` as what is sent, and what was sent until now among the former versions."""
    before = given(response)
    if response.version:
        response.former = [
            *response.former,
            {
                "version": response.version,
                "sent_on": response.submitted_on.isoformat() if response.submitted_on else None,
                "comment": response.comment,
                "answers": packed(before),
            },
        ]
    for code, time in set(before) - set(known):
        response.answers.filter(question__code=code, occurrence=time).delete()
    asked = {question.code: question for block in whole.blocks for question in block.questions}
    for (code, time), value in known.items():
        if before.get((code, time)) != value:
            _keep(response, asked[code], time, value)


def _refuse_closed(campaign: Campaign) -> None:
    if campaign.state != CampaignState.OPEN:
        raise SurveyRefused("closed", "Cette enquête est close\u00a0: merci d’y avoir pensé.")


def _refuse_gone(invitee: Invitee) -> None:
    """An anonymous answer, once sent, is nobody's: there is nothing to go on with."""
    if invitee.campaign.anonymous and invitee.answered_on is not None:
        raise SurveyRefused("sent", "Votre réponse anonyme est envoyée\u00a0: elle ne se reprend plus.")
