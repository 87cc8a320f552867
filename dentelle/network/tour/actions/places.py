"""Who has a place and who waits for one. The stage is locked by the caller's act, so that a place is given once."""

from datetime import datetime

from dentelle.network.tour import letters
from dentelle.network.tour.models import Stage
from dentelle.network.tour.vocabulary import RegistrationState


def is_full(stage: Stage) -> bool:
    """Say whether every place is taken, or promised to somebody who waits."""
    if stage.capacity is None:
        return False
    taken = stage.registrations.exclude(state=RegistrationState.CANCELLED).count()
    return taken >= stage.capacity


def give_places(stage: Stage, *, at: datetime) -> int:
    """Give the free places to those who wait, first come first, and write to them; return how many were given."""
    waiting = stage.registrations.filter(state=RegistrationState.WAITING).order_by("registered_at", "pk")
    if stage.capacity is not None:
        taken = stage.registrations.filter(state=RegistrationState.CONFIRMED).count()
        waiting = waiting[: max(0, stage.capacity - taken)]
    given = list(waiting)
    for registration in given:
        registration.state = RegistrationState.CONFIRMED
        registration.save(update_fields=["state"])
        letters.write_to(registration, stage, letters.GIVEN, at=at)
    return len(given)
