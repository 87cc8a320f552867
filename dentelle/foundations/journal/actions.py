from datetime import datetime
from typing import Any

from django.db.models import Model

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Structure


def record(
    act: str, subject: Model, *, at: datetime, actor: User | None, structure: Structure | None, **facts: Any
) -> Entry:
    """Write one entry about ``subject``, inside the caller's transaction.

    ``facts`` are keys, codes and figures (text of people's own words has no place here). ``actor`` is None for the clock.
    """
    return Entry.objects.create(
        at=at,
        actor=actor,
        structure=structure,
        act=act,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        facts=facts,
    )
