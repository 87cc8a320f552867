from datetime import timedelta

from django.utils import timezone

from dentelle.foundations.awaiting.models import Snooze
from dentelle.foundations.organisations.models import Membership
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    today = timezone.localdate()
    put_off = Snooze.objects.create(
        structure=membership.structure,
        user=membership.user,
        key="contract.order:1",
        since=today,
        until=today + timedelta(days=7),
    )
    return {"awaiting:resume": Sample({"pk": put_off.pk})}
