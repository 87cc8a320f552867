from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dentelle.foundations.doors import public
from dentelle.web.api.problems import problem


@public("an unknown address must answer anyone, and say the same to all")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of an unknown address and of a closed door alike."""
    return render(request, "web/404.html", status=404)


@public("a failure must answer anyone")
def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure: plain, without database or context that could fail again; a program gets a problem."""
    if request.path.startswith("/api/"):
        return problem(
            500, "failure", "Un incident a arrêté cette demande\u00a0: rien n’a été écrit. Réessayez plus tard."
        )
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
