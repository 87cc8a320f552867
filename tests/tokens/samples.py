from django.utils import timezone

from dentelle.foundations.organisations.models import Membership, Role
from dentelle.foundations.tokens.actions import create_token
from tests.factories import MembershipFactory
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    manager = membership
    if membership.role != Role.MANAGER:
        manager = MembershipFactory(structure=membership.structure, manager=True)
    token, _ = create_token(
        manager, name="Programme témoin 3b8d", scopes=["contracts:read"], days=30, at=timezone.now()
    )
    return {"tokens:revoke": Sample({"pk": token.pk})}
