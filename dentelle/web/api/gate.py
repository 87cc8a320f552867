"""What every request of a program goes through before its operation: size, token, pace; and what every answer leaves with."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from dentelle.foundations.invitations.throttle import allowed
from dentelle.foundations.tokens.access import Bearer, bearer_of
from dentelle.foundations.tokens.actions import note_use
from dentelle.web.api.problems import problem, unknown

View = Callable[..., HttpResponseBase]
LARGEST_BODY = 256 * 1024
REQUESTS, WINDOW = 300, 60  # of one token, in so many seconds


def gate(guarded: View) -> View:
    """Wrap a view behind a door of ``doors.machines``: find who asks, and answer every refusal as a problem."""

    @wraps(guarded)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        bearer = _bearer(request, at)
        refused = _refused(request, bearer, at)
        response = refused or _asked(guarded, request, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization"
        if bearer and not refused:
            _remember(response, bearer, at)
        return response

    opened = login_not_required(answer)
    opened.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie counts here
    opened.door = guarded.door  # type: ignore[attr-defined]
    return opened


def _bearer(request: HttpRequest, at: datetime) -> Bearer | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    bearer = bearer_of(secret.strip(), at=at) if scheme.lower() == "bearer" else None
    request.bearer = bearer  # type: ignore[attr-defined]
    # a session that came along means nothing here
    request.membership = bearer.membership if bearer else None  # type: ignore[attr-defined]
    request.structure = bearer.membership.structure if bearer else None  # type: ignore[attr-defined]
    return bearer


def _refused(request: HttpRequest, bearer: Bearer | None, at: datetime) -> HttpResponse | None:
    if bearer is None:
        words = "Envoyez un jeton en service dans l’en-tête «\u00a0Authorization: Bearer …\u00a0». Une personne responsable de la structure en crée un à l’adresse /structure/jetons/."
        return problem(401, "token", words, headers=[("WWW-Authenticate", 'Bearer realm="Dentelle"')])
    if not allowed("api", str(bearer.token.pk), times=REQUESTS, seconds=WINDOW, at=at):
        wait = WINDOW - int(at.timestamp()) % WINDOW
        words = f"Ce jeton a fait plus de {REQUESTS} demandes en une minute. Reprenez dans {wait}\u00a0s."
        return problem(429, "too_many", words, headers=[("Retry-After", str(wait))])
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced) > LARGEST_BODY:
        return problem(
            413, "too_large", f"Une demande pèse au plus {LARGEST_BODY // 1024}\u00a0Kio\u00a0: envoyez-en plusieurs."
        )
    return None


def _asked(guarded: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
    try:
        response = guarded(request, *args, **kwargs)
    except Http404:
        return unknown()
    finally:
        request.method = asked  # for a HEAD, the server then leaves the body out
    if response.status_code == 405:
        words = f"Cette adresse ne connaît pas {request.method}."
        return problem(405, "method", words, headers=[("Allow", response["Allow"])])
    return response


def _remember(response: HttpResponseBase, bearer: Bearer, at: datetime) -> None:
    """Note the day the token served, once the answer has left: reading writes nothing while it reads."""
    today = timezone.localdate(at)
    if bearer.token.last_used_on != today:
        response._resource_closers.append(lambda: note_use(bearer.token, on=today))  # type: ignore[attr-defined]
