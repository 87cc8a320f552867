"""The hats of a person: everything they may act as. One is worn at a time; the page head changes it.

A foundation above this one adds its own kind (an outside party's seat) with ``register``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import NetworkSeat

MEMBERSHIP, NETWORK_SEAT, SEAT = "membership", "network_seat", "seat"


@dataclass(frozen=True, slots=True)
class Hat:
    """``held`` is the row that gives the right (Membership, NetworkSeat, Seat); ``usable`` says whether it opens doors today.

    ``place`` and ``function`` are what the page head shows: « PLIE des Deux Rives », « responsable ».
    """

    kind: str
    held: Any
    place: str
    function: str
    usable: bool = True

    @property
    def key(self) -> str:
        """The text that finds this hat again among its owner's, and nobody else's."""
        return f"{self.kind}:{self.held.pk}"


Provider = Callable[[User], Iterable[Hat]]
_providers: dict[str, Provider] = {}
_along: dict[str, Callable[[], Combinable]] = {}


def register(kind: str, provider: Provider, *, held: Callable[[], Exists] | None = None) -> None:
    """Have ``provider(user)`` asked at each request for this person's hats of that kind, first come first shown.

    ``held`` says in the query of memberships (``OuterRef("user")``) whether there is any: most members have none, and the
    provider is then not asked.
    """
    _providers[kind] = provider
    if held:
        read_along(f"holds_{kind}", held)


def read_along(name: str, expression: Callable[[], Combinable]) -> None:
    """Have each membership carry ``name``, read in the query that finds it: what every page needs costs no query of its own."""
    _along[name] = expression


class Wardrobe:
    """What one person may act as now. Read from the database, kind by kind, when asked: a right taken away is gone at once."""

    def __init__(self, user: User | None) -> None:
        self._user = user
        self._known: dict[str, list[Hat]] = {}

    def of_kind(self, kind: str) -> list[Hat]:
        """Return the hats of one kind, none of a kind nobody registered."""
        if kind not in self._known:
            provider = _providers.get(kind)
            asked = provider and self._user and not self._told_none(kind)
            self._known[kind] = list(provider(self._user)) if asked else []  # type: ignore[misc,arg-type]
        return self._known[kind]

    def _told_none(self, kind: str) -> bool:
        return any(not getattr(hat.held, f"holds_{kind}", True) for hat in self._known.get(MEMBERSHIP, ())[:1])

    def __iter__(self) -> Iterator[Hat]:
        for kind in _providers:
            yield from self.of_kind(kind)

    def find(self, key: str) -> Hat | None:
        """Return the hat of that key if it is this person's."""
        return next((hat for hat in self.of_kind(key.partition(":")[0]) if hat.key == key), None)

    def first(self) -> Hat | None:
        """Return the hat worn when none was chosen: the first that opens doors, else the first."""
        return next((hat for hat in self if hat.usable), None) or next(iter(self), None)


def _memberships(user: User) -> Iterable[Hat]:
    along = {name: expression() for name, expression in _along.items()}
    for membership in user.memberships.select_related("structure").annotate(**along).order_by("pk"):
        membership.user = user
        yield Hat(
            MEMBERSHIP,
            membership,
            membership.structure.name,
            membership.get_role_display(),
            usable=membership.structure.is_approved,
        )


def _network_seats(user: User) -> Iterable[Hat]:
    for seat in user.network_seats.select_related("network").order_by("pk"):
        seat.user = user
        yield Hat(NETWORK_SEAT, seat, seat.network.name, "tête de réseau")


register(MEMBERSHIP, _memberships)
register(NETWORK_SEAT, _network_seats, held=lambda: Exists(NetworkSeat.objects.filter(user=OuterRef("user"))))
