from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.invitations.queries import links
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.calibration import StoredCalibrationBroken
from dentelle.thread.clauses import access, actions, queries
from dentelle.thread.clauses.engine import ComputationRefused, recomputed_digest
from dentelle.thread.clauses.launch import PLANNED, is_planned
from dentelle.thread.clauses.models import Calibration, CalibrationMethod, CalibrationStatus
from dentelle.thread.clauses.note.content import note_content
from dentelle.thread.clauses.note.pdf import note_pdf
from dentelle.thread.clauses.note.word import MIME as WORD_MIME
from dentelle.thread.clauses.note.word import note_word
from dentelle.thread.clauses.prefill import initial_of, typed_in_address
from dentelle.thread.clauses.sections import sections_of
from dentelle.thread.clauses.today import compared_with_today
from dentelle.thread.clauses.workbench import Workbench, content_of, open_form, read_form
from dentelle.thread.purchases.queries import contract


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members(*access.READERS)
@require_safe
def calibration_list(request: HttpRequest) -> HttpResponse:
    """The structure's calibrations, latest first."""
    asked = request.GET
    filters = queries.CalibrationFilters(
        text=asked.get("texte", "")[:200].strip(),
        status=_one_of(asked.get("etat"), CalibrationStatus.values),
        method=_one_of(asked.get("methode"), CalibrationMethod.values),
        mine=asked.get("mes") == "1",
    )
    page = queries.list_calibrations(member(request), filters, after=asked.get("apres"))
    kept = {name: asked[name] for name in ("texte", "etat", "methode", "mes") if asked.get(name)}
    context = {
        "page": page,
        "filters": filters,
        "statuses": CalibrationStatus.choices,
        "methods": CalibrationMethod.choices,
        "next_url": f"?{urlencode({**kept, 'apres': page.after})}" if page.after else "",
        "first_url": f"?{urlencode(kept)}" if asked.get("apres") else "",
        "chips": _chips(filters, kept),
        "may_write": access.may_write(member(request)),
    }
    return render(request, "clauses/list.html", context)


@members(*access.CALCULATORS, harmless="computes; keeps nothing for who may only read")
@require_http_methods(["GET", "HEAD", "POST"])
def calibration_new(request: HttpRequest) -> HttpResponse:
    """A new calibration, from a contract (``?achat=``), from facts in the address, or by hand: compute, keep a draft, save."""
    today = timezone.localdate()
    if request.method != "POST":
        key = request.GET.get("achat", "")[:200]
        origin = contract(key) if key else None
        if key and origin is None:
            messages.warning(
                request, "Ce contrat n’est pas dans les données chargées\u00a0: remplissez le calibrage à la main."
            )
        initial = initial_of(origin, today=today) | typed_in_address(request.GET)
        bench = open_form(initial, member(request), today=today)
        return _form_page(request, bench)
    return _posted(request, None, today)


@members(*access.WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def calibration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a calibration as it was typed."""
    calibration = access.calibration_editable_by(member(request), pk)
    today = timezone.localdate()
    if request.method != "POST":
        bench = open_form(calibration.inputs.get("typed", {}), member(request), today=today, editing=calibration)
        return _form_page(request, bench, calibration)
    return _posted(request, calibration, today)


@members(*access.CALCULATORS, harmless="computes; keeps nothing for who may only read")
@require_POST
def calibration_preview(request: HttpRequest) -> HttpResponse:
    """The arithmetic of the form as it is being typed. Computes and keeps nothing."""
    bench = read_form(request.POST, member(request), today=timezone.localdate())
    # Two parts of the page ask: the result at each keystroke, the coefficients when the method or the trade changes.
    asked_by = request.headers.get("HX-Target")
    template = "clauses/_coefficients.html" if asked_by == "coefficients" else "clauses/_preview.html"
    return render(request, template, {**_context(request, bench), "out_of_band": True})


def _posted(request: HttpRequest, calibration: Calibration | None, today: date) -> HttpResponse:
    act = request.POST.get("act", "compute")
    keeping = act in ("save", "draft", "replace", "copy")
    bench = read_form(request.POST, member(request), today=today, editing=calibration, named=keeping)
    if act == "draft" and not bench.form.has_error("title") and not bench.form.has_error("method"):
        bench.computed = None
    elif not keeping or bench.computed is None or bench.form.errors:
        return _form_page(request, bench, calibration, status=422 if keeping else 200)
    if not access.may_write(member(request)):
        bench.form.add_error(None, "Votre rôle permet de calculer, pas d’enregistrer.")
        return _form_page(request, bench, calibration, status=403)
    try:
        kept = _keep(request, bench, calibration, act)
    except actions.EditedMeanwhile as conflict:
        return _form_page(request, bench, calibration, status=409, conflict=conflict.current)
    except actions.CalibrationRefused as refused:
        bench.form.add_error(None, str(refused))
        return _form_page(request, bench, calibration, status=422)
    done = "Calibrage enregistré." if kept.status == CalibrationStatus.SAVED else "Brouillon gardé."
    messages.success(request, done)
    return redirect("clauses:detail", pk=kept.pk)


def _keep(request: HttpRequest, bench: Workbench, calibration: Calibration | None, act: str) -> Calibration:
    content, now = content_of(bench), timezone.now()
    if calibration is None or act == "copy":
        return actions.create_calibration(member(request), content, at=now)
    revision = request.POST.get("revision", "")
    return actions.update_calibration(
        member(request),
        calibration.pk,
        content,
        expected_revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
        at=now,
    )


def _context(request: HttpRequest, bench: Workbench, calibration: Calibration | None = None) -> dict[str, Any]:
    return {
        "form": bench.form,
        "sheet": bench.sheet,
        "coefficients": bench.coefficients,
        "calibration": calibration,
        "may_write": access.may_write(member(request)),
    }


def _form_page(
    request: HttpRequest,
    bench: Workbench,
    calibration: Calibration | None = None,
    *,
    status: int = 200,
    conflict: Calibration | None = None,
) -> HttpResponse:
    context = _context(request, bench, calibration)
    context["thread_urls"] = thread_urls(calibration.contract_key if calibration else "")
    revision = conflict.revision if conflict else calibration.revision if calibration else 0
    context |= {"conflict": conflict, "revision": revision}
    return render(request, "clauses/form.html", context, status=status)


@members(*access.READERS)
@require_safe
def calibration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A calibration as it was kept, its history, its versions and its links."""
    calibration = access.calibration_visible_to(member(request), pk)
    context = {
        "calibration": calibration,
        "contract_url": contract_url(calibration.contract_key),
        "thread_urls": thread_urls(calibration.contract_key),
        "sheet": calibration.result.get("sheet"),
        "editions": queries.editions(calibration, member(request)),
        "shares": queries.shares_of(calibration, at=timezone.now()),
        "links": links(calibration, member(request), at=timezone.now()),
        "share_days": actions.SHARE_DAYS_CHOICES,
        "share_default": actions.SHARE_DAYS,
        "may_write": access.may_write(member(request)),
        "sections": sections_of(calibration, member(request), on=timezone.localdate()),
    }
    return render(request, "clauses/detail.html", context)


@members(*access.READERS)
@require_safe
def calibration_recompute(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof that a stored calibration gives the same result, and what today's parameters would change. Keeps nothing."""
    calibration = _saved(request, pk)
    context: dict[str, Any] = {
        "calibration": calibration,
        "sheet": calibration.result["sheet"],
        "thread_urls": thread_urls(calibration.contract_key),
    }
    columns = (calibration.inputs, calibration.parameters, calibration.result)
    try:
        hours, digest = recomputed_digest(*columns)
        context |= {"again_hours": hours, "again_digest": digest, "same": digest == calibration.digest}
    except StoredCalibrationBroken as broken:
        context |= {"same": False, "broken": str(broken)}
    else:
        try:
            context["today"] = compared_with_today(*columns, on=timezone.localdate())
        except ComputationRefused as refused:
            context["today_refused"] = str(refused)
    return render(request, "clauses/recompute.html", context)


@members(*access.WRITERS)
@require_POST
def calibration_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy as the next version, opened for changes."""
    copy = actions.duplicate_calibration(member(request), pk, at=timezone.now())
    messages.success(request, f"Version {copy.edition} créée\u00a0; la précédente reste telle quelle.")
    return redirect("clauses:edit", pk=copy.pk)


@members(*access.READERS)
@require_safe
def note_as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The note of a saved calibration, as PDF."""
    calibration = _saved(request, pk)
    now = timezone.now()
    return download(note_pdf(note_content(calibration, at=now), at=now), "application/pdf", calibration, "pdf")


@members(*access.READERS)
@require_safe
def note_as_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The note of a saved calibration, as a Word document."""
    calibration = _saved(request, pk)
    return download(note_word(note_content(calibration, at=timezone.now())), WORD_MIME, calibration, "docx")


def download(content: bytes, mime: str, calibration: Calibration, extension: str) -> HttpResponse:
    """Return a file to keep, under a name that says what it is."""
    response = HttpResponse(content, content_type=mime)
    name = f"note-de-calibrage-{calibration.pk}-v{calibration.edition}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def thread_urls(contract_key: str = "") -> dict[str, str]:
    """Return where the stations already passed are: the territory, the purchases or the contract calibrated."""
    found = {}
    for station, name in (("territory", "territory:home"), ("purchase", "purchases:list")):
        with suppress(NoReverseMatch):
            found[station] = reverse(name)
    if contract_url(contract_key):
        found["purchase"] = contract_url(contract_key)
    return found


def contract_url(contract_key: str) -> str:
    """Return the page of what was calibrated (a contract of the data, a line of a plan), empty when there is none."""
    try:
        if is_planned(contract_key):
            # the room of plans comes after this one: its address is asked for by name, and may not be there
            return reverse("plans:line", kwargs={"pk": int(contract_key.removeprefix(PLANNED))})
        return reverse("purchases:contract", kwargs={"contract_key": contract_key}) if contract_key else ""
    except (NoReverseMatch, ValueError):
        return ""


def _saved(request: HttpRequest, pk: int) -> Calibration:
    return access.saved_calibration_visible_to(member(request), pk)


def _one_of(value: str | None, known: list[str]) -> str:
    return value if value in known else ""


def _chips(filters: queries.CalibrationFilters, kept: dict[str, str]) -> list[dict[str, str]]:
    labels = {
        "texte": f"«\u00a0{filters.text}\u00a0»",
        "etat": CalibrationStatus(filters.status).label if filters.status else "",
        "methode": CalibrationMethod(filters.method).label if filters.method else "",
        "mes": "les miens" if filters.mine else "",
    }
    here = reverse("clauses:list")
    return [
        {"label": labels[name], "remove_url": f"{here}?{urlencode({k: v for k, v in kept.items() if k != name})}"}
        for name in kept
        if labels[name]
    ]
