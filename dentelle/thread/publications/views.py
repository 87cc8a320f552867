from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.publications import access, actions, queries
from dentelle.thread.publications.sheet import publication_sheet
from dentelle.thread.publications.standing import CALLING, Standing

EVERY = "toutes"


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members(*access.READERS)
@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """Every signed contract with what it promises, what is published, and what to do about it."""
    asked = request.GET
    named = asked.get("etat", "")
    standing = named if named in set(Standing) else "" if named == EVERY else queries.CALLING_ALL
    filters = queries.PublicationFilters(
        text=asked.get("texte", "")[:200].strip(),
        standing=standing,
        mine=asked.get("mes") == "1",
    )
    today = timezone.localdate()
    page = queries.list_publications(member(request), filters, today=today, after=asked.get("apres"))
    kept = {name: asked[name] for name in ("texte", "etat", "mes") if asked.get(name)}
    context = {
        "page": page,
        "filters": filters,
        "everything": sum(each.count for each in page.counts),
        "calling": sum(each.count for each in page.counts if each.standing in CALLING),
        "asked": asked.get("etat", ""),
        "next_url": f"?{urlencode({**kept, 'apres': page.after})}" if page.after else "",
        "first_url": f"?{urlencode(kept)}" if asked.get("apres") else "",
    }
    return render(request, "publications/list.html", context)


@members(*access.READERS)
@require_safe
def publication_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: the value to publish, the award taken for it, why, and what to do."""
    contract = access.published_contract(member(request), pk)
    context = {
        "sheet": publication_sheet(contract, today=timezone.localdate()),
        "may_write": access.may_write(member(request)),
    }
    return render(request, "publications/detail.html", context)


@members(*WRITER_ROLES)
@require_POST
def publication_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the award shown is this contract."""
    try:
        actions.confirm_match(member(request), pk, contract_key=_key(request), at=timezone.now())
        messages.success(request, "Rapprochement confirmé.")
    except actions.MatchRefused as refused:
        messages.error(request, str(refused))
    return redirect("publications:detail", pk=pk)


@members(*WRITER_ROLES)
@require_POST
def publication_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the award shown is another contract."""
    try:
        actions.refuse_match(member(request), pk, contract_key=_key(request), at=timezone.now())
        messages.success(request, "Rapprochement refusé\u00a0: cette publication ne sera plus proposée.")
    except actions.MatchRefused as refused:
        messages.error(request, str(refused))
    return redirect("publications:detail", pk=pk)


@members(*WRITER_ROLES)
@require_POST
def publication_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a confirmation back."""
    try:
        actions.reopen_match(member(request), pk, at=timezone.now())
        messages.success(request, "Le rapprochement est de nouveau à confirmer.")
    except actions.MatchRefused as refused:
        messages.error(request, str(refused))
    return redirect("publications:detail", pk=pk)


def _key(request: HttpRequest) -> str:
    return request.POST.get("contract_key", "")[:40]
