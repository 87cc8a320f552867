"""Sheets for the head of the network, which alone publishes."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads
from dentelle.network.practices import pages


@network_heads()
@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    """The practices of the network, and what awaits review or publication."""
    return pages.practice_list(request, request.network_seat)  # type: ignore[attr-defined]


@network_heads()
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice sheet, with its publication."""
    return pages.sheet_page(request, request.network_seat, pk)  # type: ignore[attr-defined]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a sheet of the network itself."""
    return pages.new_page(request, request.network_seat)  # type: ignore[attr-defined]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a sheet the head began."""
    return pages.edit_page(request, request.network_seat, pk)  # type: ignore[attr-defined]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Review a sheet somebody else wrote."""
    return pages.review_page(request, request.network_seat, pk)  # type: ignore[attr-defined]


@network_heads()
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Publish, send back or archive a sheet."""
    return pages.act(request, request.network_seat, pk, code)  # type: ignore[attr-defined]
