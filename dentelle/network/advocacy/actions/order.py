"""The order of a white paper: chapters and proposals moved, put elsewhere, taken out. Numbers follow; editions keep theirs."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import forget
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.papers import edited
from dentelle.network.advocacy.content import proposals_of
from dentelle.network.advocacy.models import Chapter, Proposal, WhitePaper
from dentelle.network.advocacy.refusals import AdvocacyRefused

ASIDE = 10_000  # where numbers wait while others take their place: no white paper goes so far


def renumber(paper: WhitePaper) -> None:
    """Give proposals 1, 2, 3… in the order of their chapters, those of no chapter last. In the caller's act."""
    _number(_in_order(paper))


@transaction.atomic
def move_proposal(seat: NetworkSeat, pk: int, *, up: bool, at: datetime) -> Proposal:
    """Exchange a proposal with its neighbour in the same chapter."""
    proposal, paper = _proposal(seat, pk)
    found = _in_order(paper)
    here, there = _places([each.pk for each in found], pk, up=up)
    if there is None or found[there].chapter_id != proposal.chapter_id:
        raise AdvocacyRefused("edge", f"Elle est déjà la {'première' if up else 'dernière'} de son chapitre.")
    found[here], found[there] = found[there], found[here]
    _number(found)
    proposal.refresh_from_db()
    record("proposal.moved", proposal, at=at, actor=seat.user, structure=None, number=proposal.number)
    return proposal


@transaction.atomic
def put_in_chapter(seat: NetworkSeat, pk: int, chapter_pk: int, *, at: datetime) -> Proposal:
    """Put a proposal last in a chapter."""
    proposal, paper = _proposal(seat, pk)
    chapter = access.one(access.chapters_visible_to(seat).filter(paper=paper), chapter_pk)
    if proposal.chapter_id != chapter.pk:
        # from behind all the others: it comes last of its new chapter
        proposal.chapter, proposal.number = chapter, proposal.number + ASIDE
        proposal.revision += 1  # whoever writes it now has its former chapter on screen
        proposal.save(update_fields=["chapter", "number", "revision"])
        renumber(paper)
        proposal.refresh_from_db()
        record("proposal.moved", proposal, at=at, actor=seat.user, structure=None, number=proposal.number)
    return proposal


@transaction.atomic
def move_chapter(seat: NetworkSeat, pk: int, *, up: bool, at: datetime) -> Chapter:
    """Exchange a chapter with its neighbour: its proposals come with it."""
    chapter, paper = _chapter(seat, pk)
    row = list(paper.chapters.order_by("rank"))
    here, there = _places([each.pk for each in row], pk, up=up)
    if there is None:
        raise AdvocacyRefused("edge", f"Ce chapitre est déjà le {'premier' if up else 'dernier'}.")
    row[here], row[there] = row[there], row[here]
    _rank(paper, row)
    renumber(paper)
    chapter.refresh_from_db()
    record("chapter.moved", paper, at=at, actor=seat.user, structure=None, rank=chapter.rank)
    return chapter


@transaction.atomic
def remove_proposal(seat: NetworkSeat, pk: int, *, at: datetime) -> WhitePaper:
    """Take out a proposal no edition holds; what it leaned on stays, and its idea may be proposed again."""
    proposal, paper = _proposal(seat, pk)
    if held := held_by(proposal):
        raise AdvocacyRefused(
            "printed",
            f"L’édition {held} l’imprime\u00a0: une proposition éditée ne disparaît plus, elle s’écrit de nouveau.",
        )
    number = proposal.number
    forget(proposal)
    proposal.delete()
    renumber(paper)
    record("proposal.removed", paper, at=at, actor=seat.user, structure=None, number=number, proposal=pk)
    return paper


@transaction.atomic
def remove_chapter(seat: NetworkSeat, pk: int, *, at: datetime) -> WhitePaper:
    """Take out a chapter that holds no proposal."""
    chapter, paper = _chapter(seat, pk)
    if chapter.proposals.exists():
        raise AdvocacyRefused(
            "full", "Ce chapitre contient encore des propositions\u00a0: mettez-les d’abord dans un autre."
        )
    rank = chapter.rank
    chapter.delete()
    _rank(paper, list(paper.chapters.order_by("rank")))
    record("chapter.removed", paper, at=at, actor=seat.user, structure=None, rank=rank)
    return paper


def held_by(proposal: Proposal) -> int | None:
    """Return the number of the first edition that holds a proposal, published or not; None when none does."""
    editions = proposal.paper.editions.order_by("number").values_list("number", "content")
    return next(
        (number for number, content in editions if any(each["pk"] == proposal.pk for each in proposals_of(content))),
        None,
    )


def _proposal(seat: NetworkSeat, pk: int) -> tuple[Proposal, WhitePaper]:
    # the white paper first, as whoever opens or moves another proposal of it
    paper = edited(seat, access.one(access.proposals_visible_to(seat), pk).paper_id)
    return access.one(access.proposals_visible_to(seat).select_for_update(of=("self",)), pk), paper


def _chapter(seat: NetworkSeat, pk: int) -> tuple[Chapter, WhitePaper]:
    paper = edited(seat, access.one(access.chapters_visible_to(seat), pk).paper_id)
    return access.one(access.chapters_visible_to(seat), pk), paper


def _in_order(paper: WhitePaper) -> list[Proposal]:
    ranks = dict(paper.chapters.values_list("pk", "rank"))
    found = list(paper.proposals.order_by("number"))
    return sorted(found, key=lambda each: ranks[each.chapter_id] if each.chapter_id else ASIDE)


def _places(keys: list[int], pk: int, *, up: bool) -> tuple[int, int | None]:
    """Return the place of a key, and the one before or after it; None at the edge."""
    here = keys.index(pk)
    there = here - 1 if up else here + 1
    return here, there if 0 <= there < len(keys) else None


def _number(found: list[Proposal]) -> None:
    changed = [(each, number) for number, each in enumerate(found, start=1) if each.number != number]
    Proposal.objects.filter(pk__in=[each.pk for each, _ in changed]).update(number=F("number") + 2 * ASIDE)
    for each, number in changed:
        each.number = number
    Proposal.objects.bulk_update([each for each, _ in changed], ["number"])


def _rank(paper: WhitePaper, row: list[Chapter]) -> None:
    changed = [(each, rank) for rank, each in enumerate(row, start=1) if each.rank != rank]
    paper.chapters.filter(pk__in=[each.pk for each, _ in changed]).update(rank=F("rank") + ASIDE)
    for each, rank in changed:
        each.rank = rank
    Chapter.objects.bulk_update([each for each, _ in changed], ["rank"])
