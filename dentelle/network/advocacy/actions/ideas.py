"""Ideas: named and filled by people, discussed in a body, then retained, merged or set aside with the reason told."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.papers import edited, take
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
    seat: NetworkSeat,
    paper_pk: int,
    *,
    title: str,
    summary: str,
    at: datetime,
    pk: int | None = None,
    expected_revision: int = 0,
) -> Idea:
    """Name what several contributions say; with ``pk``, name it otherwise, unless somebody did since: EditedMeanwhile."""
    paper = edited(seat, paper_pk)
    begun = {"network_id": seat.network_id, "paper": paper, "created_at": at, "created_by": seat.user}
    idea = _open(seat, pk) if pk else Idea(**begun)
    if pk:
        take(idea, expected_revision)
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
    if session.cancelled_at:
        raise AdvocacyRefused("cancelled", "Cette séance est annulée\u00a0: rien n’y a été discuté.", "session")
    if session.starts_at > at:
        raise AdvocacyRefused("too_early", "Cette séance n’a pas encore commencé.", "session")
    if _noted(idea).filter(session=session).exists():
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
        if not _spoke_of(discussion, contribution):
            continue  # it came after that session: another one will speak of it
        contribution.state = ContributionState.DISCUSSED
        contribution.save(update_fields=["state"])
        tell(contribution, OutcomeKind.DISCUSSED, at=at, idea=idea, session=session, words=words.strip())
    record("idea.discussed", idea, at=at, actor=seat.user, structure=None, session=session.pk)
    return discussion


@transaction.atomic
def take_discussion_back(seat: NetworkSeat, pk: int, *, discussion_pk: int, reason: str, at: datetime) -> Discussion:
    """Say a discussion was noted by mistake, and why, while nothing is decided of its idea; the authors told of it read it.

    It stays with its reason. A contribution another discussion spoke of is still discussed, and its author told of that one.
    """
    idea = _open(seat, pk)
    discussion = access.one(_noted(idea).select_related("session__body"), discussion_pk)
    if not reason.strip():
        raise AdvocacyRefused("reason", "Donnez la raison\u00a0: les auteurs la liront.", "reason")
    discussion.taken_back_at, discussion.taken_back_because = at, reason.strip()
    discussion.save(update_fields=["taken_back_at", "taken_back_because"])
    left = list(_noted(idea).select_related("session__body"))
    if not left:
        idea.state = IdeaState.OPEN
        idea.save(update_fields=["state"])
    for contribution in _told_of(discussion):
        tell(contribution, OutcomeKind.TAKEN_BACK, at=at, idea=idea, session=discussion.session, words=reason.strip())
        if contribution.idea_id != idea.pk or contribution.state != ContributionState.DISCUSSED:
            continue
        other = next((each for each in left if _spoke_of(each, contribution)), None)
        if other is None:
            contribution.state = ContributionState.GROUPED
            contribution.save(update_fields=["state"])
        else:
            tell(contribution, OutcomeKind.DISCUSSED, at=at, idea=idea, session=other.session, words=other.words)
    record("idea.discussion_taken_back", idea, at=at, actor=seat.user, structure=None, session=discussion.session_id)
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
    """Those a session spoke of, as far as their authors were told: one noted by mistake does not count."""
    kinds = [OutcomeKind.DISCUSSED.value, OutcomeKind.TAKEN_BACK.value]
    told = ContributionNews.objects.filter(contribution__in=found, kind__in=kinds)
    stands: Counter[tuple[int, int | None]] = Counter()
    for pk, session, kind in told.values_list("contribution", "session", "kind"):
        stands[pk, session] += 1 if kind == OutcomeKind.DISCUSSED else -1
    return {pk for (pk, _), count in stands.items() if count > 0}


def _noted(idea: Idea) -> QuerySet[Discussion]:
    return idea.discussions.filter(taken_back_at=None)


def _spoke_of(discussion: Discussion, contribution: Contribution) -> bool:
    held = timezone.localdate(discussion.session.starts_at)
    return contribution.sent_at is not None and timezone.localdate(contribution.sent_at) <= held


def _told_of(discussion: Discussion) -> list[Contribution]:
    """The contributions whose authors were told of a discussion since it was noted, wherever they are filed now."""
    told = ContributionNews.objects.filter(
        kind=OutcomeKind.DISCUSSED, idea=discussion.idea_id, session=discussion.session_id, at__gte=discussion.noted_at
    )
    found = Contribution.objects.filter(pk__in=told.values("contribution"))
    found = found.exclude(state=ContributionState.WITHDRAWN).select_related("author", "structure", "paper")
    return list(found.order_by("pk"))


def _contributions(ideas: Sequence[int], *states: str) -> list[Contribution]:
    found = Contribution.objects.filter(idea__in=ideas, state__in=states).select_related("author", "structure", "paper")
    return list(found.order_by("pk"))
