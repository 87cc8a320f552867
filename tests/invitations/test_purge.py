"""What has ended is forgotten after a while, and nothing that still serves."""

from datetime import datetime, timedelta

import pytest

from dentelle.foundations.invitations import actions, links
from dentelle.foundations.invitations.models import Invitation, MagicLink
from dentelle.foundations.invitations.purge import KEPT, forget_ended
from tests.clauses.making import saved
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SITE = "https://essai.example/"


def invited(manager, email: str) -> Invitation:
    return actions.invite(manager, email=email, role="reader", site=SITE, at=NOW)


def sent(manager, open_until: datetime, email: str = "acheteur@essai.example") -> MagicLink:
    known = {"email": email, "structure": manager.structure, "actor": manager.user, "site": SITE, "at": NOW}
    return links.send_link("calibration", saved(manager), open_until=open_until, **known)


def test_an_invitation_that_expired_is_forgotten_three_months_later(manager) -> None:
    invitation = invited(manager, "a@essai.example")
    assert forget_ended(invitation.expires_at + KEPT - timedelta(seconds=1)) == (0, 0)
    assert forget_ended(invitation.expires_at + KEPT + timedelta(seconds=1)) == (1, 0)


def test_what_was_answered_or_withdrawn_is_forgotten_three_months_after_that(manager) -> None:
    withdrawn, accepted = invited(manager, "a@essai.example"), invited(manager, "b@essai.example")
    actions.revoke(manager, withdrawn.pk, at=NOW)
    Invitation.objects.filter(pk=accepted.pk).update(accepted_at=NOW + timedelta(days=9), accepted_by=manager.user)
    assert forget_ended(NOW + KEPT + timedelta(days=1)) == (1, 0)
    assert forget_ended(NOW + KEPT + timedelta(days=10)) == (1, 0)


def test_a_link_is_kept_as_long_as_it_may_be_renewed(manager) -> None:
    link = sent(manager, NOW + timedelta(days=200))
    assert link.expires_at < NOW + timedelta(days=8)
    assert forget_ended(NOW + timedelta(days=280)) == (0, 0)
    assert forget_ended(NOW + timedelta(days=291)) == (0, 1)
    assert not MagicLink.objects.exists()


def test_a_link_goes_with_its_renewals_and_a_living_one_stays(manager) -> None:
    first = sent(manager, NOW + timedelta(days=30))
    MagicLink.objects.create(
        **{
            name: getattr(first, name)
            for name in ("structure", "purpose", "subject_type", "subject_id", "email", "sent_by")
        },
        origin=first,
        token_hash="renewed",
        created_at=NOW,
        expires_at=first.expires_at,
        open_until=first.open_until,
    )
    living = sent(manager, NOW + timedelta(days=400), email="autre@essai.example")
    links.revoke_link(first, actor=manager.user, at=NOW)
    assert forget_ended(NOW + KEPT + timedelta(days=1)) == (0, 2)
    assert list(MagicLink.objects.all()) == [living]
