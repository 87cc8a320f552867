"""What the pages of papers read: the template in force for each, the papers of a contract, a whole dossier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from dentelle.foundations.documents import storage
from dentelle.foundations.documents.models import FileState
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.queries import ContractSheet
from dentelle.thread.contracts.states import is_closed
from dentelle.thread.papers.building import shipped_template
from dentelle.thread.papers.catalogue import PAPERS, PaperKind, serves, why_not
from dentelle.thread.papers.context import PaperContext
from dentelle.thread.papers.facts import paper_context
from dentelle.thread.papers.models import PaperTemplate, TemplateInForce
from dentelle.thread.papers.rendering import Paper, render
from dentelle.thread.papers.sandbox import TemplateRefused


@dataclass(frozen=True, slots=True)
class InForce:
    """The template a structure uses for a paper. ``template`` None is the one shipped; ``waiting`` the antivirus's answer."""

    kind: PaperKind
    template: PaperTemplate | None
    since: datetime | None
    waiting: bool = False

    @property
    def label(self) -> str:
        return f"le vôtre, version {self.template.version}" if self.template else "celui de Dentelle"


def templates_in_force(structure: Structure) -> Mapping[str, InForce]:
    """Return the template in force of every paper, by its code, in one query."""
    rows = {
        row.paper: row for row in TemplateInForce.objects.filter(structure=structure).select_related("template__file")
    }
    return {kind.code: _in_force(kind, rows.get(kind.code)) for kind in PAPERS}


def _in_force(kind: PaperKind, row: TemplateInForce | None) -> InForce:
    if row is None or row.template is None:
        return InForce(kind, None, row.since if row else None)
    if row.template.file.state != FileState.AVAILABLE:
        return InForce(kind, None, row.since, waiting=True)
    return InForce(kind, row.template, row.since)


def template_bytes(template: PaperTemplate | None, kind: PaperKind) -> bytes:
    """Return the Word template: a structure's own, or the one shipped."""
    if template is None:
        return shipped_template(kind.code)
    return storage.full_path(template.file.path).read_bytes()


def write_paper(kind: PaperKind, template: PaperTemplate | None, context: PaperContext, *, at: datetime) -> Paper:
    """Return the paper of a contract. Raises TemplateRefused when a structure's own template cannot give it."""
    try:
        content = template_bytes(template, kind)
    except OSError as gone:
        raise TemplateRefused("Le fichier de votre modèle n’est plus là\u00a0: revenez au modèle fourni.") from gone
    title = f"{kind.label}\u00a0: {context.contract.title}"
    return render(content, context, title=title, author=context.structure.name, at=at)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper on the page of a contract: whether it serves now, why it has no place, the template it is made from."""

    kind: PaperKind
    serves: bool
    why_not: str
    in_force: InForce


@dataclass(frozen=True, slots=True)
class ContractPapers:
    """The papers of a contract: those that serve now first, in the order of a contract's life.

    ``served`` are, once it is closed, those of ``others`` that had their place in its life: its dossier keeps them.
    """

    now: tuple[PaperLine, ...]
    others: tuple[PaperLine, ...]
    served: tuple[PaperLine, ...] = ()

    @property
    def in_dossier(self) -> tuple[PaperLine, ...]:
        return self.now or self.served


def papers_of(contract: Contract, context: PaperContext) -> ContractPapers:
    """Return what the page of papers shows; the contract comes from ``access``."""
    in_force = templates_in_force(contract.structure)
    lines = [
        PaperLine(kind, serves(kind, contract.state), why_not(kind, context), in_force[kind.code]) for kind in PAPERS
    ]
    return ContractPapers(
        now=tuple(line for line in lines if line.serves and not line.why_not),
        others=tuple(line for line in lines if not line.serves or line.why_not),
        served=tuple(line for line in lines if _had_served(line, contract, context)),
    )


def _had_served(line: PaperLine, contract: Contract, context: PaperContext) -> bool:
    """Say whether a paper had its place in the life of a closed contract."""
    if not is_closed(contract.state) or line.why_not:
        return False
    if line.kind.code == "amendment":
        return contract.amendments.exists()
    return line.kind.code != "kickoff_minutes" or any(each.has_plan for each in context.holders)


def section_of(sheet: ContractSheet, membership: Membership, *, on: date) -> dict[str, Any] | None:
    """Return what the page of a contract says of its papers; nothing to a structure that only follows a part."""
    contract = sheet.contract
    if contract.structure_id != membership.structure_id:
        return None
    serving = [kind for kind in PAPERS if serves(kind, contract.state)]
    return {
        "papers": serving,
        "papers_url": reverse("papers:contract", kwargs={"pk": contract.pk}),
        "dossier_url": reverse("papers:dossier", kwargs={"pk": contract.pk})
        if serving or is_closed(contract.state)
        else "",
    }


def context_of(contract: Contract, *, on: date) -> PaperContext:
    """Return what papers may say of a contract."""
    return paper_context(contract, on=on)
