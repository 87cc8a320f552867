from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.documents.actions import UploadRefused
from dentelle.foundations.documents.models import FileState
from dentelle.foundations.doors import members
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.papers import access, actions, queries
from dentelle.thread.papers.building import shipped_template
from dentelle.thread.papers.catalogue import PaperKind, why_not
from dentelle.thread.papers.forms import PreviewForm, TemplateForm
from dentelle.thread.papers.models import PaperTemplate
from dentelle.thread.papers.reading import blocks
from dentelle.thread.papers.rendering import MIME, Paper
from dentelle.thread.papers.sandbox import TemplateRefused
from dentelle.thread.papers.views import attachment, kind_or_404, member

RECENT = 50  # contracts a version may be tried on, latest changes first


@members(*access.READERS, acts=WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def template_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The templates of one paper: the one in force, the versions kept; whoever may write sends the next one here."""
    kind = kind_or_404(slug)
    form = TemplateForm()
    if request.method == "POST":
        form = TemplateForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                sent = actions.send_template(member(request), kind, form.cleaned_data["fichier"], at=timezone.now())
            except (UploadRefused, ValidationError) as refused:
                form.add_error("fichier", str(refused))
            else:
                messages.success(request, "Modèle gardé. Essayez-le sur un contrat, puis mettez-le en service.")
                return redirect("papers:version", slug=kind.slug, pk=sent.pk)
    versions = access.templates_visible_to(member(request)).filter(paper=kind.code).select_related("file", "author")
    context = {
        "kind": kind,
        "form": form,
        "in_force": queries.templates_in_force(member(request).structure)[kind.code],
        "versions": versions,
        "may_write": access.may_write(member(request)),
    }
    return render(request, "papers/template.html", context, status=422 if form.errors else 200)


@members(*access.READERS)
@require_safe
def template_shipped(request: HttpRequest, slug: str) -> HttpResponse:
    """The template shipped with Dentelle, to edit in Word."""
    kind = kind_or_404(slug)
    return attachment(shipped_template(kind.code), f"modele-{kind.slug}.docx", MIME)


@members(*WRITER_ROLES)
@require_POST
def template_come_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Use the shipped template again."""
    kind = kind_or_404(slug)
    actions.come_back(member(request), kind, at=timezone.now())
    messages.success(request, "Le modèle de Dentelle sert de nouveau. Vos versions restent gardées.")
    return redirect("papers:template", slug=kind.slug)


@members(*access.READERS)
@require_safe
def version_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One version of a structure's template: the variables it does not know, and how it reads on a contract."""
    kind = kind_or_404(slug)
    version = access.template_visible_to(member(request), kind.code, pk)
    in_force = queries.templates_in_force(member(request).structure)[kind.code]
    contracts = access.papered_contracts(member(request)).latest_first()
    form = PreviewForm(request.GET or None, contracts=contracts)
    contract = _asked(form) if request.GET else contracts.first()
    form.fields["contrat"].initial = contract
    listed = contracts[:RECENT]
    form.fields["contrat"].choices = [(each.pk, str(each)) for each in listed]  # type: ignore[attr-defined]
    shown = {
        "kind": kind,
        "version": version,
        "form": form,
        "contract": contract,
        "is_in_force": in_force.template == version,
        "ready": not version.unknown and version.file.state == FileState.AVAILABLE,
        "may_write": access.may_write(member(request)),
    }
    if contract is not None:
        try:
            paper = _tried(request, kind, version, contract.pk)
            shown |= {"blocks": blocks(paper.content), "blanks": paper.blanks}
        except TemplateRefused as refused:
            shown["refused"] = str(refused)
    return render(request, "papers/version.html", shown)


@members(*access.READERS)
@require_safe
def version_try(request: HttpRequest, slug: str, pk: int, contract_pk: int) -> HttpResponse:
    """A contract's paper made from one version, in force or not, as a Word document."""
    kind = kind_or_404(slug)
    version = access.template_visible_to(member(request), kind.code, pk)
    try:
        paper = _tried(request, kind, version, contract_pk)
    except TemplateRefused:
        return redirect("papers:version", slug=slug, pk=pk)
    return attachment(paper.content, f"essai-{kind.slug}-{contract_pk}.docx", MIME)


@members(*WRITER_ROLES)
@require_POST
def version_put_in_force(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Use this version for the papers to come."""
    kind = kind_or_404(slug)
    try:
        actions.put_in_force(member(request), kind, pk, at=timezone.now())
    except actions.TemplateNotReady as refused:
        messages.error(request, str(refused))
        return redirect("papers:version", slug=kind.slug, pk=pk)
    messages.success(request, "Ce modèle est en service pour toutes les pièces à venir.")
    return redirect("papers:template", slug=kind.slug)


def _asked(form: PreviewForm) -> Contract | None:
    return form.cleaned_data["contrat"] if form.is_valid() else None


def _tried(request: HttpRequest, kind: PaperKind, version: PaperTemplate, contract_pk: int) -> Paper:
    if version.file.state != FileState.AVAILABLE:
        raise TemplateRefused("Ce modèle attend encore l’antivirus.")
    contract = access.papered_contract(member(request), contract_pk)
    at = timezone.now()
    context = queries.context_of(contract, on=timezone.localdate(at))
    if why_not(kind, context):
        raise TemplateRefused(why_not(kind, context))
    return queries.write_paper(kind, version, context, at=timezone.localtime(at))
