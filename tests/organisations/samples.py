from datetime import date

from dentelle.foundations.organisations.models import Device, DeviceKind, Membership
from tests.factories import MembershipFactory
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    device = Device.objects.create(
        structure=membership.structure,
        kind=DeviceKind.SOCIAL_CLAUSE,
        name="Guichet témoin 3b8d",
        opened_on=date(2024, 1, 1),
    )
    colleague = MembershipFactory(structure=membership.structure, reader=True, user__full_name="Collègue témoin")
    of_colleague = Sample({"pk": colleague.pk})
    of_structure = Sample({"pk": membership.structure_id})
    return {
        "structures:device-close": Sample({"pk": device.pk}),
        **{
            f"structures:{name}": of_colleague
            for name in ("person", "person-role", "person-hand-over", "person-remove")
        },
        **{f"structures:network-{name}": of_structure for name in ("structure", "approve", "refuse", "close")},
    }
