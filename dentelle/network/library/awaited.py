"""What the library makes people wait for: items to read again for who answers for them, items nobody answers for."""

from datetime import datetime

from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.library import access
from dentelle.network.library.models import LibraryItem

CALLED = (Role.FACILITATOR.value, Role.MANAGER.value)
MOST = 200


def of_a_structure(member: Membership, at: datetime) -> list[Awaiting]:
    """Return the items people of the structure answer for that are older than their stated period."""
    if member.role not in CALLED:
        return []
    found = access.items_visible_to(member).filter(
        retired_on=None,
        review_on__lt=timezone.localdate(at),
        owner__memberships__structure=member.structure_id,
        owner__memberships__role__in=access.OWNERS,
    )
    return [_line("library.stale", item) for item in found.order_by("review_on", "pk")[:MOST]]


def of_a_head(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the items whose owner has left, and those the head itself answers for that are to be read again."""
    held = access.items_visible_to(seat).filter(retired_on=None)
    living = access.owners_of(seat.network_id)
    orphans = held.exclude(owner__in=living.values("pk")).order_by("review_on", "pk")[:MOST]
    own = held.filter(owner=seat.user_id, review_on__lt=timezone.localdate(at)).order_by("review_on", "pk")[:MOST]
    return [_line("library.orphan", item) for item in orphans] + [_line("library.own_stale", item) for item in own]


def _line(kind: str, item: LibraryItem) -> Awaiting:
    orphan = kind == "library.orphan"
    return Awaiting(
        kind=kind,
        pk=item.pk,
        subject=item.title,
        sentence=(
            "Qui en répondait n’agit plus dans le réseau\u00a0: confiez cette ressource à quelqu’un."
            if orphan
            else f"À jour au {item.up_to_date_on:%d/%m/%Y}, à relire tous les {item.review_months} mois\u00a0: dites si elle l’est encore."
        ),
        since=None if orphan else item.review_on,
        due=None,
        action="Confier la ressource" if orphan else "Relire la ressource",
        page="library:change" if orphan else "library:item",
        arguments={"pk": item.pk},
        in_charge=None if orphan else item.owner_id,
    )


register("library", kinds={"library.stale": "Ressource à relire"}, awaits=of_a_structure)
register(
    "library_head",
    kinds={"library.orphan": "Ressource à confier", "library.own_stale": "Ressource à relire"},
    awaits=of_a_head,
    hat=NETWORK_SEAT,
)
