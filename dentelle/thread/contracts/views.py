from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import Reconciled, reconcile
from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.doors import members
from dentelle.foundations.invitations.queries import links
from dentelle.foundations.invitations.views import site_of
from dentelle.foundations.journal.queries import TimelineEvent
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.sheets import CONTENT_TYPES
from dentelle.rules.levers import lever as lever_of
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts import access, actions, queries
from dentelle.thread.contracts.act import Act, Asked
from dentelle.thread.contracts.actions.contract import ContractContent, Origin
from dentelle.thread.contracts.actions.entry import enter_contract
from dentelle.thread.contracts.actions.obligation import ObligationContent
from dentelle.thread.contracts.acts import ACTS, BY_CODE
from dentelle.thread.contracts.bids import bid_table
from dentelle.thread.contracts.columns import COLUMNS
from dentelle.thread.contracts.companies import organisation_of
from dentelle.thread.contracts.conflicts import changes_since
from dentelle.thread.contracts.dues import stated_of
from dentelle.thread.contracts.forms.entry import ContractForm, EntryForm
from dentelle.thread.contracts.models import Contract, ExchangeKind
from dentelle.thread.contracts.next_steps import next_step, standing_of
from dentelle.thread.contracts.origins import already_entered, initial_entry, origin_of
from dentelle.thread.contracts.penalties import penalties_of
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.sections import sections_of
from dentelle.thread.contracts.states import WRITER_ROLES, MoveRefused, is_signed


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members(*access.READERS)
@require_safe
def contract_list(request: HttpRequest) -> HttpResponse:
    """The portfolio of the structure, by stage."""
    asked = request.GET
    filters = queries.filters_of(asked)
    page = queries.list_contracts(member(request), filters, after=asked.get("apres"))
    kept = {name: asked[name] for name in ("texte", "etape", "mes", "tri") if asked.get(name)}
    context = {
        "page": page,
        "filters": filters,
        "everything": sum(stage.count for stage in page.stages),
        "next_url": f"?{urlencode({**kept, 'apres': page.after})}" if page.after else "",
        "first_url": f"?{urlencode(kept)}" if asked.get("apres") else "",
        "query": urlencode(kept),
        "columns": COLUMNS,
        "order": queries.SORTS[filters.sort],
        "sorts": [
            (code, label, f"?{urlencode({**kept, 'tri': code})}", code == filters.sort)
            for code, label in queries.SORTS.items()
        ],
        "may_write": access.may_write(member(request)),
    }
    return render(request, "contracts/list.html", context)


@members(*access.READERS, harmless="a file of what they may read")
@require_POST
def contract_export(request: HttpRequest) -> HttpResponse:
    """Ask for the list as a file: a background job, whose page gives it."""
    form = request.POST.get("format", "")
    if form not in CONTENT_TYPES:
        raise Http404
    job = actions.ask_export(
        member(request),
        query=request.POST.get("query", "")[:2000],
        chosen=request.POST.getlist("colonnes"),
        form=form,
        at=timezone.now(),
    )
    return redirect("jobs:detail", uuid=job.uuid)


@members(*access.READERS)
@require_safe
def contract_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: what it owes, who owes it, what happened."""
    contract = access.contract_visible_to(member(request), pk)
    sheet = queries.contract_sheet(contract)
    leads = contract.structure_id == member(request).structure_id
    editable = access.may_write(member(request)) and leads
    context = {
        "sheet": sheet,
        "contract": sheet.contract,
        "share": queries.share_of(sheet.contract, member(request)),
        "editable": editable,
        "thread_urls": thread_urls(sheet.contract) if leads else {},
        "acts": [each for each in ACTS if each.is_offered(sheet, member(request).role)] if editable else (),
        "next": next_step(standing_of(sheet), member(request).role, today=timezone.localdate()) if editable else None,
        "sections": sections_of(sheet, member(request), on=timezone.localdate()),
        "stated": stated_of(sheet.contract),
        "has_questions": any(each.kind == ExchangeKind.QUESTION for each in sheet.contract.exchanges.all()),
        "links": links(sheet.contract, member(request), at=timezone.now())
        if editable and is_signed(sheet.contract.state)
        else (),
        "penalties": penalties_of(sheet.contract, on=timezone.localdate()) if leads else (),
    }
    return render(request, "contracts/detail.html", context)


@members(*access.READERS)
@require_safe
def contract_bids(request: HttpRequest, pk: int) -> HttpResponse:
    """How the social part of the bids was read: the grid, points and remarks, what was retained."""
    contract = access.contract_visible_to(member(request), pk)
    # an associated structure follows its share of the hours, not the consultation
    if contract.structure_id != member(request).structure_id:
        raise Http404
    table = bid_table(contract)
    acts = access.may_write(member(request)) and not is_signed(contract.state)
    context = {
        "contract": contract,
        "table": table,
        "next": BY_CODE[table.next_act] if acts else None,
        "thread_urls": thread_urls(contract),
    }
    return render(request, "contracts/bids.html", context)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def contract_new(request: HttpRequest) -> HttpResponse:
    """A new contract: from a calibration (``?calibrage=``), a renewal (``?achat=``), a planned purchase, or by hand."""
    structure = member(request).structure
    if request.method != "POST":
        known = initial_entry(member(request), request.GET)
        form = EntryForm(initial=known, structure=structure)
        already = already_entered(member(request), _origin(member(request), known))
        return render(request, "contracts/new.html", {"form": form, "already": already})
    form = EntryForm(request.POST, structure=structure)
    if form.is_valid():
        try:
            contract = _enter(member(request), form.cleaned_data, at=timezone.now())
        except ContractRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "Contrat inscrit au registre.")
            return redirect("contracts:detail", pk=contract.pk)
    return render(request, "contracts/new.html", {"form": form}, status=422)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a contract, unless somebody did meanwhile."""
    contract = access.contract_editable_by(member(request), pk)
    if request.method != "POST":
        form = ContractForm(initial=_known(contract), structure=contract.structure).with_dates_kept(contract)
        return render(request, "contracts/edit.html", {"form": form, "contract": contract})
    conflict: Reconciled[ContractForm] | None = None
    meanwhile: tuple[TimelineEvent, ...] = ()
    form = ContractForm(request.POST, structure=contract.structure).with_dates_kept(contract)
    status = 422
    if form.is_valid():
        at = timezone.now()
        try:
            with transaction.atomic():
                content = _content(member(request), form.cleaned_data, at=at)
                actions.update_contract(member(request), pk, content, expected_revision=_revision(request), at=at)
        except EditedMeanwhile as stale:
            status, contract = 409, stale.current
            conflict = reconcile(form, _known(contract), partial(ContractForm, structure=contract.structure))
            meanwhile = changes_since(contract, _revision(request))
            form = conflict.form.with_dates_kept(contract)
            form.add_error(None, str(stale))
        except ContractRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "Contrat modifié.")
            return redirect("contracts:detail", pk=pk)
    context = {"form": form, "contract": contract, "conflict": conflict, "meanwhile": meanwhile}
    return render(request, "contracts/edit.html", context, status=status)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def contract_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on a contract, of the table of ``acts``."""
    act = BY_CODE.get(code)
    if act is None:
        raise Http404
    sheet = queries.contract_sheet(access.contract_editable_by(member(request), pk))
    role = member(request).role
    if request.method != "POST":
        form = act.form(sheet=sheet, role=role, initial=request.GET.dict())
        return _act_page(request, act, form)
    form = act.form(request.POST, request.FILES, sheet=sheet, role=role)
    opened = _revision(request)
    if not form.is_valid():
        return _act_page(request, act, form, status=422)
    try:
        with transaction.atomic():
            act.run(Asked(member(request), form, timezone.now(), site_of(request)))
    except EditedMeanwhile as stale:
        # what was typed stays, on the contract as it is now: sending again acts on it knowingly
        typed = request.POST.copy()
        typed["revision"] = str(stale.current.revision)
        form = act.form(typed, sheet=queries.contract_sheet(stale.current), role=role)
        form.add_error(None, str(stale))
        return _act_page(request, act, form, status=409, meanwhile=changes_since(stale.current, opened))
    except (ContractRefused, MoveRefused, ValidationError) as refused:
        show_refusal(form, refused)
        return _act_page(request, act, form, status=422)
    messages.success(request, act.done)
    return redirect("contracts:detail", pk=pk)


def _act_page(
    request: HttpRequest, act: Act, form: Any, *, status: int = 200, meanwhile: tuple[TimelineEvent, ...] = ()
) -> HttpResponse:
    context = {
        "act": act,
        "form": form,
        "contract": form.sheet.contract,
        "meanwhile": meanwhile,
        "thread_urls": thread_urls(form.sheet.contract),
    }
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
        obligation = _entered_obligation(given)
        return enter_contract(actor, content, obligation=obligation, holder=holder, origin=_origin(actor, given), at=at)


def _origin(actor: Membership, given: Mapping[str, Any]) -> Origin:
    return origin_of(
        actor,
        calibration=given.get("calibration"),
        renewal_key=given.get("renewal_key", ""),
        plan_line=given.get("plan_line"),
    )


def _entered_obligation(given: dict[str, Any]) -> ObligationContent | None:
    """What the entry says is owed, nothing while it says nothing; what it says is never dropped without a word."""
    kind = given["clause_type"] or LeverCode.EXECUTION_CONDITION.value
    counts_nothing = lever_of(kind).counts is LeverCounts.NOTHING
    if not given["due_minutes"] and not counts_nothing:
        if kind != LeverCode.EXECUTION_CONDITION.value or given["deadline_on"]:
            raise ContractRefused(
                "hours_missing",
                "Une obligation de ce type se compte en heures\u00a0: indiquez-les. Si elles ne sont pas fixées, laissez "
                "« condition d’exécution » sans échéance\u00a0; l’obligation s’ajoutera sur la page du contrat.",
                "due_minutes",
            )
        return None
    return ObligationContent(due_minutes=given["due_minutes"] or 0, clause_type=kind, deadline_on=given["deadline_on"])


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


def thread_urls(contract: Contract) -> dict[str, str]:
    """Return where the stations this contract passed lead back to."""
    urls = {"territory": reverse("territory:home")}
    if contract.renewal_key:
        urls["purchase"] = reverse("purchases:contract", kwargs={"contract_key": contract.renewal_key})
    elif contract.plan_line_id:
        urls["purchase"] = reverse("plans:line", kwargs={"pk": contract.plan_line_id})
    if contract.calibration_id:
        urls["clause"] = reverse("clauses:detail", kwargs={"pk": contract.calibration_id})
    return urls


def _revision(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def show_refusal(form: Any, refused: Exception) -> None:
    if isinstance(refused, ValidationError):
        form.add_error(None, refused)
        return
    field = getattr(refused, "field", "")
    form.add_error(field if field in form.fields else None, str(refused))
