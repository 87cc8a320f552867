"""What a published sheet is sorted by, and what its place belongs to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.practices import vocabulary as words
from dentelle.network.practices.models import Practice, PracticeTag, PracticeVersion
from dentelle.network.practices.origins import stage_of
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.rules.practices import BUDGETS, COUNTED, EASING, SETUPS, band_of, eased_by, profile_with

LONGEST_KEY = 9  # digits of an open value, as addresses give it


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow the sheets: its name in addresses, its word, the words of its values.

    ``choices`` is None when values are open: they are figures, told by ``queries``.
    """

    code: str
    name: str
    label: str
    choices: Mapping[str, str] | None

    def allows(self, value: str) -> bool:
        """Say whether a value may be asked for."""
        if self.choices is None:
            return value.isascii() and value.isdecimal() and len(value) <= LONGEST_KEY
        return value in self.choices


@dataclass(frozen=True, slots=True)
class Group:
    """Facets one looks at together."""

    label: str
    facets: tuple[Facet, ...]


STAGE = Facet("stage", "etape", "Étape du Tour", None)
# whoever writes a sheet chooses these: code → what is in the content under the same name, one value or several
CHOSEN = (
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
# these are worked out from what a sheet says, its transfer profile, where it comes from
WORKED_OUT = (
    Facet("budget", "budget", "Budget", words.BUDGETS),
    Facet("setup", "duree", "Durée de mise en place", words.SETUPS),
    Facet("with_tools", "outils", "Outils", words.WITH_TOOLS),
    Facet("transfer", "transfert", "Transfert", words.TRANSFERS),
    Facet("year", "annee", "Année de début", None),
    STAGE,
)
_BY_CODE = {facet.code: facet for facet in (*CHOSEN, *WORKED_OUT)}


def _group(label: str, *codes: str) -> Group:
    return Group(label, tuple(_BY_CODE[code] for code in codes))


WHERE = _group("Où et quand", "grounds", "year", "stage")
GROUPS = (
    _group("Sujet", "axis", "themes", "publics", "device", "trades"),
    _group("Ce que cela a donné", "outcome", "evidence", "transfer"),
    _group("Moyens", "funders", "budget", "setup", "with_tools"),
    WHERE,
)
FACETS = tuple(facet for group in GROUPS for facet in group.facets)
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


def tags_of(content: Mapping[str, Any], profile: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Return the (facet, value) pairs of what a sheet says and of its transfer profile."""
    for facet in CHOSEN:
        held = content.get(facet.code)
        for value in held if isinstance(held, list) else [held]:
            if value not in (None, ""):
                yield facet.code, str(value)
    if (cents := content.get("budget_cents")) is not None:
        yield "budget", band_of(cents, BUDGETS).code
    if (months := content.get("setup_months")) is not None:
        yield "setup", band_of(months, SETUPS).code
    if content.get("tools"):
        yield "with_tools", "yes"
    for code in eased_by(profile):
        yield "transfer", code
    if (year := str(content.get("started_on", ""))[:4]).isdecimal():
        yield "year", year


def _tags(practice: Practice, version: PracticeVersion) -> Iterator[tuple[str, str]]:
    yield from tags_of(version.content, profile_with(version.profile, _successes(practice)))
    if stage := stage_of(practice):
        yield STAGE.code, stage


def sort_out(practice: Practice, version: PracticeVersion) -> None:
    """Write the facets and the place of what has just been published; the caller saves the sheet."""
    place = whereabouts(version.content.get("place", ""), ground_or_none())
    practice.epci_code, practice.region_code = place.epci_code, place.region_code
    practice.tags.all().delete()
    PracticeTag.objects.bulk_create(
        PracticeTag(
            network_id=practice.network_id, practice=practice, structure=practice.structure, facet=facet, value=value
        )
        for facet, value in _tags(practice, version)
    )


def sort_as_tried(practice: Practice) -> None:
    """Have a published sheet found among those that worked elsewhere, in part at least, as long as a member says so."""
    if not _successes(practice):
        practice.tags.filter(facet="transfer", value=COUNTED).delete()
        return
    PracticeTag.objects.get_or_create(
        practice=practice,
        facet="transfer",
        value=COUNTED,
        defaults={"network_id": practice.network_id, "structure": practice.structure},
    )


def _successes(practice: Practice) -> int:
    return practice.replications.filter(outcome__in=EASING).count()
