from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dentelle.foundations.invitations.access import SESSION_KEY, link_in_session


class LinkMiddleware:
    """Sets ``request.link``: the magic link this browser opened, None without one or when it no longer gives access."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        pk = request.session.get(SESSION_KEY)
        request.link = link_in_session(pk, at=timezone.now()) if isinstance(pk, int) else None  # type: ignore[attr-defined]
        return self.get_response(request)
