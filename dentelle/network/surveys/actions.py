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
from dentelle.network.surveys.reading import Given, given, lacks, read, told_doubts, unasked
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.shipped import CODES, write_shipped
from dentelle.rules.disclosure import looks_like_nir

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


@transaction.atomic
def close_campaign(seat: NetworkSeat, pk: int, *, at: datetime) -> Campaign:
    """Close a campaign: nobody answers any more, its results may be read by the network."""
    campaign = campaign_of(seat, pk)
    if campaign.state != CampaignState.OPEN:
        raise SurveyRefused("state", "Cette campagne n’est pas ouverte.")
    return close(campaign, actor=seat.user, at=at)


def close(campaign: Campaign, *, actor: User | None, at: datetime) -> Campaign:
    """Close a campaign, by somebody or by the clock, in the caller's transaction; answers never sent are erased."""
    campaign.state = CampaignState.CLOSED
    campaign.save(update_fields=["state"])
    campaign.responses.filter(state=ResponseState.DRAFT).delete()
    record("campaign.closed", campaign, at=at, actor=actor, structure=None)
    return campaign


@transaction.atomic
def save_part(invitee: Invitee, block_code: str, time: int, values: Mapping[str, Any], *, at: datetime) -> Response:
    """Keep what was typed in one part of the answer of ``invitee``, whom the caller's door has recognised.

    ``values``: code of a question → value, None for nothing. Saved at each change: it leaves no line in the journal until
    the answer is sent. Raises SurveyRefused.
    """
    campaign = invitee.campaign
    _refuse_closed(campaign)
    whole = read(campaign.questionnaire)
    block = whole.block(block_code)
    if block is None or not 1 <= time <= block.most:
        raise Http404
    if any(isinstance(value, str) and looks_like_nir(value) for value in values.values()):
        raise SurveyRefused("nir", "Un numéro de sécurité sociale ne s’écrit pas ici\u00a0: effacez-le.")
    response = _draft_of(invitee, at)
    known = {question.code: question for question in block.questions}
    for code, value in values.items():
        if code in known:
            _keep(response, known[code], time, value)
    response.saved_at = at
    if response.state == ResponseState.SUBMITTED:
        response.state = ResponseState.DRAFT
    response.save(update_fields=["saved_at", "state"])
    return response


@transaction.atomic
def remove_time(invitee: Invitee, block_code: str, time: int, *, at: datetime) -> None:
    """Take one time out of a part answered several times; those after it move down."""
    _refuse_closed(invitee.campaign)
    response = Response.objects.filter(invitee=invitee).first()
    if response is None:
        return
    mine = response.answers.filter(question__block=block_code)
    mine.filter(occurrence=time).delete()
    for answer in mine.filter(occurrence__gt=time).order_by("occurrence"):
        answer.occurrence -= 1
        answer.save(update_fields=["occurrence"])


@transaction.atomic
def submit(invitee: Invitee, comment: str, *, at: datetime, actor: User | None = None) -> Response:
    """Send an answer. In an anonymous campaign, what says whose it is goes at once. Raises SurveyRefused."""
    campaign = invitee.campaign
    _refuse_closed(campaign)
    response = Response.objects.select_for_update().filter(invitee=invitee).first()
    if response is None:
        raise SurveyRefused("empty", "Répondez d’abord à une question au moins.")
    whole, known = read(campaign.questionnaire), given(response)
    lacking = lacks(whole, known)
    if lacking:
        raise SurveyRefused("missing", f"Il reste à répondre\u00a0: {', '.join(lack.label for lack in lacking[:5])}.")
    if told_doubts(whole, known, before(invitee)) and not comment.strip():
        raise SurveyRefused("doubts", "Des chiffres étonnent\u00a0: corrigez-les, ou expliquez-les en un mot.")
    for code, time in unasked(whole, known):
        response.answers.filter(question__code=code, occurrence=time).delete()
    today = timezone.localdate(at)
    response.state, response.comment, response.returned = ResponseState.SUBMITTED, comment.strip()[:1_000], ""
    response.submitted_on = None if campaign.anonymous else today
    if campaign.anonymous:
        response.invitee = response.structure = response.saved_at = None
        response.answers.update(structure=None)
    response.save()
    invitee.answered_on = today
    invitee.save(update_fields=["answered_on"])
    told = None if campaign.anonymous else actor
    record(
        "campaign.answered", campaign, at=at, actor=told, structure=None if campaign.anonymous else invitee.structure
    )
    return response


@transaction.atomic
def send_back(seat: NetworkSeat, pk: int, reason: str, *, at: datetime) -> Response:
    """Give an answer back to who sent it, to be mended. Never an anonymous one. Raises SurveyRefused."""
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
    invitee.answered_on = None
    invitee.save(update_fields=["answered_on"])
    record("response.returned", response, at=at, actor=seat.user, structure=response.structure)
    return response


@transaction.atomic
def check(seat: NetworkSeat, pk: int, *, at: datetime) -> Response:
    """Say that an answer has been looked at and holds."""
    response = response_read_by(seat, pk)
    response.state = ResponseState.CHECKED
    response.save(update_fields=["state"])
    record("response.checked", response, at=at, actor=seat.user, structure=response.structure)
    return response


def before(invitee: Invitee) -> Given:
    """Return what the same structure answered to the same questions the year before; nothing when nobody knows."""
    campaign = invitee.campaign
    if invitee.structure_id is None or campaign.year is None:
        return {}
    former = Response.objects.filter(
        structure=invitee.structure_id,
        campaign__questionnaire__code=campaign.questionnaire.code,
        campaign__year=campaign.year - 1,
        state__in=(ResponseState.SUBMITTED, ResponseState.CHECKED),
    ).first()
    return given(former)


def _draft_of(invitee: Invitee, at: datetime) -> Response:
    response, _ = Response.objects.get_or_create(
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


def _refuse_closed(campaign: Campaign) -> None:
    if campaign.state != CampaignState.OPEN:
        raise SurveyRefused("closed", "Cette enquête est close\u00a0: merci d’y avoir pensé.")
