from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dentelle.foundations.organisations.models import Membership


class CurrentStructureMiddleware:
    """Sets ``request.membership`` and ``request.structure``: the structure the person chose, else their first one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = self._membership(request)  # type: ignore[attr-defined]
        request.structure = request.membership.structure if request.membership else None  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def _membership(request: HttpRequest) -> Membership | None:
        if not request.user.is_authenticated:
            return None
        memberships = list(request.user.memberships.select_related("structure").order_by("pk"))
        chosen = request.session.get("structure_id")
        return next((m for m in memberships if m.structure_id == chosen), memberships[0] if memberships else None)
