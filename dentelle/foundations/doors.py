"""Every view declares its door: who may open it. A consistency test refuses a view without one.

A door checks the person; what the person may see inside (which object) is the business of the app's ``access.py``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def public(reason: str) -> Callable[[View], View]:
    """Open to anyone. ``reason`` says why that is right; it is read by people and by the consistency test."""

    def decorate(view: View) -> View:
        opened = login_not_required(view)
        opened.door = ("public", reason)  # type: ignore[attr-defined]
        return opened

    return decorate


def members(*roles: str) -> Callable[[View], View]:
    """Open to people who belong to a structure (``request.structure``), with one of ``roles`` when some are named.

    Anyone else gets the same 404 as an unknown address: a closed door does not say what is behind it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None or (roles and membership.role not in roles):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.door = ("members", ", ".join(roles) or "any role")  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """Open to whoever has signed in, whatever they may act as, even nothing. ``reason`` says why that is right."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        guarded.door = ("signed_in", reason)  # type: ignore[attr-defined]
        return guarded

    return decorate


def link_bearers(purpose: str) -> Callable[[View], View]:
    """Open to whoever opened a magic link made for ``purpose`` (``request.link``), without an account.

    Anyone else gets the 404 of an unknown address, people signed in too: a link opens one thing for one person.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            link = getattr(request, "link", None)
            if link is None or link.purpose != purpose:
                raise Http404
            return view(request, *args, **kwargs)

        opened = login_not_required(guarded)
        opened.door = ("link_bearers", purpose)  # type: ignore[attr-defined]
        return opened

    return decorate
