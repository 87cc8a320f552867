"""Contributions as one may read them: lists, one of them whole with what became of it, ideas that gather them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.foundations.organisations.models import Membership
from dentelle.network.advocacy import access
from dentelle.network.advocacy.access import Viewer
from dentelle.network.advocacy.actions.contributions import EDITABLE, WITHDRAWABLE
from dentelle.network.advocacy.actions.ideas import GATHERABLE
from dentelle.network.advocacy.lineage import all_gathered, gathered_in
from dentelle.network.advocacy.models import (
    Citation,
    Consent,
    Contribution,
    ContributionState,
    Discussion,
    Idea,
    IdeaState,
    OutcomeKind,
    Proposal,
    WhitePaper,
)
from dentelle.network.advocacy.telling import outcome
from dentelle.network.governance import places
from dentelle.network.governance.access import concerns_visible_to
from dentelle.network.governance.models import Concern, ConcernState
from dentelle.rules.disclosure import masked

PAGE = 30
UNDECIDED = (IdeaState.OPEN.value, IdeaState.DISCUSSED.value)
ASIDE = (*GATHERABLE, ContributionState.SUBMITTED.value)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of contributions shows. ``idea``: a key; ``mine``: one's own only."""

    idea: int | None = None
    state: str = ""
    mine: bool = False

    @property
    def active(self) -> bool:
        return bool(self.idea or self.state or self.mine)


@dataclass(frozen=True, slots=True)
class Row:
    """A contribution as the person who reads may know it; ``author`` is empty when its name is not shown to them.

    ``returned_at``: when the moderation last sent it back, told in the lists it reads.
    """

    pk: int
    paper: int
    finding: str
    proposal: str
    evidence: str
    structure: str
    author: str
    places: str
    about: str
    idea: Idea | None
    mandate: str
    state: str
    state_label: str
    consent: str
    consent_label: str
    written_at: datetime
    mine: bool
    unread: bool
    names_somebody: bool
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """A page of contributions, latest first; ``after`` opens the next one."""

    rows: tuple[Row, ...]
    total: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One dated line of « ce qu’est devenu ce que j’ai dit »."""

    at: datetime
    sentence: str
    words: str
    session: int | None
    idea: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One contribution, what it leans on, what leans on it, what became of it, and what the person may do.

    ``concerns``: those the person may not read have no key, and what is said of them in place of their words.
    """

    row: Row
    contribution: Contribution
    practices: tuple[tuple[int, str], ...]
    concerns: tuple[tuple[int | None, str], ...]
    findings: tuple[tuple[int, str], ...]
    cited_by: tuple[Citation, ...]
    news: tuple[Told, ...]
    may_edit: bool
    may_withdraw: bool
    may_mark_read: bool
    may_moderate: bool
    may_set_aside: bool
    may_move: bool


@dataclass(frozen=True, slots=True)
class IdeaRow:
    idea: Idea
    contributions: int
    structures: int


@dataclass(frozen=True, slots=True)
class IdeaSheet:
    """One idea, its contributions and those merged into it in their own words, where it was discussed, what was decided, the
    ``proposals`` that come from it. ``mistaken``: the discussions noted by mistake, taken back since."""

    idea: Idea
    rows: tuple[Row, ...]
    quiet: int
    discussions: tuple[Discussion, ...]
    mistaken: tuple[Discussion, ...]
    absorbed: tuple[Idea, ...]
    others: tuple[Idea, ...]
    proposals: tuple[Proposal, ...]
    is_open: bool

    @property
    def movable(self) -> tuple[Row, ...]:
        """Its contributions nothing is decided of."""
        return tuple(row for row in self.rows if row.state in GATHERABLE)

    @property
    def places(self) -> tuple[Idea, ...]:
        """The other ideas contributions may be moved to."""
        return tuple(each for each in self.others if each.state in UNDECIDED)


def list_contributions(
    viewer: Viewer, paper: WhitePaper, filters: Filters, *, after: str | None = None, size: int = PAGE
) -> ContributionPage:
    """Return a page of what a person may read; an unreadable ``after`` starts over."""
    found = access.contributions_visible_to(viewer).filter(paper=paper)
    if filters.idea:
        found = found.filter(idea=filters.idea)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.mine:
        found = found.filter(author=viewer.user_id)
    total = found.count()
    if cursor := after_of(after):
        at, pk = cursor
        found = found.filter(Q(written_at__lt=at) | Q(written_at=at, pk__lt=pk))
    kept = list(_joined(found).order_by("-written_at", "-pk")[: size + 1])
    following = cursor_of(kept[size - 1].written_at, kept[size - 1].pk) if len(kept) > size else None
    return ContributionPage(rows(viewer, kept[:size]), total, following)


def to_moderate(viewer: Viewer, paper: WhitePaper, *, size: int = 100) -> tuple[Row, ...]:
    """Return the contributions nobody has read yet, oldest first."""
    return _in(viewer, paper, [ContributionState.SUBMITTED.value], size)


def returned(viewer: Viewer, paper: WhitePaper, *, size: int = 100) -> tuple[Row, ...]:
    """Return the contributions the moderation sent back and that are still with their authors."""
    return _in(viewer, paper, [ContributionState.RETURNED.value], size)


def to_gather(viewer: Viewer, paper: WhitePaper, *, size: int = 100) -> tuple[Row, ...]:
    """Return the contributions under no idea yet, oldest first."""
    return _in(viewer, paper, [ContributionState.MODERATED.value], size)


def mine(viewer: Viewer, paper: WhitePaper | None = None, *, size: int = 20) -> tuple[Row, ...]:
    """Return one's own contributions, latest first, drafts included."""
    if not isinstance(viewer, Membership):
        return ()
    found = access.contributions_written_by(viewer)
    if paper is not None:
        found = found.filter(paper=paper)
    return rows(viewer, list(_joined(found).order_by("-written_at", "-pk")[:size]))


def sheet_of(viewer: Viewer, pk: int) -> Sheet:
    """Return one contribution, or 404."""
    contribution = access.one(_joined(access.contributions_visible_to(viewer)), pk)
    (row,) = rows(viewer, [contribution])
    sources = list(contribution.sources.select_related("practice", "concern", "finding"))
    own = isinstance(viewer, Membership) and (row.mine or contribution.structure_id == viewer.structure_id)
    head = access.may_run(viewer)
    news = contribution.news.select_related("idea", "session__body", "contribution") if own or head else ()
    told = tuple(
        Told(
            each.at, outcome(each, to_author=row.mine), each.words, each.session_id, each.idea_id, each.read_at is None
        )
        for each in news
    )
    cited_by = contribution.citations.select_related("proposal").order_by("proposal__number")
    return Sheet(
        row,
        contribution,
        tuple((each.practice.practice_id, each.practice.title) for each in sources if each.practice),
        _concerns(viewer, [each.concern for each in sources if each.concern]),
        tuple((each.finding.pk, each.finding.told) for each in sources if each.finding),
        tuple(cited_by),
        told,
        may_edit=row.mine and row.state in EDITABLE,
        may_withdraw=row.mine and row.state in WITHDRAWABLE,
        may_mark_read=any(each.is_new for each in told) and _answers_for(viewer, pk),
        may_moderate=head and row.state == ContributionState.SUBMITTED,
        may_set_aside=head and row.state in ASIDE and not cited_by,
        may_move=head and row.state in GATHERABLE,
    )


def _concerns(viewer: Viewer, found: Sequence[Concern]) -> tuple[tuple[int | None, str], ...]:
    kept = [each for each in found if each.state != ConcernState.WITHDRAWN]
    readable = set(concerns_visible_to(viewer).filter(pk__in=[each.pk for each in kept]).values_list("pk", flat=True))
    told: list[tuple[int | None, str]] = []
    for each in found:
        if each.state == ConcernState.WITHDRAWN:
            told.append((None, "une préoccupation que son auteur a retirée depuis"))
        elif each.pk not in readable:
            told.append((None, "une préoccupation que le réseau ne lit pas encore"))
        else:
            told.append((each.pk, each.text[:120]))
    return tuple(told)


def _answers_for(viewer: Viewer, pk: int) -> bool:
    return isinstance(viewer, Membership) and access.contributions_answered_for(viewer).filter(pk=pk).exists()


def places_for(viewer: Viewer, contribution: Contribution) -> tuple[Idea, ...]:
    """Return the ideas a contribution may be moved to: not decided, and not its own."""
    found = access.ideas_visible_to(viewer).filter(paper=contribution.paper_id, state__in=UNDECIDED)
    return tuple(found.exclude(pk=contribution.idea_id or 0).order_by("title", "pk"))


def ideas_of(viewer: Viewer, paper: WhitePaper) -> tuple[IdeaRow, ...]:
    """Return the ideas of a white paper, those that gather most first, with what was merged into them."""
    found = access.ideas_visible_to(viewer).filter(paper=paper).select_related("merged_into").order_by("title", "pk")
    voices: dict[int, list[int]] = {}
    counted = paper.contributions.exclude(state=ContributionState.WITHDRAWN).filter(idea__isnull=False)
    for idea, structure in counted.values_list("idea", "structure"):
        voices.setdefault(idea, []).append(structure)
    gathered = all_gathered(paper)
    listed = []
    for each in found:
        said = [one for pk in gathered.get(each.pk, (each.pk,)) for one in voices.get(pk, ())]
        listed.append(IdeaRow(each, len(said), len({*said})))
    return tuple(sorted(listed, key=lambda row: -row.contributions))


def idea_sheet(viewer: Viewer, pk: int) -> IdeaSheet:
    """Return one idea, or 404. ``quiet``: contributions that count and that the person may not read."""
    idea = access.one(access.ideas_visible_to(viewer).select_related("paper", "merged_into"), pk)
    gathered = gathered_in(idea)
    found = _joined(access.contributions_visible_to(viewer).filter(idea__in=gathered)).order_by("sent_at", "pk")
    shown = rows(viewer, list(found))
    every = Contribution.objects.filter(idea__in=gathered).exclude(state=ContributionState.WITHDRAWN).count()
    others = Idea.objects.filter(paper=idea.paper_id).exclude(pk=pk)
    noted = list(idea.discussions.select_related("body", "session__body"))
    return IdeaSheet(
        idea,
        shown,
        every - len(shown),
        tuple(each for each in noted if each.taken_back_at is None),
        tuple(each for each in noted if each.taken_back_at is not None),
        tuple(Idea.objects.filter(pk__in=gathered[1:]).select_related("merged_into").order_by("title", "pk")),
        tuple(others.exclude(state__in=[IdeaState.MERGED, IdeaState.SET_ASIDE])),
        born_of(idea),
        is_open=idea.state in UNDECIDED,
    )


def born_of(idea: Idea) -> tuple[Proposal, ...]:
    """Return the proposals that come from an idea, or from one merged into it, in their order."""
    return tuple(Proposal.objects.filter(idea__in=gathered_in(idea)).order_by("number"))


def rows(viewer: Viewer, found: Sequence[Contribution]) -> tuple[Row, ...]:
    """Return contributions as the person may know them."""
    names = places.named(each.places for each in found)
    return tuple(_row(viewer, each, names) for each in found)


def _row(viewer: Viewer, one: Contribution, names: dict[str, str]) -> Row:
    mine = isinstance(viewer, Membership) and one.author_id == viewer.user_id
    named = ", ".join(filter(None, (one.author_name, one.author_function)))
    about = one.theme or one.axis
    return Row(
        pk=one.pk,
        paper=one.paper_id,
        finding=one.finding,
        proposal=one.proposal,
        evidence=one.evidence,
        structure=one.structure.name,
        author=named if access.knows_author(viewer, one) else "",
        places=places.together(one.places, names),
        about=about.name if about else "",
        idea=one.idea,
        mandate=one.mandate.name,
        state=one.state,
        state_label=one.get_state_display(),
        consent=one.consent,
        consent_label=Consent(one.consent).label,
        written_at=one.sent_at or one.written_at,
        mine=mine,
        unread=bool(getattr(one, "unread", 0)),
        names_somebody=any(masked(text) != text for text in (one.finding, one.proposal, one.evidence)),
        returned_at=getattr(one, "returned_at", None),
    )


def _joined(found: QuerySet[Contribution]) -> QuerySet[Contribution]:
    return found.select_related("structure", "paper", "idea", "mandate", "axis", "theme", "author").annotate(
        unread=Count("news", filter=Q(news__read_at=None))
    )


def _in(viewer: Viewer, paper: WhitePaper, states: Sequence[str], size: int) -> tuple[Row, ...]:
    found = access.contributions_visible_to(viewer).filter(paper=paper, state__in=states)
    sent_back = Max("news__at", filter=Q(news__kind=OutcomeKind.RETURNED))
    return rows(viewer, list(_joined(found).annotate(returned_at=sent_back).order_by("sent_at", "pk")[:size]))
