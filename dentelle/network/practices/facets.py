"""What a published sheet is sorted by, and what its place belongs to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.practices import vocabulary as words
from dentelle.network.practices.models import Practice, PracticeTag, PracticeVersion
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the sheets: its name in addresses, its word, the words of its values."""

    code: str
    name: str
    label: str
    choices: Mapping[str, str]


# code → what is in the content under the same name, one value or several
FACETS = (
    Facet("axis", "axe", "Axe", words.AXES),
    Facet("themes", "theme", "Thème", words.THEMES),
    Facet("publics", "public", "Public", words.PUBLICS),
    Facet("device", "dispositif", "Dispositif", words.DEVICES),
    Facet("trades", "metier", "Métier", words.TRADES),
    Facet("grounds", "terrain", "Type de territoire", words.GROUNDS),
    Facet("funders", "financeur", "Financeur", words.FUNDERS),
    Facet("evidence", "preuve", "Niveau de preuve", words.EVIDENCE),
    Facet("outcome", "issue", "Est-ce que cela a marché ?", words.OUTCOMES),
)
BY_NAME = {facet.name: facet for facet in FACETS}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The intercommunalité and the region a place lies in, empty when unknown or when it spreads over several."""

    epci_code: str = ""
    region_code: str = ""


def whereabouts(spec: str, ground: Ground | None) -> Whereabouts:
    """Return where ``spec`` (``KIND:CODE``) lies; nothing without the ground, or for a place it does not know."""
    if ground is None or not spec:
        return Whereabouts()
    try:
        place = territory_of(ground, spec)
    except UnknownPlace:
        return Whereabouts()
    communes = [ground.commune(code) for code in place.communes]
    regions = {commune.region_code for commune in communes}
    bodies = {commune.epci_code for commune in communes}
    return Whereabouts(
        (bodies.pop() or "") if len(bodies) == 1 else "",
        (regions.pop() or "") if len(regions) == 1 else "",
    )


def tags_of(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the (facet, value) pairs of a sheet."""
    for facet in FACETS:
        held = content.get(facet.code)
        for value in held if isinstance(held, list) else [held]:
            if value not in (None, ""):
                yield facet.code, str(value)


def sort_out(practice: Practice, version: PracticeVersion) -> None:
    """Write the facets and the place of what has just been published; the caller saves the sheet."""
    place = whereabouts(version.content.get("place", ""), ground_or_none())
    practice.epci_code, practice.region_code = place.epci_code, place.region_code
    practice.tags.all().delete()
    PracticeTag.objects.bulk_create(
        PracticeTag(
            network_id=practice.network_id, practice=practice, structure=practice.structure, facet=facet, value=value
        )
        for facet, value in tags_of(version.content)
    )
