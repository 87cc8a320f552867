"""Editions as the head of the network works on them: what keeps one from being made, from being published, from being read."""

from dataclasses import dataclass

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.editions import left_out, taken_back
from dentelle.network.advocacy.content import cited, corrected_in
from dentelle.network.advocacy.models import Contribution, ContributionState, Edition, Idea, IdeaState, WhitePaper
from dentelle.network.advocacy.readiness import Gap, gaps, left_unprinted

MOST = 100


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition; ``taken_back``: how many of those it cites agree to less since; ``corrected``: the figures it prints that were
    corrected since, as it prints them then as they are now. ``is_latest``: none is newer."""

    edition: Edition
    taken_back: int
    corrected: tuple[tuple[str, str], ...]
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a white paper, latest first; what keeps a new one from being made, then what it would not print."""

    rows: tuple[EditionRow, ...]
    gaps: tuple[Gap, ...]
    has_proposals: bool
    unprinted: tuple[Gap, ...]

    @property
    def to_make_again(self) -> bool:
        """Somebody took back words the published edition prints, and no newer edition is ready to take its place."""
        latest = self.rows[0] if self.rows else None
        return latest is not None and latest.taken_back > 0


@dataclass(frozen=True, slots=True)
class Pending:
    """What a publication would leave without answer. ``left_out``: received, not cited; each is owed a reason."""

    unread: int
    ungathered: int
    returned: int
    ideas: tuple[Idea, ...]
    left_out: tuple[Contribution, ...]
    taken_back: int
    corrected: tuple[tuple[str, str], ...]

    @property
    def unanswered(self) -> tuple[Contribution, ...]:
        return tuple(each for each in self.left_out if not each.left_out_because)

    @property
    def answered(self) -> tuple[Contribution, ...]:
        return tuple(each for each in self.left_out if each.left_out_because)

    @property
    def may_publish(self) -> bool:
        return not (self.unread or self.unanswered or self.taken_back)

    @property
    def is_nothing(self) -> bool:
        return not (
            self.unread
            or self.ungathered
            or self.returned
            or self.ideas
            or self.left_out
            or self.taken_back
            or self.corrected
        )


def editions_of(seat: NetworkSeat, paper: WhitePaper) -> Editions:
    """Return the editions of a white paper as its head reads them."""
    found = list(access.editions_visible_to(seat).filter(paper=paper).order_by("-number"))
    rows = tuple(
        EditionRow(each, len(taken_back(each.content)), corrections_of(each), place == 0)
        for place, each in enumerate(found)
    )
    return Editions(rows, gaps(paper), paper.proposals.exists(), left_unprinted(paper))


def pending(paper: WhitePaper, edition: Edition) -> Pending:
    """Return what a publication of this edition would leave without answer."""
    states = list(paper.contributions.values_list("state", flat=True))
    undecided = paper.ideas.filter(state__in=[IdeaState.OPEN, IdeaState.DISCUSSED]).order_by("title")
    return Pending(
        unread=states.count(ContributionState.SUBMITTED),
        ungathered=states.count(ContributionState.MODERATED),
        returned=states.count(ContributionState.RETURNED),
        ideas=tuple(undecided),
        left_out=tuple(left_out(paper, edition).select_related("structure", "idea").order_by("sent_at", "pk")),
        taken_back=len(taken_back(edition.content)),
        corrected=corrections_of(edition),
    )


def corrections_of(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Return the figures an edition prints that were corrected since: as it prints each, then as it is now."""
    now = corrected_in(edition.content)
    printed = {each["figure"]: each["title"] for each in cited(edition.content) if each.get("figure") in now}
    return tuple((title, now[pk]) for pk, title in printed.items())
