"""Sheets for members of the network."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import link_bearers, members, public
from dentelle.network.practices import pages
from dentelle.network.practices.access import WRITERS
from dentelle.network.practices.agreeing import PURPOSE


@members()
@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    """The practices of the network: search, facets, territories like one's own."""
    return pages.practice_list(request, request.membership)  # type: ignore[attr-defined]


@members()
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """The practices near what another page speaks of: a fragment."""
    return pages.near_panel(request, request.membership)  # type: ignore[attr-defined]


@members()
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice sheet: what was done, with what result, how it would transfer."""
    return pages.sheet_page(request, request.membership, pk)  # type: ignore[attr-defined]


@members(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a practice sheet."""
    return pages.new_page(request, request.membership)  # type: ignore[attr-defined]


@members(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a sheet of one's own structure."""
    return pages.edit_page(request, request.membership, pk)  # type: ignore[attr-defined]


@members(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Review a sheet somebody else wrote."""
    return pages.review_page(request, request.membership, pk)  # type: ignore[attr-defined]


@members(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what a practice gave in one's own structure."""
    return pages.tried_page(request, request.membership, pk)  # type: ignore[attr-defined]


@members(*WRITERS)
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Submit, send back, check or archive a sheet."""
    return pages.act(request, request.membership, pk, code)  # type: ignore[attr-defined]


@public(
    "a sheet under an open licence is made to be read by anyone, without who to contact and with the words that tell who somebody is masked; under another, or archived, it is a 404"
)
@require_safe
def public_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice sheet under an open licence, for anyone: what was done, with what result."""
    return pages.public_page(request, pk)


@link_bearers(PURPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """Read again a sheet made of one's answer: agree to it, or say what is to be mended."""
    return pages.agree_page(request, request.link)  # type: ignore[attr-defined]
