"""The territory a list is about, as the room upstream understands it."""

from dataclasses import dataclass

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.thread.territory import queries as territory
from dentelle.thread.territory.access import territories_visible_to

LONGEST_NAME = 120  # characters: near spellings of anything longer would be sought for seconds

ANOTHER = "autre"  # value of the choice that leads to the search for a territory


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of a list: its name, what ``?territoire=`` finds it by, the areas purchases are matched on (None: all)."""

    name: str
    parameter: str
    areas: frozenset[str] | None


def place_asked(membership: Membership, asked: str) -> Place | None:
    """Return the territory asked for, the structure's own when none is, None when it has none. Raises UnknownPlace."""
    chosen = territory.chosen_territory(membership, _spec(membership, asked.strip()))
    if chosen is None:
        return None
    return Place(chosen.name, chosen.parameter, territory.areas_of_territory(chosen))


def _spec(membership: Membership, asked: str) -> str:
    """Return what the room upstream understands: a name, as people type it, becomes the place it is the name of."""
    if not asked or ":" in asked or asked == territory.COUNTRY:
        return asked
    if asked.casefold() == territory.COUNTRY:
        return territory.COUNTRY
    own = [saved for saved in territories_visible_to(membership) if saved.name.casefold() == asked.casefold()]
    if own:
        return f"perso:{own[0].pk}"
    if len(asked) > LONGEST_NAME:
        raise UnknownPlace(asked[:LONGEST_NAME] + "…", "aucun territoire ne porte ce nom")
    hits = territory.ground().search(asked, limit=5)
    exact = [hit for hit in hits if hit.match in {"exact", "code"}]
    if exact:
        return f"{exact[0].kind}:{exact[0].code}"
    near = [f"{hit.name} ({hit.kind}:{hit.code})" for hit in hits]
    raise UnknownPlace(asked, "aucun territoire ne porte ce nom", near)


def place_choices(membership: Membership, asked: str) -> list[tuple[str, str]]:
    """Return the territories to choose from, as (value of ``?territoire=``, French label), the one asked for among them.

    A territory asked for that is neither saved nor France is labelled by its own code until its name is known.
    """
    asked = asked.strip()
    saved = territory.saved_territories(membership)
    mine = next((line for line in saved if line.is_default), None)
    choices = [(line.parameter, line.name) for line in saved if line is not mine]
    if mine is not None:
        # other rooms name the structure's own territory in full; an empty value means it too
        choices.insert(0, (asked if asked == mine.parameter else "", f"Mon territoire ({mine.name})"))
        choices.append((territory.COUNTRY, "France entière"))
    else:
        choices.append((asked if asked == territory.COUNTRY else "", "France entière"))
    if asked and len(asked) <= territory.LONGEST_LIST and asked not in {code for code, _ in choices}:
        choices.append((asked, asked))
    return [*choices, (ANOTHER, "un autre territoire…")]
