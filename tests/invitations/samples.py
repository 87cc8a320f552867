from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from dentelle.foundations.invitations import actions, links
from dentelle.foundations.organisations.models import Membership
from tests.clauses.making import saved
from tests.samples import Sample

TOKEN = "a" * 43


def samples(membership: Membership) -> dict[str, Sample]:
    now, site = timezone.now(), "https://essai.example/"
    with patch("dentelle.foundations.invitations.actions.new_token", return_value=TOKEN):
        invitation = actions.invite(membership, email="invitee@essai.example", role="reader", site=site, at=now)
    with patch("dentelle.foundations.invitations.links.new_token", return_value=TOKEN):
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
    by_token = Sample({"token": TOKEN}, shared="whoever holds the token received by e-mail")
    of_structure = Sample({"pk": invitation.pk})
    return {
        "invitations:send-again": of_structure,
        "invitations:revoke": of_structure,
        "invitations:accept": by_token,
        "invitations:link": by_token,
        "invitations:link-again": by_token,
    }
