"""Drops of outside people with an account: a buyer and its purchase plan. Same pages, their own doors."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import seated
from dentelle.foundations.intake import pages
from dentelle.foundations.intake.droppers import Dropper

SEATS = ("buyer",)


def _dropper(request: HttpRequest) -> Dropper:
    return Dropper(request.user, seat=request.seat)  # type: ignore[attr-defined, arg-type]


@seated(*SEATS)
@require_http_methods(["GET", "HEAD", "POST"])
def drop_new(request: HttpRequest, purpose: str) -> HttpResponse:
    """Drop a spreadsheet of one's organisation as it is."""
    return pages.new_page(request, _dropper(request), purpose)


@seated(*SEATS)
@require_safe
def drop_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """A spreadsheet of one's organisation in its grid, before anything is written."""
    return pages.grid(request, _dropper(request), pk)


@seated(*SEATS)
@require_safe
def drop_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the background work of a drop is."""
    return pages.progress(request, _dropper(request), pk)


@seated(*SEATS)
@require_POST
def drop_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Change the columns, correct cells, write, abandon."""
    return pages.act(request, _dropper(request), pk, code)
