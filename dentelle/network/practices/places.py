"""Places of sheets: how they are called, found from what is typed, and which are like one's own."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dentelle.foundations.organisations.models import Coverage
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.network.practices.access import Viewer, is_head
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.marts.clause_rate import comparables
from dentelle.opendata.text import fold_query

SURE = ("exact", "code")  # how a search found what was typed itself
_SPEC = re.compile(r"\b(?:epci|commune|department|region):\w+")
_PROPOSED = re.compile(r"(?P<name>.+) \((?P<code>\w{2,9})\)")
MOST_BODIES = 2_000  # more than there are
TYPED_KINDS = ("epci", "commune", "department", "region")
ALIKE = 2  # neighbouring populations: from half as many inhabitants to twice as many


class PlaceUnclear(Exception):
    """What was typed is no place, or several; the message is French and proposes some."""


def place_name(spec: str) -> str:
    """Return how a place is called; its code while the ground is not there."""
    if not spec:
        return ""
    ground = ground_or_none()
    return _name(ground, spec) if ground else spec


@lru_cache(maxsize=8_192)
def _name(ground: Ground, spec: str) -> str:
    try:
        return territory_of(ground, spec).name
    except UnknownPlace:
        return spec


def place_typed(text: str) -> str:
    """Return the place (``KIND:CODE``) meant by a name, a code, or a proposal of this function. Raises PlaceUnclear."""
    text = text.strip()
    ground = ground_or_none()
    if not text or ground is None:
        return text if ":" in text else ""
    spec = _SPEC.search(text)
    for written in (text, spec.group() if spec else ""):
        try:
            return territory_of(ground, written).spec
        except UnknownPlace:
            continue
    proposed = _PROPOSED.fullmatch(text)
    hits = ground.search(proposed["code"] if proposed else text, TYPED_KINDS, 5)
    sure = [hit for hit in hits if hit.match in SURE] or hits
    if proposed:
        sure = [hit for hit in sure if fold_query(hit.name) == fold_query(proposed["name"])] or sure
    if len(sure) == 1:
        return f"{sure[0].kind}:{sure[0].code}"
    if not hits:
        raise PlaceUnclear(f"« {text} » n’est pas un lieu connu. Écrivez un nom, un code INSEE ou un SIREN.")
    raise PlaceUnclear(
        f"Plusieurs lieux répondent. Écrivez l’un de ceux-ci : {', '.join(f'{hit.name} ({hit.code})' for hit in sure)}."
    )


@dataclass(frozen=True, slots=True)
class LikeMine:
    """The intercommunalités like the one that holds most of what a structure covers, its own first, then the nearest ones.

    ``least`` and ``most``: how many inhabitants the others have.
    """

    bodies: tuple[str, ...]
    least: int
    most: int


def like_mine(viewer: Viewer, today: date) -> LikeMine | None:
    """Return what is like the territory of the viewer's structure; None for the head, without ground, or where nothing is covered."""
    ground = ground_or_none()
    if is_head(viewer) or ground is None:
        return None
    coverage = Coverage.objects.in_force(today).filter(structure=viewer.structure_id).first()  # type: ignore[union-attr]
    if coverage is None:
        return None
    communes = covered(coverage.places, ground).communes
    inhabitants: dict[str, int] = {}
    for code in communes:
        commune = ground.commune(code)
        if commune.epci_code:
            inhabitants[commune.epci_code] = inhabitants.get(commune.epci_code, 0) + (commune.population or 0)
    return _like(ground, max(sorted(inhabitants), key=lambda code: inhabitants[code])) if inhabitants else None


@lru_cache(maxsize=256)
def _like(ground: Ground, code: str) -> LikeMine:
    inhabitants = sum(ground.commune(each).population or 0 for each in territory_of(ground, f"epci:{code}").communes)
    least, most = -(-inhabitants // ALIKE), inhabitants * ALIKE
    others = (
        one.spec.partition(":")[2]
        for one in comparables(ground, "epci", code, number=MOST_BODIES)
        if least <= one.population <= most
    )
    return LikeMine((code, *others), least, most)
