"""A practice sheet begun from what somebody answered to a survey: what they said is kept, and the way back from each to the other."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.practices.access import Viewer, practices_visible_to
from dentelle.network.practices.actions import begin
from dentelle.network.practices.content import FIELDS, Kind, kept
from dentelle.network.practices.models import Origin, Practice
from dentelle.network.practices.origins import CameFrom
from dentelle.network.practices.places import PlaceUnclear, place_typed
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.practices.telling import ANSWER_KEY
from dentelle.network.surveys.access import response_read_by
from dentelle.network.surveys.made import Made, Sheets
from dentelle.network.surveys.models import Question, Response
from dentelle.network.surveys.reading import Given, asked_by, given
from dentelle.rules.disclosure import masked

AGREES, PLACE = "sheet", "place"


@transaction.atomic
def begin_from_answer(seat: NetworkSeat, response_pk: int, block_code: str, time: int, *, at: datetime) -> Practice:
    """Begin a sheet from one part of an answer sent to the head; asked twice, return the same sheet.

    The sheet is the answering structure's, when there is one, and the head's. Raises PracticeRefused.
    """
    response = response_read_by(seat, response_pk)
    key = origin_key(response, block_code, time)
    known = Practice.objects.filter(network=seat.network_id, origin=Origin.ANSWER, origin_key=key).first()
    if known is not None:
        return known
    answers = _told(response)
    block = asked_by(response.campaign).block(block_code)
    if block is None:
        raise Http404
    if answers.get((AGREES, time)) != "yes":
        raise PracticeRefused("consent", "Cette personne n’a pas accepté qu’une fiche soit tirée de sa réponse.")
    content = _content(response, answers, block_code, time)
    if not content.get("title"):
        raise PracticeRefused(
            "title", "Cette partie de la réponse n’a pas de titre\u00a0: rien à mettre dans une fiche."
        )
    return begin(seat, content, at=at, origin=Origin.ANSWER, origin_key=key, structure=response.structure)


def origin_key(response: Response, block_code: str, time: int) -> str:
    """Return the text that finds again which part of which answer a sheet comes from."""
    return f"{_keys_of(response.pk)}{block_code}:{time}"


def _keys_of(response: int) -> str:
    return f"{ANSWER_KEY}:{response}:"


def came_from(viewer: Viewer, practice: Practice) -> CameFrom | None:
    """Return the answer a sheet was made of, for the head that may read it; None for anybody else."""
    pk = practice.origin_key.removeprefix(f"{ANSWER_KEY}:").partition(":")[0]
    if not isinstance(viewer, NetworkSeat) or not pk.isdecimal():
        return None
    try:
        response = response_read_by(viewer, int(pk))
    except Http404:
        return None
    whose = f" de {response.structure.name}" if response.structure else ""
    return CameFrom(
        f"la réponse{whose} à l’enquête «\u202f{response.campaign.title}\u202f»",
        reverse("surveys:response", kwargs={"pk": response.pk}),
    )


def sheets_of(seat: NetworkSeat, response: Response) -> Sheets:
    """Return the sheets made of an answer, part by part: two queries."""
    begins = _keys_of(response.pk)
    found = practices_visible_to(seat).filter(origin=Origin.ANSWER, origin_key__startswith=begins)
    made = {}
    for practice in found.prefetch_related("versions").order_by("-pk"):
        code, _, time = practice.origin_key.removeprefix(begins).rpartition(":")
        latest = practice.versions.all()[0]
        state = "archivée" if practice.archived_on else latest.get_state_display()
        made[code, int(time)] = Made(latest.title, state, reverse("practices:head-detail", kwargs={"pk": practice.pk}))
    return made


def _told(response: Response) -> Given:
    """What was answered; of an anonymous answer, nothing by which to find who answered may come into a sheet."""
    known = given(response)
    if not response.campaign.anonymous:
        return known
    asked = asked_by(response.campaign).labels
    return {
        (code, time): masked(value) if isinstance(value, str) else value
        for (code, time), value in known.items()
        if code in asked
    }


def _content(response: Response, answers: Given, block_code: str, time: int) -> dict[str, Any]:
    found: dict[str, Any] = {"axis": "purchasing", "device": "social_clause"}
    questions = Question.objects.filter(questionnaire=response.campaign.questionnaire_id).exclude(sheet_field="")
    for question in questions.order_by("rank"):
        value = answers.get((question.code, time if question.block == block_code else 1))
        field = FIELDS.get(question.sheet_field)
        if value is None or field is None:
            continue
        found[field.name] = (
            [{"what": str(value), "source": "réponse à une enquête"}] if field.kind is Kind.RESULTS else value
        )
    try:
        found["place"] = place_typed(str(answers.get((PLACE, 1), "")))
    except PlaceUnclear:
        found["place"] = ""  # to be said by whoever completes the sheet
    return kept(found)
