"""The head of a network: its structures, what they cover, and who is approved."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads
from dentelle.foundations.organisations.models import NetworkSeat, Structure, StructureStatus
from dentelle.foundations.structures import approvals, queries
from dentelle.foundations.structures.forms import ReasonForm, StructureForm

LISTED = (StructureStatus.APPROVED, StructureStatus.REFUSED, StructureStatus.CLOSED)


def head(request: HttpRequest) -> NetworkSeat:
    """Return who acts for the network: set by the middleware, checked by the door."""
    return request.network_seat  # type: ignore[attr-defined,no-any-return]


@network_heads()
@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """The structures of the network: requests to decide on, then those of one status, with what they cover."""
    asked, after = request.GET.get("etat", ""), request.GET.get("apres", "")
    status = asked if asked in LISTED else StructureStatus.APPROVED.value
    text = request.GET.get("texte", "")[:100].strip()
    page = queries.network_page(
        head(request),
        status=status,
        text=text,
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None,
        today=timezone.localdate(),
    )
    context = {
        "network": head(request).network,
        "page": page,
        "status": status,
        "text": text,
        "tabs": [(code.value, code.label, page.counts[code]) for code in LISTED],
        "paged": bool(after),
    }
    return render(request, "structures/network.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def structure_new(request: HttpRequest) -> HttpResponse:
    """Add a structure to the network; made by its head, it is approved."""
    form = StructureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            structure = approvals.create_structure(
                head(request).network,
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                approved=True,
                actor=head(request).user,
                at=timezone.now(),
            )
        except approvals.StructureRefused as refused:
            form.add_error("name" if refused.code.startswith("name") else None, str(refused))
        else:
            messages.success(
                request, f"« {structure} » est créée et agréée. Invitez maintenant sa personne responsable."
            )
            return redirect("structures:network-structure", pk=structure.pk)
    return render(request, "structures/structure_new.html", {"form": form}, status=422 if form.errors else 200)


@network_heads()
@require_safe
def network_structure(request: HttpRequest, pk: int) -> HttpResponse:
    """One structure of the network: who it is, what it covers, who answers for it, and what was decided."""
    return _sheet(request, pk, ReasonForm())


def _sheet(request: HttpRequest, pk: int, form: ReasonForm, status: int = 200) -> HttpResponse:
    sheet = queries.structure_sheet(head(request), pk, today=timezone.localdate())
    context = {
        "sheet": sheet,
        "structure": sheet.structure,
        "form": form,
        "may": {move: approvals.may(move, sheet.structure) for move in approvals.MOVES},
    }
    return render(request, "structures/network_structure.html", context, status=status)


@network_heads()
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a structure: its people may work."""
    try:
        structure = approvals.approve(head(request), pk, at=timezone.now())
        messages.success(request, f"« {structure} » est agréée : ses personnes peuvent travailler.")
    except approvals.StructureRefused as refused:
        messages.error(request, str(refused))
    return redirect("structures:network-structure", pk=pk)


@network_heads()
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a request, with its reason."""
    return _with_reason(request, pk, approvals.refuse, "L’agrément de « {} » est refusé.")


@network_heads()
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a structure, with the reason; its data are kept and it may be approved again."""
    return _with_reason(
        request, pk, approvals.close, "« {} » est fermée : plus aucune page ne s’ouvre à ses personnes."
    )


def _with_reason(request: HttpRequest, pk: int, act: Callable[..., Structure], done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _sheet(request, pk, form, status=422)
    try:
        structure = act(head(request), pk, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, done.format(structure))
    except approvals.StructureRefused as refused:
        messages.error(request, str(refused))
    return redirect("structures:network-structure", pk=pk)
