"""The closed lists of the decrees, recognised whatever their case, accents and punctuation."""

import re
from collections.abc import Sequence
from typing import Any, Final

from dentelle.opendata.decp.values import Ruled, plain, text

PROCEDURES: Final = (
    "Procédure adaptée",
    "Appel d'offres ouvert",
    "Appel d'offres restreint",
    "Procédure avec négociation",
    "Procédure concurrentielle avec négociation",
    "Procédure négociée avec mise en concurrence préalable",
    "Marché passé sans publicité ni mise en concurrence préalable",
    "Marché négocié sans publicité ni mise en concurrence préalable",
    "Dialogue compétitif",
    "Procédure négociée ouverte",
    "Procédure non négociée ouverte",
    "Procédure négociée restreinte",
    "Procédure non négociée restreinte",
)
# Labels of before 2016 still published: the same procedure under its former name.
FORMER_PROCEDURES: Final = {
    "marche negocie sans publicite ni mise en concurrence prealable": "Marché passé sans publicité ni mise en concurrence préalable",
    "marche public negocie sans publicite ni mise en concurrence prealable": "Marché passé sans publicité ni mise en concurrence préalable",
    "procedure negociee sans publicite ni mise en concurrence prealable": "Marché passé sans publicité ni mise en concurrence préalable",
    "procedure concurrentielle avec negociation": "Procédure avec négociation",
    "procedure negociee avec mise en concurrence prealable": "Procédure avec négociation",
}
NATURES: Final = (
    "Marché",
    "Marché de partenariat",
    "Marché de défense ou de sécurité",
    "Accord-cadre",
    "Marché subséquent",
    "Concession de travaux",
    "Concession de service",
    "Concession de service public",
    "Délégation de service public",
)
PLACES: Final = {
    "code postal": "postal",
    "code commune": "commune",
    "code arrondissement": "arrondissement",
    "code canton": "canton",
    "code departement": "department",
    "code region": "region",
    "code pays": "country",
}
HOLDER_KINDS: Final = {
    "siret": "SIRET",
    "tva": "TVA",
    "tva intracommunautaire": "TVA",
    "tahiti": "TAHITI",
    "ridet": "RIDET",
    "frwf": "FRWF",
    "frw": "FRWF",
    "irep": "IREP",
    "hors ue": "HORS-UE",
    "ue": "UE",
}
EXACT_HOLDER_KINDS: Final = frozenset({"SIRET", "TVA", "TAHITI", "RIDET", "FRWF", "IREP", "HORS-UE", "UE"})
EXACT_PLACES: Final = {
    "Code postal": "postal",
    "Code commune": "commune",
    "Code arrondissement": "arrondissement",
    "Code canton": "canton",
    "Code département": "department",
    "Code région": "region",
    "Code pays": "country",
}
_PROCEDURES_BY_PLAIN: Final = {plain(label): label for label in PROCEDURES} | FORMER_PROCEDURES
_NATURES_BY_PLAIN: Final = {plain(label): label for label in NATURES}


def procedure(raw: Any) -> Ruled:
    """The label of the list when recognised, else the text as published, flagged."""
    return _label(raw, _PROCEDURES_BY_PLAIN, "procedure_off_list")


def nature(raw: Any) -> Ruled:
    """The label of the list when recognised, else the text as published, flagged."""
    return _label(raw, _NATURES_BY_PLAIN, "nature_off_list")


def _label(raw: Any, known: dict[str, str], defect: str) -> Ruled:
    value, _ = text(raw)
    if value is None:
        return None, defect
    label = known.get(plain(value))
    return (label, "" if label == value.replace("’", "'") else defect) if label else (value, defect)


def place_kind(raw: Any) -> Ruled:
    """postal, commune… or null."""
    value, _ = text(raw)
    if value is None:
        return None, "place_kind_off_list"
    if value in EXACT_PLACES:
        return EXACT_PLACES[value], ""
    return PLACES.get(plain(value)), "place_kind_off_list"


_PLACE_CODES: Final = {
    "postal": re.compile(r"\d{5}$"),
    "commune": re.compile(r"(\d{2}|2[AB])\d{3}$"),
    "department": re.compile(r"(\d{2,3}|2[AB])$"),
    "region": re.compile(r"(FR)?\d{1,2}$"),
    "country": re.compile(r"[A-Z]{2,3}$"),
}


def place(raw: tuple[Any, Any]) -> tuple[tuple[str | None, str | None], str]:
    """``((code, kind), defect)`` of a place: a code without any digit is not a code of its kind."""
    code, _ = text(raw[0])
    kind, defect = place_kind(raw[1])
    if code is None:
        return (None, None), defect
    if kind in {"postal", "commune"} and len(code) == 4 and code.isdigit():
        code = "0" + code  # the leading zero of departments 01 to 09, lost by spreadsheets
    if kind != "country" and not any(sign.isdigit() for sign in code):
        return (code, None), "place_code_alphabetic"
    pattern = _PLACE_CODES.get(kind or "")
    if pattern and not pattern.match(code):
        return (code, None), "place_kind_off_list"
    return (code, kind), defect


def holder_kind(raw: Any) -> Ruled:
    """The kind of identifier, ``unknown`` when it cannot be recognised."""
    value, _ = text(raw)
    if value is None:
        return "unknown", "holder_kind_off_list"
    if value in EXACT_HOLDER_KINDS:
        return value, ""
    return HOLDER_KINDS.get(plain(value), "unknown"), "holder_kind_off_list"


SOCIAL: Final = {
    "clause sociale": "clause",
    "critere social": "criterion",
    "marche reserve": "reserved",
    "concession reservee": "reserved",
    "pas de consideration sociale": "none",
    "aucune": "none",
}
ENVIRONMENT: Final = {
    "clause environnementale": "clause",
    "critere environnemental": "criterion",
    "pas de consideration environnementale": "none",
}


def _considerations(raw: Sequence[str] | None, known: dict[str, str]) -> tuple[frozenset[str], str]:
    found, defect = set(), ""
    for item in raw or ():
        value, _ = text(item)
        for label in (value or "").replace(";", ",").replace("|", ",").split(","):
            if not (key := plain(label)):
                continue
            if key in known:
                found.add(known[key])
            else:
                defect = "consideration_off_list"
    return frozenset(found), defect


def social(raw: Sequence[str] | None) -> tuple[tuple[str, bool | None, bool | None, bool | None], str]:
    """``((status, clause, criterion, reserved), defect)``: nothing said is « not_stated », never « none »."""
    found, defect = _considerations(raw, SOCIAL)
    told = found - {"none"}
    if told:
        return ("considered", "clause" in told, "criterion" in told, "reserved" in told), defect
    if "none" in found:
        return ("none", False, False, False), defect
    return ("not_stated", None, None, None), defect


def environment(raw: Sequence[str] | None) -> Ruled:
    """considered, none or not_stated."""
    found, defect = _considerations(raw, ENVIRONMENT)
    if found - {"none"}:
        return "considered", defect
    return ("none" if found else "not_stated"), defect


def joined(raw: Sequence[str] | None) -> Ruled:
    """A multi-valued field as one text, values separated by ``|``, in the order published."""
    values = [value for value in (text(item)[0] for item in raw or ()) if value]
    return ("|".join(dict.fromkeys(values)) or None), ""
