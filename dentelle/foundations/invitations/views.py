"""Inviting (members), and accepting (whoever holds the e-mail). Pages reached by a token say the same to all who may not."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dentelle.foundations.accounts.models import User
from dentelle.foundations.doors import members, public
from dentelle.foundations.invitations import actions, queries
from dentelle.foundations.invitations.access import MAY_INVITE, Inviter, invitation_opened_by
from dentelle.foundations.invitations.forms import InviteForm, NewAccountForm
from dentelle.foundations.invitations.throttle import allowed
from dentelle.foundations.organisations.models import Membership

TRIES, TRIES_IN = 30, 15 * 60


def member(request: HttpRequest) -> Membership:
    return request.membership  # type: ignore[attr-defined,no-any-return]


def site_of(request: HttpRequest) -> str:
    """Return what addresses sent by e-mail begin with; the host was checked against ALLOWED_HOSTS."""
    return request.build_absolute_uri("/")


def too_many_tries(request: HttpRequest) -> bool:
    """Count a try from this machine at a page reached by a token."""
    where = get_adapter().get_client_ip(request)
    return not allowed("token", where, times=TRIES, seconds=TRIES_IN, at=timezone.now())


def unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a page reached by a token out of caches and search engines.

    The Referer of other sites is the business of the whole site (« same-origin »). « no-referrer » would be stricter in
    words only: browsers then send the forms of the page with « Origin: null », which the protection of forms refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response


@members(*MAY_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Who is invited, and the form that invites."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(
                member(request),
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                organisation=form.cleaned_data["organisation"],
                site=site_of(request),
                at=timezone.now(),
            )
        except actions.InvitationRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"Invitation envoyée à {invitation.email}.")
            return redirect("invitations:list")
    context = {
        "form": form,
        "lines": queries.invitations(member(request), at=timezone.now()),
        "again": "invitations:send-again",
        "revoke": "invitations:revoke",
        "up": "structures:structure",
        "house": member(request).structure,
    }
    return render(request, "invitations/list.html", context, status=422 if form.errors else 200)


@members(*MAY_INVITE)
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link for an invitation to the structure."""
    return sent_again(request, member(request), pk, back="invitations:list")


@members(*MAY_INVITE)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation to the structure."""
    return revoked(request, member(request), pk, back="invitations:list")


def sent_again(request: HttpRequest, actor: Inviter, pk: int, *, back: str) -> HttpResponse:
    """Answer of the button « Renvoyer », for whoever may invite."""
    try:
        invitation = actions.send_again(actor, pk, site=site_of(request), at=timezone.now())
        messages.success(request, f"Invitation renvoyée à {invitation.email} ; le lien précédent ne sert plus.")
    except actions.InvitationRefused as refused:
        messages.error(request, str(refused))
    return redirect(back)


def revoked(request: HttpRequest, actor: Inviter, pk: int, *, back: str) -> HttpResponse:
    """Answer of the button « Retirer », for whoever may invite."""
    if actions.revoke(actor, pk, at=timezone.now()):
        messages.success(request, "Invitation retirée : son lien ne s’ouvre plus.")
    else:
        messages.info(request, "Cette invitation était déjà acceptée ou retirée.")
    return redirect(back)


@public("an invited person has no account yet; the token received by e-mail is the key, and only a button uses it up")
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation; sending it accepts."""
    if request.method == "POST" and too_many_tries(request):
        return unlisted(render(request, "web/429.html", status=429))
    invitation = invitation_opened_by(token, at=timezone.now())
    if invitation is None:
        return _closed(request)
    actor = request.user if isinstance(request.user, User) else None
    account = actions.account_at(invitation.email)
    form = NewAccountForm(request.POST if request.method == "POST" and account is None else None)
    context: dict[str, Any] = {
        "invitation": invitation,
        "role": actions.role_label(invitation),
        "whom": invitation.place,
        "form": form,
        "state": "other"
        if actor and actor != account
        else "new"
        if account is None
        else "here"
        if actor
        else "sign_in",
    }
    if (
        request.method != "POST"
        or context["state"] in {"other", "sign_in"}
        or (account is None and not form.is_valid())
    ):
        return unlisted(render(request, "invitations/accept.html", context, status=422 if form.errors else 200))
    try:
        user = actions.accept(
            token,
            actor=actor,
            full_name=form.cleaned_data["full_name"] if account is None else "",
            password=form.cleaned_data["password"] if account is None else "",
            at=timezone.now(),
        )
    except actions.InvitationRefused as refused:
        if refused.code == "closed":
            return _closed(request)
        form.add_error(refused.field, str(refused))
        return unlisted(render(request, "invitations/accept.html", context, status=422))
    if actor is None:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, f"Bienvenue : vous agissez pour {context['whom']}.")
    return redirect("home")


def _closed(request: HttpRequest) -> HttpResponse:
    return unlisted(render(request, "invitations/closed.html", status=404))
