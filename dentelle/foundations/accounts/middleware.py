from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme


class SessionEndedMiddleware(LoginRequiredMiddleware):
    """Sends to the login page whoever is not signed in, and back to the page they were on.

    The address of a form is not always a page one can open: after a refused POST people go back to the page that held the
    form. A fragment asked by a page answers 401, which leaves that page and what was typed in it as they are.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.headers.get("HX-Request") == "true":
            return HttpResponse("Session terminée : reconnectez-vous.", status=401, content_type="text/plain")
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        messages.warning(request, "Votre session était terminée : rien n’a été enregistré. Reconnectez-vous.")
        return redirect_to_login(_page_of(request), self.get_login_url(view_func))


def _page_of(request: HttpRequest) -> str:
    """Return the page that sent this form, the home page when the browser does not say."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    page = urlsplit(referer)
    return page.path + (f"?{page.query}" if page.query else "")
