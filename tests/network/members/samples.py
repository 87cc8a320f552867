from dentelle.foundations.organisations.models import Membership
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    return {"members:public": Sample({"pk": membership.structure.network_id})}
