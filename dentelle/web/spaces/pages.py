"""The pages of one contract, shared by people who signed in and by those who came by a link: only the addresses differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from dentelle.foundations.documents.views import served
from dentelle.thread.contracts.access import file_seen_by
from dentelle.thread.contracts.answers import answers_text
from dentelle.thread.contracts.models import Contract, ExchangeKind
from dentelle.thread.contracts.party import Party
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.states import MoveRefused
from dentelle.web.spaces.acts import Sent, SpaceAct, act_of, acts_on
from dentelle.web.spaces.forms import SpaceForm
from dentelle.web.spaces.sheet import SpaceSheet, space_sheet


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages of one contract are for this reader."""

    page: str
    act: Callable[[str], str]
    file: Callable[[UUID], str]


def contract_page(
    request: HttpRequest, contract: Contract, party: Party, at: Addresses, *, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """One contract, as somebody outside reads it, with what they may do."""
    sheet = space_sheet(contract, party, today=timezone.localdate())
    acts = [(act, at.act(act.code)) for act in acts_on(sheet)]
    # what is waited for comes first and alone as the page's one button
    called = acts[0] if sheet.waits and acts and acts[0][0].code != "question" else None
    bidders = sorted(
        (each for each in sheet.exchanges if each.kind == ExchangeKind.QUESTION),
        key=lambda each: (each.happened_on, each.pk),
    )
    context = {
        "sheet": sheet,
        "contract": contract,
        "called": called,
        "acts": [pair for pair in acts if pair != called],
        "exchanges": [(each, at.file(each.attachment.pk) if each.attachment else "") for each in sheet.exchanges],
        "answers": answers_text(contract, bidders) if any(each.answered_on for each in bidders) else "",
        **(more or {}),
    }
    return render(request, "spaces/contract.html", context)


def act_page(
    request: HttpRequest,
    contract: Contract,
    party: Party,
    code: str,
    at: Addresses,
    *,
    question_form: type[SpaceForm] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One act: its page, or what becomes of it once sent."""
    act = act_of(code, party)
    if act is None:
        raise Http404
    sheet = space_sheet(contract, party, today=timezone.localdate())
    form_class = question_form if question_form and act.code == "question" else act.form
    if not act.possible(sheet):
        messages.info(request, "Le contrat n’appelle plus cet acte\u00a0: voici où il en est.")
        return redirect(at.page)
    if request.method != "POST":
        initial = {"holder": request.GET.get("titulaire", ""), "on": timezone.localdate()}
        return _shown(request, act, form_class(sheet=sheet, initial=initial), at, more)
    form = form_class(request.POST, request.FILES, sheet=sheet)
    if not form.is_valid():
        return _shown(request, act, form, at, more, status=422)
    try:
        with transaction.atomic():
            act.run(Sent(party, form, timezone.now()))
    except EditedMeanwhile as stale:
        # what was read is no longer what is there: the page is shown again, to be read again, with what was typed
        typed = request.POST.copy()
        typed["revision"] = str(stale.current.revision)
        form = form_class(typed, sheet=space_sheet(stale.current, party, today=timezone.localdate()))
        form.add_error(None, str(stale))
        return _shown(request, act, form, at, more, status=409)
    except (ContractRefused, MoveRefused, ValidationError) as refused:
        field = getattr(refused, "field", "")
        form.add_error(field if field in form.fields else None, str(getattr(refused, "message", refused)))
        return _shown(request, act, form, at, more, status=422)
    messages.success(request, act.done)
    return redirect(at.page)


def _shown(
    request: HttpRequest,
    act: SpaceAct,
    form: SpaceForm,
    at: Addresses,
    more: Mapping[str, Any] | None,
    *,
    status: int = 200,
) -> HttpResponse:
    sheet: SpaceSheet = form.sheet
    context = {
        "act": act,
        "form": form,
        "sheet": sheet,
        "contract": sheet.contract,
        "page_url": at.page,
        **(more or {}),
    }
    return render(request, "spaces/act.html", context, status=status)


def file_answer(contract: Contract, party: Party, uuid: UUID) -> HttpResponseBase:
    """The bytes of a file joined to an exchange the party reads."""
    return served(file_seen_by(party, contract, uuid))
