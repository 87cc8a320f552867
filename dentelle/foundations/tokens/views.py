"""« Jetons d’accès »: what lets programs act for the structure. Managers make and revoke them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dentelle.foundations.doors import members
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.sent_forms.actions import done_at
from dentelle.foundations.tokens import actions, queries
from dentelle.foundations.tokens.access import MANAGERS
from dentelle.foundations.tokens.forms import TokenForm


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The programs that act for the structure, and the form that lets one more in; its secret is shown this once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.create_token(member(request), **form.given(), at=now)
        except actions.TokenRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            # shown once: the same form sent again leads to the list, without making another
            done_at(request, reverse("tokens:list"))
            response = render(request, "tokens/created.html", {"token": token, "secret": secret})
            response["Cache-Control"] = "private, no-store"
            return response
    context = {"form": form, "lines": queries.tokens(member(request), at=now)}
    return render(request, "tokens/list.html", context, status=422 if form.errors else 200)


@members(*MANAGERS)
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token at once."""
    if actions.revoke_token(member(request), pk, at=timezone.now()):
        messages.success(request, "Jeton révoqué\u00a0: le programme qui s’en servait n’entre plus.")
    else:
        messages.info(request, "Ce jeton était déjà révoqué.")
    return redirect("tokens:list")
