"""One stage, from its preparation to its report."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import digest
from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import HEAD, network_heads, network_people
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.tour import access, letters
from dentelle.network.tour.actions import learning, registrations
from dentelle.network.tour.actions import stages as actions
from dentelle.network.tour.calendars import CONTENT_TYPE, calendar_of
from dentelle.network.tour.forms import (
    ComeForm,
    DocumentForm,
    FindingForm,
    LateFindingForm,
    LessonsForm,
    ProgrammeForms,
    ReasonForm,
    RetoldForm,
    StageCorrectionForm,
    StageForm,
    WhyForm,
)
from dentelle.network.tour.models import Stage
from dentelle.network.tour.pages import (
    accepted,
    act_or_say,
    attached,
    form_page,
    head,
    keys,
    save_over,
    say_masked,
    viewer,
)
from dentelle.network.tour.paper.report import report_pdf
from dentelle.network.tour.queries.stages import StageSheet, stage_sheet
from dentelle.network.tour.refusals import TourRefused
from dentelle.network.tour.vocabulary import Audience, RegistrationState, StageState, Stakeholder

OWN_PLACE = "their own place at a meeting; nothing of the structure changes"
CORRECTED = "L’étape est corrigée\u00a0; sa page dit ce qui l’a été, et pourquoi."
# what somebody comes as, unless they say otherwise
USUAL = {Role.ELECTED_OFFICIAL: Stakeholder.OFFICIAL, Role.FACILITATOR: Stakeholder.FACILITATOR}


@network_people(acts=())
@require_safe
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """One stage: where and when, who speaks, what was said there, what became of it."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, refused: dict[str, Any] | None = None) -> HttpResponse:
    who, at = viewer(request), timezone.now()
    sheet = stage_sheet(who, pk, at=at)
    runs = access.may_run(who)
    state = sheet.stage.state
    took_place = state in access.TOOK_PLACE
    context = {
        "sheet": sheet,
        "stage": sheet.stage,
        "when": letters.when(sheet.stage),
        "by_theme": request.GET.get("par") == "theme",
        "is_registered": sheet.own is not None and sheet.own.state != RegistrationState.CANCELLED,
        "may_run": runs,
        "may_change": runs and state in actions.CHANGING,
        "may_cancel": runs and state in actions.CANCELLABLE,
        "may_correct": runs and took_place,
        "may_note": access.may_note(who) and sheet.has_come and state in ("announced", "held"),
        "may_erase": access.may_note(who) and state == StageState.REPORTED,
        "may_state": runs and sheet.has_come and state not in ("draft", "known", "cancelled"),
        "may_report": runs and took_place,
        "may_carry": access.may_carry(who),
        "has_report": took_place,
        "audiences": Audience.choices,
        "come_form": ComeForm(initial={"kind": _usual(who)}, auto_id="venir_%s"),
        "reason_form": ReasonForm(auto_id="annuler_%s"),
        "document_form": DocumentForm(auto_id="document_%s"),
        "finding_form": _finding_form(sheet.stage),
        "lessons_form": _lessons_form(sheet.stage),
        "public_url": request.build_absolute_uri(reverse("tour:public-stage", args=[pk]))
        if sheet.stage.audience == Audience.PUBLIC and sheet.stage.announced_at
        else "",
    } | (refused or {})
    return render(request, "tour/stage.html", context, status=422 if refused else 200)


def _finding_form(found: Stage, typed: QueryDict | None = None) -> FindingForm:
    kind = LateFindingForm if found.state == StageState.REPORTED else FindingForm
    return kind(typed, auto_id="constat_%s")


def _lessons_form(found: Stage, typed: QueryDict | None = None) -> LessonsForm:
    kind = RetoldForm if found.state == StageState.REPORTED else LessonsForm
    return kind(typed, auto_id="rapport_%s", initial={"lessons": found.lessons})


def _usual(who: Membership | NetworkSeat) -> str:
    return (
        USUAL.get(Role(who.role), Stakeholder.PLIE_MDE).value
        if isinstance(who, Membership)
        else Stakeholder.OTHER.value
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a stage before it takes place; correct it afterwards, with a reason readers see."""
    who = head(request)
    found = access.one(access.stages_visible_to(who), pk)
    if found.state in access.TOOK_PLACE:
        return _correct(request, who, found)
    if found.state not in actions.CHANGING:
        messages.error(request, f"Cette étape est {found.get_state_display()}\u00a0: elle ne change plus.")
        return redirect("tour:stage", pk=pk)
    saved = save_over(
        request,
        partial(StageForm, seat=who),
        StageForm.initial_of(found),
        lambda form: actions.change_stage(who, pk, form.words(), at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(request, "L’étape est à jour.")
        return redirect("tour:stage", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Modifier «\u00a0{found}\u00a0»",
        lead="Si le jour, l’heure ou le lieu changent, les personnes inscrites le reçoivent par courriel."
        if found.state == StageState.ANNOUNCED
        else "",
        submit="Enregistrer",
        back=reverse("tour:stage", args=[pk]),
    )


def _correct(request: HttpRequest, who: NetworkSeat, found: Stage) -> HttpResponse:
    saved = save_over(
        request,
        partial(StageCorrectionForm, seat=who),
        StageForm.initial_of(found),
        lambda form: actions.correct_stage(who, found.pk, form.words(), form.cleaned_data["reason"], at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(request, CORRECTED)
        return redirect("tour:stage", pk=found.pk)
    return form_page(
        request,
        saved,
        title=f"Corriger «\u00a0{found}\u00a0»",
        lead="Elle a eu lieu\u00a0: ce que vous corrigez reste signalé sur sa page et dans son rapport, avec votre motif. "
        "Besoins et présences n’en changent pas.",
        submit="Corriger",
        back=reverse("tour:stage", args=[found.pk]),
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the programme of a stage: one row per item, put in the order of the hours; once it is told, with a reason."""
    who = head(request)
    found = access.one(access.stages_visible_to(who), pk)
    fields = ("hour", "title", "speaker", "speaker_role", "organisation")
    kept = list(found.programme.all())
    initial = [{name: getattr(item, name) for name in fields} for item in kept]
    mark = digest(tuple(row.values()) for row in initial)
    typed = request.POST if request.method == "POST" and "form-TOTAL_FORMS" in request.POST else None
    # without first values once typed: a row that says what somebody saved meanwhile would be taken for an empty one
    rows = ProgrammeForms(initial=initial) if typed is None else ProgrammeForms(typed)
    is_told = found.state == StageState.REPORTED
    why = WhyForm(typed)
    refusal = ""
    moved = typed is not None and typed.get("opened", mark) != mark
    may_write = request.method == "POST" and typed is not None and rows.is_valid() and (why.is_valid() or not is_told)
    if may_write and not moved:
        reason = why.cleaned_data["reason"] if is_told else ""
        try:
            actions.write_programme(who, pk, [row.item() for row in rows.forms], reason=reason, at=timezone.now())
        except TourRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, CORRECTED if is_told else "Le programme est enregistré.")
            return redirect("tour:stage", pk=pk)
    refused_at_all = bool(refusal) or (request.method == "POST" and not may_write)
    status = 409 if moved else 422 if refused_at_all else 200
    context = {
        "stage": found,
        "rows": rows,
        "refusal": refusal,
        "mark": mark,
        "meanwhile": moved,
        "kept": kept,
        "wrong": sum(bool(row.errors) for row in rows.forms) if typed is not None else 0,
        "why": why if is_told else None,
        "back": reverse("tour:stage", args=[pk]),
    }
    return render(request, "tour/programme.html", context, status=status)


@network_people(acts=(*Role.values, HEAD), harmless=OWN_PLACE)
@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's place at a stage, or give it back."""
    who, at = viewer(request), timezone.now()
    found = access.one(access.stages_visible_to(who), pk)
    if request.POST.get("acte") == "rendre":
        own = access.own_registration(who, found)
        return act_or_say(
            request,
            lambda: registrations.leave_as_member(who, pk, at=at),
            registrations.left_words(own),
            "tour:stage",
            pk,
            part="#inscription",
        )
    form = ComeForm(request.POST, auto_id="venir_%s")
    done = accepted(form, lambda: registrations.register_member(who, pk, kind=form.cleaned_data["kind"], at=at))
    if done is None:
        return _page(request, pk, {"come_form": form})
    waits = done.state == RegistrationState.WAITING
    messages.success(
        request,
        "Toutes les places sont prises\u00a0: vous êtes sur la liste d’attente."
        if waits
        else "Votre place est réservée. Un courriel vous le confirme.",
    )
    return redirect(reverse("tour:stage", args=[pk]) + "#inscription")


@network_heads()
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on a stage, of the table of ``ACTS``."""
    access.one(access.stages_visible_to(head(request)), pk)
    found = ACTS.get(code)
    if found is None:
        raise Http404
    return found(request, pk)


def _announce(request: HttpRequest, pk: int) -> HttpResponse:
    who = head(request)
    return act_or_say(
        request,
        lambda: actions.announce(who, pk, at=timezone.now()),
        "L’étape est annoncée\u00a0: les inscriptions sont ouvertes.",
        "tour:stage",
        pk,
    )


def _cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="annuler_%s")
    who = head(request)
    done = accepted(form, lambda: actions.cancel(who, pk, form.cleaned_data["reason"], at=timezone.now()))
    return _after(
        request, pk, done, {"reason_form": form}, "L’étape est annulée\u00a0; les personnes inscrites sont prévenues."
    )


def _document(request: HttpRequest, pk: int) -> HttpResponse:
    form = DocumentForm(request.POST, request.FILES, auto_id="document_%s")
    who = head(request)
    done = accepted(
        form,
        lambda: actions.add_document(
            who,
            pk,
            form.cleaned_data["file"],
            title=form.cleaned_data["title"],
            audience=form.cleaned_data["audience"],
            alt=form.cleaned_data["alt"],
            at=timezone.now(),
        ),
    )
    return _after(request, pk, done, {"document_form": form}, "Le document est joint.", "#documents")


def _audience(request: HttpRequest, pk: int) -> HttpResponse:
    who, audience = head(request), request.POST.get("lecture", "")
    document = next(iter(keys([request.POST.get("document", "")])), 0)
    access.one(access.documents_visible_to(who).filter(stage=pk), document)
    return act_or_say(
        request,
        lambda: actions.show_document_to(who, document, audience, at=timezone.now()),
        "Ce document est lu par ceux que vous avez choisis.",
        "tour:stage",
        pk,
        part="#documents",
    )


def _finding(request: HttpRequest, pk: int) -> HttpResponse:
    who, chosen = head(request), keys(request.POST.getlist("besoin"))
    form = _finding_form(access.one(access.stages_visible_to(who), pk), request.POST)
    done = accepted(form, lambda: learning.state_finding(who, pk, **form.cleaned_data, needs=chosen, at=timezone.now()))
    said = f"Le constat est établi\u00a0: une fiche ou une préoccupation peut en venir.{say_masked(done.text if done else '')}"
    return _after(request, pk, done, {"finding_form": form, "chosen": chosen}, said, "#constats")


def _report(request: HttpRequest, pk: int) -> HttpResponse:
    who = head(request)
    form = _lessons_form(access.one(access.stages_visible_to(who), pk), request.POST)
    done = accepted(form, lambda: learning.report(who, pk, **form.cleaned_data, at=timezone.now()))
    said = CORRECTED if "reason" in form.fields else "L’étape est racontée\u00a0: son rapport d’une page est prêt."
    return _after(request, pk, done, {"lessons_form": form}, said + say_masked(done.lessons if done else ""))


def _erase(request: HttpRequest, pk: int) -> HttpResponse:
    who, correction = head(request), next(iter(keys([request.POST.get("correction", "")])), 0)
    access.one(access.corrections_run_by(who).filter(stage=pk), correction)
    return act_or_say(
        request,
        lambda: actions.erase_correction(who, correction, at=timezone.now()),
        "Ces mots sont effacés.",
        "tour:stage",
        pk,
        part="#corrections",
    )


def _after(
    request: HttpRequest, pk: int, done: Any, refused: dict[str, Any], said: str, part: str = ""
) -> HttpResponse:
    if done is None:
        return _page(request, pk, refused)
    messages.success(request, said)
    return redirect(reverse("tour:stage", args=[pk]) + part)


ACTS: dict[str, Callable[[HttpRequest, int], HttpResponse]] = {
    "annoncer": _announce,
    "annuler": _cancel,
    "document": _document,
    "lecture": _audience,
    "constat": _finding,
    "raconter": _report,
    "effacer": _erase,
}


@network_people(acts=())
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of a document of a stage, always as an attachment."""
    return served(access.one(access.served(access.documents_visible_to(viewer(request))), pk).file)


@network_people(acts=())
@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """The stage, for a calendar."""
    found = access.one(access.stages_visible_to(viewer(request)), pk)
    if found.day is None:
        raise Http404
    return attached(calendar_of([found], name=found.title, public=False), CONTENT_TYPE, found.title, "ics")


@network_people(acts=())
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a stage, on one page."""
    at = timezone.now()
    sheet: StageSheet = stage_sheet(viewer(request), pk, at=at)
    if sheet.stage.state not in access.TOOK_PLACE:
        raise Http404
    return attached(report_pdf(sheet, public=False, at=at), "application/pdf", f"rapport {sheet.stage.title}", "pdf")
