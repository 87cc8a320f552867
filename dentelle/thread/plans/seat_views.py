"""Plans for a buyer with an account: its own, whoever dropped them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import seated
from dentelle.thread.plans import pages


@seated("buyer")
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Purchase plans of one's own, latest first."""
    return pages.plan_list(request, request.seat)  # type: ignore[attr-defined]


@seated("buyer")
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A purchase plan of one's own: what it carries, and its lines."""
    return pages.plan_page(request, request.seat, pk)  # type: ignore[attr-defined]


@seated("buyer")
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """A purchase foreseen: hours, words to paste, obligation, arithmetic."""
    return pages.line_page(request, request.seat, pk)  # type: ignore[attr-defined]


@seated("buyer")
@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole plan as a spreadsheet."""
    return pages.workbook(request.seat, pk)  # type: ignore[attr-defined]


@seated("buyer")
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan on one printed page."""
    return pages.paper(request.seat, pk)  # type: ignore[attr-defined]


@seated("buyer")
@require_POST
def plan_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Compute a plan again, or say what its buyer is."""
    return pages.plan_act(request, request.seat, pk, code)  # type: ignore[attr-defined]


@seated("buyer")
@require_POST
def line_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the trade of a line."""
    return pages.line_act(request, request.seat, pk)  # type: ignore[attr-defined]
