"""Putting a territory together by search: what is found, what is already picked, and the addresses that add or remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import KIND_LABELS
from dentelle.thread.territory.composition import compose
from dentelle.thread.territory.links import address
from dentelle.web.formatting import plural

SUGGESTED = 12
MOST_PICKED = 200  # they travel in the address of the page


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place found: ``add_url`` picks it, ``view_url`` shows its page, ``hint`` tells homonyms apart.

    ``list_url`` goes back to the list of purchases somebody came from, empty when nobody did.
    """

    name: str
    kind: str
    code: str
    population: int | None
    hint: str
    picked: bool
    add_url: str
    view_url: str
    list_url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A place already picked; ``spec`` is None-like empty when it leads nowhere, and ``name`` then says why."""

    spec: str
    name: str
    kind: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been picked so far and what it adds up to."""

    parts: tuple[Part, ...]
    unknown: tuple[str, ...]
    communes: int
    population: int | None
    suggested_name: str


def suggestions(ground: Ground, query: str, parts: Sequence[str], list_query: str | None = None) -> list[Suggestion]:
    """Return what ``query`` (name, beginning, postal code, code) leads to, best first.

    ``list_query`` holds the other filters of the list of purchases to go back to.
    """
    found = []
    for hit in ground.search(query.strip(), limit=SUGGESTED) if query.strip() else []:
        spec = f"{hit.kind}:{hit.code}"
        department = ground.name_of("department", hit.department_code) if hit.department_code else None
        hint = f"{department} ({hit.department_code})" if department else hit.code
        if hit.via:
            hint = f"{hint} ; anciennement {hit.via}"
        found.append(
            Suggestion(
                hit.name,
                KIND_LABELS[hit.kind],
                hit.code,
                hit.population,
                hint,
                spec in parts,
                _choose_url([*parts, spec]),
                f"{reverse('territory:home')}?{urlencode({'territoire': spec})}",
                _list_url(spec, list_query),
            )
        )
    return found


def too_many(parts: Sequence[str]) -> str:
    """Why the last of the picked places are left out; empty when all are taken."""
    if len(parts) <= MOST_PICKED:
        return ""
    left = plural(len(parts) - MOST_PICKED, "lieu n’est pas pris", "lieux ne sont pas pris")
    return (
        f"Au plus {MOST_PICKED} lieux se choisissent un à un\u00a0: {left}. "
        "Pour un territoire plus long, collez la liste de ses codes, un par ligne."
    )


def draft_of(ground: Ground, parts: Sequence[str]) -> Draft:
    """Return what the picked places add up to; those that lead nowhere are told apart, never dropped in silence."""
    known: list[Part] = []
    unknown: list[str] = [too_many(parts)] if too_many(parts) else []
    parts = parts[:MOST_PICKED]
    for spec in dict.fromkeys(parts):
        try:
            place = territory_of(ground, spec)
        except UnknownPlace as refusal:
            unknown.append(str(refusal))
            continue
        rest = [other for other in parts if other != spec]
        known.append(Part(spec, place.name, KIND_LABELS[place.kind], _choose_url(rest)))
    whole = compose(ground, [part.spec for part in known]) if known else None
    return Draft(
        tuple(known),
        tuple(unknown),
        len(whole.communes) if whole else 0,
        whole.population if whole else None,
        known[0].name if len(known) == 1 else "",
    )


def _list_url(spec: str, list_query: str | None) -> str:
    path = address("purchases:list") if list_query is not None else ""
    kept = [pair for pair in parse_qsl(list_query or "") if pair[0] != "territoire"]
    return f"{path}?{urlencode([*kept, ('territoire', spec)])}" if path else ""


def _choose_url(parts: Sequence[str]) -> str:
    base = reverse("territory:choose")
    query = urlencode([("partie", spec) for spec in dict.fromkeys(parts)])
    return f"{base}?{query}" if query else base
