"""What invitations make people wait for: those that expired without an answer."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.invitations.access import invitations_visible_to
from dentelle.foundations.invitations.actions import role_label
from dentelle.foundations.invitations.models import Invitation
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat

KIND, NETWORK_KIND = "invitation.expired", "invitation.network_expired"
MOST = 200


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the invitations of the structure that expired, for those who may invite."""
    return _lines(_expired(invitations_visible_to(membership), at), KIND, "invitations:list")


def awaits_of_network(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the invitations the head of the network sent and that expired."""
    return _lines(_expired(invitations_visible_to(seat), at), NETWORK_KIND, "invitations:network-list")


def _expired(known: QuerySet[Invitation], at: datetime) -> QuerySet[Invitation]:
    waiting = known.filter(accepted_at=None, revoked_at=None, expires_at__lte=at)
    return waiting.select_related("structure", "organisation", "network").order_by("expires_at", "pk")[:MOST]


def _lines(invitations: QuerySet[Invitation], kind: str, page: str) -> list[Awaiting]:
    return [
        Awaiting(
            kind=kind,
            pk=one.pk,
            subject=f"Invitation, {role_label(one)}",
            about=one.place,
            sentence="Personne n’y a répondu et elle a expiré\u00a0: renvoyez-la ou retirez-la.",
            since=timezone.localdate(one.expires_at),
            due=None,
            action="Voir les invitations",
            page=page,
            in_charge=one.invited_by_id,
        )
        for one in invitations
    ]


register("invitations", kinds={KIND: "Invitation expirée"}, awaits=awaits)
register(
    "invitations of a network",
    kinds={NETWORK_KIND: "Invitation expirée"},
    awaits=awaits_of_network,
    hat=NETWORK_SEAT,
)
