"""What somebody sees when another person changed the contract meanwhile: who did what."""

from django.utils import timezone

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import BY_ITSELF, TimelineEvent, name_of
from dentelle.foundations.journal.sentences import told
from dentelle.thread.contracts.models import Contract


def changes_since(contract: Contract, revision: int) -> tuple[TimelineEvent, ...]:
    """Return what was done to the contract after ``revision``, oldest first; the contract comes from ``access``."""
    entries = Entry.objects.filter(
        object_type=contract._meta.label_lower, object_id=str(contract.pk), facts__revision__gt=revision
    )
    return tuple(
        TimelineEvent(
            timezone.localtime(entry.at),
            name_of(entry.actor, entry.facts) if entry.actor else BY_ITSELF,
            told(entry.act, entry.facts),
        )
        for entry in entries.select_related("actor").order_by("pk")
    )
