from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dentelle.foundations.awaiting.queries import Agenda, Urgency, agenda
from dentelle.foundations.awaiting.registry import Awaiting, kind_label
from dentelle.foundations.awaiting.words import day_in_full, due_words, waited
from dentelle.foundations.doors import opens_to, signed_in
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.foundations.structures.views import waiting
from dentelle.thread.contracts.access import may_write
from dentelle.thread.contracts.stages import portfolio

SHOWN, MOST_SHOWN = 12, 300
NOBODY = "aucun"
# where people outside go: the first of these pages that opens to them
SPACES = ("spaces:home", "agreements:seat-list")
QUICK = (("demain", 1), ("dans une semaine", 7), ("dans un mois", 30))


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its dates in words and the name of whoever follows it."""

    line: Awaiting
    waited: str
    due: str
    who: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """What is shown of a group; ``more`` lines are left, that ``more_url`` shows."""

    urgency: Urgency
    lines: tuple[ShownLine, ...]
    total: int
    more: int
    more_url: str


@dataclass(frozen=True, slots=True)
class ShownKind:
    """A sort of lines, how many there are, and the address of the list of these alone."""

    code: str
    label: str
    count: int
    url: str
    chosen: bool


@signed_in("whoever signs in must land somewhere and be told where they stand")
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Where a person lands: their day, the page of their hat, or where they stand when nothing opens to them yet."""
    membership, head = request.membership, request.network_seat  # type: ignore[attr-defined]
    if membership and membership.role == Role.ELECTED_OFFICIAL:
        return _day_of_official(request, membership, at=timezone.now())
    if membership:
        return _day(request, membership, at=timezone.now())
    if head:
        return _day_of_network(request, head, at=timezone.now())
    if request.seat and (space := _space(request)):  # type: ignore[attr-defined]
        return redirect(space)
    return waiting(request)


def _day(request: HttpRequest, membership: Membership, *, at: datetime) -> HttpResponse:
    """What awaits a member, and where the portfolio stands: their own, or the whole structure's."""
    today = timezone.localdate(at)
    acts = may_write(membership)
    asked = request.GET.get("qui") or ("structure" if membership.role == Role.MANAGER else "moi")
    whole = asked != "moi" or not acts
    of = (None,) if asked == NOBODY else (int(asked),) if asked.isascii() and asked.isdecimal() else ()
    found = agenda(membership, at, whole=whole, of=of)
    kinds = _kinds(found, request)
    kind = next((each.code for each in kinds if each.chosen), "")
    stages = portfolio(membership, mine=not whole)
    context = {
        "agenda": found,
        "groups": _shown(found, request, today, kind),
        "kinds": kinds if len(kinds) > 1 else (),
        "kind": kind,
        "put_off": found.put_off,
        "acts": acts,
        "whole": whole,
        "person": found.names.get(of[0], "") if of and of[0] else "",
        "nobody": of == (None,),
        "asked": asked,
        "stages": stages,
        "contracts": sum(stage.count for stage in stages),
        "today": today,
        "weekday": day_in_full(today),
        "quick": [(label, today + timedelta(days=days)) for label, days in QUICK],
        "tomorrow": today + timedelta(days=1),
        "team": membership.role == Role.MANAGER,
    }
    return render(request, "web/home.html", context)


def _day_of_official(request: HttpRequest, official: Membership, *, at: datetime) -> HttpResponse:
    """What is new of an official's words and asked of them in person; their territory while nothing is.

    ``?journee=1``, from the menu, shows their day even when it is empty.
    """
    today = timezone.localdate(at)
    found = agenda(official, at)
    if not found.total and request.GET.get("journee") != "1":
        return redirect("territory:home")
    context = {
        "agenda": found,
        "groups": _shown(found, request, today),
        "today": today,
        "weekday": day_in_full(today),
    }
    return render(request, "web/home_official.html", context)


def _day_of_network(request: HttpRequest, head: NetworkSeat, *, at: datetime) -> HttpResponse:
    """What awaits the head of a network: structures to approve, invitations without an answer."""
    today = timezone.localdate(at)
    found = agenda(head, at, whole=True)
    context = {
        "agenda": found,
        "groups": _shown(found, request, today),
        "network": head.network,
        "today": today,
        "weekday": day_in_full(today),
    }
    return render(request, "web/home_network.html", context)


def _kinds(found: Agenda, request: HttpRequest) -> list[ShownKind]:
    """The sorts of lines there are, the most numerous first; the one asked for is chosen."""
    asked, kept = request.GET.get("sorte", ""), request.GET.copy()
    counts = Counter(line.kind for group in found.groups for line in group.lines)
    kinds = []
    for code, count in counts.most_common():
        kept["sorte"] = code
        kinds.append(ShownKind(code, kind_label(code), count, f"?{kept.urlencode()}", code == asked))
    return kinds


def _shown(found: Agenda, request: HttpRequest, today: date, kind: str = "") -> list[ShownGroup]:
    opened = request.GET.get("tout", "")
    groups = []
    for group in found.groups:
        every = [line for line in group.lines if kind in {"", line.kind}]
        lines = every[: MOST_SHOWN if opened == group.urgency else SHOWN]
        if not lines:
            continue
        kept = request.GET.copy()
        kept["tout"] = group.urgency.value
        shown = tuple(
            ShownLine(line, waited(line.since, today), due_words(line.due, today), _who(found, line)) for line in lines
        )
        more = len(every) - len(shown)
        # past what one page can hold, there is no page that shows it all
        url = f"?{kept.urlencode()}#{group.urgency}" if more and opened != group.urgency else ""
        groups.append(ShownGroup(group.urgency, shown, len(every), more, url))
    return groups


def _who(found: Agenda, line: Awaiting) -> str:
    return found.names.get(line.in_charge, "") if line.in_charge else ""


def _space(request: HttpRequest) -> str:
    return next((address for address in map(reverse, SPACES) if opens_to(request, address)), "")
