"""What kind of buyer a SIREN is, for the thresholds: known, presumed or unknown, and always saying which.

``central`` is the State's column of the thresholds, ``local`` the column of the other contracting authorities
(communes, groupings, departments, regions and their public bodies, hospitals). ``utility`` (*entité adjudicatrice*)
depends on the activity the contract serves (water, energy, transport, post), never on the SIREN: it is not answered here.

Sources: the labels of legal categories are INSEE's (level III). That SIREN of communes begin with 21, of EPCI with 24,
and of newer ones with 20, is counted in the COG. The other families of SIREN are common knowledge without a source at
hand: their rows are ``to_confirm``, and screens say « à vérifier ».
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import pyarrow as pa

Kind = Literal["central", "local", "utility"]
Basis = Literal["geographic_code", "legal_category", "siren_family", "unknown"]
Status = Literal["certain", "to_confirm", "unknown"]


@dataclass(frozen=True, slots=True)
class BuyerKind:
    """An answer: the kind (None when unknown), what it rests on, how sure it is, and a French sentence for the screen."""

    kind: Kind | None
    basis: Basis
    status: Status
    because: str


class _Row(NamedTuple):
    prefix: str
    kind: Kind | None
    status: Status
    because: str


# The longest prefix wins; a category absent from here is unknown.
_LEGAL_CATEGORIES = (
    _Row("7111", "central", "to_confirm", "autorité constitutionnelle, présumée relever du seuil de l’État"),
    _Row("7112", "central", "to_confirm", "autorité administrative indépendante, présumée relever du seuil de l’État"),
    _Row("7113", "central", "certain", "ministère"),
    _Row("7120", "central", "certain", "service central d’un ministère"),
    _Row("7150", "central", "to_confirm", "ministère de la Défense : les marchés de défense ont leur propre seuil"),
    _Row("7160", "central", "certain", "service déconcentré à compétence nationale"),
    _Row("7171", "central", "certain", "service déconcentré régional de l’État"),
    _Row("7172", "central", "certain", "service déconcentré départemental de l’État"),
    _Row("7179", "central", "certain", "service déconcentré de l’État"),
    _Row("7190", "central", "to_confirm", "école nationale sans personnalité morale, présumée relever de l’État"),
    _Row("72", "local", "certain", "collectivité territoriale"),
    _Row("73", "local", "certain", "établissement public administratif local"),
    _Row("7331", "local", "to_confirm", "établissement public local d’enseignement"),
    _Row("7364", "local", "to_confirm", "établissement public de santé, présumé relever du seuil des autres acheteurs"),
    _Row("7365", "local", "to_confirm", "syndicat interhospitalier, présumé relever du seuil des autres acheteurs"),
    _Row("7366", "local", "to_confirm", "établissement social ou médico-social, présumé relever des autres acheteurs"),
    _Row("7381", None, "unknown", "organisme consulaire : seuil à vérifier"),
    _Row("7382", "central", "to_confirm", "établissement public national ayant fonction d’administration centrale"),
    _Row("7383", "central", "to_confirm", "établissement public national scientifique, culturel et professionnel"),
    _Row("7384", "central", "to_confirm", "établissement public national d’enseignement"),
    _Row("7385", "central", "to_confirm", "établissement public national à compétence territoriale limitée"),
    _Row("7389", "central", "to_confirm", "établissement public national administratif"),
    _Row("7410", None, "unknown", "groupement d’intérêt public : le seuil dépend de ses membres"),
    _Row("41", None, "unknown", "établissement industriel ou commercial : peut être une entité adjudicatrice"),
)

_COUNTED = "SIREN commençant par {} : commune ou intercommunalité, d’après le code géographique"
_RECALLED = "SIREN commençant par {} : {}, à vérifier"

# Two digits, so that a join on the first two characters of the SIREN is enough.
_SIREN_FAMILIES = (
    _Row("11", "central", "to_confirm", _RECALLED.format("11", "administration centrale de l’État")),
    _Row("13", "central", "to_confirm", _RECALLED.format("13", "organisme national")),
    _Row("17", "central", "to_confirm", _RECALLED.format("17", "service déconcentré de l’État")),
    _Row("18", None, "unknown", _RECALLED.format("18", "établissement public national ou organisme consulaire")),
    _Row("19", None, "unknown", _RECALLED.format("19", "établissement d’enseignement, local ou national")),
    # 20 also holds groupings and bodies that are in no list here: presumed, not proved
    _Row("20", "local", "to_confirm", _RECALLED.format("20", "collectivité ou groupement récent")),
    _Row("21", "local", "certain", _COUNTED.format("21")),
    _Row("22", "local", "to_confirm", _RECALLED.format("22", "département")),
    _Row("23", "local", "to_confirm", _RECALLED.format("23", "région")),
    _Row("24", "local", "certain", _COUNTED.format("24")),
    _Row("25", "local", "to_confirm", _RECALLED.format("25", "syndicat de collectivités")),
    _Row("26", "local", "to_confirm", _RECALLED.format("26", "établissement public local, social ou de santé")),
    _Row("27", "local", "to_confirm", _RECALLED.format("27", "établissement public local")),
    _Row("28", "local", "to_confirm", _RECALLED.format("28", "établissement public local")),
    _Row("29", "local", "to_confirm", _RECALLED.format("29", "établissement public local")),
)

IN_GEOGRAPHIC_CODE = BuyerKind(
    "local", "geographic_code", "certain", "commune ou intercommunalité du code géographique"
)
UNKNOWN = BuyerKind(None, "unknown", "unknown", "nature de l’acheteur inconnue : à vérifier")

BUYER_KINDS = pa.schema(
    [
        ("basis", pa.string()),  # legal_category | siren_family
        ("prefix", pa.string()),  # of the legal category (2 or 4 digits) or of the SIREN (2 digits)
        ("kind", pa.string()),  # central | local, null when unknown
        ("status", pa.string()),  # certain | to_confirm | unknown
        ("because", pa.string()),
    ]
)


def buyer_kind(siren: str | None, *, legal_category: str | None = None, in_geographic_code: bool = False) -> BuyerKind:
    """Return the kind of a buyer from the best thing known about it.

    In this order: the geographic code lists its SIREN (``Ground.name_of_siren`` answers), its INSEE legal category
    (SIRENE loaded), the family of its SIREN. A legal category that settles nothing is an answer: « à vérifier ».
    """
    if in_geographic_code:
        return IN_GEOGRAPHIC_CODE
    if legal_category:
        return _from(_LEGAL_CATEGORIES, legal_category, "legal_category")
    return _from(_SIREN_FAMILIES, siren or "", "siren_family")


def _from(rows: tuple[_Row, ...], code: str, basis: Basis) -> BuyerKind:
    fitting = [row for row in rows if code.startswith(row.prefix)]
    if not fitting:
        return UNKNOWN
    row = max(fitting, key=lambda fit: len(fit.prefix))
    return BuyerKind(row.kind, basis, row.status, row.because)


def buyer_kind_table() -> pa.Table:
    """Return ``BUYER_KINDS``, for joins: the same answers as ``buyer_kind`` without Python on each row.

    Join ``legal_category`` on its first four characters, else its first two; ``siren_family`` on the first two of the
    SIREN. A SIREN of ``Ground.sirens_table`` comes before both: it is local for certain.
    """
    lines = [("legal_category", *row) for row in _LEGAL_CATEGORIES] + [
        ("siren_family", *row) for row in _SIREN_FAMILIES
    ]
    return pa.Table.from_pylist([dict(zip(BUYER_KINDS.names, line, strict=True)) for line in lines], schema=BUYER_KINDS)
