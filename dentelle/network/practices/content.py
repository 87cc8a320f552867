"""What a sheet says: its fields in the order they are written and read, and how they are kept.

A version keeps its content as one JSON object: a field nobody filled is not there. Texts are trimmed, lists hold no blank.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dentelle.network.practices import vocabulary as words
from dentelle.rules.dated import parameter
from dentelle.rules.disclosure import looks_like_nir

SUMMARY_MOST = parameter("practices.summary_characters").latest().whole
MOST_MILESTONES, MOST_RESULTS = 5, 4
ITEM_MOST = 300  # characters of an item of a list, of a part of a result
RESULT_PARTS = ("what", "value", "source", "period")


class Kind(StrEnum):
    """How a field is typed and kept."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"  # one item per line
    CHOICE = "choice"
    CHOICES = "choices"
    DAY = "day"  # ISO text
    CENTS = "cents"
    HUNDREDTHS = "hundredths"  # of a full-time post
    WHOLE = "whole"
    PLACE = "place"  # KIND:CODE
    RESULTS = "results"  # list of {what, value, source, period}
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a sheet says. ``most``: characters of a text, items of a list."""

    name: str
    label: str
    kind: Kind
    help: str = ""
    most: int = 2_000
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Fields that are read together."""

    code: str
    title: str
    fields: tuple[Field, ...]


def _choice(name: str, label: str, choices: Mapping[str, str], help: str = "", *, several: bool = False) -> Field:
    return Field(name, label, Kind.CHOICES if several else Kind.CHOICE, help, 12, choices)


BLOCKS = (
    Block(
        "identity",
        "Identité",
        (
            Field("title", "Titre", Kind.LINE, "Ce qui a été fait, en une ligne.", 160),
            Field("summary", "Résumé", Kind.TEXT, "", SUMMARY_MOST),
            _choice("outcome", "Est-ce que cela a marché ?", words.OUTCOMES, "Un échec raconté en évite d’autres."),
            _choice("axis", "Axe", words.AXES, "Ceux de la feuille de route de 2021\u00a0: ils restent d’un mandat à l’autre."),
            _choice("device", "Dispositif", words.DEVICES),
            _choice("themes", "Thèmes", words.THEMES, several=True),
            _choice("publics", "Publics", words.PUBLICS, several=True),
            _choice("trades", "Métiers", words.TRADES, "S’il s’agit d’achats : ce qui s’achetait.", several=True),
            Field("host", "Structure porteuse", Kind.LINE, "", 200),
            Field("place", "Territoire", Kind.PLACE, "Commune, intercommunalité, département ou région : nom ou code."),
            _choice("grounds", "Type de territoire", words.GROUNDS, several=True),
            Field("started_on", "Début", Kind.DAY),
            Field("ended_on", "Fin", Kind.DAY, "Vide si l’action continue."),
        ),
    ),
    Block(
        "context",
        "Contexte",
        (
            Field("starting_point", "Constat de départ", Kind.TEXT),
            Field("diagnosis", "Diagnostic", Kind.TEXT),
        ),
    ),
    Block(
        "action",
        "Action",
        (
            Field("objectives", "Objectifs", Kind.TEXT),
            Field("description", "Description", Kind.TEXT, "", 6_000),
            Field("milestones", "Étapes clés", Kind.LINES, f"Une par ligne, {MOST_MILESTONES} au plus.", MOST_MILESTONES),
            Field("partners", "Partenaires", Kind.LINES, "Un par ligne, avec son appui : « Région : financement ».", 12),
            Field("governance", "Gouvernance", Kind.TEXT),
            Field("links", "Lien avec une clause ou une convention", Kind.TEXT),
        ),
    ),
    Block(
        "means",
        "Moyens",
        (
            Field("fte", "Temps de travail", Kind.HUNDREDTHS, "En équivalents temps plein, par exemple 0,5."),
            Field("budget_cents", "Budget", Kind.CENTS, "Pour une année."),
            _choice("funders", "Financeurs", words.FUNDERS, several=True),
            Field("setup_months", "Durée de mise en place", Kind.WHOLE, "En mois."),
            Field("tools", "Outils", Kind.LINES, "Une adresse ou un nom de document par ligne.", 8),
        ),
    ),
    Block(
        "results",
        "Résultats",
        (
            Field("results", "Résultats", Kind.RESULTS, "", MOST_RESULTS),
            _choice("evidence", "Niveau de preuve", words.EVIDENCE),
            Field("side_effects", "Effets inattendus", Kind.TEXT),
        ),
    ),
    Block(
        "lessons",
        "Retour d’expérience",
        (
            Field("successes", "Réussites", Kind.TEXT),
            Field("difficulties", "Difficultés", Kind.TEXT, "Ce qui a coincé : c’est ce que les autres cherchent."),
            Field("would_redo", "Ce qu’on referait", Kind.TEXT),
            Field("watch_points", "Points de vigilance", Kind.TEXT),
        ),
    ),
    Block(
        "transfer",
        "Transfert",
        (
            Field("prerequisites", "Prérequis", Kind.TEXT),
            Field("adaptations", "Adaptations possibles", Kind.TEXT),
            Field("entry_cost", "Coût d’entrée", Kind.LINE, "", 200),
        ),
    ),
    Block(
        "contact",
        "Contact et droits",
        (
            Field("contact_name", "Qui contacter", Kind.LINE, "Avec l’accord de cette personne.", 120),
            Field("contact_role", "Fonction", Kind.LINE, "", 120),
            Field("contact_email", "Adresse électronique", Kind.LINE, "", 200),
            Field("contact_phone", "Téléphone", Kind.LINE, "", 30),
            Field("author", "Rédigée par", Kind.LINE, "Le nom à citer, ou une fonction.", 120),
            _choice("licence", "Licence", words.LICENCES, "Ouverte ou Creative Commons\u00a0: la fiche se lit aussi hors du réseau, sans personne à contacter ni auteur\u00a0; adresses, téléphones et noms précédés de «\u202fM.\u202f» ou «\u202fMme\u202f» y sont masqués."),
            Field("consent", "La personne à contacter et la structure sont d’accord pour publier", Kind.YES),
        ),
    ),
)  # fmt: skip
FIELDS = {field.name: field for block in BLOCKS for field in block.fields}
ENDS_BEFORE = "L’action se termine après avoir commencé\u00a0: revoyez le début ou la fin."
NOT_BEGUN = "Cette date est à venir\u00a0: dites ce qui a déjà commencé, ou laissez-la vide."
NIR = "Ce texte contient ce qui ressemble à un numéro de sécurité sociale\u00a0: retirez-le."
CONTACT = ("contact_name", "contact_role", "contact_email", "contact_phone")
# what the search reads: the body of the text
BODY = tuple(
    field.name for field in FIELDS.values() if field.kind in {Kind.TEXT, Kind.LINES} and field.name != "summary"
)  # fmt: skip

Content = Mapping[str, Any]


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a version keeps of ``values``: known fields only, trimmed, cut at their length, unknown left out."""
    found = {}
    for name, field in FIELDS.items():
        value = _tidy(field, values.get(name))
        if value is not False and value not in (None, "", []):  # a budget of 0 is said
            found[name] = value
    return found


def _tidy(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind in {Kind.LINE, Kind.TEXT}:
        return str(value).strip()[: field.most]
    if field.kind is Kind.LINES:
        return [str(item).strip()[:ITEM_MOST] for item in value if str(item).strip()][: field.most]
    if field.kind is Kind.CHOICE:
        return str(value) if str(value) in (field.choices or {}) else None
    if field.kind is Kind.CHOICES:
        return [item for item in (field.choices or {}) if item in value]
    if field.kind is Kind.RESULTS:
        rows = [{part: str(row.get(part) or "").strip()[:ITEM_MOST] for part in RESULT_PARTS} for row in value]
        return [row for row in rows if row["what"] or row["value"]][: field.most]
    return value


def with_nir(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the values that hold what looks like a social security number: it is never kept."""
    return tuple(name for name, value in values.items() if _holds_nir(value))


def _holds_nir(value: Any) -> bool:
    if isinstance(value, str):
        return looks_like_nir(value)
    if isinstance(value, Mapping):
        return any(_holds_nir(each) for each in value.values())
    return isinstance(value, list | tuple) and any(_holds_nir(each) for each in value)


def words_of(field: Field, value: Any) -> list[str]:
    """Return the French words of a coded value."""
    codes = value if isinstance(value, list) else [value]
    return [(field.choices or {}).get(str(code), str(code)) for code in codes]
