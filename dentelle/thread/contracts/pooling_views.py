from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.directory.models import Kind
from dentelle.foundations.doors import members
from dentelle.thread.contracts import access
from dentelle.thread.contracts.actions.pooling import create_pooling, pool_contract, record_consent
from dentelle.thread.contracts.companies import organisation_of
from dentelle.thread.contracts.forms.pooling import ConsentForm, PooledContractForm, PoolingForm
from dentelle.thread.contracts.gatherings import pooling_sheet, poolings_of
from dentelle.thread.contracts.models import PoolingAgreement
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.contracts.views import member, show_refusal


@members(*access.READERS)
@require_safe
def pooling_list(request: HttpRequest) -> HttpResponse:
    """The pooling agreements of the structure."""
    context = {"agreements": poolings_of(member(request)), "may_write": access.may_write(member(request))}
    return render(request, "contracts/pooling_list.html", context)


@members(*access.READERS)
@require_safe
def pooling_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: its contracts, the consents, and how hours would be shared."""
    agreement = access.pooling_visible_to(member(request), pk)
    context = {
        "agreement": agreement,
        "sheet": pooling_sheet(agreement),
        "may_write": access.may_write(member(request)),
    }
    return render(request, "contracts/pooling_detail.html", context)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def pooling_new(request: HttpRequest) -> HttpResponse:
    """A new agreement for one company."""

    def make(form: PoolingForm) -> PoolingAgreement:
        given, at = dict(form.cleaned_data), timezone.now()
        siret, name = given.pop("siret"), given.pop("name")
        company = organisation_of(member(request), siret, name=name, kind=Kind.COMPANY, at=at)
        return create_pooling(member(request), company, **given, at=at)

    words = ("Ouvrir une convention de globalisation", "Ouvrir la convention", "Convention ouverte.")
    return _form_page(request, PoolingForm(request.POST or None), words, make)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def pooling_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a contract of the company into the agreement."""
    agreement = access.pooling_visible_to(member(request), pk)
    form = PooledContractForm(request.POST or None, agreement=agreement)

    def add(form: PooledContractForm) -> PoolingAgreement:
        weight = form.cleaned_data.get("stated_weight")
        pool_contract(member(request), pk, form.cleaned_data["contract"].pk, stated_weight=weight, at=timezone.now())
        return agreement

    words = ("Ajouter un contrat à la convention", "Ajouter le contrat", "Contrat ajouté à la convention.")
    return _form_page(request, form, words, add, agreement)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def pooling_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the written consent of a contract's buyer."""
    agreement = access.pooling_visible_to(member(request), pk)
    form = ConsentForm(request.POST or None, agreement=agreement, initial=request.GET.dict())

    def consent(form: ConsentForm) -> PoolingAgreement:
        given = form.cleaned_data
        record_consent(
            member(request), pk, given["contract"].pk, on=given["on"], reference=given["reference"], at=timezone.now()
        )
        return agreement

    words = ("Noter l’accord écrit d’un acheteur", "Noter l’accord", "Accord noté.")
    return _form_page(request, form, words, consent, agreement)


def _form_page(
    request: HttpRequest,
    form: Any,
    words: tuple[str, str, str],
    act: Callable[[Any], PoolingAgreement],
    agreement: PoolingAgreement | None = None,
) -> HttpResponse:
    title, button, done = words
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = act(form)
        except ContractRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("contracts:pooling", pk=made.pk)
    context = {"form": form, "form_title": title, "button": button, "agreement": agreement}
    return render(request, "contracts/pooling_form.html", context, status=422 if request.method == "POST" else 200)
