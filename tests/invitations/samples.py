from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.invitations import actions, links
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from tests.clauses.making import saved
from tests.samples import Sample

TOKEN = "a" * 43


def samples(membership: Membership) -> dict[str, Sample]:
    token = f"{membership.pk:a>43}"
    now, site = timezone.now(), "https://essai.example/"
    with patch("dentelle.foundations.invitations.actions.new_token", return_value=token):
        invitation = actions.invite(membership, email="invitee@essai.example", role="reader", site=site, at=now)
    head, _ = NetworkSeat.objects.get_or_create(
        network=membership.structure.network,
        user=User.objects.get_or_create(email="tete@essai.example", defaults={"full_name": "Tête d’essai"})[0],
    )
    of_network = actions.invite_from_network(
        head, email=f"responsable{membership.pk}@essai.example", structure_pk=membership.structure_id, site=site, at=now
    )
    with patch("dentelle.foundations.invitations.links.new_token", return_value=token):
        links.send_link(
            "calibration",
            saved(membership, at=now),
            email="acheteuse@essai.example",
            structure=membership.structure,
            actor=membership.user,
            open_until=now + timedelta(days=30),
            site=site,
            at=now,
        )
    by_token = Sample({"token": token}, shared="whoever holds the token received by e-mail")
    of_structure = Sample({"pk": invitation.pk})
    return {
        "invitations:send-again": of_structure,
        "invitations:revoke": of_structure,
        "invitations:network-send-again": Sample({"pk": of_network.pk}),
        "invitations:network-revoke": Sample({"pk": of_network.pk}),
        "invitations:accept": by_token,
        "invitations:link": by_token,
        "invitations:link-again": by_token,
    }
