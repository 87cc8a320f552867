"""Reading surveys: what a structure is asked, what the head follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.surveys.access import SENT, campaigns_of, invitations_of, questionnaires_of
from dentelle.network.surveys.documents import document_of
from dentelle.network.surveys.models import (
    Campaign,
    CampaignState,
    Invitee,
    Question,
    Questionnaire,
    Response,
    ResponseState,
)
from dentelle.network.surveys.reading import given, read
from dentelle.network.surveys.shipped import CODES, shipped
from dentelle.rules.questionnaires import changes, told
from dentelle.rules.surveys import Kind, told_figure
from dentelle.web.formatting import money, number, prose_date


@dataclass(frozen=True, slots=True)
class Line:
    """What a structure is asked: the campaign, where its answer stands, days left."""

    campaign: Campaign
    state: str
    days: int


def asked_of(member: Membership, *, today: date) -> tuple[Line, ...]:
    """Return the open campaigns the member's structure is invited to, the nearest end first."""
    waiting = invitations_of(member).filter(campaign__state=CampaignState.OPEN).select_related("campaign", "response")
    return tuple(
        Line(invitee.campaign, _state(invitee), (invitee.campaign.closes_on - today).days)
        for invitee in waiting.order_by("campaign__closes_on", "pk")
    )


def _state(invitee: Invitee) -> str:
    if invitee.answered_on is not None:
        return "envoyée"
    response = getattr(invitee, "response", None)
    return ResponseState(response.state).label if response else "à commencer"


def closed_of(member: Membership) -> tuple[Campaign, ...]:
    """Return the closed campaigns of the member's network, latest first."""
    closed = Campaign.objects.filter(network=member.structure.network_id, state=CampaignState.CLOSED)
    return tuple(closed.order_by("-closes_on", "-pk")[:30])


@dataclass(frozen=True, slots=True)
class Followed:
    """A campaign of the head: how many answered among those invited, how many answers wait to be looked at."""

    campaign: Campaign
    invited: int
    answered: int


def followed_by(seat: NetworkSeat) -> tuple[Followed, ...]:
    """Return the campaigns of the head's network, latest first: one query."""
    counted = campaigns_of(seat).select_related("questionnaire").annotate(
        invited=Count("invitees"), answered=Count("invitees", filter=Q(invitees__answered_on__isnull=False))
    )  # fmt: skip
    return tuple(Followed(each, each.invited, each.answered) for each in counted.order_by("-created_at", "-pk")[:100])


def written_around(seat: NetworkSeat, questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the other versions of a questionnaire, what changed since the one before, whether Dentelle ships another one
    today, and its controls."""
    versions = list(questionnaires_of(seat).filter(code=questionnaire.code).order_by("-version"))
    document = document_of(questionnaire)
    before = next((each for each in versions if each.version < questionnaire.version), None)
    published = [each for each in versions if each.published_at is not None]
    return {
        "versions": [each for each in versions if each.pk != questionnaire.pk],
        "before": before,
        "changes": changes(document_of(before), document) if before else [],
        "draft": next((each for each in versions if each.published_at is None), None),
        "is_latest": bool(published) and published[0].pk == questionnaire.pk,
        "shipped_differs": questionnaire.code in CODES and shipped(questionnaire.code) != document,
        "controls": [told(control, document) for control in document.controls],
    }


@dataclass(frozen=True, slots=True)
class Said:
    """One question and what was answered, written French."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SaidPart:
    """One part, one time. ``sheet``: whether the respondent agrees that a practice sheet be made of it, None when not asked."""

    code: str
    title: str
    time: int
    lines: tuple[Said, ...]
    sheet: bool | None = None


def said(response: Response) -> tuple[SaidPart, ...]:
    """Return a whole answer, part by part."""
    known = given(response)
    found = []
    for block in read(response.campaign.questionnaire).blocks:
        for time in range(1, block.most + 1):
            lines = tuple(
                Said(question.label, written(question, known[question.code, time]))
                for question in block.questions
                if (question.code, time) in known
            )
            if lines:
                agreed = known.get(("sheet", time)) if any(each.code == "sheet" for each in block.questions) else None
                title = f"{block.title} {time}" if block.most > 1 else block.title
                found.append(SaidPart(block.code, title, time, lines, None if agreed is None else agreed == "yes"))
    return tuple(found)


def written(question: Question, value: Any) -> str:
    """Return an answer in French."""
    kind = Kind(question.kind)
    if kind.is_counted:
        options: Mapping[str, str] = question.options or {"yes": "oui", "no": "non"}
        return ", ".join(options.get(each, str(each)) for each in (value if isinstance(value, list) else [value]))
    if kind is Kind.MONEY:
        return money(value, "")
    if kind.is_figure:
        figure = number(value) if kind is Kind.WHOLE else told_figure(value, kind)
        return f"{figure}\u00a0{question.unit}".strip()
    return prose_date(value) if kind is Kind.DAY else str(value)


def responses_of(campaign: Campaign) -> list[Response]:
    """Return the answers sent; an anonymous campaign's in an order that says nothing of who sent them when."""
    sent = campaign.responses.filter(state__in=SENT).select_related("structure", "invitee")
    return list(sent.order_by("kind", "region_code", "pk")[:500])
