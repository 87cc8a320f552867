"""From what a person writes, ``KIND:CODE`` or ``KIND:name``, to a territory; or to a refusal that helps."""

from collections.abc import Sequence
from typing import cast

from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import KIND_LABELS, KINDS, Territory, TerritoryKind
from dentelle.opendata.text import fold_query

_KIND_ALIASES = {
    "departement": "department",
    "intercommunalite": "epci",
    "ept": "epci",
    "zone d emploi": "zone",
    "ze": "zone",
    "comite": "committee",
    "clpe": "committee",
    "liste": "list",
}
_LOAD_COMMANDS = {
    "zone": "dentelle ground load zones FICHIER --vintage ANNÉE",
    "committee": "dentelle ground load committees FICHIER --vintage ANNÉE",
}


def parse_territory(ground: Ground, specs: Sequence[str]) -> Territory:
    """Return the territory of one or several ``KIND:CODE``; several are united, each commune counted once.

    Kinds: commune, epci, department, region, zone, committee, list (``list:35238,35024``). A name may stand for the
    code when it is not ambiguous.
    """
    if not specs:
        raise UnknownPlace("", "aucun territoire n’est indiqué (forme attendue : epci:243500139, department:35…)")
    parts = [territory_of(ground, spec) for spec in specs]
    if len(parts) == 1:
        return parts[0]
    communes = frozenset().union(*(part.communes for part in parts))
    return Territory(
        kind="list",
        code="+".join(part.spec for part in parts),
        name=" + ".join(part.name for part in parts),
        vintage=max((part.vintage for part in parts), key=len),
        communes=communes,
        population=ground.population_of(communes),
    )


def territory_of(ground: Ground, spec: str) -> Territory:
    """Return the territory of one ``KIND:CODE``; a union's own spec (parts joined by « + ») is read back too."""
    if "+" in spec and all(":" in part for part in spec.split("+")):
        return parse_territory(ground, spec.split("+"))
    typed_kind, colon, value = spec.partition(":")
    kind = fold_query(typed_kind)
    kind = _KIND_ALIASES.get(kind, kind)
    if not colon or kind not in KINDS or not value.strip():
        raise UnknownPlace(
            spec, f"un territoire s’écrit GENRE:CODE, avec pour genre {', '.join(KINDS)} (exemple : epci:243500139)"
        )
    value = value.strip()
    if kind == "list":
        return _hand_picked(ground, value)
    if kind in _LOAD_COMMANDS and ground.areas(kind) is None:
        raise UnknownPlace(
            spec, f"aucun fichier de ce genre ({KIND_LABELS[kind]}) n’est chargé ; lancez « {_LOAD_COMMANDS[kind]} »"
        )
    code = _code_of(ground, kind, value)
    communes = frozenset({code}) if kind == "commune" else ground.communes_of(kind, code)
    areas = ground.areas(kind) if kind in _LOAD_COMMANDS else None
    return Territory(
        kind=cast("TerritoryKind", kind),
        code=code,
        name=ground.name_of(kind, code) or code,
        vintage=f"{ground.vintage} / {areas.layer.vintage}" if areas else ground.vintage,
        communes=communes,
        population=ground.population_of(communes),
    )


def _hand_picked(ground: Ground, value: str) -> Territory:
    codes = [code.strip() for code in value.split(",") if code.strip()]
    communes = frozenset(ground.commune(code).code for code in codes)
    ordered = sorted(communes)
    names = [ground.name_of("commune", code) or code for code in ordered[:3]]
    more = f" et {len(ordered) - 3} autres" if len(ordered) > 3 else ""
    return Territory(
        kind="list",
        code=",".join(ordered),
        name=", ".join(names) + more,
        vintage=ground.vintage,
        communes=communes,
        population=ground.population_of(communes),
    )


def _code_of(ground: Ground, kind: str, value: str) -> str:
    if kind == "commune":
        current = ground.resolve(value)
        if current is not None:
            return current
    for candidate in (value, value.upper()):
        if ground.name_of(kind, candidate) is not None:
            return candidate
    asked = fold_query(value)
    same_name = [
        hit
        for hit in ground.search(value, kinds={kind}, limit=50)
        if hit.match == "exact" and fold_query(hit.name) == asked
    ]
    if len(same_name) == 1:
        return same_name[0].code
    if same_name:
        raise UnknownPlace(
            f"{kind}:{value}",
            "plusieurs portent ce nom, indiquez le code",
            [f"{hit.name} ({hit.code})" for hit in same_name[:8]],
        )
    raise ground.unknown(kind, value)
