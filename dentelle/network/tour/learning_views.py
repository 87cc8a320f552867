"""Needs voiced at a stage, findings, and what is made of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import HEAD, members, network_heads, network_people
from dentelle.foundations.mentions import mentions_of
from dentelle.network.governance.forms import ConcernForm
from dentelle.network.practices.access import may_write as may_write_sheets
from dentelle.network.practices.pages import address
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.tour import access
from dentelle.network.tour.actions import learning as actions
from dentelle.network.tour.forms import NeedForm, WhyForm
from dentelle.network.tour.pages import accepted, act_or_say, head, say_masked, viewer
from dentelle.network.tour.queries.fates import fates_of
from dentelle.network.tour.refusals import TourRefused
from dentelle.network.tour.vocabulary import StageState
from dentelle.rules.wording import day as in_full

OWN_VOICE = "they write in their own name to the network; nothing of the structure changes"
NOTING = (*access.WRITERS, HEAD)


@network_people(*access.WRITERS, acts=NOTING)
@require_http_methods(["GET", "HEAD", "POST"])
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down needs as they are voiced: one after the other, on a phone in the room."""
    who = viewer(request)
    found = access.one(access.stages_visible_to(who), pk)
    kind = request.GET.get("dit", "")
    form = NeedForm(request.POST if request.method == "POST" else None, initial={"kind": kind})
    if request.method == "POST":
        made = accepted(form, lambda: actions.note_need(who, pk, **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, f"C’est noté\u00a0: «\u202f{made.words[:80]}\u202f».{say_masked(made.words)}")
            if "suivant" in request.POST:
                return redirect(reverse("tour:need", args=[pk]) + f"?dit={made.kind}")
            return redirect(reverse("tour:stage", args=[pk]) + "#besoins")
    mine = found.needs.filter(noted_by=who.user_id).order_by("-pk")[:10]
    context = {"form": form, "stage": found, "mine": mine}
    return render(request, "tour/need.html", context, status=422 if form.errors else 200)


@network_people(*access.WRITERS, acts=NOTING)
@require_POST
def need_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a need back; once the stage is told, erase words that name somebody."""
    who, names = viewer(request), "designe" in request.POST
    stage = access.one(access.needs_visible_to(who).select_related("stage"), pk).stage
    return act_or_say(
        request,
        lambda: actions.withdraw_need(who, pk, names_somebody=names, at=timezone.now()),
        "Les mots sont effacés\u00a0; le besoin reste compté." if names else "Le besoin est retiré.",
        "tour:stage",
        stage.pk,
        part="#besoins",
    )


@network_people(acts=())
@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: the needs it comes from, what became of it, what can be made of it."""
    who = viewer(request)
    return _finding_page(request, who, pk, WhyForm())


def _finding_page(request: HttpRequest, who: access.Viewer, pk: int, why: WhyForm) -> HttpResponse:
    found = access.one(access.findings_visible_to(who).prefetch_related("needs"), pk)
    [fate] = fates_of([found], who)
    context = {
        "finding": found,
        "stage": found.stage,
        "fate": fate,
        "needs": found.needs.all(),
        "may_sheet": may_write_sheets(who),
        "may_carry": access.may_carry(who),
        "may_withdraw": access.may_run(who) and not fate.sheets and not fate.concerns and not found.withdrawn_on,
        "may_erase": access.may_run(who) and not found.withdrawn_on,
        "why": why if found.stage.state == StageState.REPORTED else None,
        "mentions": mentions_of("finding", who, pk, on=timezone.localdate()),
    }
    return render(request, "tour/finding.html", context, status=422 if why.errors else 200)


@network_people(*access.WRITERS, acts=NOTING)
@require_POST
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a practice sheet from a finding, and go on writing it."""
    who = viewer(request)
    access.one(access.findings_visible_to(who), pk)
    try:
        made = actions.begin_sheet(who, pk, at=timezone.now())
    except (TourRefused, PracticeRefused) as refused:
        messages.error(request, str(refused))
        return redirect("tour:finding", pk=pk)
    messages.success(request, "La fiche est commencée\u00a0: racontez ce qui répond à ce constat.")
    return redirect(address(who, "detail", pk=made.pk))


@members(*access.OFFICIALS, harmless=OWN_VOICE)
@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a finding one's concern, in one's own words: it then lives in governance like any other."""
    who = request.membership  # type: ignore[attr-defined]
    found = access.one(access.findings_visible_to(who), pk)
    day = f", {in_full(found.stage.day)}" if found.stage.day else ""
    initial = {"text": found.text, "evidence": f"Constat de l’étape {found.stage.region} du Tour{day}."}
    data = request.POST if request.method == "POST" else None
    form = ConcernForm(data, member=who, today=timezone.localdate(), initial=initial)
    if request.method == "POST":
        made = accepted(form, lambda: actions.carry(who, pk, form.words(), at=timezone.now()))
        if made is not None:
            messages.success(request, "Votre préoccupation est écrite\u00a0; elle dit de quelle étape elle vient.")
            return redirect("governance:concern", pk=made.pk)
    context = {"form": form, "finding": found, "stage": found.stage}
    return render(request, "tour/carry.html", context, status=422 if form.errors else 200)


@network_heads()
@require_POST
def finding_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a finding back while nothing was made of it; erase at any time words that name somebody."""
    who, names = head(request), "designe" in request.POST
    stage = access.one(access.findings_visible_to(who), pk).stage
    try:
        actions.withdraw_finding(
            who, pk, names_somebody=names, reason=request.POST.get("reason", ""), at=timezone.now()
        )
    except TourRefused as refused:
        why = WhyForm(request.POST)
        if refused.field in why.fields:
            if why.is_valid():
                why.add_error(refused.field, str(refused))
            return _finding_page(request, who, pk, why)
        messages.error(request, str(refused))
        return redirect("tour:finding", pk=pk)
    messages.success(request, "Les mots du constat sont effacés." if names else "Le constat est retiré.")
    return redirect(reverse("tour:stage", args=[stage.pk]) + "#constats")
