"""Mandates, bodies and offices: read by all, kept by the head of the network."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.doors import network_heads, network_people
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance import access, handover, places
from dentelle.network.governance.actions import axes
from dentelle.network.governance.actions import offices as actions
from dentelle.network.governance.forms import (
    BodyForm,
    ClosingForm,
    HandoverForm,
    MandateCorrectionForm,
    MandateForm,
    OfficeCorrectionForm,
    OfficeForm,
)
from dentelle.network.governance.models import Gender, Mandate, Office, OfficeRole
from dentelle.network.governance.pages import (
    accepted,
    act_or_say,
    first_error,
    form_page,
    head,
    key,
    keys,
    save_over,
    viewer,
)
from dentelle.network.governance.queries import bodies
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.rules.wording import of

HANDOVER_FIELDS = ("name", "starts_on", "default_body", "lines")


@network_people(acts=())
@require_safe
def mandate_list(request: HttpRequest) -> HttpResponse:
    """The mandates of the network, and what was done in each."""
    who = viewer(request)
    today = timezone.localdate()
    coming = bodies.next_mandate(who, today)
    running = bodies.running_mandate(who, today)
    context = {
        "rows": bodies.mandate_list(who),
        "may_run": access.may_run(who),
        "running": running,
        "coming": coming,
        "may_hand_over": access.may_run(who) and running is not None and running.ends_on is None,
        "may_open": access.may_run(who) and coming is None and (running is None or running.ends_on is not None),
        "today": today,
    }
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
    today = timezone.localdate()
    running = bodies.running_mandate(who, today)
    if running is None or running.ends_on is not None:
        coming = bodies.next_mandate(who, today)
        said = (
            f"La passation est déjà préparée\u00a0: « {coming} » commence le {coming.starts_on:%d/%m/%Y}."
            if coming
            else ""
        )
        messages.error(request, said or "Aucun mandat n’est en cours sans date de fin\u00a0: il n’y a rien à passer.")
        return redirect("governance:mandates")
    held = bodies.offices_to_hand_over(who, running, today=today)
    form = HandoverForm(request.POST if request.method == "POST" else None, seat=who, running=running)
    sent = request.method == "POST" and request.POST.get("revoir") != "1"
    grid, lines = _read(form, who, held, request) if sent else (handover.Typed((), (), ()),) * 2
    if sent and request.POST.get("confirme") != "1":
        change = accepted(form, lambda: _tried(who, _change(form, grid, lines)))
        if change is not None:
            return _recap(request, change, running, held)
    elif sent:
        made = accepted(form, lambda: actions.hand_over(who, _change(form, grid, lines), at=timezone.now()))
        if made is not None:
            ahead = made.starts_on > today
            said = f"La passation est préparée\u00a0: « {made} » commence le {made.starts_on:%d/%m/%Y}, « {running} » tient jusque-là."
            messages.success(request, said if ahead else f"La passation est faite\u00a0: « {made} » est ouvert.")
            return redirect("governance:mandate", pk=made.pk)
    context = {
        "form": form,
        "mandate": running,
        "rows": [(office, _typed(request, office), grid.wrong.get(office.pk, "")) for office in held],
        "choices": handover.CHOICES,
        "genders": Gender.choices,
        "today": today,
    }
    return render(request, "governance/handover.html", context, status=422 if form.errors else 200)


def _tried(who: NetworkSeat, change: actions.Handover) -> actions.Handover:
    """Return a handover that nothing refuses, not done yet."""
    actions.try_hand_over(who, change, at=timezone.now())
    return change


def _recap(request: HttpRequest, change: actions.Handover, running: Mandate, held: Sequence[Office]) -> HttpResponse:
    """What a handover will do, to be confirmed: names and days are hard to mend after."""
    goes_on = set(change.continued)
    context = {
        "change": change,
        "arrivals": [
            (place, OfficeRole(place.role).label, Gender(place.gender).label if place.gender else "")
            for place in change.arrivals
        ],
        "moved": actions.sessions_from(head(request), change.starts_on).select_related("body").order_by("starts_at"),
        "mandate": running,
        "ahead": change.starts_on > timezone.localdate(),
        "continued": [office for office in held if office.pk in goes_on],
        "ended": [office for office in held if office.pk not in goes_on],
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name in HANDOVER_FIELDS or name.partition("-")[0] in {"sort", "nom", "mandat", "genre"}
        ],
    }
    return render(request, "governance/handover_recap.html", context)


def _read(
    form: HandoverForm, who: NetworkSeat, held: Sequence[Office], request: HttpRequest
) -> tuple[handover.Typed, handover.Typed]:
    """Read the grid and the lines with the form: everything wrong is told at once, each at its line."""
    form.full_clean()
    kept = form.cleaned_data
    grid = handover.read_grid(held, request.POST)
    lines = handover.read_lines(
        kept.get("lines", ""),
        access.bodies_visible_to(who).filter(closed_on=None),
        bodies.structures_of(who),
        default=kept.get("default_body"),
    )
    for error in grid.errors:
        form.add_error(None, error)
    for error in lines.errors:
        form.add_error("lines", error)
    return grid, lines


def _change(form: HandoverForm, grid: handover.Typed, lines: handover.Typed) -> actions.Handover:
    """Return the handover typed, once nothing of it is wrong."""
    kept, starts_on = form.cleaned_data, form.cleaned_data["starts_on"]
    return actions.Handover(
        kept["name"], starts_on, starts_on - timedelta(days=1), grid.continued, (*grid.arrivals, *lines.arrivals)
    )


def _typed(request: HttpRequest, office: Office) -> dict[str, str]:
    """Return what was typed for an office, so that a refused grid comes back as it was."""
    names = ("sort", "nom", "mandat", "genre")
    typed = {name: request.POST.get(f"{name}-{office.pk}", "")[:160] for name in names}
    return typed if typed["sort"] else {**typed, "sort": handover.LEAVES if office.ends_on else handover.STAYS}


@network_people(acts=())
@require_safe
def mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """One mandate: who held which office, from when to when."""
    who = viewer(request)
    sheet = bodies.mandate_sheet(who, pk)
    today = timezone.localdate()
    context = {
        "sheet": sheet,
        "mandate": sheet.mandate,
        "may_run": access.may_run(who) and not (sheet.mandate.ends_on and sheet.mandate.ends_on < today),
        "may_correct": access.may_run(who),
        "renewable": list(axes.renewable(sheet.mandate)) if sheet.mandate.ends_on is None else [],
        "renews_today": sheet.mandate.holds(today),
        "may_close": access.may_run(who) and sheet.mandate.ends_on is None,
        "first_day": max(today, sheet.mandate.starts_on),
        "today": today,
    }
    return render(request, "governance/mandate.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend the name or the days of a mandate; what was written stays beside it."""
    who = head(request)
    found = access.one(access.mandates_visible_to(who), pk)
    followed = access.mandates_visible_to(who).filter(starts_on__gt=found.starts_on).exists()
    saved = save_over(
        request,
        partial(MandateCorrectionForm, mandate=found, followed=followed),
        MandateCorrectionForm.initial_of(found),
        lambda form: actions.correct_mandate(who, pk, **form.cleaned_data, at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(request, "Le mandat est corrigé\u00a0; sa page garde ce qui était écrit.")
        return redirect("governance:mandate", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Corriger «\u00a0{found}\u00a0»",
        submit="Corriger le mandat",
        back=reverse("governance:mandate", args=[pk]),
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate and the offices still held in it; asked by its address alone, the mandate itself."""
    access.one(access.mandates_visible_to(head(request)), pk)
    if request.method != "POST":
        return redirect("governance:mandate", pk=pk)
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
    today = timezone.localdate()
    context = {
        "rows": bodies.body_list(who, today=today),
        "closed": access.bodies_visible_to(who).exclude(closed_on=None).order_by("-closed_on", "name"),
        "leads": [office for office in bodies.lead_officials(who, today=today) if office.body_id is None],
        "may_run": access.may_run(who),
    }
    return render(request, "governance/bodies.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def body_new(request: HttpRequest) -> HttpResponse:
    """Add a body to the network."""
    who = head(request)
    asked = {"axis": key(request.GET.get("axe")), "kind": request.GET.get("nature") or None}
    initial = {name: value for name, value in asked.items() if value}
    form = BodyForm(request.POST or None, seat=who, today=timezone.localdate(), initial=initial)
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
    today = timezone.localdate()
    sheet = bodies.body_sheet(who, pk, today=today)
    context = {
        "sheet": sheet,
        "body": sheet.body,
        "may_run": access.may_run(who) and not sheet.body.closed_on,
        "may_reopen": access.may_run(who) and sheet.body.closed_on is not None,
        "running": bodies.running_mandate(who, today) or bodies.next_mandate(who, today),
        "today": today,
    }
    return render(request, "governance/body.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def body_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a body is, or the axis it works on."""
    who = head(request)
    found = access.one(access.bodies_visible_to(who).select_related("axis"), pk)
    initial = {
        "kind": found.kind,
        "name": found.name,
        "purpose": found.purpose,
        "axis": found.axis_id,
        "places": places.typed(found.places),
    }
    saved = save_over(
        request,
        partial(BodyForm, seat=who, today=timezone.localdate(), kept=found.axis),
        initial,
        lambda form: actions.change_body(who, pk, **form.cleaned_data, at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(request, "L’instance est à jour.")
        return redirect("governance:body", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Modifier «\u00a0{found}\u00a0»",
        submit="Enregistrer",
        back=reverse("governance:body", args=[pk]),
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def body_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a body, once its page has said what ends with it; its sessions stay."""
    who = head(request)
    today = timezone.localdate()
    sheet = bodies.body_sheet(who, pk, today=today)
    if sheet.body.closed_on:
        return redirect("governance:body", pk=pk)
    form = ClosingForm(request.POST if request.method == "POST" else None, initial={"ends_on": today})
    if request.method == "POST":
        done = accepted(
            form, lambda: actions.close_body(who, pk, closed_on=form.cleaned_data["ends_on"], at=timezone.now())
        )
        if done is not None:
            messages.success(request, "L’instance est fermée\u00a0; ses séances restent lisibles.")
            return redirect("governance:body", pk=pk)
    context = {"form": form, "sheet": sheet, "body": sheet.body}
    return render(request, "governance/body_close.html", context, status=422 if form.errors else 200)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def body_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open again a body that was closed, with those who sit there again."""
    who = head(request)
    found = access.one(access.bodies_visible_to(who), pk)
    if not found.closed_on:
        return redirect("governance:body", pk=pk)
    ended = list(actions.ended_with(found, today=timezone.localdate()).select_related("structure"))
    if request.method == "POST":
        resumed = keys(request.POST.getlist("fonction"))
        return act_or_say(
            request,
            lambda: actions.reopen_body(who, pk, resumed=resumed, at=timezone.now()),
            "L’instance est rouverte.",
            "governance:body",
            pk=pk,
        )
    return render(request, "governance/body_reopen.html", {"body": found, "ended": ended})


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def office_new(request: HttpRequest) -> HttpResponse:
    """Have somebody sit in a body, or be lead official."""
    who = head(request)
    asked = key(request.GET.get("instance"))
    initial = {"body": asked, "starts_on": _first_day(who, key(request.GET.get("mandat")))}
    form = OfficeForm(request.POST or None, seat=who, initial=initial)
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


def _first_day(who: NetworkSeat, asked: int | None) -> date:
    """Return the day a new office is proposed to begin: today, or the first day of the mandate asked for, or prepared ahead."""
    today = timezone.localdate()
    chosen = access.mandates_visible_to(who).filter(pk=asked).first() if asked else None
    if chosen is None:
        chosen = bodies.running_mandate(who, today) or bodies.next_mandate(who, today)
    return max(today, chosen.starts_on) if chosen else today


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def office_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend an office written wrong, or take out one written by mistake; what was written stays with the mandate."""
    who = head(request)
    office = access.one(access.offices_visible_to(who).select_related("body", "mandate"), pk)
    back = reverse("governance:body", args=[office.body_id]) if office.body_id else reverse("governance:bodies")
    if request.method == "POST" and request.POST.get("retirer"):
        try:
            actions.remove_office(who, pk, at=timezone.now())
        except GovernanceRefused as refused:
            messages.error(request, str(refused))
            return redirect("governance:office-correct", pk=pk)
        messages.success(
            request, f"La fonction {of(office.full_name)} est retirée\u00a0; le mandat garde ce qui était écrit."
        )
        return redirect(back)
    saved = save_over(
        request,
        partial(OfficeCorrectionForm, seat=who, office=office),
        OfficeCorrectionForm.initial_of(office),
        lambda form: actions.correct_office(
            who, pk, form.place(), starts_on=form.cleaned_data["starts_on"], at=timezone.now()
        ),
    )
    if saved.done is not None:
        messages.success(request, "La fonction est corrigée\u00a0; le mandat garde ce qui était écrit.")
        return redirect(back)
    context = {"office": office, "back": back} | saved.shown
    return render(request, "governance/office_correct.html", context, status=saved.status)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def office_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an office, it stays in the history of its mandate; asked by its address alone, where it is held."""
    office = access.one(access.offices_visible_to(head(request)), pk)
    if request.method == "POST":
        form = ClosingForm(request.POST)
        done = accepted(form, lambda: actions.end_office(head(request), pk, **form.cleaned_data, at=timezone.now()))
        if done is None:
            messages.error(request, first_error(form))
        else:
            ahead = done.ends_on >= timezone.localdate()
            said = f"La fonction {of(done.full_name)} est terminée."
            messages.success(request, f"{done.full_name} siège jusqu’au {done.ends_on:%d/%m/%Y}." if ahead else said)
    if office.body_id:
        return redirect("governance:body", pk=office.body_id)
    return redirect("governance:bodies")
