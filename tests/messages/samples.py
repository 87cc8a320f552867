from django.utils import timezone

from dentelle.foundations.messages.actions import send
from dentelle.foundations.organisations.models import Membership
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    message = send(
        "immediate",
        "quelqu-un@essai.example",
        "témoin 7f3a",
        "signin/mail/changed.txt",
        {"subject": "témoin 7f3a", "reset_url": "https://essai.example/"},
        at=timezone.now(),
        structure=membership.structure,
    )
    return {"mail:detail": Sample({"pk": message.pk})}
