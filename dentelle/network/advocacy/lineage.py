"""Ideas merged into one another: all that ended in one of them, at any depth, and which contributions are retained."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from dentelle.network.advocacy.models import Contribution, ContributionState, Idea, IdeaState, WhitePaper

NOT_KEPT = (
    ContributionState.DRAFT.value,
    ContributionState.SUBMITTED.value,
    ContributionState.RETURNED.value,
    ContributionState.SET_ASIDE.value,
    ContributionState.WITHDRAWN.value,
)


def gathered_in(idea: Idea) -> tuple[int, ...]:
    """Return the key of an idea, then those of all the ideas merged into it, at any depth."""
    return below(_merged(idea.paper_id), [idea.pk])


def all_gathered(paper: WhitePaper) -> dict[int, tuple[int, ...]]:
    """Return, for each idea of a white paper that others were merged into, its key and theirs."""
    merged = _merged(paper.pk)
    return {pk: below(merged, [pk]) for pk in merged}


def kept(paper: WhitePaper) -> frozenset[int]:
    """Return the contributions retained: a proposal cites them, or the idea where theirs ended is retained.

    The same before and after a publication, which decides nothing; one set aside on its own is not retained with its idea.
    """
    retained = paper.ideas.filter(state=IdeaState.RETAINED).values_list("pk", flat=True)
    ideas = below(_merged(paper.pk), retained)
    found = Contribution.objects.filter(paper=paper).exclude(state__in=NOT_KEPT)
    return frozenset(found.filter(Q(idea__in=ideas) | Q(citations__isnull=False)).values_list("pk", flat=True))


def ended_in(papers: Iterable[int]) -> dict[int, int]:
    """Return, for each idea of white papers merged into another, the one where it ended, at any depth. One query."""
    pairs = Idea.objects.filter(paper__in=papers, merged_into__isnull=False).values_list("pk", "merged_into")
    into = {pk: later for pk, later in pairs if later is not None}
    found = {}
    for pk, other in into.items():
        last = other
        while last in into:
            last = into[last]
        found[pk] = last
    return found


def below(merged: Mapping[int, Iterable[int]], ideas: Iterable[int]) -> tuple[int, ...]:
    """Return ideas and all that ``merged`` says went into them, each once."""
    found = list(dict.fromkeys(ideas))
    for pk in found:  # it grows while it is walked
        found += [each for each in merged.get(pk, ()) if each not in found]
    return tuple(found)


def _merged(paper_pk: int) -> dict[int, list[int]]:
    """The ideas merged into each one, directly."""
    merged: dict[int, list[int]] = {}
    pairs = Idea.objects.filter(paper=paper_pk, merged_into__isnull=False).order_by("title", "pk")
    for pk, into in pairs.values_list("pk", "merged_into"):
        if into is not None:
            merged.setdefault(into, []).append(pk)
    return merged
