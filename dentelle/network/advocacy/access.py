"""The only way to the white paper: it is the network's, read by its people, run by its head; a contribution is its author's.

A draft is its author's alone. Once sent, a contribution is read by its structure and by the head; once received by the moderation, by
the network too, unless its author refuses to be quoted. The author is named to other members only if they agreed to it.
"""

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from dentelle.foundations.documents.models import FileState
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.advocacy.models import (
    Call,
    Carried,
    Chapter,
    Citation,
    Consent,
    Contribution,
    ContributionState,
    Edition,
    Figure,
    Idea,
    PaperState,
    Proposal,
    WhitePaper,
)
from dentelle.network.governance.access import Viewer, may_run, network_of, one

WRITERS = (
    Role.FACILITATOR.value,
    Role.PATHWAY_ADVISOR.value,
    Role.MANAGER.value,
    Role.ELECTED_OFFICIAL.value,
)
ACTING = (Role.FACILITATOR.value, Role.MANAGER.value)  # those who have a list of the day
UNSENT = (ContributionState.DRAFT.value, ContributionState.WITHDRAWN.value)
# not received: not read by the moderation yet, or with its author again
NOT_RECEIVED = (*UNSENT, ContributionState.SUBMITTED.value, ContributionState.RETURNED.value)
# what other members read
SHARED = tuple(
    state.value
    for state in (
        ContributionState.MODERATED,
        ContributionState.GROUPED,
        ContributionState.DISCUSSED,
        ContributionState.RETAINED,
        ContributionState.MERGED,
        ContributionState.CITED,
        ContributionState.NOT_CITED,
    )
)
Owned = TypeVar("Owned", bound=Model)


def may_write(viewer: Viewer) -> bool:
    """Say whether the person answers calls: those who work in a member, and its elected officials."""
    return isinstance(viewer, Membership) and viewer.role in WRITERS


def _of_network(found: "QuerySet[Owned]", viewer: Viewer) -> "QuerySet[Owned]":
    return found.filter(network=network_of(viewer))


def papers_visible_to(viewer: Viewer) -> QuerySet[WhitePaper]:
    return _of_network(WhitePaper.objects.all(), viewer)


def calls_visible_to(viewer: Viewer) -> QuerySet[Call]:
    return _of_network(Call.objects.all(), viewer)


def chapters_visible_to(viewer: Viewer) -> QuerySet[Chapter]:
    return _of_network(Chapter.objects.all(), viewer)


def ideas_visible_to(viewer: Viewer) -> QuerySet[Idea]:
    return _of_network(Idea.objects.all(), viewer)


def proposals_visible_to(viewer: Viewer) -> QuerySet[Proposal]:
    return _of_network(Proposal.objects.all(), viewer)


def citations_visible_to(viewer: Viewer) -> QuerySet[Citation]:
    return _of_network(Citation.objects.all(), viewer)


def figures_visible_to(viewer: Viewer) -> QuerySet[Figure]:
    return _of_network(Figure.objects.all(), viewer)


def carried_visible_to(viewer: Viewer) -> QuerySet[Carried]:
    return _of_network(Carried.objects.all(), viewer)


def editions_visible_to(viewer: Viewer) -> QuerySet[Edition]:
    """Return the editions of the network; those not published yet are read by its head alone."""
    found = _of_network(Edition.objects.all(), viewer)
    return found if may_run(viewer) else found.filter(published_on__isnull=False)


def contributions_visible_to(viewer: Viewer) -> QuerySet[Contribution]:
    """Return what one may read of the contributions to the network's white papers."""
    found = _of_network(Contribution.objects.all(), viewer)
    if isinstance(viewer, NetworkSeat):
        return found.exclude(state__in=UNSENT)
    return found.filter(
        Q(author=viewer.user_id)
        | (~Q(state__in=UNSENT) & Q(structure=viewer.structure_id))
        | (Q(state__in=SHARED) & ~Q(consent=Consent.UNQUOTED))
    )


def contributions_written_by(member: Membership) -> QuerySet[Contribution]:
    """Return the person's own contributions, for the structure they act in."""
    return Contribution.objects.filter(structure=member.structure_id, author=member.user_id)


def officials_beside(member: Membership) -> QuerySet[Membership]:
    """Return the elected officials of the member's structure: each speaks, and is told what becomes of it, in their own name."""
    return Membership.objects.filter(structure=member.structure_id, role=Role.ELECTED_OFFICIAL)


def contributions_answered_for(member: Membership) -> QuerySet[Contribution]:
    """Return those whose outcomes the person may say were read: their own, and those of the team when they follow its work."""
    mine = Q(author=member.user_id)
    if member.role in ACTING:
        mine |= ~Q(state__in=UNSENT) & ~Q(author__in=officials_beside(member).values("user"))
    return Contribution.objects.filter(mine, structure=member.structure_id)


def knows_author(viewer: Viewer, contribution: Contribution) -> bool:
    """Say whether the author's name is shown to the person."""
    if may_run(viewer) or contribution.consent == Consent.NAMED:
        return True
    return isinstance(viewer, Membership) and (
        contribution.author_id == viewer.user_id or contribution.structure_id == viewer.structure_id
    )


def public_calls(on: date) -> QuerySet[Call]:
    """Return the calls anybody may read: those launched, once they open; what is answered stays in the network."""
    found = Call.objects.filter(opens_on__lte=on, paper__is_example=False).exclude(paper__state=PaperState.PREPARING)
    return found.select_related("paper", "network")


def published_editions() -> QuerySet[Edition]:
    """Return what anybody may read: the published editions of published white papers."""
    return Edition.objects.filter(
        published_on__isnull=False, paper__state=PaperState.PUBLISHED, paper__is_example=False
    ).filter(pdf__state=FileState.AVAILABLE)


__all__ = ["Viewer", "may_run", "network_of", "one"]
