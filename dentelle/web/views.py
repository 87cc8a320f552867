from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dentelle.foundations.doors import public, signed_in
from dentelle.foundations.structures.views import waiting
from dentelle.thread.territory.views import own_territory


@signed_in("whoever signs in must land somewhere and be told where they stand")
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Where a person lands after logging in.

    The territory of their structure, the structures of their network, or where they stand when nothing opens to them yet.
    """
    if request.membership:  # type: ignore[attr-defined]
        return own_territory(request)
    if request.network_seat:  # type: ignore[attr-defined]
        return redirect("structures:network")
    return waiting(request)


@public("an unknown address must answer anyone, and say the same to all")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of an unknown address and of a closed door alike."""
    return render(request, "web/404.html", status=404)


@public("a failure must answer anyone")
def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure: plain, without database or context that could fail again."""
    return render(request, "web/500.html", status=500)


@public("a form sent from a page opened before signing in again must get an answer too")
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form whose key is no longer the session's: what happened and what to do."""
    return render(request, "web/stale_form.html", status=403)


@public("a request that cannot be read must answer anyone")
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of a request nobody can read, too large for instance."""
    return render(request, "web/400.html", status=400)


@public("whoever asks too often must be told so")
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of a limit reached: too many attempts in a short time."""
    return render(request, "web/429.html", status=429)
