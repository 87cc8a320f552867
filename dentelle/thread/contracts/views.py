from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.doors import members
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import access, actions, queries
from dentelle.thread.contracts.actions.contract import ContractContent
from dentelle.thread.contracts.actions.entry import enter_contract
from dentelle.thread.contracts.actions.obligation import ObligationContent
from dentelle.thread.contracts.acts import ACTS, BY_CODE, Act, Asked
from dentelle.thread.contracts.companies import organisation_of
from dentelle.thread.contracts.forms.entry import ContractForm, EntryForm, OperationForm
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.origins import initial_entry, origin_of
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.states import WRITER_ROLES, MoveRefused, moves_from


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members(*access.READERS)
@require_GET
def contract_list(request: HttpRequest) -> HttpResponse:
    """The portfolio of the structure, by stage."""
    asked = request.GET
    stage = asked.get("etape", "")
    filters = queries.ContractFilters(
        text=asked.get("texte", "")[:200].strip(),
        stage=stage if stage in queries.STAGES else "",
        mine=asked.get("mes") == "1",
    )
    page = queries.list_contracts(member(request), filters, after=asked.get("apres"))
    kept = {name: asked[name] for name in ("texte", "etape", "mes") if asked.get(name)}
    context = {
        "page": page,
        "filters": filters,
        "everything": sum(stage.count for stage in page.stages),
        "next_url": f"?{urlencode({**kept, 'apres': page.after})}" if page.after else "",
        "first_url": f"?{urlencode(kept)}" if asked.get("apres") else "",
        "may_write": access.may_write(member(request)),
    }
    return render(request, "contracts/list.html", context)


@members(*access.READERS)
@require_GET
def contract_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: what it owes, who owes it, what happened."""
    contract = access.contract_visible_to(member(request), pk)
    sheet = queries.contract_sheet(contract)
    editable = access.may_write(member(request)) and contract.structure_id == member(request).structure_id
    context = {
        "sheet": sheet,
        "contract": sheet.contract,
        "share": queries.share_of(sheet.contract, member(request)),
        "editable": editable,
        "acts": ACTS if editable else (),
        "moves": moves_from(contract.state, member(request).role) if editable else (),
        "penalties": queries.penalty_lines(sheet, on=timezone.localdate()),
    }
    return render(request, "contracts/detail.html", context)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "POST"])
def contract_new(request: HttpRequest) -> HttpResponse:
    """A new contract: from a calibration (``?calibrage=``), from a renewal (``?achat=``), or by hand. One screen."""
    structure = member(request).structure
    if request.method == "GET":
        form = EntryForm(initial=initial_entry(member(request), request.GET), structure=structure)
        return render(request, "contracts/new.html", {"form": form})
    form = EntryForm(request.POST, structure=structure)
    if form.is_valid():
        try:
            contract = _enter(member(request), form.cleaned_data, at=timezone.now())
        except ContractRefused as refused:
            _show(form, refused)
        else:
            messages.success(request, "Contrat inscrit au registre.")
            return redirect("contracts:detail", pk=contract.pk)
    return render(request, "contracts/new.html", {"form": form}, status=422)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "POST"])
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a contract, unless somebody did meanwhile."""
    contract = access.contract_editable_by(member(request), pk)
    if request.method == "GET":
        form = ContractForm(initial=_known(contract), structure=contract.structure)
        return render(request, "contracts/edit.html", {"form": form, "contract": contract})
    form = ContractForm(request.POST, structure=contract.structure)
    status = 422
    if form.is_valid():
        at = timezone.now()
        try:
            with transaction.atomic():
                content = _content(member(request), form.cleaned_data, at=at)
                actions.update_contract(member(request), pk, content, expected_revision=_revision(request), at=at)
        except EditedMeanwhile as conflict:
            status, contract = 409, conflict.current
            form.add_error(None, str(conflict))
        except ContractRefused as refused:
            _show(form, refused)
        else:
            messages.success(request, "Contrat modifié.")
            return redirect("contracts:detail", pk=pk)
    return render(request, "contracts/edit.html", {"form": form, "contract": contract}, status=status)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "POST"])
def contract_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on a contract, of the table of ``acts``."""
    act = BY_CODE.get(code)
    if act is None:
        raise Http404
    sheet = queries.contract_sheet(access.contract_editable_by(member(request), pk))
    role = member(request).role
    if request.method == "GET":
        form = act.form(sheet=sheet, role=role, initial=request.GET.dict())
        return _act_page(request, act, form)
    form = act.form(request.POST, sheet=sheet, role=role)
    if not form.is_valid():
        return _act_page(request, act, form, status=422)
    try:
        with transaction.atomic():
            act.run(Asked(member(request), form, timezone.now()))
    except EditedMeanwhile as conflict:
        form.add_error(None, str(conflict))
        return _act_page(request, act, form, status=409, conflict=conflict.current)
    except (ContractRefused, MoveRefused, ValidationError) as refused:
        _show(form, refused)
        return _act_page(request, act, form, status=422)
    messages.success(request, act.done)
    return redirect("contracts:detail", pk=pk)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "POST"])
def operation_new(request: HttpRequest) -> HttpResponse:
    """A new operation, which will gather contracts."""
    form = OperationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["neighbourhoods"] = tuple(given["neighbourhoods"].split())
        try:
            operation = actions.create_operation(member(request), **given, at=timezone.now())
        except ContractRefused as refused:
            _show(form, refused)
        else:
            messages.success(request, f"Opération « {operation.name} » créée\u00a0: choisissez-la sur un contrat.")
            return redirect("contracts:list")
    return render(request, "contracts/operation.html", {"form": form}, status=422 if form.errors else 200)


def _act_page(
    request: HttpRequest, act: Act, form: Any, *, status: int = 200, conflict: Contract | None = None
) -> HttpResponse:
    context = {"act": act, "form": form, "contract": form.sheet.contract, "conflict": conflict}
    return render(request, "contracts/act.html", context, status=status)


def _enter(actor: Membership, given: dict[str, Any], *, at: datetime) -> Contract:
    with transaction.atomic():
        content = _content(actor, given, at=at)
        holder = None
        if given["holder_siret"]:
            holder = organisation_of(
                actor,
                given["holder_siret"],
                name=given["holder_name"],
                kind=Kind.COMPANY,
                field="holder_siret",
                at=at,
            )
        obligation = None
        if given["due_minutes"]:
            obligation = ObligationContent(
                due_minutes=given["due_minutes"], clause_type=given["clause_type"], deadline_on=given["deadline_on"]
            )
        origin = origin_of(actor, calibration=given["calibration"], renewal_key=given["renewal_key"])
        return enter_contract(actor, content, obligation=obligation, holder=holder, origin=origin, at=at)


def _content(actor: Membership, given: dict[str, Any], *, at: datetime) -> ContractContent:
    buyer: Organisation | None = None
    if given["buyer_siret"]:
        buyer = organisation_of(
            actor, given["buyer_siret"], name=given["buyer_name"], kind=Kind.BUYER, field="buyer_siret", at=at
        )
    names = [name for name in ContractContent.__dataclass_fields__ if name != "buyer"]
    return ContractContent(buyer=buyer, **{name: given[name] for name in names})


def _known(contract: Contract) -> dict[str, Any]:
    known = {name: getattr(contract, name) for name in ContractContent.__dataclass_fields__ if name != "buyer"}
    if contract.amount_cents is not None:
        euros, cents = divmod(contract.amount_cents, 100)
        known["amount_cents"] = f"{euros},{cents:02d}"
    return {**known, "buyer_siret": contract.buyer.identifier if contract.buyer else ""}


def _revision(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _show(form: Any, refused: Exception) -> None:
    if isinstance(refused, ValidationError):
        form.add_error(None, refused)
        return
    field = getattr(refused, "field", "")
    form.add_error(field if field in form.fields else None, str(refused))
