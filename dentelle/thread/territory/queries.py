"""Reads: the ground, the territory asked for, and its history. Later rooms read territories through here only."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dentelle.foundations.ground import ground
from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import KIND_LABELS, Territory
from dentelle.opendata.marts.serving_store import STORE_FILE, ServingStore
from dentelle.opendata.text import fold
from dentelle.rules.dated import parameter
from dentelle.thread.territory import access
from dentelle.thread.territory.models import Territory as SavedTerritory

COUNTRY = "france"
LONGEST_LIST = 1_100  # characters, some 180 communes: beyond, addresses are cut or refused on their way
LONGEST_PLACE = 160  # characters: near spellings of anything longer would be sought for seconds
_SAVED = "perso:"

__all__ = ["ground"]  # the rooms after this one ask it here


def store() -> ServingStore:
    """Return the serving store of this installation, the same one for the life of the process.

    It notices by itself that its file was replaced; reading raises ``StoreMissing`` while there is none.
    """
    return _store(Path(settings.DENTELLE_DECP) / STORE_FILE)


@lru_cache(maxsize=8)
def _store(path: Path) -> ServingStore:
    return ServingStore(path)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A territory a page is about.

    ``parameter`` is the value of ``?territoire=`` that finds it again. ``saved`` is its key when the structure saved it,
    ``version`` the version in force. ``population`` is None when the source gives none.
    """

    name: str
    kind: str
    code: str
    communes: frozenset[str]
    population: int | None
    vintage: str
    parameter: str
    saved: int | None = None
    version: int | None = None

    @property
    def kind_label(self) -> str:
        """What it is, in French (« intercommunalité »)."""
        return "France entière" if self.kind == "country" else KIND_LABELS[self.kind]

    @property
    def is_country(self) -> bool:
        """Whether it leaves nothing out."""
        return self.kind == "country"


def chosen_territory(membership: Membership, asked: str = "") -> Chosen | None:
    """Return the territory ``asked`` for: ``epci:243500139``, ``perso:12`` (saved), ``france``, or the structure's own.

    None when nothing is asked and the structure has not chosen. Raises ``UnknownPlace`` when it leads nowhere, in the
    same words for a saved territory of another structure as for one that never was.
    """
    asked = asked.strip()
    if not asked:
        mine = access.territories_visible_to(membership).filter(is_default=True).first()
        return _of_saved(mine) if mine else None
    if asked == COUNTRY:
        return whole_country()
    if asked.startswith(_SAVED):
        key = asked.removeprefix(_SAVED)
        saved = access.territories_visible_to(membership).filter(pk=int(key)).first() if key.isdecimal() else None
        if saved is None:
            raise UnknownPlace(asked, "ce territoire enregistré n’existe pas")
        return _of_saved(saved)
    _refuse_too_long(asked)
    return _of_ground(territory_of(ground(), asked))


def _refuse_too_long(asked: str) -> None:
    """Raise ``UnknownPlace`` for what no address should carry: a long list travels as a saved territory, by its number."""
    is_list = asked.startswith("list:")
    if len(asked) <= (LONGEST_LIST if is_list else LONGEST_PLACE):
        return
    raise UnknownPlace(
        f"{asked[:40]}…",
        f"une liste de {asked.count(',') + 1} communes est trop longue pour une adresse ; collez-la dans « Chercher un "
        "territoire » et enregistrez-la sous un nom : son adresse sera courte"
        if is_list
        else "aucun territoire ne porte un nom si long",
    )


def whole_country() -> Chosen:
    """Return the whole of France, overseas included."""
    codes = frozenset(ground().commune_codes())
    return Chosen("France", "country", "FR", codes, ground().population_of(codes), ground().vintage, COUNTRY)


def areas_of_territory(chosen: Chosen) -> frozenset[str] | None:
    """Return the « kind:code » areas by which a purchase belongs to the territory; None for the whole country."""
    return None if chosen.is_country else areas_of_communes(ground(), chosen.communes)


@lru_cache(maxsize=512)
def areas_of_communes(reference: Ground, communes: frozenset[str]) -> frozenset[str]:
    """Return what ``opendata.marts.location.areas_of`` says of a set of communes, from indexes kept with the ground.

    Every commune; every postal code one of them has; every EPCI, department and region wholly inside.
    """
    groups_of, members = _memberships(reference)
    areas = {f"commune:{code}" for code in communes}
    for group in {group for code in communes for group in groups_of.get(code, ())}:
        if group.startswith("postal:") or members[group] <= communes:
            areas.add(group)
    return frozenset(areas)


@lru_cache(maxsize=4)
def _memberships(reference: Ground) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """The groups of each commune, and the communes of each group, as « kind:code »."""
    groups_of: dict[str, list[str]] = {}
    members: dict[str, set[str]] = {}

    def add(commune: str, group: str) -> None:
        groups_of.setdefault(commune, []).append(group)
        members.setdefault(group, set()).add(commune)

    places = reference.communes_table()
    codes = places["commune_code"].to_pylist()
    for kind in ("epci", "department", "region"):
        for commune, code in zip(codes, places[f"{kind}_code"].to_pylist(), strict=True):
            if code is not None:
                add(commune, f"{kind}:{code}")
    postal = reference.postal_table()
    for commune, code in zip(postal["commune_code"].to_pylist(), postal["postal_code"].to_pylist(), strict=True):
        add(commune, f"postal:{code}")
    return groups_of, members


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A saved territory in a list."""

    pk: int
    name: str
    is_default: bool
    version: int
    communes: int
    population: int | None
    parameter: str
    changed_at: datetime


def saved_territories(membership: Membership) -> list[SavedLine]:
    """Return the structure's territories, its own first, then by name."""
    versions = {(v.territory_id, v.number): v for v in access.versions_visible_to(membership)}
    lines = []
    for saved in access.territories_visible_to(membership).order_by("-is_default", "name", "pk"):
        version = versions[saved.pk, saved.current_number]
        lines.append(
            SavedLine(
                saved.pk,
                saved.name,
                saved.is_default,
                version.number,
                len(version.communes),
                version.population,
                f"{_SAVED}{saved.pk}",
                version.created_at,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a history, compared with the one before; communes are (code, name)."""

    number: int
    current: bool
    communes: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    population: int | None
    vintage: str
    reason: str
    by: str
    at: datetime


def history(membership: Membership, saved: SavedTerritory) -> list[VersionLine]:
    """Return the versions of a saved territory, the last one first."""
    reference = ground()
    lines: list[VersionLine] = []
    before: set[str] | None = None
    versions = access.versions_visible_to(membership).filter(territory=saved).select_related("created_by")
    for version in versions.order_by("number"):
        codes = set(version.communes)
        lines.append(
            VersionLine(
                version.number,
                version.number == saved.current_number,
                _named(reference, codes),
                () if before is None else _named(reference, codes - before),
                () if before is None else _named(reference, before - codes),
                version.population,
                version.vintage,
                version.reason,
                str(version.created_by),
                version.created_at,
            )
        )
        before = codes
    return lines[::-1]


def lines_of(membership: Membership, saved: SavedTerritory) -> list[str]:
    """Return the places the version in force was made of, one line each (« epci:243500139 ; Rennes Métropole »)."""
    version = access.versions_visible_to(membership).get(territory=saved, number=saved.current_number)
    reference = ground()
    lines = []
    for part in version.spec.split("+"):
        kind, _, codes = part.partition(":")
        for code in codes.split(",") if kind == "list" else [codes]:
            named = "commune" if kind == "list" else kind
            lines.append(f"{named}:{code} ; {reference.name_of(named, code) or code}")
    return lines


def window_of(today: date, months: int = 24) -> tuple[date, date]:
    """Return the period looked at, end excluded: from next month's first day, ``months`` months long."""
    first = today.year * 12 + today.month
    last = first + months
    return date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, 1)


def useful_hours(on: date) -> int:
    """Return the volume under which a social clause is advised against, at a date (parameter ``clause.minimum_hours``)."""
    return int(parameter("clause.minimum_hours").at(on).number)


def _named(reference: Ground, codes: set[str]) -> tuple[tuple[str, str], ...]:
    named = ((code, reference.name_of("commune", code) or code) for code in codes)
    return tuple(sorted(named, key=lambda pair: (fold(pair[1]), pair[0])))


def _of_saved(saved: SavedTerritory) -> Chosen:
    version = saved.versions.get(number=saved.current_number)
    return Chosen(
        name=saved.name,
        kind=version.kind,
        code=version.spec.partition(":")[2] if version.kind != "list" else version.spec,
        communes=frozenset(version.communes),
        population=version.population,
        vintage=version.vintage,
        parameter=f"{_SAVED}{saved.pk}",
        saved=saved.pk,
        version=version.number,
    )


def _of_ground(place: Territory) -> Chosen:
    return Chosen(place.name, place.kind, place.code, place.communes, place.population, place.vintage, place.spec)
