"""Plans for members of the structure that follows the buyers."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.thread.clauses import access
from dentelle.thread.plans import pages


@members(*access.READERS)
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Purchase plans, latest first."""
    return pages.plan_list(request, request.membership)  # type: ignore[attr-defined]


@members(*access.READERS)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A purchase plan: what it carries, and its lines."""
    return pages.plan_page(request, request.membership, pk)  # type: ignore[attr-defined]


@members(*access.READERS)
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """A purchase foreseen: hours, words to paste, obligation, arithmetic."""
    return pages.line_page(request, request.membership, pk)  # type: ignore[attr-defined]


@members(*access.READERS)
@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole plan as a spreadsheet."""
    return pages.workbook(request.membership, pk)  # type: ignore[attr-defined]


@members(*access.READERS)
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan on one printed page."""
    return pages.paper(request.membership, pk)  # type: ignore[attr-defined]


@members(*access.WRITERS)
@require_POST
def plan_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Compute a plan again, or say what its buyer is."""
    return pages.plan_act(request, request.membership, pk, code)  # type: ignore[attr-defined]


@members(*access.WRITERS)
@require_POST
def line_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the trade of a line."""
    return pages.line_act(request, request.membership, pk)  # type: ignore[attr-defined]
