"""The white papers of the fictional network, told through the acts people use: one published and followed, one whose call is open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from dentelle.demo.governance import AFTERNOON, meeting_time
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.advocacy.actions import contributions, editions, ideas, papers, proposals
from dentelle.network.advocacy.actions.contributions import Words
from dentelle.network.advocacy.actions.papers import Asked
from dentelle.network.advocacy.actions.proposals import Draft, Typed
from dentelle.network.advocacy.examples import MANIFESTO_2022, add_example
from dentelle.network.advocacy.models import (
    Chapter,
    Contribution,
    ContributionState,
    Figure,
    Idea,
    Proposal,
    WhitePaper,
)
from dentelle.network.governance.actions import sessions
from dentelle.network.governance.models import Axis, Concern, Session
from dentelle.network.practices.models import Practice, PracticeVersion
from dentelle.network.surveys.models import Question
from dentelle.network.tour.queries import findings_cited_by

STORY = Path(__file__).with_name("advocacy.yaml")
_NAMED = re.compile(r"\{([^}]+)\}")


@dataclass(slots=True)
class Made:
    """What the story has made so far, under the keys its file gives. ``sheets``: key of a practice → its title."""

    seat: NetworkSeat
    sheets: Mapping[str, str]
    at: datetime
    said: dict[str, Contribution] = field(default_factory=dict)
    ideas: dict[str, Idea] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    chapters: list[Chapter] = field(default_factory=list)

    def ago(self, days: int, hours: int = 0) -> datetime:
        return self.at - timedelta(days=days, hours=hours)


def load_advocacy(seat: NetworkSeat, sheets: Mapping[str, str], *, at: datetime) -> int:
    """Tell both stories and put the example of 2022 beside; return how many contributions were written, 0 when they were there."""
    if WhitePaper.objects.filter(network=seat.network).exists():
        return 0
    story: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    add_example(seat, MANIFESTO_2022, at=at - timedelta(days=130))
    _publish(Made(seat, sheets, at), story["published"])
    _call(Made(seat, sheets, at), story["open"])
    return Contribution.objects.filter(network=seat.network).count()


def _publish(made: Made, story: Mapping[str, Any]) -> None:
    seat = made.seat
    axes = list(Axis.objects.filter(network=seat.network, name__in=story["axes"]))
    paper = _opened(made, story, began=125, days=30, axes=axes)
    for said in story["contributions"]:
        _write(made, paper, said)
    returned = made.said.pop(story["back"]["key"])
    contributions.send_back(seat, returned.pk, words=story["back"]["words"], at=made.ago(98))
    for one in made.said.values():
        contributions.accept(seat, one.pk, at=made.ago(96))
    papers.close_call(seat, paper.pk, at=made.ago(94))
    held = Session.objects.filter(network=seat.network, held_at__isnull=False).order_by("starts_at")[0]
    for told in story["ideas"]:
        _gather(made, paper, told, at=made.ago(80))
        ideas.discuss(seat, made.ideas[told["key"]].pk, session_pk=held.pk, words=story["discussion"], at=made.ago(54))
    for decided in story["decisions"]:
        into = made.ideas[decided["into"]].pk if "into" in decided else None
        ideas.decide(
            seat,
            made.ideas[decided["idea"]].pk,
            decision=decided["decision"],
            reason=decided["reason"],
            into=into,
            at=made.ago(50),
        )
    _write_chapters(made, paper, story)
    for told in story["proposals"]:
        _propose(made, paper, told)
    edition = editions.make_edition(seat, paper.pk, at=made.ago(25))
    editions.publish(seat, edition.pk, at=made.ago(24))
    _follow(made, paper, story)


def _opened(made: Made, story: Mapping[str, Any], *, began: int, days: int, axes: list[Axis]) -> WhitePaper:
    at = made.ago(began)
    paper = papers.open_paper(made.seat, title=story["title"], aim=story["aim"], at=at)
    asked = Asked(story["call"], at.date(), (at + timedelta(days=days)).date(), axes)
    papers.open_call(made.seat, paper.pk, asked, at=at)
    return paper


def _write(made: Made, paper: WhitePaper, said: Mapping[str, Any]) -> None:
    author = Membership.objects.select_related("user", "structure").filter(user__email=said["by"]).order_by("pk")[0]
    concerns = _concerns(made, said["concern"]) if "concern" in said else []
    words = Words(
        finding=said["finding"],
        proposal=said["proposal"],
        consent=said["consent"],
        practices=[each.published for key in said.get("practices", ()) if (each := _sheet(made, key)).published],
        concerns=concerns,
        theme=concerns[0].theme if concerns else None,
        findings=[each.pk for each in findings_cited_by(made.seat.network_id)[-1:]] if said.get("tour") else [],
    )
    send = said.get("stage") != ContributionState.DRAFT
    made.said[said["key"]] = contributions.write(author, paper.pk, words, at=made.ago(said["days"], 2), send=send)


def _concerns(made: Made, words: str) -> list[Concern]:
    found = Concern.objects.filter(network=made.seat.network, text__contains=words).select_related("theme")
    return list(found.order_by("pk")[:1])


def _sheet(made: Made, key: str) -> Practice:
    version = PracticeVersion.objects.filter(
        practice__network=made.seat.network, title=made.sheets[key], published_on__isnull=False
    )
    return version.select_related("practice__published").order_by("pk")[0].practice


def _gather(made: Made, paper: WhitePaper, told: Mapping[str, Any], *, at: datetime) -> None:
    idea = ideas.name_idea(made.seat, paper.pk, title=told["title"], summary=told.get("summary", ""), at=at)
    ideas.gather(made.seat, [made.said[key].pk for key in told["gathers"]], idea.pk, at=at)
    made.ideas[told["key"]] = idea


def _write_chapters(made: Made, paper: WhitePaper, story: Mapping[str, Any]) -> None:
    at = made.ago(45)
    for told in story["chapters"]:
        axis = Axis.objects.filter(network=made.seat.network, name=told["axis"]).first()
        chapter = papers.write_chapter(
            made.seat, paper.pk, title=told["title"], introduction=told["introduction"], axis=axis, at=at
        )
        made.chapters.append(chapter)
    for told in story["figures"]:
        typed = Typed(told["label"], told["value"], told["unit"], told["definition"], told["source"], at.date())
        made.figures[told["key"]] = proposals.take_figure(made.seat, paper.pk, typed, at=at)
    # the consolidation closed a month ago: its figure is taken the day it closed
    code = story["measure"]
    question = Question.objects.filter(
        questionnaire__network=made.seat.network, questionnaire__code="clause", code=code
    ).first()
    campaign = question.questionnaire.campaigns.order_by("pk").first() if question else None
    if question and campaign:
        made.figures[code] = proposals.take_measure(
            made.seat, paper.pk, f"survey:{campaign.pk}:{question.pk}", at=made.ago(30)
        )


def _propose(made: Made, paper: WhitePaper, told: Mapping[str, Any]) -> Proposal:
    seat, at = made.seat, made.ago(29)
    chapter = made.chapters[told["chapter"]]
    idea = Idea.objects.get(pk=made.ideas[told["idea"]].pk)
    proposal = proposals.open_proposal(seat, paper.pk, title=told["title"], chapter=chapter, idea=idea, at=at)
    keys = {one.pk: key for key, one in made.said.items()}
    numbers = {keys[each.contribution_id]: each.number for each in proposal.citations.all() if each.contribution_id}
    known = [
        *((f"practice:{key}", "practice", _sheet(made, key).pk) for key in told.get("practices", ())),
        *((f"concern:{words}", "concern", each.pk) for words in told["concerns"] for each in _concerns(made, words)),
        *((f"figure:{key}", "figure", made.figures[key].pk) for key in told["figures"] if key in made.figures),
    ]
    for name, kind, key in known:
        numbers[name] = proposals.cite(seat, proposal.pk, kind=kind, key=key, excerpt="", at=at).number

    def marked(text: str) -> str:
        return _NAMED.sub(lambda found: _mark(made, numbers, found[1]), text).replace(" [", "\u00a0[")

    draft = Draft(
        told["title"],
        chapter,
        finding=marked(told["finding"]),
        measure=marked(told["measure"]),
        level=told["level"],
        cost=told.get("cost", ""),
        cost_source=told.get("cost_source", ""),
        legal_vehicle=told["legal_vehicle"],
        indicator=told["indicator"],
        indicator_definition=told["indicator_definition"],
    )
    return proposals.write_proposal(seat, proposal.pk, draft, expected_revision=proposal.revision, at=at)


def _mark(made: Made, numbers: Mapping[str, int], name: str) -> str:
    kind, _, key = name.partition(":")
    if kind == "value":
        return made.figures[key].value if key in made.figures else "des"
    return f"[{numbers[name]}]" if name in numbers else ""


def _follow(made: Made, paper: WhitePaper, story: Mapping[str, Any]) -> None:
    seat = made.seat
    for told in story["carried"]:
        then = made.ago(told["days"])
        carried = editions.carry(
            seat, paper.pk, to_whom=told["to"], carried_on=then.date(), by_whom=told["by"], at=then
        )
        if "answer" in told:
            back = made.ago(told["answered"])
            editions.answer(
                seat, carried.pk, words=told["answer"], answered_on=back.date(), outcome=told["outcome"], at=back
            )
    for told in story["follow"]:
        then = made.ago(told["days"])
        editions.follow_up(
            seat,
            Proposal.objects.get(paper=paper, number=told["proposal"]).pk,
            state=told["state"],
            on=then.date(),
            words=told["words"],
            source=told["source"],
            at=then,
        )


def _call(made: Made, story: Mapping[str, Any]) -> None:
    """A call that closes in ten days, with contributions at each stage that comes before a decision."""
    seat = made.seat
    paper = _opened(made, story, began=10, days=20, axes=[])
    for said in story["contributions"]:
        _write(made, paper, said)
    stages = {said["key"]: said["stage"] for said in story["contributions"]}
    for key, one in made.said.items():
        if stages[key] not in (ContributionState.DRAFT, ContributionState.SUBMITTED):
            contributions.accept(seat, one.pk, at=made.ago(2))
    for told in story["ideas"]:
        _gather(made, paper, told, at=made.ago(2))
    group = Session.objects.filter(network=seat.network, held_at__isnull=False).order_by("-starts_at")[0].body
    day = meeting_time(made.ago(1), AFTERNOON)  # after what it speaks of was sent
    met = sessions.plan_session(seat, group, starts_at=day, place="Visioconférence", at=day)
    sessions.add_item(seat, met.pk, title=made.ideas["mobile"].title, concerns=[], at=day)
    sessions.hold(seat, met.pk, at=day)
    ideas.discuss(seat, made.ideas["mobile"].pk, session_pk=met.pk, words=story["discussion"], at=max(day, made.ago(1)))
