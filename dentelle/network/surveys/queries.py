"""Reading surveys: what a structure is asked, what the head follows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from dentelle.foundations.organisations.access import SEE_PEOPLE
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.surveys.access import answering_for, campaigns_of, invitations_of, questionnaires_of, readable
from dentelle.network.surveys.documents import document_of
from dentelle.network.surveys.doubts import doubts_of
from dentelle.network.surveys.models import (
    Campaign,
    CampaignState,
    Invitee,
    Question,
    Questionnaire,
    Response,
    ResponseState,
)
from dentelle.network.surveys.reading import asked_by, given, unpacked, written
from dentelle.network.surveys.results import cell_sizes
from dentelle.network.surveys.shipped import CODES, shipped
from dentelle.rules.disclosure import masked, network_minimum
from dentelle.rules.questionnaires import changes, told
from dentelle.rules.surveys import Kind
from dentelle.rules.wording import plural

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What a structure is asked: the campaign, where its answer stands, days left."""

    campaign: Campaign
    state: str
    days: int
    is_sent: bool


def asked_of(member: Membership, *, today: date) -> tuple[Line, ...]:
    """Return the open campaigns the member's structure is invited to, the nearest end first."""
    waiting = invitations_of(member).filter(campaign__state=CampaignState.OPEN).select_related("campaign", "response")
    return tuple(
        Line(
            invitee.campaign,
            _state(invitee),
            (invitee.campaign.closes_on - today).days,
            invitee.answered_on is not None,
        )
        for invitee in waiting.order_by("campaign__closes_on", "pk")
    )


def who_answers(member: Membership) -> str:
    """Say in French who answers for the member's structure, to somebody who does not; by their names to whoever may read who
    works there, otherwise by what they do."""
    names = list(answering_for(member).order_by("user__full_name", "pk").values_list("user__full_name", flat=True))
    if not names:
        return "Personne n’y répond encore pour elle\u00a0: il y faut un ou une responsable, un facilitateur ou une facilitatrice."
    if member.role not in SEE_PEOPLE:
        found = plural(len(names), "personne peut", "personnes peuvent")
        return f"Y répondent pour elle ses responsables et ses facilitateurs ou facilitatrices ({found} le faire)."
    told = names if len(names) <= MOST_NAMED else [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} autres"]
    *first, last = told
    if not first:
        return f"{last} y répond pour elle."
    return f"{', '.join(first)} et {last} y répondent pour elle."


def _state(invitee: Invitee) -> str:
    response = getattr(invitee, "response", None)
    if response is not None and response.state == ResponseState.RETURNED:
        return "à reprendre"
    if response is not None and response.working is not None:
        return "envoyée, des changements attendent de l’être"
    if invitee.answered_on is not None:
        return "envoyée"
    return "en cours" if response else "à commencer"


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed campaign; ``is_answered``: the structure sent an answer that can be read again."""

    campaign: Campaign
    is_answered: bool


def closed_of(member: Membership) -> tuple[Closed, ...]:
    """Return the closed campaigns of the member's network, latest first: one query."""
    mine = Response.objects.filter(
        campaign=OuterRef("pk"), invitee__structure=member.structure_id, version__gte=1, campaign__anonymous=False
    )
    closed = Campaign.objects.filter(network=member.structure.network_id, state=CampaignState.CLOSED)
    closed = closed.annotate(is_answered=Exists(mine)).order_by("-closed_on", "-pk")[:30]
    return tuple(Closed(each, each.is_answered) for each in closed)


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
    """One question and what was answered, written French. ``before``: what the version before said, when it said otherwise;
    « rien » when it said nothing."""

    label: str
    text: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class SaidPart:
    """One part, one time. ``sheet``: whether the respondent agrees that a practice sheet be made of it, None when not asked."""

    code: str
    title: str
    time: int
    lines: tuple[Said, ...]
    sheet: bool | None = None


def said(response: Response) -> tuple[SaidPart, ...]:
    """Return a whole answer, part by part; of an anonymous one, words are masked."""
    known = given(response)
    former = unpacked(response.former[-1]["answers"]) if response.former else None
    found = []

    def line(question: Question, time: int) -> Said:
        key = question.code, time
        text = written(question, known[key])
        if response.campaign.anonymous and Kind(question.kind).is_words:
            text = masked(text)
        changed = former is not None and former.get(key) != known[key]
        before = (written(question, former[key]) if key in former else "rien") if changed and former is not None else ""
        return Said(question.label, text, before)

    for block in asked_by(response.campaign).blocks:
        for time in range(1, block.most + 1):
            lines = tuple(line(question, time) for question in block.questions if (question.code, time) in known)
            if lines:
                agreed = known.get(("sheet", time)) if any(each.code == "sheet" for each in block.questions) else None
                title = f"{block.title} {time}" if block.most > 1 else block.title
                found.append(SaidPart(block.code, title, time, lines, None if agreed is None else agreed == "yes"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer of a list: whether its type is told beside it, how many of its figures surprise."""

    response: Response
    tells_kind: bool
    doubts: int


def responses_of(campaign: Campaign) -> list[Listed]:
    """Return the answers that may be read; an anonymous campaign's in an order that says nothing of who sent them when."""
    sent = readable(campaign).select_related("structure", "invitee")
    listed = list(sent.order_by("kind", "region_code", "pk"))
    sizes = cell_sizes(listed)
    least = network_minimum() if campaign.anonymous else 0
    shown = listed[:500]
    doubts = doubts_of(campaign, shown)
    return [Listed(each, sizes[each.kind, each.region_code] >= least, len(doubts.get(each.pk, ()))) for each in shown]


def kind_may_be_told(response: Response) -> bool:
    """Say whether the type of who answered may be read beside the answer: of an anonymous one, only if enough are alike."""
    if not response.campaign.anonymous:
        return True
    sizes = cell_sizes(readable(response.campaign))
    return sizes[response.kind, response.region_code] >= network_minimum()
