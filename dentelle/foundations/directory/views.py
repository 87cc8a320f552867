from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.directory import access, actions, candidates, learning, merge, queries
from dentelle.foundations.directory.exports import csv_lines
from dentelle.foundations.directory.forms import EditOrganisationForm, KindsForm, NewOrganisationForm
from dentelle.foundations.directory.identifiers import IdentifierRefused, read_identifier, shown
from dentelle.foundations.directory.models import Contact, Kind, Organisation
from dentelle.foundations.directory.recognised import recognised
from dentelle.foundations.directory.refusals import DirectoryRefused, EditedMeanwhile
from dentelle.foundations.doors import members, network_people
from dentelle.foundations.organisations.models import Membership

MOST_TYPED = 200


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members()
@require_safe
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Every organisation, by name; searched by name, number or commune."""
    filters, kept = _filters(request)
    after, before = _key(request.GET.get("apres")), _key(request.GET.get("avant"))
    page = queries.list_organisations(member(request), filters, after=after, before=before)
    context = {
        "page": page,
        "filters": filters,
        "kinds": Kind.choices,
        "chips": _chips(filters, kept),
        "previous_url": f"?{urlencode({**kept, 'avant': page.before})}" if page.before else "",
        "next_url": f"?{urlencode({**kept, 'apres': page.after})}" if page.after else "",
        "export_url": f"{reverse('directory:export')}?{urlencode(kept)}",
        "may_write": access.may_write(member(request)),
    }
    return render(request, "directory/list.html", context)


@network_people(acts=())
@require_safe
def organisation_options(request: HttpRequest) -> HttpResponse:
    """Organisations that answer to what is being typed, as options of its field, and what a whole number is the number of."""
    name, kind = request.GET.get("champ", ""), request.GET.get("nature", "")
    typed = request.GET.get(name, "").strip()[:MOST_TYPED]
    viewer = request.network_seat or member(request)  # type: ignore[attr-defined]
    context = {
        "found": queries.proposed(viewer, typed, kind if kind in Kind.values else ""),
        "field": request.GET.get("ou", "") or f"id_{name}",
        "told": recognised(typed),
    }
    return render(request, "directory/_options.html", context)


@members()
@require_safe
def organisation_export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as it is filtered, whole, as a CSV file."""
    filters, _ = _filters(request)
    lines = csv_lines(queries.every_organisation(member(request), filters))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="organisations-{timezone.localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@members("facilitator", "manager")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: HttpRequest) -> HttpResponse:
    """A new organisation from its SIRET; its name and commune come from open data when they know it."""
    if request.method != "POST":
        typed = request.GET.get("siret", "")[:60]
        return _new_page(request, NewOrganisationForm(initial=_known_of(typed)), 200)
    form = NewOrganisationForm(request.POST)
    if form.is_valid():
        try:
            organisation, made = actions.find_or_create_by_siret(
                member(request),
                form.cleaned_data["siret"],
                identity=form.identity(),
                kinds=form.cleaned_data["kinds"],
                at=timezone.now(),
            )
        except (IdentifierRefused, DirectoryRefused) as refused:
            add_refusal(form, refused)
        else:
            done = "Fiche créée." if made else "Cette organisation a déjà sa fiche : la voici."
            messages.success(request, done)
            return redirect("directory:detail", pk=organisation.pk)
    return _new_page(request, form, 422)


def _new_page(request: HttpRequest, form: NewOrganisationForm, status: int) -> HttpResponse:
    return render(request, "directory/new.html", {"form": form}, status=status)


def _known_of(typed: str) -> dict[str, str]:
    """What open data say of the number in the address, so that the page opens filled in."""
    with suppress(IdentifierRefused):
        learnt = learning.learn(read_identifier(typed))
        return {"siret": typed, "name": learnt.name, "commune": learnt.commune_code}
    return {"siret": typed}


@members()
@require_safe
def organisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: who it is, whom the structure knows there, where public purchases show it, what was done."""
    organisation = access.organisation_visible_to(member(request), pk)
    if organisation.pk != pk:
        messages.info(request, "Cette fiche a été fusionnée dans celle-ci.")
        return redirect("directory:detail", pk=organisation.pk)
    may_write = access.may_write(member(request))
    book = queries.contacts_of(member(request), organisation)
    context = {
        "organisation": organisation,
        "number": shown(organisation.identifier),
        "commune": learning.commune_name(organisation.commune_code),
        "kinds": list(organisation.kinds.order_by("kind", "pk")),
        "book": book,
        "candidates": candidates.candidates(member(request), organisation) if may_write else (),
        "merged": list(organisation.merged.order_by("pk")[:20]),
        "told_with": _told_with(member(request), organisation),
        "may_write": may_write,
    }
    return render(request, "directory/detail.html", context)


def _told_with(membership: Membership, organisation: Organisation) -> list[Organisation | Contact]:
    """Whose acts the timeline tells beside the organisation's own: its duplicates, the structure's contacts."""
    contacts = access.contacts_visible_to(membership).filter(organisation=organisation).only("pk")
    return [*organisation.merged.order_by("pk")[:20], *contacts.order_by("pk")[: queries.MOST_CONTACTS]]


@members("facilitator", "manager")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the identity of an organisation, or complete its SIRET."""
    organisation = access.organisation_editable_by(member(request), pk)
    if request.method != "POST":
        initial: dict[str, Any] = {
            "name": organisation.name,
            "commune": organisation.commune_code,
            "address": organisation.address,
            "legal_category": organisation.legal_category,
            "revision": organisation.revision,
        }
        return _edit_page(request, organisation, EditOrganisationForm(initial=initial, organisation=organisation), 200)
    form = EditOrganisationForm(request.POST, organisation=organisation)
    conflict = None
    if form.is_valid():
        try:
            actions.update_organisation(
                member(request),
                organisation.pk,
                form.identity(),
                siret=form.cleaned_data.get("siret", ""),
                expected_revision=form.cleaned_data["revision"],
                at=timezone.now(),
            )
        except EditedMeanwhile as refused:
            form.add_error(None, str(refused))
            conflict = access.organisation_editable_by(member(request), pk)
            # sending again what is on screen is then a decision, no longer an accident
            form.data = {**form.data.dict(), "revision": str(conflict.revision)}  # type: ignore[attr-defined]
            return _edit_page(request, organisation, form, 409, conflict)
        except (IdentifierRefused, DirectoryRefused) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Fiche enregistrée.")
            return redirect("directory:detail", pk=organisation.pk)
    return _edit_page(request, organisation, form, 422)


def _edit_page(
    request: HttpRequest,
    organisation: Organisation,
    form: EditOrganisationForm,
    status: int,
    conflict: Organisation | None = None,
) -> HttpResponse:
    kinds = organisation.kinds.filter(valid_to=None).values_list("kind", flat=True)
    context = {
        "organisation": organisation,
        "number": shown(organisation.identifier),
        "form": form,
        "kinds_form": KindsForm(initial={"kinds": list(kinds)}),
        "conflict": conflict,
    }
    return render(request, "directory/edit.html", context, status=status)


@members("facilitator", "manager")
@require_POST
def organisation_kinds(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an organisation is: missing kinds open today, those taken off end today."""
    form = KindsForm(request.POST)
    if form.is_valid():
        actions.set_kinds(member(request), pk, form.cleaned_data["kinds"], on=timezone.localdate(), at=timezone.now())
        messages.success(request, "Natures enregistrées.")
    else:
        access.organisation_editable_by(member(request), pk)
        messages.error(request, "Cette nature n’existe pas : rien n’a changé.")
    return redirect("directory:detail", pk=pk)


@members("facilitator", "manager")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two records side by side; the one of the address is the duplicate, the other is kept."""
    duplicate = access.organisation_editable_by(member(request), pk)
    asked = _key((request.POST if request.method == "POST" else request.GET).get("avec"))
    kept = access.organisation_editable_by(member(request), asked) if asked else None
    if request.method == "POST" and kept is not None:
        try:
            merge.merge(
                member(request),
                kept.pk,
                duplicate.pk,
                other_siren=request.POST.get("autre_siren") == "1",
                at=timezone.now(),
            )
        except DirectoryRefused as refused:
            return _merge_page(request, duplicate, kept, refusal=str(refused))
        messages.success(request, f"« {duplicate.name} » a été fusionnée dans cette fiche.")
        return redirect("directory:detail", pk=kept.pk)
    return _merge_page(request, duplicate, kept)


def _merge_page(
    request: HttpRequest, duplicate: Organisation, kept: Organisation | None, *, refusal: str = ""
) -> HttpResponse:
    words = request.GET.get("texte", "")[:MOST_TYPED].strip()
    found = (
        queries.list_organisations(member(request), queries.OrganisationFilters(text=words), size=10) if words else None
    )
    context = {
        "duplicate": duplicate,
        "kept": kept,
        "rows": _side_by_side(kept, duplicate) if kept else (),
        "moved": list(merge.preview(member(request), duplicate)) if kept else (),
        "other_siren": kept is not None and kept.siren != duplicate.siren,
        "candidates": () if kept else candidates.candidates(member(request), duplicate),
        "words": words,
        "found": [row for row in found.rows if row.pk != duplicate.pk] if found else (),
        "refusal": refusal,
    }
    return render(request, "directory/merge.html", context, status=409 if refusal else 200)


def _side_by_side(kept: Organisation, duplicate: Organisation) -> list[dict[str, str]]:
    """Each line: what it is, on both sides, and what the kept record will say."""
    lines = [("Nom", kept.name, duplicate.name)]
    same_unit = kept.siren == duplicate.siren
    lines.append(("Numéro", shown(kept.identifier), shown(duplicate.identifier)))
    for label, name in (("Adresse", "address"), ("Catégorie juridique", "legal_category")):
        lines.append((label, getattr(kept, name), getattr(duplicate, name)))
    communes = [learning.commune_name(row.commune_code) or row.commune_code for row in (kept, duplicate)]
    lines.append(("Commune", *communes))  # type: ignore[arg-type]
    after = {"Numéro": shown((kept.siret or (duplicate.siret if same_unit else "")) or kept.siren)}
    return [
        {"label": label, "kept": here, "duplicate": there, "after": after.get(label, here or there)}
        for label, here, there in lines
    ]


def add_refusal(form: django_forms.Form, refused: IdentifierRefused | DirectoryRefused) -> None:
    """Put a refusal at the box it is about, over the form when it is about none of them."""
    field = "siret" if isinstance(refused, IdentifierRefused) else refused.field
    field = {"commune_code": "commune", "email": "emails"}.get(field, field)
    form.add_error(field if field in form.fields else None, str(refused))


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _filters(request: HttpRequest) -> tuple[queries.OrganisationFilters, dict[str, str]]:
    asked = request.GET
    kind = asked.get("nature", "")
    filters = queries.OrganisationFilters(
        text=asked.get("texte", "")[:MOST_TYPED].strip(),
        kind=kind if kind in Kind.values else "",
        known=asked.get("connues") == "1",
    )
    given = {"texte": filters.text, "nature": filters.kind, "connues": "1" if filters.known else ""}
    return filters, {name: value for name, value in given.items() if value}


def _chips(filters: queries.OrganisationFilters, kept: dict[str, str]) -> list[dict[str, str]]:
    labels = {
        "texte": f"«\u00a0{filters.text}\u00a0»",
        "nature": Kind(filters.kind).label if filters.kind else "",
        "connues": "où nous avons un contact",
    }
    here = reverse("directory:list")
    return [
        {"label": labels[name], "remove_url": f"{here}?{urlencode({k: v for k, v in kept.items() if k != name})}"}
        for name in kept
    ]
