"""Putting a line off, and taking it back. Each writes one entry of journal in its transaction."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.awaiting.access import snooze_of, snoozes_of
from dentelle.foundations.awaiting.models import Snooze
from dentelle.foundations.awaiting.queries import everything
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership

LONGEST = timedelta(days=366)


class SnoozeRefused(Exception):
    """The line cannot be put off so; ``code`` is stable, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def snooze(actor: Membership, key: str, *, until: date | None, at: datetime) -> Snooze:
    """Keep a line away from the actor's list until a day. Raises SnoozeRefused; Http404 when nothing awaits by that key."""
    today = timezone.localdate(at)
    if until is None or not today < until <= today + LONGEST:
        raise SnoozeRefused("until", "Choisissez un jour à venir, dans un an au plus.")
    if not any(line.key == key for line in everything(actor, at)):
        raise Http404
    snoozes_of(actor).filter(until__lte=today).delete()  # those whose day has come serve no more
    put_off, _ = Snooze.objects.update_or_create(
        structure=actor.structure, user=actor.user, key=key, defaults={"since": today, "until": until}
    )
    record(
        "awaiting.snoozed",
        put_off,
        at=at,
        actor=actor.user,
        structure=actor.structure,
        line=key,
        until=until.isoformat(),
    )
    return put_off


@transaction.atomic
def resume(actor: Membership, pk: int, *, at: datetime) -> None:
    """Put a line back in the actor's list."""
    put_off = snooze_of(actor, pk)
    record("awaiting.resumed", put_off, at=at, actor=actor.user, structure=actor.structure, line=put_off.key)
    put_off.delete()
