from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.hats import MEMBERSHIP, NETWORK_SEAT, SEAT, Hat, Wardrobe

SESSION_KEY = "hat"
_SAFE = {"GET", "HEAD", "OPTIONS"}


class CurrentHatMiddleware:
    """Sets what the person acts as in this request: exactly one of ``request.membership`` (with ``request.structure``),
    ``request.network_seat``, ``request.seat``, or none of them.

    ``request.hats`` is their wardrobe, ``request.hat`` the one worn. A membership of a structure that is not
    approved is worn without opening anything: ``request.membership`` stays None. The hat worn is remembered in the
    session; when the right behind it has gone, a form sent under it is not obeyed under another one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        request.hats = Wardrobe(request.user if signed_in else None)  # type: ignore[attr-defined,arg-type]
        _put_on(request, _worn(request, request.hats) if signed_in else None)  # type: ignore[attr-defined]
        return self.get_response(request)


def wear(request: HttpRequest, hat: Hat) -> None:
    """Remember the hat to wear from now on; forms opened under the former one are refused as stale."""
    request.session[SESSION_KEY] = hat.key
    rotate_token(request)


def _worn(request: HttpRequest, hats: Wardrobe) -> Hat | None:
    chosen = request.session.get(SESSION_KEY, "")
    hat = hats.find(chosen)
    if hat or (chosen and request.method not in _SAFE):
        return hat
    hat = hats.first()
    if chosen and hat:
        wear(request, hat)
    elif hat:
        request.session[SESSION_KEY] = hat.key
    return hat


def _put_on(request: HttpRequest, hat: Hat | None) -> None:
    held = {hat.kind: hat.held} if hat and hat.usable else {}
    membership = held.get(MEMBERSHIP)
    request.hat = hat  # type: ignore[attr-defined]
    request.membership = membership  # type: ignore[attr-defined]
    request.structure = membership.structure if membership else None  # type: ignore[attr-defined]
    request.network_seat = held.get(NETWORK_SEAT)  # type: ignore[attr-defined]
    request.seat = held.get(SEAT)  # type: ignore[attr-defined]


def choose_at_login(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Wear the first hat from the moment of signing in, so that reading a page has nothing to remember."""
    hat = Wardrobe(user).first()
    if hat:
        request.session[SESSION_KEY] = hat.key
