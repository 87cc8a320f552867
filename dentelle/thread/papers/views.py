from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract
from dentelle.thread.papers import access, queries
from dentelle.thread.papers.catalogue import BY_SLUG, PAPERS, PaperKind, why_not
from dentelle.thread.papers.context import PaperContext, variables
from dentelle.thread.papers.dossier import dossier_of
from dentelle.thread.papers.reading import blocks
from dentelle.thread.papers.rendering import MIME, Paper
from dentelle.thread.papers.sandbox import TemplateRefused

ZIP = "application/zip"


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


def kind_or_404(slug: str) -> PaperKind:
    """Return a paper by its address, or 404."""
    kind = BY_SLUG.get(slug)
    if kind is None:
        raise Http404
    return kind


@members(*access.READERS)
@require_safe
def contract_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of a contract: those that serve now, the others, the template of each."""
    contract, context = _opened(request, pk, timezone.now())
    return render(
        request,
        "papers/contract.html",
        {
            "contract": contract,
            "papers": queries.papers_of(contract, context),
            "may_write": access.may_write(member(request)),
        },
    )


@members(*access.READERS)
@require_safe
def paper_read(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The words of a paper, as they are in its Word document."""
    kind, at = kind_or_404(slug), timezone.now()
    contract, context = _opened(request, pk, at)
    in_force = queries.templates_in_force(contract.structure)[kind.code]
    shown: dict[str, Any] = {"contract": contract, "kind": kind, "in_force": in_force}
    try:
        paper = _written(kind, context, in_force, at)
        shown |= {"blocks": blocks(paper.content), "blanks": paper.blanks}
    except TemplateRefused as refused:
        shown["refused"] = str(refused)
    return render(request, "papers/read.html", shown)


@members(*access.READERS)
@require_safe
def paper_download(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A paper of a contract, as a Word document."""
    kind, at = kind_or_404(slug), timezone.now()
    contract, context = _opened(request, pk, at)
    in_force = queries.templates_in_force(contract.structure)[kind.code]
    try:
        paper = _written(kind, context, in_force, at)
    except TemplateRefused:
        return redirect("papers:read", pk=pk, slug=slug)  # where the reason is said
    return attachment(paper.content, f"{kind.slug}-{contract.pk}.docx", MIME)


@members(*access.READERS)
@require_safe
def contract_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper that serves a contract now, in one archive."""
    at = timezone.now()
    contract, context = _opened(request, pk, at)
    made = dossier_of(queries.papers_of(contract, context), context, at=timezone.localtime(at))
    return attachment(made.content, f"dossier-clause-{contract.pk}.zip", ZIP)


@members(*access.READERS)
@require_safe
def variable_list(request: HttpRequest) -> HttpResponse:
    """Every variable a template may use."""
    return render(request, "papers/variables.html", {"variables": list(variables())})


@members(*access.READERS)
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """The template in force of each paper."""
    in_force = queries.templates_in_force(member(request).structure)
    lines = [(kind, in_force[kind.code]) for kind in PAPERS]
    return render(request, "papers/templates.html", {"lines": lines, "may_write": access.may_write(member(request))})


def attachment(content: bytes, name: str, mime: str) -> HttpResponse:
    """Return a file to keep, under a name that says what it is."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opened(request: HttpRequest, pk: int, at: datetime) -> tuple[Contract, PaperContext]:
    contract = access.papered_contract(member(request), pk)
    return contract, queries.context_of(contract, on=timezone.localdate(at))


def _written(kind: PaperKind, context: PaperContext, in_force: queries.InForce, at: datetime) -> Paper:
    if why_not(kind, context):
        raise TemplateRefused(why_not(kind, context))
    return queries.write_paper(kind, in_force.template, context, at=timezone.localtime(at))


def templates_url(kind: PaperKind) -> str:
    """Return the page of the templates of a paper."""
    return reverse("papers:template", kwargs={"slug": kind.slug})
