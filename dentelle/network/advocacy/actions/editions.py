"""Editions, frozen; then whom the white paper was carried to, what they answered, what became of each proposal."""

import tempfile
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from dentelle.foundations.documents.actions import store_file
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import index_many
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.papers import edited
from dentelle.network.advocacy.content import content_of, digest, evidence_of, proposals_of
from dentelle.network.advocacy.markers import unknown_in
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
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.advocacy.telling import tell

# those no edition settles: taken back, with their author, set aside with a reason, or not read by the moderation yet
APART = (
    ContributionState.SUBMITTED.value,
    ContributionState.DRAFT.value,
    ContributionState.WITHDRAWN.value,
    ContributionState.RETURNED.value,
    ContributionState.SET_ASIDE.value,
)


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
    name = f"{slugify(paper.title)[:60] or 'livre-blanc'}-edition-{number}"
    edition = Edition.objects.create(
        network_id=paper.network_id,
        paper=paper,
        number=number,
        content=content,
        sha256=sha256,
        pdf=_kept(
            seat,
            paper_pdf(paper.pk, content, evidence=evidence_of(content), sha256=sha256, at=at),
            f"{name}.pdf",
            PDF,
            at,
        ),
        word=_kept(seat, paper_word(content, sha256=sha256, at=at), f"{name}.docx", WORD, at),
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
    edition = access.one(access.editions_visible_to(seat), pk)
    paper = edited(seat, edition.paper_id)
    if edition.published_on:
        raise AdvocacyRefused("published", "Cette édition est déjà publiée.")
    if paper.editions.filter(number__gt=edition.number).exists():
        raise AdvocacyRefused("older", "Une édition plus récente existe\u00a0: publiez celle-là.")
    edition.published_on = timezone.localdate(at)
    edition.save(update_fields=["published_on"])
    paper.state, paper.published_on = PaperState.PUBLISHED, paper.published_on or edition.published_on
    paper.save(update_fields=["state", "published_on"])
    _tell_authors(paper, edition, at=at)
    index_many(Proposal.objects.filter(paper=paper).select_related("paper"))
    record("edition.published", paper, at=at, actor=seat.user, structure=None, number=edition.number)
    return edition


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
    record("proposal.followed", proposal, at=at, actor=seat.user, structure=None, number=proposal.number)
    return made


def _is_ready(paper: WhitePaper) -> None:
    proposals = list(paper.proposals.prefetch_related("citations"))
    if not proposals:
        raise AdvocacyRefused("empty", "Ce livre blanc n’a encore aucune proposition.")
    for proposal in proposals:
        if proposal.chapter_id is None:
            raise AdvocacyRefused("chapter", f"La proposition {proposal.number} n’est dans aucun chapitre.")
        if not proposal.measure:
            raise AdvocacyRefused("measure", f"La proposition {proposal.number} ne dit pas encore sa mesure.")
        known = {each.number for each in proposal.citations.all()}
        unknown = unknown_in(f"{proposal.finding}\n{proposal.measure}", known)
        if unknown:
            raise AdvocacyRefused(
                "marker", f"Proposition {proposal.number}\u00a0: [{unknown[0]}] n’est aucune de ses citations."
            )


def _same(before: dict, now: dict) -> bool:  # type: ignore[type-arg]
    apart = {"number", "made_on", "changes"}
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
    leaning: dict[int, list[int]] = {}
    for proposal in proposals_of(edition.content):
        for citation in proposal["citations"]:
            if citation.get("contribution"):
                leaning.setdefault(citation["contribution"], []).append(proposal["number"])
    for contribution in _contributions(paper).exclude(state__in=APART):
        numbers = leaning.get(contribution.pk, [])
        state = ContributionState.CITED if numbers else ContributionState.NOT_CITED
        if contribution.state == state:
            continue
        contribution.state = state
        contribution.save(update_fields=["state"])
        kind = OutcomeKind.CITED if numbers else OutcomeKind.NOT_CITED
        tell(contribution, kind, at=at, proposals=numbers)
