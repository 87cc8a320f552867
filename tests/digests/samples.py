from dentelle.foundations.digests.stopping import stop_token
from dentelle.foundations.organisations.models import Membership
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    return {"digests:stop": Sample({"token": stop_token(membership.user)})}
