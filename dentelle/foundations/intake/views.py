"""Drops of members, for their structure. Those of seated people have addresses of their own (``seat_views``)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.intake import pages
from dentelle.foundations.intake.droppers import Dropper, drops_of
from dentelle.foundations.intake.targets import target_of, targets_open_to

WRITERS = ("facilitator", "manager")
RECENT = 100


def _dropper(request: HttpRequest) -> Dropper:
    return Dropper(request.user, membership=request.membership)  # type: ignore[attr-defined, arg-type]


@members(*WRITERS)
@require_safe
def drop_list(request: HttpRequest) -> HttpResponse:
    """The spreadsheets dropped lately, and what one may drop."""
    dropper = _dropper(request)
    drops = drops_of(dropper).select_related("file", "organisation", "author")[:RECENT]
    rows = [(drop, found) for drop in drops if (found := target_of(drop.purpose)) is not None]
    context = {"rows": rows, "targets": targets_open_to(dropper.role)}
    return render(request, "intake/list.html", context)


@members(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def drop_new(request: HttpRequest, purpose: str) -> HttpResponse:
    """Drop a spreadsheet as it is."""
    return pages.new_page(request, _dropper(request), purpose)


@members(*WRITERS)
@require_safe
def drop_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """A spreadsheet in its grid, before anything is written."""
    return pages.grid(request, _dropper(request), pk)


@members(*WRITERS)
@require_safe
def drop_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the background work of a drop is."""
    return pages.progress(request, _dropper(request), pk)


@members(*WRITERS)
@require_POST
def drop_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Change the columns, correct cells, write, abandon."""
    return pages.act(request, _dropper(request), pk, code)
