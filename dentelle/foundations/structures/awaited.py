"""What structures make the head of their network wait for: requests to decide on."""

from datetime import datetime

from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.access import structures_of
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import NetworkSeat, Structure, StructureStatus

KINDS = {"structure.requested": "Demande d’agrément"}
MOST = 200


def awaits(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the structures of the network that wait for their approval, in the order they asked."""
    requests = list(structures_of(seat).filter(status=StructureStatus.REQUESTED).order_by("pk")[:MOST])
    asked = dict(
        Entry.objects.filter(
            object_type=Structure._meta.label_lower,
            object_id__in=[str(one.pk) for one in requests],
            act="structure.created",
        )
        .order_by("pk")
        .values_list("object_id", "at")
    )
    return [
        Awaiting(
            kind="structure.requested",
            pk=one.pk,
            subject=one.name,
            sentence=f"Cette structure ({one.get_kind_display()}) demande son agrément\u00a0: rien ne s’ouvre à elle d’ici là.",
            since=timezone.localdate(asked[str(one.pk)]) if str(one.pk) in asked else None,
            due=None,
            action="Examiner la demande",
            page="structures:network-structure",
            arguments={"pk": one.pk},
        )
        for one in requests
    ]


register("structures", kinds=KINDS, awaits=awaits, hat=NETWORK_SEAT)
