"""Writing the e-mails of the day, and choosing its days. A choice leaves one entry of journal."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.digests.content import TEMPLATE, Collected, content_of
from dentelle.foundations.digests.models import Digest, DigestPreference
from dentelle.foundations.digests.queries import due_people
from dentelle.foundations.journal.actions import record
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind

logger = logging.getLogger("dentelle.digests")
KEPT = timedelta(days=90)


def send_due(at: datetime) -> int:
    """Write to each person of the day who has something to do; return to how many. Repeated, it writes to nobody twice.

    One whose e-mail cannot be written does not keep the others from theirs, and is tried again at the next turn.
    """
    collected = Collected(at)
    sent = 0
    for user in due_people(at):
        try:
            sent += send_digest(user, collected)
        except Exception:
            logger.exception("no digest for account %s", user.pk)
    return sent


def send_digest(user: User, collected: Collected) -> bool:
    """Write one person's e-mail unless they were looked after today; False when nothing was written."""
    content = content_of(user, collected)
    with transaction.atomic():
        day = timezone.localdate(collected.at)
        known = {"lines": content.total, "late": content.late} if content else {}
        # of two workers at once, the database lets one write the row: the other finds it there
        _, first = Digest.objects.get_or_create(user=user, day=day, defaults=known)
        if not first or content is None:
            return False
        send(
            MessageKind.DIGEST,
            user,
            content.subject,
            TEMPLATE,
            content.context,
            at=collected.at,
            structure=content.structure,
            headers=content.headers,
        )
    return True


@transaction.atomic
def choose_days(user: User, days: Iterable[int], *, at: datetime) -> str:
    """Have the e-mail sent on these days of the week (Monday is 0), on none when empty; return them as kept."""
    kept = "".join(str(day) for day in sorted(set(days)))
    if set(kept) - set("0123456"):
        raise ValueError(f"not days of the week: {kept}")
    DigestPreference.objects.update_or_create(user=user, defaults={"days": kept, "changed_at": at})
    record("digest.days_chosen", user, at=at, actor=user, structure=None, days=len(kept))
    return kept


@transaction.atomic
def stop(user: User, *, at: datetime) -> None:
    """Send this person no more daily e-mail: whoever holds the address of their e-mail asked for it."""
    DigestPreference.objects.update_or_create(user=user, defaults={"days": "", "changed_at": at})
    record("digest.stopped", user, at=at, actor=user, structure=None)


def forget_old(at: datetime) -> int:
    """Delete the traces of the days long gone; return how many."""
    return Digest.objects.filter(day__lt=timezone.localdate(at) - KEPT).delete()[0]
