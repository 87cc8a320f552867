from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from dentelle.foundations.jobs.actions import start_job
from dentelle.foundations.jobs.models import Job
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.sheets import CONTENT_TYPES
from dentelle.thread.contracts.columns import known_columns

KEPT = ("texte", "etape", "mes", "tri")


@transaction.atomic
def ask_export(actor: Membership, *, query: str, chosen: Sequence[str], form: str, at: datetime) -> Job:
    """Ask for a file of the list: ``form`` is csv or xlsx. Raises ValueError for another."""
    if form not in CONTENT_TYPES:
        raise ValueError(f"unknown export form {form!r}")
    asked = QueryDict(query, mutable=True)
    for name in set(asked) - set(KEPT):
        del asked[name]
    return start_job(
        "contracts.export",
        actor=actor.user,
        structure=actor.structure,
        at=at,
        query=asked.urlencode(),
        columns=known_columns(chosen),
        form=form,
        today=timezone.localdate(at).isoformat(),
    )
