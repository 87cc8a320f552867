from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.doors import members
from dentelle.thread.contracts import access, actions, queries
from dentelle.thread.contracts.forms.entry import OperationForm
from dentelle.thread.contracts.gatherings import operation_sheet, operations_of, waiting_orders
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.contracts.views import member, show_refusal


@members(*access.READERS)
@require_safe
def operation_list(request: HttpRequest) -> HttpResponse:
    """The operations of the structure."""
    context = {"operations": operations_of(member(request)), "may_write": access.may_write(member(request))}
    return render(request, "contracts/operation_list.html", context)


@members(*access.READERS)
@require_safe
def operation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One operation: what its contracts owe together, counter by counter."""
    operation = access.operation_visible_to(member(request), pk)
    context = {"operation": operation, "sheet": operation_sheet(operation), "size": queries.PAGE_SIZE}
    return render(request, "contracts/operation_detail.html", context)


@members(*WRITER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def operation_new(request: HttpRequest) -> HttpResponse:
    """A new operation, which will gather contracts."""
    form = OperationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["neighbourhoods"] = tuple(given["neighbourhoods"].split())
        try:
            operation = actions.create_operation(member(request), **given, at=timezone.now())
        except ContractRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "Opération créée\u00a0: choisissez-la sur ses contrats.")
            return redirect("contracts:operation", pk=operation.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/operation.html", {"form": form}, status=status)


@members(*access.READERS)
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders of framework agreements whose hours nobody has fixed, oldest first."""
    context = {"orders": waiting_orders(member(request)), "may_write": access.may_write(member(request))}
    return render(request, "contracts/orders.html", context)
