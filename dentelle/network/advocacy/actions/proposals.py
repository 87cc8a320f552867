"""Proposals, what they lean on, and the figures they cite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import index
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.order import renumber
from dentelle.network.advocacy.actions.papers import edited, take
from dentelle.network.advocacy.actions.rereading import have_reread
from dentelle.network.advocacy.lineage import gathered_in
from dentelle.network.advocacy.markers import named_in, numbers_in, unknown_in
from dentelle.network.advocacy.measures import measure_of, shows_few_people
from dentelle.network.advocacy.models import (
    Chapter,
    Citation,
    CitationKind,
    Consent,
    Contribution,
    Figure,
    Idea,
    IdeaState,
    Level,
    PaperState,
    Proposal,
)
from dentelle.network.advocacy.readiness import bare
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.governance.access import concerns_visible_to
from dentelle.network.practices.access import published_to
from dentelle.network.tour.queries import findings_cited_by
from dentelle.rules.disclosure import published_minimum


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal as typed. An empty cost is « non chiffré »; one that is given comes with its source."""

    title: str
    chapter: Chapter | None
    finding: str = ""
    measure: str = ""
    level: str = Level.NATIONAL
    cost: str = ""
    cost_source: str = ""
    legal_vehicle: str = ""
    indicator: str = ""
    indicator_definition: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure as typed."""

    label: str
    value: str
    unit: str
    definition: str
    source: str
    as_of: date


@transaction.atomic
def open_proposal(
    seat: NetworkSeat, paper_pk: int, *, title: str, chapter: Chapter | None, idea: Idea | None, at: datetime
) -> Proposal:
    """Begin a proposal. From an idea that was retained, it cites each of its contributions, those merged into it too, at any depth."""
    paper = edited(seat, paper_pk)
    if paper.state == PaperState.PREPARING:
        raise AdvocacyRefused("too_early", "Lancez d’abord l’appel à contributions.")
    if idea is not None and (idea.paper_id != paper.pk or idea.state != IdeaState.RETAINED):
        raise AdvocacyRefused("idea", "Une proposition part d’une idée retenue.", "idea")
    if chapter is not None and chapter.paper_id != paper.pk:
        raise AdvocacyRefused("chapter", "Ce chapitre est d’un autre livre blanc.", "chapter")
    title = " ".join(title.split())
    if not title:
        raise AdvocacyRefused("title", "Donnez un titre à la proposition.", "title")
    number = (paper.proposals.aggregate(last=Max("number"))["last"] or 0) + 1
    proposal = Proposal.objects.create(
        network_id=seat.network_id,
        paper=paper,
        chapter=chapter,
        idea=idea,
        number=number,
        title=title,
        changed_at=at,
    )
    if idea is not None:
        found = Contribution.objects.filter(idea__in=gathered_in(idea), state__in=access.SHARED).order_by(
            "sent_at", "pk"
        )
        Citation.objects.bulk_create(
            Citation(
                network_id=seat.network_id,
                proposal=proposal,
                number=rank,
                kind=CitationKind.CONTRIBUTION,
                contribution=contribution,
            )
            for rank, contribution in enumerate(found, start=1)
        )
    renumber(paper)
    proposal.refresh_from_db()
    record("proposal.opened", proposal, at=at, actor=seat.user, structure=None, number=proposal.number)
    return proposal


@transaction.atomic
def write_proposal(seat: NetworkSeat, pk: int, draft: Draft, *, expected_revision: int, at: datetime) -> Proposal:
    """Write a proposal, unless somebody did since ``expected_revision``: EditedMeanwhile.

    Raises AdvocacyRefused for a marker that names no citation, with the field it stands in.
    """
    proposal = _proposal(seat, pk)
    take(proposal, expected_revision)
    known = set(proposal.citations.values_list("number", flat=True))
    for name in ("finding", "measure"):
        unknown = unknown_in(getattr(draft, name), known)
        if unknown:
            raise AdvocacyRefused("marker", _unknown(unknown, known), name)
    if not draft.title.strip():
        raise AdvocacyRefused("title", "Donnez un titre à la proposition.", "title")
    if draft.cost.strip() and not draft.cost_source.strip():
        raise AdvocacyRefused(
            "cost", "Un coût vient avec sa source. Sans source, laissez « non chiffré ».", "cost_source"
        )
    if draft.indicator.strip() and not draft.indicator_definition.strip():
        raise AdvocacyRefused(
            "indicator", "Définissez l’indicateur\u00a0: ce qu’il compte, où.", "indicator_definition"
        )
    if draft.chapter is not None and draft.chapter.paper_id != proposal.paper_id:
        raise AdvocacyRefused("chapter", "Ce chapitre est d’un autre livre blanc.", "chapter")
    if draft.level not in Level.values:
        raise AdvocacyRefused("level", "Choisissez le niveau qui décide.", "level")
    proposal.chapter, proposal.changed_at, proposal.level = draft.chapter, at, draft.level
    proposal.title = " ".join(draft.title.split())
    for name in (
        "finding",
        "measure",
        "cost",
        "cost_source",
        "legal_vehicle",
        "indicator",
        "indicator_definition",
    ):
        setattr(proposal, name, getattr(draft, name).strip())
    if not proposal.cost:
        proposal.cost_source = ""
    if not proposal.indicator:
        proposal.indicator_definition = ""
    kept = set(bare(proposal))  # a sentence written otherwise is another sentence
    proposal.unsourced = [each for each in proposal.unsourced if each["text"] in kept]
    named = named_in(proposal.finding, proposal.measure)
    proposal.to_reread = [each for each in proposal.to_reread if (each["text"], each["number"]) in named]
    proposal.save()
    renumber(proposal.paper)
    proposal.refresh_from_db()
    index(proposal)
    record("proposal.written", proposal, at=at, actor=seat.user, structure=None, number=proposal.number)
    return proposal


@transaction.atomic
def say_unsourced(seat: NetworkSeat, pk: int, *, sentences: Sequence[str], because: str, at: datetime) -> Proposal:
    """Say why sentences of a proposal stand without a source: kept, and printed beside them, as long as they are written so."""
    proposal = _proposal(seat, pk)
    because = " ".join(because.split())
    if not because:
        raise AdvocacyRefused("because", "Dites pourquoi\u00a0: ces mots s’impriment avec la proposition.", "because")
    chosen = [text for text in bare(proposal) if text in set(sentences)]
    if not chosen:
        raise AdvocacyRefused("sentences", "Cochez au moins une phrase de la proposition.", "sentences")
    others = [each for each in proposal.unsourced if each["text"] not in chosen]
    proposal.unsourced = [*others, *({"text": text, "because": because} for text in chosen)]
    proposal.changed_at = at
    proposal.save(update_fields=["unsourced", "changed_at"])
    record("proposal.unsourced", proposal, at=at, actor=seat.user, structure=None, sentences=len(chosen))
    return proposal


@transaction.atomic
def cite(seat: NetworkSeat, pk: int, *, kind: str, key: int, excerpt: str, at: datetime) -> Citation:
    """Have a proposal lean on something: the words of a contribution are taken as they are, or not at all."""
    proposal = _proposal(seat, pk)
    if excerpt.strip() and kind != CitationKind.CONTRIBUTION:
        raise AdvocacyRefused(
            "not_words",
            "Cette source n’est pas une contribution\u00a0: elle se cite telle qu’elle est, sans extrait. Effacez ces mots.",
            "excerpt",
        )
    # a number still written in a sentence is not given to something else, even if what it named was taken back
    named = numbers_in(f"{proposal.finding}\n{proposal.measure}")
    number = max(proposal.citations.aggregate(last=Max("number"))["last"] or 0, *named, 0) + 1
    citation = Citation(network_id=seat.network_id, proposal=proposal, number=number, kind=kind)
    if kind == CitationKind.CONTRIBUTION:
        found = access.contributions_visible_to(seat).filter(state__in=access.SHARED)
        citation.contribution = access.one(found, key)
        citation.excerpt = _verbatim(citation.contribution, excerpt)
    elif kind == CitationKind.PRACTICE:
        citation.practice = access.one(published_to(seat).select_related("published"), key).published
    elif kind == CitationKind.CONCERN:
        citation.concern = access.one(
            concerns_visible_to(seat).filter(theme__isnull=False).exclude(state="set_aside"), key
        )
    elif kind == CitationKind.FIGURE:
        found_figures = access.figures_visible_to(seat).filter(paper=proposal.paper_id, replaced_by=None)
        citation.figure = access.one(found_figures, key)
    elif kind == CitationKind.FINDING:
        if not findings_cited_by(seat.network_id, [key]):
            raise AdvocacyRefused("finding", "Ce constat n’est plus de ceux que le Tour a établis.", "source")
        citation.finding_id = key
    else:
        raise AdvocacyRefused("kind", "Choisissez ce que la proposition cite.", "source")
    try:
        with transaction.atomic():
            citation.save()
    except IntegrityError as twice:
        raise AdvocacyRefused("twice", "Cette proposition la cite déjà.", "source") from twice
    record("proposal.cited", proposal, at=at, actor=seat.user, structure=None, number=proposal.number, citation=number)
    return citation


@transaction.atomic
def uncite(seat: NetworkSeat, pk: int, *, at: datetime) -> Proposal:
    """Take a citation away, once no sentence names it."""
    citation = access.one(access.citations_visible_to(seat).select_related("proposal"), pk)
    proposal = _proposal(seat, citation.proposal_id)
    if citation.number in numbers_in(f"{proposal.finding}\n{proposal.measure}"):
        raise AdvocacyRefused(
            "used", f"Une phrase s’appuie sur [{citation.number}]\u00a0: retirez d’abord ce repère du texte."
        )
    citation.delete()
    record(
        "proposal.uncited",
        proposal,
        at=at,
        actor=seat.user,
        structure=None,
        number=proposal.number,
        citation=citation.number,
    )
    return proposal


@transaction.atomic
def take_figure(seat: NetworkSeat, paper_pk: int, typed: Typed, *, at: datetime) -> Figure:
    """Keep a figure with its definition, its source and its day."""
    paper = edited(seat, paper_pk)
    figure = Figure(network_id=seat.network_id, paper=paper)
    fill_figure(figure, typed, seat=seat, at=at)
    figure.save()
    record("figure.taken", figure, at=at, actor=seat.user, structure=None, paper=paper.pk)
    return figure


def fill_figure(figure: Figure, typed: Typed, *, seat: NetworkSeat, at: datetime) -> None:
    """Write what was typed in a figure, not saved yet. Raises AdvocacyRefused with the field it stands in."""
    figure.label, figure.value = " ".join(typed.label.split()), " ".join(typed.value.split())
    figure.unit, figure.definition, figure.source = typed.unit.strip(), typed.definition.strip(), typed.source.strip()
    figure.as_of, figure.taken_at, figure.taken_by = typed.as_of, at, seat.user
    for name, words in (
        ("value", "Donnez la valeur."),
        ("definition", "Dites ce que le chiffre compte."),
        ("source", "Donnez la source."),
    ):
        if not getattr(figure, name):
            raise AdvocacyRefused(name, words, name)
    if typed.as_of > timezone.localdate(at):
        raise AdvocacyRefused("as_of", "Un chiffre n’est pas daté de demain.", "as_of")
    _check_people(figure, "value")


@transaction.atomic
def take_measure(seat: NetworkSeat, paper_pk: int, code: str, *, at: datetime, pk: int | None = None) -> Figure:
    """Keep a figure Dentelle computes, as it is today; with ``pk``, take that one again. Nothing else ever changes it."""
    paper = edited(seat, paper_pk)
    today = timezone.localdate(at)
    found = measure_of(seat, code, today)
    if found is None:
        raise AdvocacyRefused("measure", "Dentelle ne peut plus donner ce chiffre.", "measure")
    if pk:
        figure = access.one(access.figures_visible_to(seat).filter(paper=paper, measure=code), pk)
    else:
        figure = Figure(network_id=seat.network_id, paper=paper, measure=code)
    former = str(figure)
    figure.label = found.label
    figure.value, figure.unit, figure.definition = found.value, found.unit, found.definition
    figure.source, figure.link, figure.as_of = found.source, found.link, today
    figure.taken_at, figure.taken_by = at, seat.user
    _check_people(figure, "measure")
    figure.save()
    if pk:
        have_reread(figure, former)
    act = "figure.taken_again" if pk else "figure.taken"
    record(act, figure, at=at, actor=seat.user, structure=None, paper=paper.pk)
    return figure


def _check_people(figure: Figure, field: str) -> None:
    if shows_few_people(figure):
        minimum = published_minimum()
        raise AdvocacyRefused(
            "few_people",
            f"De 1 à {minimum - 1} personnes, un chiffre publié laisse deviner qui\u00a0: comptez plus large, "
            f"ou écrivez «\u00a0moins de {minimum}\u00a0».",
            field,
        )


def _proposal(seat: NetworkSeat, pk: int) -> Proposal:
    # the white paper first, as whoever moves its proposals
    edited(seat, access.one(access.proposals_visible_to(seat), pk).paper_id)
    return access.one(access.proposals_visible_to(seat).select_for_update(of=("self",)), pk)


def _verbatim(contribution: Contribution, excerpt: str) -> str:
    excerpt = excerpt.strip()
    if not excerpt:
        return ""
    if contribution.consent == Consent.UNQUOTED:
        raise AdvocacyRefused("unquoted", "L’auteur ne souhaite pas être cité\u00a0: aucun de ses mots.", "excerpt")
    said = (contribution.finding, contribution.proposal, contribution.evidence)
    if not any(" ".join(excerpt.split()) in " ".join(each.split()) for each in said):
        raise AdvocacyRefused(
            "verbatim", "Ces mots ne sont pas ceux de la contribution\u00a0: recopiez-les tels quels.", "excerpt"
        )
    return excerpt


def _unknown(unknown: tuple[int, ...], known: set[int]) -> str:
    marks = ", ".join(f"[{number}]" for number in unknown)
    if not known:
        return f"{marks}\u00a0: cette proposition n’a encore aucune citation. Ajoutez-la, puis écrivez son repère."
    listed = ", ".join(f"[{number}]" for number in sorted(known))
    return f"{marks} ne correspond à aucune citation de cette proposition. Celles qui existent\u00a0: {listed}."
