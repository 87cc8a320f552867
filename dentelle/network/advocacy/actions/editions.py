"""Editions, frozen; then whom the white paper was carried to, what they answered, what became of each proposal."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from dentelle.foundations.documents.actions import store_file
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import index_many
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.contributions import took_back
from dentelle.network.advocacy.actions.papers import edited
from dentelle.network.advocacy.content import (
    Content,
    cited,
    content_of,
    digest,
    evidence_of,
    leaning_in,
    proposals_of,
)
from dentelle.network.advocacy.models import (
    Carried,
    Contribution,
    ContributionState,
    Edition,
    FollowUp,
    FollowUpState,
    OutcomeKind,
    PaperState,
    Proposal,
    WhitePaper,
)
from dentelle.network.advocacy.paper.pdf import MIME as PDF
from dentelle.network.advocacy.paper.pdf import paper_pdf
from dentelle.network.advocacy.paper.word import MIME as WORD
from dentelle.network.advocacy.paper.word import paper_word
from dentelle.network.advocacy.readiness import gaps, unread
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.advocacy.telling import tell
from dentelle.rules.wording import day, plural

APART = (*access.NOT_RECEIVED, ContributionState.SET_ASIDE.value)  # those no edition settles


@transaction.atomic
def make_edition(seat: NetworkSeat, pk: int, *, at: datetime) -> Edition:
    """Freeze the white paper as it is: its content, its PDF, its Word document. Raises AdvocacyRefused."""
    paper = edited(seat, pk)
    if paper.state not in (PaperState.WORKING, PaperState.EDITED, PaperState.PUBLISHED):
        raise AdvocacyRefused("call_open", "Closez d’abord l’appel à contributions.")
    _is_ready(paper)
    last = paper.editions.order_by("-number").first()
    number = last.number + 1 if last else 1
    content = content_of(paper, number=number, at=at, before=last.content if last else None)
    if last and _same(last.content, content):
        raise AdvocacyRefused("same", f"Rien n’a changé depuis l’édition {last.number}.")
    sha256 = digest(content)
    evidence = evidence_of(content)
    name = f"{slugify(paper.title)[:60] or 'livre-blanc'}-edition-{number}"
    edition = Edition.objects.create(
        network_id=paper.network_id,
        paper=paper,
        number=number,
        content=content,
        sha256=sha256,
        pdf=_kept(
            seat,
            paper_pdf(paper.pk, content, evidence=evidence, sha256=sha256, at=at),
            f"{name}.pdf",
            PDF,
            at,
        ),
        word=_kept(
            seat, paper_word(paper.pk, content, evidence=evidence, sha256=sha256, at=at), f"{name}.docx", WORD, at
        ),
        made_at=at,
        made_by=seat.user,
    )
    if paper.state == PaperState.WORKING:
        paper.state = PaperState.EDITED
        paper.save(update_fields=["state"])
    record("edition.made", paper, at=at, actor=seat.user, structure=None, number=number, sha256=sha256)
    return edition


@transaction.atomic
def publish(seat: NetworkSeat, pk: int, *, at: datetime) -> Edition:
    """Let anybody read an edition; each author learns whether a proposal leans on what they said."""
    edition, paper = _publishable(seat, pk)
    if taken_back(edition.content):
        raise AdvocacyRefused(
            "taken_back",
            "Une personne citée a repris ses mots depuis\u00a0: arrêtez une nouvelle édition, puis publiez-la.",
        )
    if gap := unread(paper):
        raise AdvocacyRefused("unread", gap.words)
    left = left_out(paper, edition).filter(left_out_because="").count()
    if left:
        counted = plural(left, "contribution reçue n’est pas reprise", "contributions reçues ne sont pas reprises")
        raise AdvocacyRefused("unanswered", f"{counted}\u00a0: dites d’abord pourquoi, leurs auteurs le liront.")
    edition.published_on = timezone.localdate(at)
    edition.save(update_fields=["published_on"])
    paper.state, paper.published_on = PaperState.PUBLISHED, paper.published_on or edition.published_on
    paper.save(update_fields=["state", "published_on"])
    _tell_authors(paper, edition, at=at)
    index_many(Proposal.objects.filter(paper=paper).select_related("paper"))
    record("edition.published", paper, at=at, actor=seat.user, structure=None, number=edition.number)
    return edition


@transaction.atomic
def say_why_left_out(seat: NetworkSeat, pk: int, *, keys: Sequence[int], because: str, at: datetime) -> int:
    """Say why an edition leaves contributions out, one reason for several if need be; each author reads it at publication."""
    edition, paper = _publishable(seat, pk)
    because = because.strip()
    if not because:
        raise AdvocacyRefused("because", "Donnez la raison\u00a0: chaque auteur la lira.", "because")
    chosen = left_out(paper, edition).filter(pk__in=list(keys)).update(left_out_because=because)
    if not chosen:
        raise AdvocacyRefused("contributions", "Cochez au moins une contribution.", "contributions")
    record("contribution.left_out", paper, at=at, actor=seat.user, structure=None, contributions=chosen)
    return chosen


def left_out(paper: WhitePaper, edition: Edition) -> QuerySet[Contribution]:
    """Return the contributions received that an edition does not cite and whose authors do not know it yet."""
    settled = [*APART, ContributionState.NOT_CITED]
    return paper.contributions.exclude(state__in=settled).exclude(pk__in=list(leaning_in(edition.content)))


def taken_back(content: Content) -> tuple[int, ...]:
    """Return the keys of the contributions a content cites beyond what their authors agree to now."""
    kept = [each for each in cited(content) if each.get("contribution")]
    found = Contribution.objects.in_bulk([each["contribution"] for each in kept])
    return tuple(each["contribution"] for each in kept if took_back(each, found.get(each["contribution"])))


@transaction.atomic
def carry(seat: NetworkSeat, pk: int, *, to_whom: str, carried_on: date, by_whom: str, at: datetime) -> Carried:
    """Note to whom the published white paper was carried."""
    paper = edited(seat, pk)
    if paper.state != PaperState.PUBLISHED:
        raise AdvocacyRefused("unpublished", "Publiez d’abord une édition.")
    if not to_whom.strip():
        raise AdvocacyRefused("to_whom", "Dites à qui il a été remis.", "to_whom")
    if carried_on > timezone.localdate(at):
        raise AdvocacyRefused("carried_on", "Notez une remise une fois qu’elle a eu lieu.", "carried_on")
    _after_publication(paper, carried_on, "carried_on")
    carried = Carried.objects.create(
        network_id=seat.network_id,
        paper=paper,
        to_whom=" ".join(to_whom.split()),
        carried_on=carried_on,
        by_whom=" ".join(by_whom.split()),
    )
    record("paper.carried", paper, at=at, actor=seat.user, structure=None)
    return carried


@transaction.atomic
def answer(seat: NetworkSeat, pk: int, *, words: str, answered_on: date, outcome: str, at: datetime) -> Carried:
    """Note what somebody answered, and what came of it."""
    carried = access.one(access.carried_visible_to(seat).select_for_update(of=("self",)), pk)
    if not words.strip():
        raise AdvocacyRefused("words", "Écrivez la réponse.", "words")
    if not carried.carried_on <= answered_on <= timezone.localdate(at):
        raise AdvocacyRefused("answered_on", "La réponse vient après la remise, et pas demain.", "answered_on")
    carried.answer, carried.answered_on, carried.outcome = words.strip(), answered_on, outcome.strip()
    carried.save(update_fields=["answer", "answered_on", "outcome"])
    record("paper.answered", carried.paper, at=at, actor=seat.user, structure=None)
    return carried


@transaction.atomic
def follow_up(seat: NetworkSeat, pk: int, *, state: str, on: date, words: str, source: str, at: datetime) -> FollowUp:
    """Note what became of a published proposal; the authors it leans on are told."""
    proposal = access.one(access.proposals_visible_to(seat).select_for_update(of=("self",)), pk)
    paper = edited(seat, proposal.paper_id)
    edition = paper.editions.filter(published_on__isnull=False).order_by("-number").first()
    printed = next((each for each in proposals_of(edition.content) if each["pk"] == pk), None) if edition else None
    if edition is None or printed is None:
        raise AdvocacyRefused("unpublished", "Cette proposition n’est dans aucune édition publiée.")
    if state not in FollowUpState.values:
        raise AdvocacyRefused("state", "Choisissez la suite donnée.", "state")
    if not source.strip():
        raise AdvocacyRefused("source", "Dites d’où vient cette information.", "source")
    if on > timezone.localdate(at):
        raise AdvocacyRefused("on", "Une suite se note une fois connue.", "on")
    _after_publication(paper, on, "on")
    made = FollowUp.objects.create(
        network_id=seat.network_id,
        proposal=proposal,
        state=state,
        on=on,
        words=words.strip(),
        source=source.strip(),
        noted_at=at,
    )
    keys = [each["contribution"] for each in printed["citations"] if each.get("contribution")]
    told = f"{made.get_state_display().capitalize()}. {made.words}".strip()
    for contribution in _contributions(paper).filter(pk__in=keys).exclude(state=ContributionState.WITHDRAWN):
        tell(contribution, OutcomeKind.FOLLOWED, at=at, words=told, proposals=[printed["number"]])
    record("proposal.followed", proposal, at=at, actor=seat.user, structure=None, number=printed["number"])
    return made


def _publishable(seat: NetworkSeat, pk: int) -> tuple[Edition, WhitePaper]:
    edition = access.one(access.editions_visible_to(seat), pk)
    paper = edited(seat, edition.paper_id)
    edition.refresh_from_db()
    if edition.published_on:
        raise AdvocacyRefused("published", "Cette édition est déjà publiée.")
    if paper.editions.filter(number__gt=edition.number).exists():
        raise AdvocacyRefused("older", "Une édition plus récente existe\u00a0: publiez celle-là.")
    if paper.state == PaperState.OPEN:
        raise AdvocacyRefused("call_open", "L’appel est rouvert\u00a0: fermez-le d’abord.")
    return edition, paper


def _after_publication(paper: WhitePaper, on: date, field: str) -> None:
    if paper.published_on and on < paper.published_on:
        raise AdvocacyRefused(field, f"Le livre blanc n’est publié que depuis le {day(paper.published_on)}.", field)


def _is_ready(paper: WhitePaper) -> None:
    if not paper.proposals.exists():
        raise AdvocacyRefused("empty", "Ce livre blanc n’a encore aucune proposition.")
    found = gaps(paper)
    if found:
        others = f" Et {plural(len(found) - 1, 'autre point', 'autres points')} sur cette page." if found[1:] else ""
        raise AdvocacyRefused("not_ready", f"{found[0].words}{others}")


def _same(before: Content, now: Content) -> bool:
    apart = {"number", "made_on", "changes"}
    for proposal in proposals_of(before):
        proposal.setdefault("unsourced", [])  # editions made before sentences could say they have no source
    return {k: v for k, v in before.items() if k not in apart} == {k: v for k, v in now.items() if k not in apart}


def _kept(seat: NetworkSeat, content: bytes, name: str, media_type: str, at: datetime) -> StoredFile:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / name
        source.write_bytes(content)
        return store_file(
            source,
            name=name,
            media_type=media_type,
            structure=None,
            network=seat.network,
            actor=seat.user,
            at=at,
        )


def _contributions(paper: WhitePaper):  # type: ignore[no-untyped-def]
    found = Contribution.objects.filter(paper=paper).select_related("author", "structure", "paper")
    return found.select_for_update(of=("self",)).order_by("pk")


def _tell_authors(paper: WhitePaper, edition: Edition, *, at: datetime) -> None:
    leaning = leaning_in(edition.content)
    for contribution in _contributions(paper).exclude(state__in=APART):
        numbers = leaning.get(contribution.pk, [])
        state = ContributionState.CITED if numbers else ContributionState.NOT_CITED
        if contribution.state == state:
            continue
        contribution.state = state
        words = "" if numbers else contribution.left_out_because
        if numbers:
            contribution.left_out_because = ""  # left out of a later edition, it is owed another reason
        contribution.save(update_fields=["state", "left_out_because"])
        kind = OutcomeKind.CITED if numbers else OutcomeKind.NOT_CITED
        tell(contribution, kind, at=at, words=words, proposals=numbers)
