"""Ideas: named and filled by people, discussed in a body, then retained, merged or set aside with the reason told."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.papers import edited
from dentelle.network.advocacy.lineage import gathered_in
from dentelle.network.advocacy.models import (
    Citation,
    Contribution,
    ContributionNews,
    ContributionState,
    Discussion,
    Idea,
    IdeaState,
    OutcomeKind,
)
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.advocacy.telling import tell
from dentelle.network.governance.access import sessions_visible_to
from dentelle.rules.wording import day as written_day

MOST_AT_ONCE = 200
GATHERABLE = (ContributionState.MODERATED.value, ContributionState.GROUPED.value, ContributionState.DISCUSSED.value)
PUBLISHED = (ContributionState.CITED.value, ContributionState.NOT_CITED.value)  # what an edition said of them stays
# those a decision on their idea, or on the one it was merged into, is told to
SETTLED = (
    ContributionState.GROUPED.value,
    ContributionState.DISCUSSED.value,
    ContributionState.MERGED.value,
    *PUBLISHED,
)
AFTER_DECISION = (
    ContributionState.RETAINED.value,
    ContributionState.MERGED.value,
    ContributionState.SET_ASIDE.value,
    *PUBLISHED,
)
DECIDED = {
    IdeaState.RETAINED.value: (ContributionState.RETAINED, OutcomeKind.RETAINED),
    IdeaState.MERGED.value: (ContributionState.MERGED, OutcomeKind.MERGED),
    IdeaState.SET_ASIDE.value: (ContributionState.SET_ASIDE, OutcomeKind.SET_ASIDE),
}


@transaction.atomic
def name_idea(
    seat: NetworkSeat, paper_pk: int, *, title: str, summary: str, at: datetime, pk: int | None = None
) -> Idea:
    """Name what several contributions say; with ``pk``, name it otherwise."""
    paper = edited(seat, paper_pk)
    begun = {"network_id": seat.network_id, "paper": paper, "created_at": at, "created_by": seat.user}
    idea = _open(seat, pk) if pk else Idea(**begun)
    idea.title, idea.summary = " ".join(title.split()), summary.strip()
    if not idea.title:
        raise AdvocacyRefused("title", "Donnez un nom à l’idée.", "title")
    try:
        with transaction.atomic():
            idea.save()
    except IntegrityError as taken:
        raise AdvocacyRefused("title_taken", f"Il y a déjà une idée « {idea.title} ».", "title") from taken
    record("idea.changed" if pk else "idea.named", idea, at=at, actor=seat.user, structure=None, paper=paper.pk)
    return idea


@transaction.atomic
def gather(seat: NetworkSeat, keys: Sequence[int], idea_pk: int, *, at: datetime) -> int:
    """Put contributions under an idea; return how many moved. Each keeps its words, and its author is told."""
    idea = _open(seat, idea_pk)
    chosen = list(
        access.contributions_visible_to(seat)
        .select_for_update(of=("self",))
        .select_related("author", "structure", "paper")
        .filter(pk__in=list(keys)[:MOST_AT_ONCE], paper=idea.paper_id)
        .order_by("pk")
    )
    if not chosen:
        raise AdvocacyRefused("nothing", "Cochez au moins une contribution à ranger.")
    for contribution in chosen:
        if contribution.state not in GATHERABLE:
            raise AdvocacyRefused(
                "settled", f"Une contribution est {contribution.get_state_display()}\u00a0: elle ne se range plus."
            )
    moved = [each for each in chosen if each.idea_id != idea.pk]
    for contribution in moved:
        contribution.idea, contribution.state = idea, ContributionState.GROUPED
        contribution.save(update_fields=["idea", "state"])
        tell(contribution, OutcomeKind.GROUPED, at=at, idea=idea)
    if moved:
        record("idea.gathered", idea, at=at, actor=seat.user, structure=None, contributions=len(moved))
    return len(moved)


@transaction.atomic
def move(seat: NetworkSeat, keys: Sequence[int], *, paper_pk: int, into: int | None, title: str, at: datetime) -> Idea:
    """Put contributions under another idea not decided yet, or under one named here; their authors are told."""
    idea = _open(seat, into) if into else name_idea(seat, paper_pk, title=title, summary="", at=at)
    gather(seat, keys, idea.pk, at=at)
    return idea


@transaction.atomic
def discuss(seat: NetworkSeat, pk: int, *, session_pk: int, words: str, at: datetime) -> Discussion:
    """Note that a body discussed an idea in a session; the authors of its contributions are told where."""
    idea = _open(seat, pk)
    session = access.one(sessions_visible_to(seat).select_related("body"), session_pk)
    if timezone.localdate(session.starts_at) > timezone.localdate(at):
        raise AdvocacyRefused("too_early", "Cette séance n’a pas encore eu lieu.", "session")
    if Discussion.objects.filter(idea=idea, session=session).exists():
        raise AdvocacyRefused("twice", "Cette séance est déjà notée pour cette idée.", "session")
    day, first = timezone.localdate(session.starts_at), first_sent(idea)
    if first is None:
        raise AdvocacyRefused("empty", "Rangez d’abord au moins une contribution dans cette idée.")
    if day < first:
        raise AdvocacyRefused(
            "before",
            f"Cette séance est d’avant les contributions\u00a0: la première est du {written_day(first)}.",
            "session",
        )
    discussion = Discussion.objects.create(
        network_id=seat.network_id, idea=idea, body=session.body, session=session, words=words.strip(), noted_at=at
    )
    if idea.state == IdeaState.OPEN:
        idea.state = IdeaState.DISCUSSED
        idea.save(update_fields=["state"])
    for contribution in _contributions([idea.pk], ContributionState.GROUPED.value):
        if contribution.sent_at is None or timezone.localdate(contribution.sent_at) > day:
            continue  # it came after that session: another one will speak of it
        contribution.state = ContributionState.DISCUSSED
        contribution.save(update_fields=["state"])
        tell(contribution, OutcomeKind.DISCUSSED, at=at, idea=idea, session=session, words=words.strip())
    record("idea.discussed", idea, at=at, actor=seat.user, structure=None, session=session.pk)
    return discussion


@transaction.atomic
def decide(seat: NetworkSeat, pk: int, *, decision: str, reason: str, into: int | None, at: datetime) -> Idea:
    """Retain an idea, merge it into another or set it aside, after a discussion; every author reads the reason.

    Those of the ideas merged into it too, at any depth. What a published edition said of a contribution stays.
    """
    idea = _open(seat, pk)
    if decision not in DECIDED:
        raise AdvocacyRefused("decision", "Choisissez ce que devient l’idée.", "decision")
    if idea.state != IdeaState.DISCUSSED:
        raise AdvocacyRefused(
            "not_discussed", "Cette idée n’a pas encore été discutée\u00a0: notez d’abord la séance.", "decision"
        )
    if decision != IdeaState.RETAINED and not reason.strip():
        raise AdvocacyRefused("reason", "Donnez la raison\u00a0: les auteurs la liront.", "reason")
    if decision == IdeaState.MERGED:
        idea.merged_into = _other(seat, idea, into)
    idea.state, idea.reason, idea.decided_on = decision, reason.strip(), timezone.localdate(at)
    idea.save()
    state, kind = DECIDED[decision]
    settled = _contributions(gathered_in(idea), *SETTLED)
    cited = Citation.objects.filter(contribution__in=settled)
    if decision == IdeaState.SET_ASIDE and cited.exists():
        raise AdvocacyRefused("cited", "Une proposition cite une de ses contributions\u00a0: retirez la citation.")
    for contribution in settled:
        if contribution.state not in PUBLISHED:
            contribution.state = state
            contribution.save(update_fields=["state"])
        tell(contribution, kind, at=at, idea=idea.merged_into or idea, words=idea.reason)
    if decision == IdeaState.RETAINED:
        record("idea.retained", idea, at=at, actor=seat.user, structure=None, contributions=len(settled))
    elif decision == IdeaState.MERGED:
        record("idea.merged", idea, at=at, actor=seat.user, structure=None, contributions=len(settled))
    else:
        record("idea.set_aside", idea, at=at, actor=seat.user, structure=None, contributions=len(settled))
    return idea


@transaction.atomic
def reopen(seat: NetworkSeat, pk: int, *, reason: str, at: datetime) -> Idea:
    """Go back on what was decided of an idea, saying why: it is to be decided again, and every author it was told to knows.

    What was merged into it stays so; what was set aside on its own, and what an edition published, too.
    """
    idea = access.one(access.ideas_visible_to(seat).select_for_update(of=("self",)), pk)
    if idea.state not in DECIDED:
        raise AdvocacyRefused("undecided", "Rien n’est décidé de cette idée.")
    if not reason.strip():
        raise AdvocacyRefused("reason", "Donnez la raison\u00a0: les auteurs la liront.", "reason")
    idea.state, idea.merged_into, idea.decided_on = IdeaState.DISCUSSED, None, None
    idea.reason = reason.strip()
    idea.save()
    told = _contributions(gathered_in(idea), *AFTER_DECISION)
    alone, discussed = _set_aside_alone(told), _discussed(told)
    told = [each for each in told if each.pk not in alone]
    for contribution in told:
        if contribution.state not in PUBLISHED:
            talked = ContributionState.DISCUSSED if contribution.pk in discussed else ContributionState.GROUPED
            contribution.state = talked if contribution.idea_id == idea.pk else ContributionState.MERGED
            contribution.save(update_fields=["state"])
        tell(contribution, OutcomeKind.REOPENED, at=at, idea=idea, words=idea.reason)
    record("idea.reopened", idea, at=at, actor=seat.user, structure=None, contributions=len(told))
    return idea


def first_sent(idea: Idea) -> date | None:
    """Return the day the first contribution of an idea was sent: nobody spoke of it before; None when it has none."""
    found = Contribution.objects.filter(idea__in=gathered_in(idea)).exclude(state=ContributionState.WITHDRAWN)
    first = found.aggregate(first=Min("sent_at"))["first"]
    return timezone.localdate(first) if first else None


def _open(seat: NetworkSeat, pk: int) -> Idea:
    idea = access.one(access.ideas_visible_to(seat).select_for_update(of=("self",)), pk)
    if idea.state not in (IdeaState.OPEN, IdeaState.DISCUSSED):
        raise AdvocacyRefused("decided", f"Cette idée est déjà {idea.get_state_display()}\u00a0: elle ne change plus.")
    return idea


def _other(seat: NetworkSeat, idea: Idea, pk: int | None) -> Idea:
    found = access.ideas_visible_to(seat).filter(paper=idea.paper_id).exclude(pk=idea.pk)
    other = found.filter(pk=pk or 0).exclude(state__in=[IdeaState.MERGED, IdeaState.SET_ASIDE]).first()
    if other is None:
        raise AdvocacyRefused("into", "Choisissez l’idée à laquelle elle est réunie.", "into")
    return other


def _set_aside_alone(found: Sequence[Contribution]) -> set[int]:
    """Those set aside on their own, not with their idea."""
    aside = [each.pk for each in found if each.state == ContributionState.SET_ASIDE]
    told = ContributionNews.objects.filter(contribution__in=aside, kind=OutcomeKind.SET_ASIDE).order_by("at", "pk")
    last = dict(told.values_list("contribution", "idea"))
    return {pk for pk in aside if last.get(pk) is None}


def _discussed(found: Sequence[Contribution]) -> set[int]:
    told = ContributionNews.objects.filter(contribution__in=found, kind=OutcomeKind.DISCUSSED)
    return set(told.values_list("contribution", flat=True))


def _contributions(ideas: Sequence[int], *states: str) -> list[Contribution]:
    found = Contribution.objects.filter(idea__in=ideas, state__in=states).select_related("author", "structure", "paper")
    return list(found.order_by("pk"))
