from datetime import timedelta

from dentelle.foundations.invitations import actions
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from tests.awaiting.cases import Made
from tests.factories import NOW

SITE, LATER = "https://essai.example/", NOW + timedelta(days=15)


def expired(actor: Membership) -> Made:
    invitation = actions.invite(actor, email="invitee@essai.example", role="reader", site=SITE, at=NOW)
    return Made(LATER, lambda: actions.revoke(actor, invitation.pk, at=LATER))


def expired_in_network(head: NetworkSeat) -> Made:
    invitation = actions.invite_from_network(head, email="invitee@essai.example", structure_pk=None, site=SITE, at=NOW)
    return Made(LATER, lambda: actions.revoke(head, invitation.pk, at=LATER))


CASES = {"invitation.expired": expired, "invitation.network_expired": expired_in_network}
