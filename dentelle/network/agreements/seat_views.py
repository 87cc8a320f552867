"""Agreements for the people of an organisation that is a party to them: the public employment service, and others."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.doors import seated
from dentelle.network.agreements import access, pages, queries
from dentelle.network.agreements.access import PARTNER


def seat_of(request: HttpRequest) -> Seat:
    """Return who acts, for which organisation: set by the middleware, checked by the door."""
    return request.seat  # type: ignore[attr-defined,no-any-return]


@seated(PARTNER)
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """Agreements one's organisation is a party to, and what each waits for."""
    seat = seat_of(request)
    rows = queries.party_list(seat, timezone.localdate())
    context = {
        "rows": rows,
        "seat": seat,
        "named": access.naming(seat).exists(),
        "waiting": sum(bool(row.waits) for row in rows),
    }
    return render(request, "agreements/seat_list.html", context)


@seated(PARTNER)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An agreement of one's own: commitments, readings owed, readings to confirm."""
    return pages.detail(request, seat_of(request), pk)


@seated(PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act of a party on an agreement: sign, give a reading, confirm or dispute one."""
    return pages.act(request, seat_of(request), pk, code)


@seated(PARTNER)
@require_safe
def review(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The yearly review of an agreement, in Word."""
    return pages.review(request, seat_of(request), pk, year)


@seated(PARTNER)
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of an agreement, in Word."""
    return pages.document(request, seat_of(request), pk)


@seated(PARTNER)
@require_safe
def signed_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The signed copy of an agreement, as it was sent."""
    return pages.signed_file(request, seat_of(request), pk)


@seated(PARTNER)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Local agreements under the frameworks one's organisation signed, side by side."""
    return pages.compare(request, seat_of(request))
