"""The space of an outside organisation whose people have an account: buyer, company, SIAE."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.doors import seated
from dentelle.rules.dated import parameter
from dentelle.thread.contracts.access import contract_seen_by, party_of
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.party import Party
from dentelle.web.spaces import indicators, published, queries
from dentelle.web.spaces.pages import Addresses, act_page, contract_page, file_answer


def seat_of(request: HttpRequest) -> Seat:
    """Return for whom the person acts: set by the middleware, checked by the door."""
    return request.seat  # type: ignore[attr-defined,no-any-return]


@seated("buyer", "company", "siae")
@require_safe
def contract_list(request: HttpRequest) -> HttpResponse:
    """The organisation's contracts, one line each: what stands, what is expected from whom."""
    waiting_only = request.GET.get("attente") == "1"
    page = queries.list_contracts(
        seat_of(request), today=timezone.localdate(), waiting_only=waiting_only, after=request.GET.get("apres")
    )
    kept = {"attente": "1"} if waiting_only else {}
    context = {
        "page": page,
        "seat": seat_of(request),
        "waiting_only": waiting_only,
        "next_url": f"?{urlencode({**kept, 'apres': page.after})}" if page.after else "",
        "first_url": (f"?{urlencode(kept)}" if kept else request.path) if request.GET.get("apres") else "",
    }
    return render(request, "spaces/list.html", context)


@seated("buyer", "company", "siae")
@require_safe
def contract_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract of the organisation: where it stands, what is due, whom to call, what to do."""
    contract, party = _on(request, pk)
    return contract_page(request, contract, party, _addresses(contract))


@seated("buyer", "company", "siae")
@require_http_methods(["GET", "HEAD", "POST"])
def contract_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act of the organisation on its contract: validate, confirm, decide, ask."""
    contract, party = _on(request, pk)
    return act_page(request, contract, party, code, _addresses(contract))


@seated("buyer", "company", "siae")
@require_safe
def contract_file(request: HttpRequest, pk: int, uuid: UUID) -> HttpResponseBase:
    """A file shared with the organisation on one contract."""
    contract, party = _on(request, pk)
    return file_answer(contract, party, uuid)


@seated("buyer", "company", "siae")
@require_safe
def file_list(request: HttpRequest) -> HttpResponse:
    """The files shared with the organisation on all its contracts."""
    page = queries.shared_files(seat_of(request), after=request.GET.get("apres"))
    context = {
        "page": page,
        "next_url": f"?{urlencode({'apres': page.after})}" if page.after else "",
        "first_url": request.path if request.GET.get("apres") else "",
    }
    return render(request, "spaces/files.html", context)


@seated("buyer")
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """The figures a scheme of responsible purchases (SPASER) is fed with, for one year; each opens to its lines."""
    today, seat = timezone.localdate(), seat_of(request)
    years = queries.notified_years(seat, today=today)
    year = _year(request, years[0])
    threshold = parameter("obligation.spaser_annual_purchases").at(today)
    context = {
        "figures": indicators.year_figures(seat, year, on=today),
        "published": published.published_in(seat, year),
        "years": years,
        "year": year,
        "asked": f"?annee={year}",
        "threshold": threshold,
        "threshold_cents": threshold.number * 100,
    }
    return render(request, "spaces/indicators.html", context)


@seated("buyer")
@require_safe
def indicator_lines(request: HttpRequest, code: str) -> HttpResponse:
    """The contracts that make one figure of a year."""
    today, seat = timezone.localdate(), seat_of(request)
    year, after = _year(request, today.year), request.GET.get("apres", "")
    context = {"year": year, "note": "", "first_url": f"?annee={year}" if after else ""}
    if code in published.ANSWERS:
        lines, next_one = published.published_lines(seat, year, code, after=after)
        context |= {"published": lines, "title": f"Marchés publiés {published.ANSWERS[code]}"}
    elif code in indicators.BY_CODE or code == "heures":
        found = indicators.notified_in(seat, year)
        chosen = indicators.BY_CODE.get(code)
        rows, following = queries.page_of(
            chosen.select(found) if chosen else found, seat, today=today, after=after or None
        )
        title = chosen.title if chosen else "Marchés dont les heures sont comptées"
        context |= {"rows": rows, "title": title}
        if chosen:
            context["note"] = chosen.note
        next_one = following or ""
    else:
        raise Http404
    context["next_url"] = f"?{urlencode({'annee': year, 'apres': next_one})}" if next_one else ""
    return render(request, "spaces/indicator.html", context)


def _on(request: HttpRequest, pk: int) -> tuple[Contract, Party]:
    contract = contract_seen_by(seat_of(request), pk)
    return contract, party_of(seat_of(request), contract)


def _addresses(contract: Contract) -> Addresses:
    return Addresses(
        page=reverse("spaces:contract", args=[contract.pk]),
        act=lambda code: reverse("spaces:act", args=[contract.pk, code]),
        file=lambda uuid: reverse("spaces:file", args=[contract.pk, uuid]),
    )


def _year(request: HttpRequest, default: int) -> int:
    typed = request.GET.get("annee", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 1990 <= int(typed[:5]) <= 2100 else default
