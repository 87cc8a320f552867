"""Axes: proposed from themes, decided by a body, versioned."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.doors import network_heads, network_people
from dentelle.network.governance import access
from dentelle.network.governance.actions import axes as actions
from dentelle.network.governance.forms import AxisForm, DecisionOnAxisForm, RenewalForm, RulingCorrectionForm
from dentelle.network.governance.pages import accepted, act_or_say, form_page, head, key, keys, save_over, viewer
from dentelle.network.governance.queries import axes, bodies


@network_people(acts=())
@require_safe
def axis_list(request: HttpRequest) -> HttpResponse:
    """The axes of a mandate: in force, proposed, with the groups that work on them."""
    who = viewer(request)
    mandates = list(access.mandates_visible_to(who))
    asked = key(request.GET.get("mandat"))
    today = timezone.localdate()
    mandate = next((each for each in mandates if each.pk == asked), None) or next(
        (each for each in mandates if each.holds(today)), mandates[0] if mandates else None
    )
    running = mandate is not None and mandate.holds(today)
    context = {
        "rows": axes.axes_of(who, mandate, today=today),
        "renewable": list(actions.renewable(mandate)) if mandate and running else [],
        "may_propose": access.may_run(who) and running,
        "mandate": mandate,
        "mandates": mandates,
        "may_run": access.may_run(who),
    }
    return render(request, "governance/axes.html", context)


@network_people(acts=())
@require_safe
def axis(request: HttpRequest, pk: int) -> HttpResponse:
    """One axis: what it says, since when, by whose decision, and what it stands on."""
    return _sheet(request, pk)


def _sheet(request: HttpRequest, pk: int, form: DecisionOnAxisForm | None = None) -> HttpResponse:
    who = viewer(request)
    today, now = timezone.localdate(), timezone.now()
    sheet = axes.axis_sheet(who, pk, today=today)
    runs = access.may_run(who)
    mandate = sheet.row.axis.mandate
    if runs and sheet.awaiting and form is None:
        day = today if mandate.holds(today) else mandate.ends_on
        initial: dict[str, Any] = {"decided_on": day}
        come = [each for each in sheet.agenda if each.starts_at <= now]
        if come:  # whose agenda had it is who decided, that day, until somebody says otherwise
            held = come[-1]
            initial = {"decided_on": timezone.localdate(held.starts_at), "session": held.pk, "body": held.body_id}
        form = DecisionOnAxisForm(seat=access.run(who), at=now, initial=initial)
    context = {
        "sheet": sheet,
        "axis": sheet.row.axis,
        "form": form if sheet.awaiting else None,
        "may_run": runs,
        "may_change": runs and not sheet.awaiting and not sheet.row.axis.closed_on and mandate.holds(today),
        "may_drop": runs and sheet.awaiting is not None,
        "over": not mandate.holds(today),
    }
    return render(request, "governance/axis.html", context, status=422 if form and form.errors else 200)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose an axis from themes."""
    who = head(request)
    mandate = bodies.running_mandate(who, timezone.localdate())
    if mandate is None:
        messages.error(request, "Aucun mandat n’est en cours\u00a0: ouvrez-en un d’abord.")
        return redirect("governance:mandate-new")
    form = AxisForm(request.POST or None, mandate=mandate, initial={"themes": keys(request.GET.getlist("theme"))})
    if request.method == "POST":
        made = accepted(form, lambda: actions.propose_axis(who, form.draft(), at=timezone.now()))
        if made is not None:
            messages.success(
                request, "L’axe est proposé. Enregistrez ici la décision du conseil quand il l’aura prise."
            )
            return redirect("governance:axis", pk=made.pk)
    return form_page(
        request,
        form,
        title="Quel axe proposer au réseau\u202f?",
        lead="Il n’engage personne avant la décision du conseil d’administration.",
        submit="Proposer l’axe",
        back=reverse("governance:axes"),
        keep="axe",
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """Propose again axes of the former mandate."""
    who = head(request)
    mandate = bodies.running_mandate(who, timezone.localdate())
    offered = actions.renewable(mandate) if mandate else None
    if mandate is None or not offered:
        messages.error(request, "Aucun axe du mandat précédent n’est à reconduire.")
        return redirect("governance:axes")
    form = RenewalForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST":
        made = accepted(
            form,
            lambda: actions.renew_axes(who, [axis.pk for axis in form.cleaned_data["axes"]], at=timezone.now()),
        )
        if made is not None:
            messages.success(
                request, "Les axes choisis sont proposés. Enregistrez la décision du conseil sur la page de chacun."
            )
            return redirect("governance:axes")
    return form_page(
        request,
        form,
        title=f"Quels axes reconduire dans «\u00a0{mandate}\u00a0»\u202f?",
        lead="Chacun est proposé avec ses mots en vigueur, ses thèmes et ses groupes de travail\u00a0; il n’engage personne avant la décision du conseil d’administration.",
        submit="Proposer ces axes",
        back=reverse("governance:axes"),
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose what an axis would say next."""
    who = head(request)
    sheet = axes.axis_sheet(who, pk, today=timezone.localdate())
    last = sheet.versions[0]
    initial = {
        "name": last.version.name,
        "statement": last.version.statement,
        "source": last.version.source,
        "themes": [theme.pk for theme in last.themes],
    }
    saved = save_over(
        request,
        partial(AxisForm, mandate=sheet.row.axis.mandate, again=True),
        initial,
        lambda form: actions.propose_version(who, pk, form.draft(), at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(
            request, f"La version {saved.done.number} est proposée\u00a0; celle en vigueur tient jusqu’à la décision."
        )
        return redirect("governance:axis", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Proposer une version de «\u00a0{sheet.row.axis}\u00a0»",
        submit="Proposer cette version",
        back=reverse("governance:axis", args=[pk]),
        keep=f"axe:{pk}",
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what a body decided of the version that awaits; asked by its address alone, the axis itself."""
    who = head(request)
    access.one(access.axes_visible_to(who), pk)
    if request.method != "POST":
        return redirect("governance:axis", pk=pk)
    now = timezone.now()
    form = DecisionOnAxisForm(request.POST, seat=who, at=now)
    done = accepted(form, lambda: actions.decide(who, pk, **form.cleaned_data, at=now))
    if done is None:
        return _sheet(request, pk, form)
    messages.success(request, f"La décision est enregistrée\u00a0; {_told(axes.authors_told(done, at=now))}.")
    return redirect("governance:axis", pk=pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def correct_decision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Mend what was written wrong of a decision on an axis; what was written stays beside it, with the reason."""
    who, now = head(request), timezone.now()
    sheet = axes.axis_sheet(who, pk, today=timezone.localdate())
    version = next((row.version for row in sheet.versions if row.version.number == number), None)
    if version is None or version.decided_on is None:
        raise Http404
    whole = actions.may_change_outcome(sheet.row.axis, version)
    saved = save_over(
        request,
        partial(RulingCorrectionForm, seat=who, at=now, version=version, whole=whole),
        RulingCorrectionForm.initial_of(version),
        lambda form: actions.correct_decision(
            who, pk, number, form.ruling(), reason=form.cleaned_data["reason"], at=now
        ),
    )
    if saved.done is not None:
        told = _told(axes.authors_told(sheet.row.axis, at=now))
        messages.success(request, f"La décision est corrigée\u00a0; {told}.")
        return redirect("governance:axis", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Corriger la décision sur «\u00a0{version.name}\u00a0», version {number}",
        lead="Pour ce qui était écrit faux. Quand le conseil décide autre chose, proposez une version.",
        submit="Corriger la décision",
        back=reverse("governance:axis", args=[pk]),
        keep=f"decision-axe:{pk}:{number}",
    )


def _told(authors: int) -> str:
    if not authors:
        return "aucune préoccupation ne fonde l’axe, personne n’est à prévenir"
    if authors == 1:
        return "l’auteur des préoccupations qui fondent l’axe le sait"
    return f"les {authors} auteurs des préoccupations qui fondent l’axe le savent"


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End an axis today, its history stays; asked by its address alone, the axis itself."""
    access.one(access.axes_visible_to(head(request)), pk)
    if request.method != "POST":
        return redirect("governance:axis", pk=pk)
    return act_or_say(
        request,
        lambda: actions.close_axis(head(request), pk, closed_on=timezone.localdate(), at=timezone.now()),
        "L’axe est clos\u00a0; ce qui en a été dit reste.",
        "governance:axis",
        pk=pk,
    )
