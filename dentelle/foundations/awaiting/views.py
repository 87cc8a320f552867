from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dentelle.foundations.awaiting import actions
from dentelle.foundations.doors import members
from dentelle.foundations.journal.sentences import prose_day
from dentelle.foundations.organisations.access import CARRIERS
from dentelle.foundations.organisations.models import Membership


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members(*CARRIERS)
@require_POST
def snooze(request: HttpRequest) -> HttpResponse:
    """Put a line of one's list off until a day."""
    typed = request.POST.get("until") or request.POST.get("on", "")
    try:
        put_off = actions.snooze(
            member(request), request.POST.get("key", "")[:80], until=_day(typed), at=timezone.now()
        )
    except actions.SnoozeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Remis à plus tard\u00a0: la ligne revient le {prose_day(put_off.until)}.")
    return redirect(_list(request))


@members(*CARRIERS)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a line back in one's list."""
    actions.resume(member(request), pk, at=timezone.now())
    messages.success(request, "La ligne est de retour dans votre liste.")
    return redirect(_list(request))


def _list(request: HttpRequest) -> str:
    """Return to the list as it was shown: one's own, or the whole structure's."""
    return reverse("home") + ("?qui=structure" if request.POST.get("qui") == "structure" else "")


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
