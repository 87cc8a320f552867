"""Mandates, bodies and offices: read by all, kept by the head of the network."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads, network_people
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance import access, handover
from dentelle.network.governance.actions import offices as actions
from dentelle.network.governance.forms import BodyForm, ClosingForm, HandoverForm, MandateForm, OfficeForm
from dentelle.network.governance.models import Gender, Office
from dentelle.network.governance.pages import accepted, act_or_say, first_error, form_page, head, key, viewer
from dentelle.network.governance.queries import bodies
from dentelle.network.governance.refusals import GovernanceRefused


@network_people(acts=())
@require_safe
def mandate_list(request: HttpRequest) -> HttpResponse:
    """The mandates of the network, and what was done in each."""
    who = viewer(request)
    context = {"rows": bodies.mandate_list(who), "may_run": access.may_run(who), "running": bodies.running_mandate(who)}
    return render(request, "governance/mandates.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_new(request: HttpRequest) -> HttpResponse:
    """Begin a mandate."""
    form = MandateForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST":
        made = accepted(form, lambda: actions.open_mandate(head(request), **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, f"« {made} » est ouvert. Inscrivez maintenant qui siège où.")
            return redirect("governance:mandate", pk=made.pk)
    return form_page(
        request,
        form,
        title="Quel mandat s’ouvre\u202f?",
        lead="Ce que les élus diront sera rattaché à lui, et le restera.",
        submit="Ouvrir le mandat",
        back=reverse("governance:mandates"),
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """After elections: end many offices at once and open others, in one act."""
    who = head(request)
    running = bodies.running_mandate(who)
    if running is None:
        messages.error(request, "Aucun mandat n’est ouvert\u00a0: il n’y a rien à passer.")
        return redirect("governance:mandates")
    held = bodies.running_offices(who)
    form = HandoverForm(request.POST or None)
    if request.method == "POST":
        made = accepted(form, lambda: actions.hand_over(who, _change(form, who, held, request), at=timezone.now()))
        if made is not None:
            messages.success(request, f"La passation est faite\u00a0: « {made} » est ouvert.")
            return redirect("governance:mandate", pk=made.pk)
    context = {
        "form": form,
        "mandate": running,
        "rows": [(office, _typed(request, office)) for office in held],
        "choices": handover.CHOICES,
        "genders": Gender.choices,
    }
    return render(request, "governance/handover.html", context, status=422 if form.errors else 200)


def _change(form: HandoverForm, who: NetworkSeat, held: Sequence[Office], request: HttpRequest) -> actions.Handover:
    kept = form.cleaned_data
    grid = handover.read_grid(held, request.POST)
    lines = handover.read_lines(
        kept["lines"], access.bodies_visible_to(who).filter(closed_on=None), bodies.structures_of(who)
    )
    if errors := (*grid.errors, *lines.errors):
        raise GovernanceRefused("typed", " ".join(errors[:8]), "lines" if lines.errors and not grid.errors else None)
    starts_on = kept["starts_on"]
    return actions.Handover(
        kept["name"], starts_on, starts_on - timedelta(days=1), grid.continued, (*grid.arrivals, *lines.arrivals)
    )


def _typed(request: HttpRequest, office: Office) -> dict[str, str]:
    """Return what was typed for an office, so that a refused grid comes back as it was."""
    names = ("sort", "nom", "mandat", "genre")
    typed = {name: request.POST.get(f"{name}-{office.pk}", "")[:160] for name in names}
    return typed if typed["sort"] else {**typed, "sort": handover.STAYS}


@network_people(acts=())
@require_safe
def mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """One mandate: who held which office, from when to when."""
    who = viewer(request)
    sheet = bodies.mandate_sheet(who, pk)
    context = {
        "sheet": sheet,
        "mandate": sheet.mandate,
        "may_run": access.may_run(who) and sheet.mandate.ends_on is None,
        "today": timezone.localdate(),
    }
    return render(request, "governance/mandate.html", context)


@network_heads()
@require_POST
def mandate_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate and the offices still held in it."""
    access.one(access.mandates_visible_to(head(request)), pk)
    form = ClosingForm(request.POST)
    done = accepted(form, lambda: actions.close_mandate(head(request), pk, **form.cleaned_data, at=timezone.now()))
    if done is None:
        messages.error(request, first_error(form))
    else:
        messages.success(request, f"« {done} » est clos, et les fonctions avec lui.")
    return redirect("governance:mandate", pk=pk)


@network_people(acts=())
@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    """The bodies of the network: who leads each, when it meets."""
    who = viewer(request)
    context = {
        "rows": bodies.body_list(who),
        "leads": [office for office in bodies.lead_officials(who) if office.body_id is None],
        "may_run": access.may_run(who),
    }
    return render(request, "governance/bodies.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def body_new(request: HttpRequest) -> HttpResponse:
    """Add a body to the network."""
    who = head(request)
    asked = {"axis": key(request.GET.get("axe")), "kind": request.GET.get("nature") or None}
    form = BodyForm(request.POST or None, seat=who, initial={name: value for name, value in asked.items() if value})
    if request.method == "POST":
        made = accepted(form, lambda: actions.open_body(who, **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, f"« {made} » est créée. Inscrivez qui y siège.")
            return redirect("governance:body", pk=made.pk)
    return form_page(
        request,
        form,
        title="Quelle instance ajouter\u202f?",
        submit="Créer l’instance",
        back=reverse("governance:bodies"),
    )


@network_people(acts=())
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: who sits there, its next session, those it held."""
    who = viewer(request)
    sheet = bodies.body_sheet(who, pk)
    context = {
        "sheet": sheet,
        "body": sheet.body,
        "may_run": access.may_run(who) and not sheet.body.closed_on,
        "running": bodies.running_mandate(who),
        "today": timezone.localdate(),
    }
    return render(request, "governance/body.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def body_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a body is, or the axis it works on."""
    who = head(request)
    found = access.one(access.bodies_visible_to(who), pk)
    initial = {"kind": found.kind, "name": found.name, "purpose": found.purpose, "axis": found.axis_id}
    form = BodyForm(request.POST or None, seat=who, initial=initial)
    if request.method == "POST":
        done = accepted(form, lambda: actions.change_body(who, pk, **form.cleaned_data, at=timezone.now()))
        if done is not None:
            messages.success(request, "L’instance est à jour.")
            return redirect("governance:body", pk=pk)
    return form_page(
        request,
        form,
        title=f"Modifier «\u00a0{found}\u00a0»",
        submit="Enregistrer",
        back=reverse("governance:body", args=[pk]),
    )


@network_heads()
@require_POST
def body_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a body today; its sessions stay."""
    return act_or_say(
        request,
        lambda: actions.close_body(head(request), pk, closed_on=timezone.localdate(), at=timezone.now()),
        "L’instance est fermée\u00a0; ses séances restent lisibles.",
        "governance:body",
        pk=pk,
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def office_new(request: HttpRequest) -> HttpResponse:
    """Have somebody sit in a body, or be lead official."""
    who = head(request)
    asked = key(request.GET.get("instance"))
    form = OfficeForm(request.POST or None, seat=who, initial={"body": asked, "starts_on": timezone.localdate()})
    if request.method == "POST":
        made = accepted(
            form,
            lambda: actions.open_office(who, form.place(), starts_on=form.cleaned_data["starts_on"], at=timezone.now()),
        )
        if made is not None:
            messages.success(request, f"{made.full_name} est inscrit ou inscrite\u00a0: {made.get_role_display()}.")
            if made.body_id:
                return redirect("governance:body", pk=made.body_id)
            return redirect("governance:bodies")
    return form_page(
        request,
        form,
        title="Qui prend quelle fonction\u202f?",
        submit="Inscrire",
        back=reverse("governance:body", args=[asked]) if asked else reverse("governance:bodies"),
        keep="fonction",
    )


@network_heads()
@require_POST
def office_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an office; it stays in the history of its mandate."""
    office = access.one(access.offices_visible_to(head(request)), pk)
    form = ClosingForm(request.POST)
    done = accepted(form, lambda: actions.end_office(head(request), pk, **form.cleaned_data, at=timezone.now()))
    if done is None:
        messages.error(request, first_error(form))
    else:
        messages.success(request, f"La fonction de {done.full_name} est terminée.")
    if office.body_id:
        return redirect("governance:body", pk=office.body_id)
    return redirect("governance:bodies")
