"""The pages of agreements, the same for members, the head of the network and outside parties, each at their own address."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.documents.views import served
from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements import access, queries
from dentelle.network.agreements.access import Viewer
from dentelle.network.agreements.acts import ACTS, BY_CODE, Act, Asked
from dentelle.network.agreements.comparing import side_by_side
from dentelle.network.agreements.mapping import places_of
from dentelle.network.agreements.models import Agreement
from dentelle.network.agreements.next_steps import EDIT, NextAct, next_act
from dentelle.network.agreements.queries import AgreementSheet
from dentelle.network.agreements.refusals import AgreementRefused, EditedMeanwhile
from dentelle.network.agreements.review.text import agreement_word
from dentelle.network.agreements.review.writing import MIME, review_word, review_years
from dentelle.network.agreements.states import MoveRefused, Side


def address(viewer: Viewer, name: str, **kwargs: Any) -> str:
    """Return the address of a page for this reader: outside parties have their own."""
    return reverse(f"agreements:{'seat-' if isinstance(viewer, Seat) else ''}{name}", kwargs=kwargs)


def detail(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """One agreement, as its reader stands on it."""
    today = timezone.localdate()
    sheet = queries.sheet_of(viewer, pk, today)
    offered = [each for each in ACTS if each.is_offered(sheet, viewer)]
    first = next_act(sheet, viewer)
    context = {
        "sheet": sheet,
        "agreement": sheet.agreement,
        "acts": [(each.title, address(viewer, "act", pk=pk, code=each.code)) for each in offered],
        "next": (first[0], _next_url(viewer, pk, first)) if first else None,
        "events": queries.history(sheet.agreement, viewer),
        "years": [(year, address(viewer, "review", pk=pk, year=year)) for year in review_years(sheet.agreement, today)],
        "writes": sheet.side is Side.AUTHOR and not sheet.agreement.is_example,
        "seated": isinstance(viewer, Seat),
        "list_url": address(viewer, "list"),
        "document_url": address(viewer, "document", pk=pk),
        "signed_url": _signed_url(viewer, sheet.agreement),
        "near": _near(viewer, sheet.agreement),
        "today": today,
        "local": access.versions_visible_to(viewer).filter(framework=sheet.agreement).select_related("structure")
        if sheet.agreement.is_framework
        else (),
        "may_open_local": not isinstance(viewer, Seat),
    }
    return render(request, "agreements/detail.html", context)


def act(request: HttpRequest, viewer: Viewer, pk: int, code: str) -> HttpResponse:
    """One act on an agreement, of the table of ``acts``."""
    asked = BY_CODE.get(code)
    today = timezone.localdate()
    sheet = _complete(queries.sheet_of(viewer, pk, today), viewer, code, today)
    if asked is None or sheet.side not in asked.sides:
        raise Http404
    if request.method != "POST":
        proposed: dict[str, Any] = dict.fromkeys(("on", "held_on", "seen_on"), today)
        form = asked.form(sheet=sheet, viewer=viewer, initial=proposed | request.GET.dict())
        return _act_page(request, viewer, asked, form)
    form = asked.form(request.POST, request.FILES, sheet=sheet, viewer=viewer)
    if not form.is_valid():
        return _act_page(request, viewer, asked, form, status=422)
    try:
        with transaction.atomic():
            made = asked.run(Asked(viewer, form, timezone.now()))
    except EditedMeanwhile as stale:
        # what was typed stays, on the agreement as it is now: sending again acts on it knowingly
        typed = request.POST.copy()
        typed["revision"] = str(stale.current.revision)
        now = _complete(queries.sheet(viewer, stale.current, today), viewer, code, today)
        form = asked.form(typed, request.FILES, sheet=now, viewer=viewer)
        form.add_error(None, str(stale))
        return _act_page(request, viewer, asked, form, status=409)
    except (AgreementRefused, MoveRefused, ValidationError) as refused:
        show_refusal(form, refused)
        return _act_page(request, viewer, asked, form, status=422)
    messages.success(request, asked.said(made))
    told = asked.told(Asked(viewer, form, timezone.now()), made)
    if told:
        messages.warning(request, told)
    if asked.code == "renouveler":
        return redirect("agreements:detail", pk=getattr(made, "pk", pk))
    if not access.agreements_visible_to(viewer).filter(pk=pk).exists():
        return redirect(address(viewer, "list"))  # a draft again: no longer a party's to read
    return redirect(address(viewer, "detail", pk=pk))


def review(request: HttpRequest, viewer: Viewer, pk: int, year: int) -> HttpResponse:
    """The yearly review of an agreement, as a Word document to complete."""
    today = timezone.localdate()
    sheet = queries.sheet_of(viewer, pk, today)
    if year not in review_years(sheet.agreement, today):
        raise Http404
    content = review_word(sheet, year, at=timezone.now())
    response = HttpResponse(content, content_type=MIME)
    response["Content-Disposition"] = f'attachment; filename="bilan-{year}-convention-{pk}.docx"'
    return response


def compare(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Signed local agreements side by side: who committed to what, and what works where."""
    found = side_by_side(
        viewer,
        theme=request.GET.get("theme", ""),
        only=request.GET.get("marche", "") == "oui",
        today=timezone.localdate(),
    )
    context = {
        "found": found,
        "seated": isinstance(viewer, Seat),
        "list_url": address(viewer, "list"),
        "compare_url": address(viewer, "compare"),
    }
    return render(request, "agreements/compare.html", context)


def signed_file(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponseBase:
    """The signed copy of an agreement."""
    return served(access.signed_file_readable_by(viewer, pk))


def document(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """The text of an agreement as a Word document: what is empty is marked so."""
    sheet = queries.sheet_of(viewer, pk, timezone.localdate())
    response = HttpResponse(agreement_word(sheet, at=timezone.now()), content_type=MIME)
    response["Content-Disposition"] = f'attachment; filename="convention-{pk}.docx"'
    return response


def _next_url(viewer: Viewer, pk: int, first: NextAct) -> str:
    _, code, query = first
    return address(viewer, "edit", pk=pk) if code == EDIT else address(viewer, "act", pk=pk, code=code) + query


def _signed_url(viewer: Viewer, agreement: Agreement) -> str:
    """Where the signed copy is taken; empty when there is none, or it is not this reader's to take."""
    if agreement.signed_file is None or not access.reads_signed_file(viewer, agreement):
        return ""
    return address(viewer, "signed-file", pk=agreement.pk)


def _near(viewer: Viewer, agreement: Agreement) -> dict[str, str] | None:
    """The place left for the practices nearest to an agreement, which a room up the thread fills for members."""
    if not isinstance(viewer, Membership):
        return None
    asked = " ".join((agreement.title, *agreement.theme_labels, agreement.purpose))
    return {
        "near_url": f"{reverse('practices:near')}?{urlencode({'texte': ' '.join(asked.split())[:300], 'metier': ''})}"
    }


def _complete(sheet: AgreementSheet, viewer: Viewer, code: str, today: date) -> AgreementSheet:
    """Add to a page what only an amendment asks: the places its author may bring."""
    structure = sheet.agreement.structure
    if code != "avenant" or structure is None or sheet.side is not Side.AUTHOR:
        return sheet
    return replace(sheet, places_to_add=tuple(places_of(structure, today)))


def show_refusal(form: Any, refused: Exception) -> None:
    """Put a refusal at its field, or above the form."""
    if isinstance(refused, ValidationError):
        form.add_error(None, refused)
        return
    field = getattr(refused, "field", "")
    form.add_error(field if field in form.fields else None, str(refused))


def _act_page(request: HttpRequest, viewer: Viewer, asked: Act, form: Any, *, status: int = 200) -> HttpResponse:
    context = {
        "act": asked,
        "form": form,
        "agreement": form.sheet.agreement,
        "sheet": form.sheet,
        "back_url": address(viewer, "detail", pk=form.sheet.agreement.pk),
        "closed": "" if asked.opens(form.sheet) else "Cet acte n’est pas possible à cette étape de la convention.",
    }
    return render(request, "agreements/act.html", context, status=status)
