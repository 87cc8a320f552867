"""White papers: the list, one of them whole, its proposals with their origin, its editions and what followed."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from dentelle.network.advocacy import access
from dentelle.network.advocacy.access import Viewer
from dentelle.network.advocacy.actions.contributions import took_back
from dentelle.network.advocacy.content import (
    Content,
    citation_of,
    cited,
    cited_proposals,
    corrected_in,
    digest,
    proposals_of,
)
from dentelle.network.advocacy.markers import Paragraph, paragraphs
from dentelle.network.advocacy.models import (
    Call,
    Carried,
    Chapter,
    Citation,
    Consent,
    Contribution,
    ContributionState,
    Edition,
    FollowUp,
    IdeaState,
    PaperState,
    Proposal,
    WhitePaper,
)
from dentelle.network.advocacy.readiness import Reread, explained, is_origin, to_reread, unexplained
from dentelle.network.practices.access import open_versions
from dentelle.rules.wording import day, plural

_RESULTS = re.compile(r"/enquetes/(\d+)/resultats")
HIDDEN = "Une contribution dont l’auteur n’a pas souhaité être cité"


@dataclass(frozen=True, slots=True)
class PaperRow:
    paper: WhitePaper
    call: Call | None
    proposals: int
    contributions: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way from the call to what follows: how far it has come, where it is done."""

    label: str
    said: str
    done: bool
    page: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A white paper as its network reads it. ``loose``: proposals in no chapter yet."""

    paper: WhitePaper
    call: Call | None
    is_open: bool
    chapters: tuple[Chapter, ...]
    loose: tuple[Proposal, ...]
    editions: tuple[Edition, ...]
    carried: tuple[Carried, ...]
    steps: tuple[Step, ...]

    @property
    def published(self) -> Edition | None:
        """The latest edition anybody may read."""
        return next((each for each in self.editions if each.published_on), None)


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as the person may read it, and its sentences."""

    pk: int
    number: int
    said: dict[str, Any]
    sentences: tuple[str, ...]
    is_printed: bool


@dataclass(frozen=True, slots=True)
class ProposalSheet:
    """One proposal. ``bare``: sentences that lack a source and a reason; ``unsourced``: those that say why; ``to_reread``: those
    whose figure was corrected since; ``printed``: the
    published editions that hold it, and its anchor in each; ``is_held``: some edition holds it, published or not."""

    proposal: Proposal
    finding: tuple[Paragraph, ...]
    measure: tuple[Paragraph, ...]
    sources: tuple[Source, ...]
    bare: tuple[str, ...]
    unsourced: tuple[dict[str, str], ...]
    to_reread: tuple[Reread, ...]
    follow_ups: tuple[FollowUp, ...]
    printed: tuple[tuple[int, str], ...]
    is_held: bool
    before: Proposal | None
    after: Proposal | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one proposal: the latest state, then every line."""

    proposal: int
    number: int
    title: str
    lines: tuple[FollowUp, ...]

    @property
    def state(self) -> str:
        return self.lines[-1].get_state_display() if self.lines else "sans réponse"


@dataclass(frozen=True, slots=True)
class Public:
    """An edition as anybody reads it. ``masked``: authors who agree to less since; its files then wait for the next edition.
    ``corrected``: figures it prints that were corrected since, told where it cites them."""

    edition: Edition
    content: Content
    masked: int
    corrected: int
    editions: tuple[Edition, ...]
    carried: tuple[Carried, ...]
    followed: tuple[Followed, ...]
    is_intact: bool

    @property
    def waited(self) -> bool:
        """Say whether the edition was published another day than the one its files bear."""
        return self.edition.published_on != timezone.localdate(self.edition.made_at)


def paper_list(viewer: Viewer) -> tuple[PaperRow, ...]:
    """Return the white papers of the network, latest first, examples last."""
    sent = ~Q(contributions__state__in=access.UNSENT)
    found = (
        access.papers_visible_to(viewer)
        .select_related("call", "mandate")
        .annotate(asks=Count("proposals", distinct=True), voices=Count("contributions", filter=sent, distinct=True))
        .order_by("is_example", "-created_at", "-pk")
    )
    return tuple(PaperRow(each, getattr(each, "call", None), each.asks, each.voices) for each in found)


def paper_sheet(viewer: Viewer, pk: int, *, today: date) -> PaperSheet:
    """Return one white paper, or 404."""
    paper = access.one(access.papers_visible_to(viewer).select_related("call", "mandate", "network"), pk)
    call = getattr(paper, "call", None)
    chapters = paper.chapters.select_related("axis").order_by("rank").prefetch_related(cited_proposals(paper))
    editions = tuple(access.editions_visible_to(viewer).filter(paper=paper).defer("content").order_by("-number"))
    return PaperSheet(
        paper,
        call,
        is_open(paper, call, today),
        tuple(chapters),
        tuple(paper.proposals.filter(chapter=None).prefetch_related("citations")),
        editions,
        tuple(paper.carried.all()),
        _steps(paper, call, editions) if access.may_run(viewer) and not paper.is_example else (),
    )


def is_open(paper: WhitePaper, call: Call | None, today: date) -> bool:
    """Say whether one may contribute today."""
    return call is not None and paper.state == PaperState.OPEN and call.opens_on <= today <= call.closes_on


def why_shut(paper: WhitePaper, call: Call | None, today: date) -> str:
    """Return why nothing may be sent today, a sentence without its full stop; empty while the call is open."""
    if is_open(paper, call, today):
        return ""
    if call is None or today < call.opens_on or call.closes_on > today:
        return "L’appel à contributions n’est pas ouvert"
    return f"L’appel à contributions est clos depuis le {day(call.closes_on)}"


def _steps(paper: WhitePaper, call: Call | None, editions: tuple[Edition, ...]) -> tuple[Step, ...]:
    """The way of a white paper as its head sees it, in three queries."""
    counts = dict(paper.contributions.order_by().values_list("state").annotate(Count("pk")))
    sent = sum(count for state, count in counts.items() if state not in access.UNSENT)
    waiting = counts.get(ContributionState.SUBMITTED.value, 0)
    loose = counts.get(ContributionState.MODERATED.value, 0)
    ideas = dict(paper.ideas.order_by().values_list("state").annotate(Count("pk")))
    undecided = ideas.get(IdeaState.OPEN.value, 0) + ideas.get(IdeaState.DISCUSSED.value, 0)
    proposals = paper.proposals.aggregate(all=Count("pk", distinct=True), bare=Count("pk", filter=Q(citations=None)))
    return (
        Step(
            "Appel",
            f"jusqu’au {call.closes_on:%d/%m/%Y}" if call else "à lancer",
            paper.state not in (PaperState.PREPARING, PaperState.OPEN),
            "advocacy:call",
        ),
        Step(
            "Lecture",
            f"{waiting} à lire, {plural(sent, 'envoyée', 'envoyées')}",
            sent > 0 and not waiting,
            "advocacy:moderation",
        ),
        Step(
            "Idées",
            f"{loose} à ranger, {undecided} à décider, {sum(ideas.values())} en tout",
            bool(ideas) and not loose and not undecided,
            "advocacy:ideas",
        ),
        Step(
            "Propositions",
            f"{plural(proposals['all'], 'écrite', 'écrites')}, {proposals['bare']} sans source",
            proposals["all"] > 0 and not proposals["bare"],
            "advocacy:propose",
        ),
        Step(
            "Édition",
            _editions(editions),
            any(each.published_on for each in editions),
            "advocacy:editions",
        ),
        Step("Suites", "à qui il est remis, ce qu’il devient", False, "advocacy:follow"),
    )


def _editions(editions: tuple[Edition, ...]) -> str:
    published = sum(each.published_on is not None for each in editions)
    return f"{plural(len(editions), 'faite', 'faites')}, {plural(published, 'publiée', 'publiées')}"


def proposal_sheet(viewer: Viewer, pk: int) -> ProposalSheet:
    """Return one proposal with the origin of each of its sentences, or 404."""
    proposal = access.one(access.proposals_visible_to(viewer).select_related("paper", "chapter", "idea"), pk)
    anchor = f"p{proposal.number}"
    finding, measure = (
        paragraphs(proposal.finding, f"{anchor}-constat"),
        paragraphs(proposal.measure, f"{anchor}-mesure"),
    )
    sentences = [each for one in (*finding, *measure) for each in one.sentences]
    citations = proposal.citations.select_related(
        "contribution__structure",
        "practice__practice__structure",
        "practice__practice__network",
        "concern__theme",
        "figure",
        "finding__stage",
    )
    neighbours = Proposal.objects.filter(paper=proposal.paper_id)
    held = [
        (edition, each["anchor"])
        for edition in Edition.objects.filter(paper=proposal.paper_id).order_by("number")
        for each in proposals_of(edition.content)
        if each["pk"] == pk
    ]
    return ProposalSheet(
        proposal,
        finding,
        measure,
        tuple(_source(viewer, each, sentences) for each in citations.order_by("number")),
        unexplained(proposal),
        explained(proposal),
        to_reread(proposal),
        tuple(proposal.follow_ups.all()),
        tuple((edition.number, anchor) for edition, anchor in held if edition.published_on),
        bool(held),
        neighbours.filter(number__lt=proposal.number).order_by("-number").first(),
        neighbours.filter(number__gt=proposal.number).order_by("number").first(),
    )


def _source(viewer: Viewer, citation: Citation, sentences: list[Any]) -> Source:
    said = citation_of(citation)
    if citation.contribution and access.may_run(viewer) and not said["quote"]:
        said |= {
            "title": f"Contribution, {citation.contribution.structure.name}, sans accord pour être citée",
            "url": reverse("advocacy:contribution", args=[citation.contribution_id]),
        }
    if access.may_run(viewer):
        said = for_head(said)
    named = tuple(each.text for each in sentences if citation.number in each.numbers)
    return Source(citation.pk, citation.number, said, named, bool(named) or is_origin(citation))


def for_head(said: dict[str, Any]) -> dict[str, Any]:
    """Return a citation with the addresses the head of a network opens: its own pages of sheets and of surveys."""
    if said.get("practice"):
        return said | {"url": reverse("practices:head-detail", args=[said["practice"]])}
    surveyed = _RESULTS.fullmatch(said["url"])
    return said | {"url": reverse("surveys:campaign", args=[surveyed[1]])} if surveyed else said


def public_edition(pk: int, number: int | None) -> Public | None:
    """Return the edition anybody may read, the latest one or ``number``; None when there is none.

    What authors agree to is asked again now: words somebody took back since are not shown.
    """
    found = list(access.published_editions().filter(paper=pk).select_related("paper", "network").order_by("-number"))
    edition = next((each for each in found if number in (None, each.number)), None)
    if edition is None:
        return None
    kept = [each for each in cited(edition.content) if each.get("contribution")]
    said = Contribution.objects.filter(pk__in=[each["contribution"] for each in kept]).select_related("structure")
    live = {each.pk: each for each in said}
    is_intact = digest(edition.content) == edition.sha256
    taken_back = [each for each in kept if took_back(each, live.get(each["contribution"]))]
    for each in taken_back:
        now = live.get(each["contribution"])
        if now is None or now.state == ContributionState.WITHDRAWN or now.consent == Consent.UNQUOTED:
            each["quote"], each["title"], each["url"] = "", HIDDEN, ""
        else:
            each["title"] = f"Contribution, {now.structure.name}"
    corrected = corrected_in(edition.content)
    for each in cited(edition.content):
        each["corrected"] = corrected.get(each.get("figure", 0), "")
    _source_paragraphs(edition.content)
    return Public(
        edition,
        edition.content,
        len(taken_back),
        len(corrected),
        tuple(found),
        tuple(edition.paper.carried.all()),
        followed_of(edition),
        is_intact,
    )


def open_to_head(page: Public) -> None:
    """Give the citations of a page the addresses the head of the network opens."""
    for proposal in proposals_of(page.content):
        for each in proposal["citations"]:
            each.update(for_head(each))


def closed_to(page: Public) -> None:
    """Take from a page the addresses of the network, whose people its reader is not of; sheets open to anyone keep theirs."""
    citations = [each for proposal in proposals_of(page.content) for each in proposal["citations"]]
    keys = [each["practice"] for each in citations if each.get("practice")]
    opened = set(open_versions().filter(practice__in=keys).values_list("practice", "number"))
    for each in citations:
        number = each["url"].rpartition("?version=")[2]
        is_open = number.isdecimal() and (each.get("practice"), int(number)) in opened
        each["url"] = f"{reverse('practices:public', args=[each['practice']])}?version={number}" if is_open else ""


def _source_paragraphs(content: Content) -> None:
    """Put beside each paragraph what its sentences lean on, for the page alone."""
    for proposal in proposals_of(content):
        by_number = {each["number"]: each for each in proposal["citations"]}
        for paragraph in (*proposal["finding"], *proposal["measure"]):
            named = dict.fromkeys(number for each in paragraph["sentences"] for number in each["numbers"])
            paragraph["sourced"] = [by_number[number] for number in named]


def followed_of(edition: Edition) -> tuple[Followed, ...]:
    """Return what became of each proposal of an edition."""
    lines: dict[int, list[FollowUp]] = {}
    for each in FollowUp.objects.filter(proposal__paper=edition.paper_id).order_by("on", "pk"):
        lines.setdefault(each.proposal_id, []).append(each)
    return tuple(
        Followed(each["pk"], each["number"], each["title"], tuple(lines.get(each["pk"], ())))
        for chapter in edition.content["chapters"]
        for each in chapter["proposals"]
    )
