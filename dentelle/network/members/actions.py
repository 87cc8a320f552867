"""What the head of a network does with the list of its members: show it to anyone, or stop."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.members.models import PublicDirectory


@transaction.atomic
def open_to_anyone(seat: NetworkSeat, *, words: str, at: datetime) -> PublicDirectory:
    """Let anyone read who the members are, what they run and cover; no person's name. Again: change its words."""
    kept, made = PublicDirectory.objects.update_or_create(
        network=seat.network,
        defaults={"words": words.strip()[:1000]},
        create_defaults={"words": words.strip()[:1000], "opened_at": at, "opened_by": seat.user},
    )
    record("members.list_opened", kept, at=at, actor=seat.user, structure=None, made=made)
    return kept


@transaction.atomic
def close_to_others(seat: NetworkSeat, *, at: datetime) -> None:
    """Stop showing the list; doing it twice changes nothing."""
    found = PublicDirectory.objects.select_for_update().filter(network=seat.network).first()
    if found is not None:
        record("members.list_closed", found, at=at, actor=seat.user, structure=None)
        found.delete()
