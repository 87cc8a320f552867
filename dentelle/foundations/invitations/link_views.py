"""What whoever receives a magic link meets: a page with one button; another link asked in one click; leaving."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dentelle.foundations.doors import public
from dentelle.foundations.invitations import links, purposes
from dentelle.foundations.invitations.access import SESSION_KEY, link_opened_by
from dentelle.foundations.invitations.views import site_of, too_many_tries, unlisted


@public("an outside party has no account; opening the page uses nothing up, its button opens one thing, once")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link. Only its button (POST) uses it, and begins a session limited to what it opens."""
    if request.method != "POST":
        found = link_opened_by(token, at=timezone.now())
        if found is None:
            return _closed(request, token)
        context = {"link": found, "title": purposes.title_of(found), "token": token}
        return unlisted(render(request, "invitations/link.html", context))
    if too_many_tries(request):
        return unlisted(render(request, "web/429.html", status=429))
    opened = links.open_link(token, at=timezone.now())
    if opened is None:
        return _closed(request, token)
    # a key somebody else might know must not become the key of this session
    request.session.cycle_key()
    request.session[SESSION_KEY] = opened.pk
    return redirect(purposes.purpose_of(opened).address)


@public("whoever holds a link that no longer opens may have another sent, to the address of the first and nowhere else")
@require_POST
def ask_again(request: HttpRequest, token: str) -> HttpResponse:
    """Send another link. The answer is the same whether one was sent or not."""
    if too_many_tries(request):
        return unlisted(render(request, "web/429.html", status=429))
    links.renew_link(token, site=site_of(request), at=timezone.now())
    return unlisted(render(request, "invitations/asked.html"))


@public("leaving must work even when the link has been closed meanwhile")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the link this browser opened; a person signed in stays signed in."""
    request.session.pop(SESSION_KEY, None)
    request.session.cycle_key()
    messages.success(request, "C’est fermé : ce navigateur n’ouvre plus rien par ce lien.")
    return redirect("account_login")


def _closed(request: HttpRequest, token: str) -> HttpResponse:
    return unlisted(render(request, "invitations/link_closed.html", {"token": token}, status=404))
