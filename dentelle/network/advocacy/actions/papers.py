"""White papers, their call, their chapters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.models import Call, Chapter, PaperState, WhitePaper
from dentelle.network.advocacy.refusals import AdvocacyRefused, EditedMeanwhile, Rewritten
from dentelle.network.advocacy.telling import tell_drafters
from dentelle.network.governance.access import mandates_visible_to
from dentelle.network.governance.models import Axis, Theme


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as typed. No axis and no theme: on anything."""

    words: str
    opens_on: date
    closes_on: date
    axes: Sequence[Axis] = ()
    themes: Sequence[Theme] = ()


@transaction.atomic
def open_paper(seat: NetworkSeat, *, title: str, aim: str, at: datetime) -> WhitePaper:
    """Begin a white paper in the mandate under way."""
    mandate = mandates_visible_to(seat).on(timezone.localdate(at)).first()
    if mandate is None:
        raise AdvocacyRefused("no_mandate", "Aucun mandat n’est ouvert\u00a0: ouvrez-en un dans Gouvernance.")
    paper = WhitePaper(network_id=seat.network_id, mandate=mandate, created_at=at, created_by=seat.user)
    _save(paper, title, aim)
    record("paper.opened", paper, at=at, actor=seat.user, structure=None, mandate=mandate.pk)
    return paper


@transaction.atomic
def change_paper(
    seat: NetworkSeat, pk: int, *, title: str, aim: str, expected_revision: int, at: datetime
) -> WhitePaper:
    """Change the title or the aim, unless somebody did since ``expected_revision``: EditedMeanwhile. Editions made keep theirs."""
    paper = edited(seat, pk)
    take(paper, expected_revision)
    _save(paper, title, aim)
    record("paper.changed", paper, at=at, actor=seat.user, structure=None)
    return paper


@transaction.atomic
def open_call(seat: NetworkSeat, pk: int, asked: Asked, *, at: datetime, expected_revision: int = 0) -> Call:
    """Ask members to contribute, change what is asked while the call is open, or open it again until an edition is published.

    A call somebody wrote since ``expected_revision`` is left as it is: EditedMeanwhile.
    """
    paper = edited(seat, pk)
    if paper.state == PaperState.PUBLISHED:
        raise AdvocacyRefused("past", "Une édition est publiée\u00a0: l’appel est passé.")
    if asked.closes_on < asked.opens_on:
        raise AdvocacyRefused("dates", "Le dernier jour vient après l’ouverture.", "closes_on")
    if asked.closes_on < timezone.localdate(at):
        raise AdvocacyRefused("past_day", "Ce dernier jour est déjà passé.", "closes_on")
    known = Call.objects.filter(paper=paper).first()
    if known is not None:
        take(known, expected_revision)
    call = known or Call(network_id=seat.network_id, paper=paper, made_at=at)
    call.words, call.opens_on, call.closes_on = asked.words.strip(), asked.opens_on, asked.closes_on
    if not call.words:
        raise AdvocacyRefused("words", "Dites ce que vous demandez.", "words")
    call.save()
    call.axes.set(asked.axes)
    call.themes.set(asked.themes)
    act = "call.opened" if known is None else "call.extended" if paper.state == PaperState.OPEN else "call.reopened"
    paper.state = PaperState.OPEN
    paper.save(update_fields=["state"])
    record(act, paper, at=at, actor=seat.user, structure=None, closes_on=call.closes_on.isoformat())
    return call


@transaction.atomic
def close_call(seat: NetworkSeat, pk: int, *, at: datetime) -> WhitePaper:
    """Stop receiving contributions: the writing begins. Those who kept a draft are told it was not sent."""
    paper = edited(seat, pk)
    if paper.state != PaperState.OPEN:
        raise AdvocacyRefused("not_open", "Aucun appel n’est ouvert.")
    paper.state = PaperState.EDITED if paper.editions.exists() else PaperState.WORKING
    paper.save(update_fields=["state"])
    call, today = paper.call, timezone.localdate(at)
    if call.opens_on <= today < call.closes_on:
        call.closes_on = today
        call.revision += 1  # whoever writes it now has its former last day on screen
        call.save(update_fields=["closes_on", "revision"])
    tell_drafters(paper, at=at)
    record("call.closed", paper, at=at, actor=seat.user, structure=None)
    return paper


@transaction.atomic
def write_chapter(
    seat: NetworkSeat,
    paper_pk: int,
    *,
    title: str,
    introduction: str,
    axis: Axis | None,
    at: datetime,
    pk: int | None = None,
    expected_revision: int = 0,
) -> Chapter:
    """Add a chapter at the end, or write chapter ``pk`` again, unless somebody did since ``expected_revision``: EditedMeanwhile."""
    paper = edited(seat, paper_pk)
    if not title.strip():
        raise AdvocacyRefused("title", "Donnez un titre au chapitre.", "title")
    if pk:
        chapter = access.one(access.chapters_visible_to(seat).filter(paper=paper), pk)
        take(chapter, expected_revision)
    else:
        rank = (paper.chapters.aggregate(last=Max("rank"))["last"] or 0) + 1
        chapter = Chapter(network_id=seat.network_id, paper=paper, rank=rank)
    chapter.title, chapter.introduction, chapter.axis = " ".join(title.split()), introduction.strip(), axis
    chapter.save()
    record("chapter.written", paper, at=at, actor=seat.user, structure=None, rank=chapter.rank)
    return chapter


def edited(seat: NetworkSeat, pk: int) -> WhitePaper:
    """Return a white paper of the head's network to act on, never an example. Raises AdvocacyRefused, Http404."""
    paper = access.one(access.papers_visible_to(seat).select_for_update(of=("self",)), pk)
    if paper.is_example:
        raise AdvocacyRefused("example", "C’est un exemple\u00a0: il montre ce qui est connu d’un livre blanc passé.")
    return paper


def take(written: Rewritten, expected_revision: int) -> None:
    """Make what is written the next revision, or raise EditedMeanwhile when somebody saved it since. In the caller's act."""
    found = type(written)._default_manager.filter(pk=written.pk)
    if not found.filter(revision=expected_revision).update(revision=expected_revision + 1):
        raise EditedMeanwhile(found.get())
    written.revision = expected_revision + 1


def _save(paper: WhitePaper, title: str, aim: str) -> None:
    paper.title, paper.aim = " ".join(title.split()), aim.strip()
    if not paper.title:
        raise AdvocacyRefused("title", "Donnez un titre au livre blanc.", "title")
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError as taken:
        raise AdvocacyRefused("title_taken", f"Le réseau a déjà un livre blanc « {paper.title} ».", "title") from taken
