"""Bring a decoded record of any shape back to the shape of the decrees: wrappers, lists, flat keys, texts in place of lists."""

from typing import Any, Final

import orjson

WRAPPERS: Final = {
    "techniques": "technique",
    "modalitesExecution": "modaliteExecution",
    "typesPrix": "typePrix",
    "considerationsSociales": "considerationSociale",
    "considerationsEnvironnementales": "considerationEnvironnementale",
}
HOLDERS: Final = {"titulaires": "titulaire", "concessionnaires": "concessionnaire"}
DEEDS: Final = {
    "actesSousTraitance": "acteSousTraitance",
    "modificationsActesSousTraitance": "modificationActeSousTraitance",
}
PARTIES: Final = {
    "acheteur": ("id", "nom"),
    "autoriteConcedante": ("id", "nom"),
    "lieuExecution": ("code", "typeCode", "nom"),
}
BOOLEANS: Final = frozenset({"marcheInnovant", "sousTraitanceDeclaree"})
SCALARS: Final = (
    "id", "_type", "nature", "objet", "codeCPV", "procedure", "idAccordCadre", "ccag", "offresRecues", "typeGroupementOperateurs",
    "dureeMois", "dateNotification", "dateSignature", "datePublicationDonnees", "montant", "valeurGlobale", "formePrix",
    "marcheInnovant", "sousTraitanceDeclaree",
)  # fmt: skip
MODIFICATION_SCALARS: Final = (
    "id", "objetModification", "dateNotificationModification", "dateSignatureModification", "datePublicationDonneesModification",
    "dureeMois", "montant", "valeurGlobale",
)  # fmt: skip
DEED_SCALARS: Final = (
    "id", "dureeMois", "dateNotification", "dateNotificationModificationSousTraitance", "datePublicationDonnees", "montant",
)  # fmt: skip
HOLDER_SCALARS: Final = ("id", "typeIdentifiant", "denominationSociale")
# How deep lists inside lists are followed: four levels have been met.
DEEPEST_LIST: Final = 12


def shape(value: dict[str, Any], defects: set[str]) -> dict[str, Any]:
    """The record in the shape the typed decoder reads; what cannot be understood is left out and named in ``defects``."""
    fields = _trimmed(value, defects)
    shaped: dict[str, Any] = {}
    for name in SCALARS:
        _keep_scalar(fields, name, shaped, defects)
    for name, parts in PARTIES.items():
        party = _party(fields, name, parts, defects)
        if party is not None:
            shaped[name] = party
    for name, inner in WRAPPERS.items():
        found = _labels(fields.get(name), inner)
        if found:
            shaped[name] = {inner: found}
    for name, inner in HOLDERS.items():
        if fields.get(name) not in (None, ""):
            shaped[name] = _items(fields[name], inner, HOLDER_SCALARS, defects, "nested_holders")
    if fields.get("modifications") not in (None, "", [], {}):
        shaped["modifications"] = _modifications(fields["modifications"], defects)
    for name, inner in DEEDS.items():
        if fields.get(name) not in (None, "", [], {}):
            shaped[name] = _deeds(fields[name], inner, defects)
    return shaped


def chosen(tokens: list[Any], names: tuple[str, ...], defects: set[str]) -> tuple[Any, ...]:
    """The values of fields of one label each."""
    kept: dict[str, Any] = {}
    for name, token in zip(names, tokens, strict=True):
        _keep_scalar({name: token}, name, kept, defects)
    return tuple(map(kept.get, names))


def several(tokens: list[Any], names: tuple[str, ...], _: set[str]) -> tuple[list[str], ...]:
    """The labels of fields of several labels each, under their wrappers or not."""
    return tuple(_labels(token, WRAPPERS[name]) for name, token in zip(names, tokens, strict=True))


def _trimmed(value: dict[str, Any], defects: set[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, item in value.items():
        name = str(key).strip()
        if name != key:
            defects.add("padded_key")
        if name not in fields or fields[name] in (None, ""):
            fields[name] = item
    return fields


def _keep_scalar(fields: dict[str, Any], name: str, into: dict[str, Any], defects: set[str]) -> None:
    item = fields.get(name)
    if isinstance(item, list) and len(item) == 1:
        item = item[0]
    if item is None or item == [] or item == {}:
        return
    if isinstance(item, str | int | float) and (not isinstance(item, bool) or name in BOOLEANS):
        into[name] = item
    else:
        defects.add("unreadable_value")


def _party(fields: dict[str, Any], name: str, parts: tuple[str, ...], defects: set[str]) -> dict[str, Any] | None:
    given = fields.get(name)
    party: dict[str, Any] = {}
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, dict):
        inner = _trimmed(given, defects)
        for part in parts:
            _keep_scalar(inner, part, party, defects)
    elif isinstance(given, str | int) and not isinstance(given, bool) and str(given).strip():
        party[parts[0]] = given
    for part in parts:
        flat = fields.get(f"{name}.{part}")
        if part not in party and isinstance(flat, str | int):
            defects.add("flat_key")
            party[part] = flat
    return party or None


def _labels(given: Any, inner: str, level: int = 0) -> list[str]:
    if given is None or level > DEEPEST_LIST:
        return []
    if isinstance(given, dict):
        return _labels(given.get(inner), inner, level + 1)
    if isinstance(given, list):
        return [label for item in given for label in _labels(item, inner, level + 1)]
    return [str(given)] if str(given).strip() else []


def _flat(given: Any, level: int = 0) -> list[Any]:
    if isinstance(given, list):
        return [] if level > DEEPEST_LIST else [item for part in given for item in _flat(part, level + 1)]
    return [given]


def _unwrapped(item: Any, inner: str, defects: set[str]) -> list[dict[str, Any]]:
    """The objects under a wrapper: ``{"titulaire": {…}}``, ``{"titulaire": […]}`` or the object itself."""
    if not isinstance(item, dict):
        return []
    fields = _trimmed(item, defects)
    if inner in fields:
        return [_trimmed(part, defects) for part in _flat(fields[inner]) if isinstance(part, dict)]
    return [fields]


def _items(given: Any, inner: str, scalars: tuple[str, ...], defects: set[str], nested: str) -> list[dict[str, Any]]:
    if isinstance(given, str):
        given = _parsed(given)
    if isinstance(given, list) and any(isinstance(part, list) for part in given):
        defects.add(nested)
    kept = []
    for item in _flat(given):
        objects = _unwrapped(item, inner, defects)
        if not objects and item not in (None, ""):
            defects.add("unreadable_value")
        for fields in objects:
            shaped: dict[str, Any] = {}
            for name in scalars:
                _keep_scalar(fields, name, shaped, defects)
            if shaped:
                kept.append(shaped)
    return kept


def _parsed(given: str) -> Any:
    """A list written as a text inside the record."""
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError:
        return given


def _modifications(given: Any, defects: set[str]) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        defects.add("modifications_shape")
    if isinstance(given, str):
        given = _parsed(given)
    if (
        isinstance(given, dict)
        and "modification" not in given
        and given
        and all(isinstance(part, dict) for part in given.values())
    ):
        given = list(given.values())
    kept = []
    for item in _flat(given):
        for fields in _unwrapped(item, "modification", defects):
            shaped: dict[str, Any] = {}
            for name in MODIFICATION_SCALARS:
                _keep_scalar(fields, name, shaped, defects)
            for name, inner in HOLDERS.items():
                if fields.get(name) not in (None, "", []):
                    shaped[name] = _items(fields[name], inner, HOLDER_SCALARS, defects, "nested_holders")
            if shaped:
                kept.append(shaped)
    return kept


def _deeds(given: Any, inner: str, defects: set[str]) -> list[dict[str, Any]]:
    kept = []
    for item in _flat(given):
        for fields in _unwrapped(item, inner, defects):
            shaped: dict[str, Any] = {}
            for name in DEED_SCALARS:
                _keep_scalar(fields, name, shaped, defects)
            party = _party(fields, "sousTraitant", ("id", "typeIdentifiant"), defects)
            if party:
                shaped["sousTraitant"] = party
            if shaped:
                kept.append(shaped)
    return kept
