"""The territory a list is about, as the room upstream understands it."""

from dataclasses import dataclass

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.territory import queries as territory


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of a list: its name, what ``?territoire=`` finds it by, the areas purchases are matched on (None: all)."""

    name: str
    parameter: str
    areas: frozenset[str] | None


def place_asked(membership: Membership, asked: str) -> Place | None:
    """Return the territory asked for, the structure's own when none is, None when it has none. Raises UnknownPlace."""
    chosen = territory.chosen_territory(membership, asked)
    if chosen is None:
        return None
    return Place(chosen.name, chosen.parameter, territory.areas_of_territory(chosen))
