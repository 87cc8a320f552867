"""The head of a network invites: who answers for a structure, who sits beside them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dentelle.foundations.doors import network_heads
from dentelle.foundations.invitations import actions, queries
from dentelle.foundations.invitations.forms import InviteToNetworkForm
from dentelle.foundations.invitations.views import revoked, sent_again, site_of
from dentelle.foundations.organisations.models import NetworkSeat


def head(request: HttpRequest) -> NetworkSeat:
    """Return who acts for the network: set by the middleware, checked by the door."""
    return request.network_seat  # type: ignore[attr-defined,no-any-return]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Whom the network invited, and the form that invites."""
    given = request.POST if request.method == "POST" else None
    form = InviteToNetworkForm(head(request), given, initial={"place": request.GET.get("pour", "")})
    if given is not None and form.is_valid():
        try:
            invitation = actions.invite_from_network(
                head(request),
                email=form.cleaned_data["email"],
                structure_pk=form.structure_pk,
                site=site_of(request),
                at=timezone.now(),
            )
        except actions.InvitationRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"Invitation envoyée à {invitation.email}.")
            return redirect("invitations:network-list")
    context = {
        "form": form,
        "lines": queries.invitations(head(request), at=timezone.now()),
        "again": "invitations:network-send-again",
        "revoke": "invitations:network-revoke",
        "up": "structures:network",
        "house": head(request).network,
    }
    return render(request, "invitations/list.html", context, status=422 if form.errors else 200)


@network_heads()
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link for an invitation of the network."""
    return sent_again(request, head(request), pk, back="invitations:network-list")


@network_heads()
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation of the network."""
    return revoked(request, head(request), pk, back="invitations:network-list")
