"""How a spreadsheet of sheets becomes drafts: what is read, how a sheet is found again, and the writing."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.intake.cells import Choice, Kind
from dentelle.foundations.intake.columns import Field
from dentelle.foundations.intake.targets import Known, Problem, Sheet, Target, Values, Where, WriteRefused
from dentelle.network.practices import content as sheet
from dentelle.network.practices import vocabulary as words
from dentelle.network.practices.access import TAKERS
from dentelle.network.practices.content import ENDS_BEFORE, NIR, with_nir
from dentelle.network.practices.importing import write_sheets
from dentelle.network.practices.models import Practice, PracticeVersion, VersionState
from dentelle.network.practices.places import PlaceUnclear, place_typed
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.opendata.text import fold
from dentelle.rules.practices import Evidence


def _choice(choices: Mapping[str, str], **more: tuple[str, ...]) -> Choice:
    return Choice({code: (label, *more.get(code, ())) for code, label in choices.items()})


_LEVELS = Choice(
    {str(level.value): (level.label, str(level.value), f"{level.value}, {level.label}") for level in Evidence}
)
TITLE = Field(
    "title", "Titre", Kind.TEXT, ("Intitulé", "Nom de la pratique", "Nom de l’action", "Action", "Fiche"), required=True
)
FIELDS = (
    TITLE,
    Field("reference", "Référence", Kind.IDENTIFIER, ("N°", "Numéro", "Identifiant", "N° de fiche", "Code")),
    Field("summary", "Résumé", Kind.TEXT, ("Résumé de l’action", "En bref", "Accroche", "Présentation")),
    Field("outcome", "Est-ce que cela a marché ?", Kind.TEXT, ("Issue", "Bilan", "Réussite ou échec"), choice=_choice(
        words.OUTCOMES, worked=("oui", "réussite"), partly=("en partie", "mitigé"), failed=("non", "échec"))),
    Field("axis", "Axe", Kind.TEXT, ("Axe stratégique", "Axe du réseau"), choice=_choice(words.AXES)),
    Field("device", "Dispositif", Kind.TEXT, ("Type de dispositif",), choice=_choice(words.DEVICES)),
    Field("themes", "Thèmes", Kind.TEXT, ("Thème", "Thématique", "Thématiques", "Mots clés")),
    Field("publics", "Publics", Kind.TEXT, ("Public", "Public visé", "Publics cibles", "Bénéficiaires")),
    Field("host", "Structure porteuse", Kind.TEXT, ("Structure", "Porteur", "Porteur du projet", "Organisme")),
    Field("trades", "Métiers", Kind.TEXT, ("Métier", "Métiers visés")),
    Field("grounds", "Type de territoire", Kind.TEXT, ("Types de territoire", "Nature du territoire")),
    Field("place", "Territoire", Kind.TEXT, ("Lieu", "Commune", "Collectivité", "Localisation", "Périmètre")),
    Field("started_on", "Début", Kind.DAY, ("Date de début", "Démarrage", "Date")),
    Field("ended_on", "Fin", Kind.DAY, ("Date de fin", "Terminée le", "Fin de l’action")),
    Field("starting_point", "Constat de départ", Kind.TEXT, ("Constat", "Contexte", "Besoin", "Problématique")),
    Field("diagnosis", "Diagnostic", Kind.TEXT, ("Diagnostic préalable", "Diagnostic de départ")),
    Field("objectives", "Objectifs", Kind.TEXT, ("Objectif", "Finalité")),
    Field("description", "Description", Kind.TEXT, ("Description de l’action", "Contenu", "Déroulement", "Mise en œuvre")),
    Field("partners", "Partenaires", Kind.TEXT, ("Partenariats", "Partenaires mobilisés")),
    Field("milestones", "Étapes clés", Kind.TEXT, ("Étapes", "Jalons", "Étapes de l’action")),
    Field("governance", "Gouvernance", Kind.TEXT, ("Pilotage", "Comité de pilotage")),
    Field("links", "Lien avec une clause ou une convention", Kind.TEXT, ("Convention", "Clause ou convention")),
    Field("fte", "Temps de travail", Kind.TEXT, ("ETP", "Nombre d’ETP", "Équivalents temps plein", "Temps de travail (ETP)")),
    Field("budget_cents", "Budget", Kind.CENTS, ("Budget annuel", "Coût", "Coût annuel", "Coût total")),
    Field("funders", "Financeurs", Kind.TEXT, ("Financeur", "Financeurs de l’action")),
    Field("setup_months", "Durée de mise en place", Kind.MONTHS, ("Durée de montage", "Mise en place (mois)", "Délai de mise en place")),
    Field("tools", "Outils", Kind.TEXT, ("Outil", "Outils utilisés", "Ressources", "Documents")),
    Field("results", "Résultats", Kind.TEXT, ("Résultat", "Résultats obtenus", "Indicateurs", "Impact")),
    Field("evidence", "Niveau de preuve", Kind.TEXT, ("Preuve", "Niveau d’évaluation"), choice=_LEVELS),
    Field("side_effects", "Effets inattendus", Kind.TEXT, ("Effet inattendu", "Effets induits")),
    Field("successes", "Réussites", Kind.TEXT, ("Points forts", "Facteurs de réussite", "Leviers")),
    Field("difficulties", "Difficultés", Kind.TEXT, ("Points faibles", "Freins", "Freins rencontrés", "Limites", "Obstacles")),
    Field("would_redo", "Ce qu’on referait", Kind.TEXT, ("Enseignements", "Leçons")),
    Field("watch_points", "Points de vigilance", Kind.TEXT, ("Vigilance",)),
    Field("prerequisites", "Prérequis", Kind.TEXT, ("Conditions de transfert", "Conditions de réussite")),
    Field("adaptations", "Adaptations possibles", Kind.TEXT, ("Adaptations", "Variantes")),
    Field("entry_cost", "Coût d’entrée", Kind.TEXT, ("Coût de démarrage", "Coût de lancement")),
    Field("contact_name", "Qui contacter", Kind.TEXT, ("Contact", "Personne à contacter", "Référent")),
    Field("contact_email", "Adresse électronique", Kind.TEXT, ("Courriel", "Mail", "E-mail", "Email du contact")),
    Field("contact_role", "Fonction", Kind.TEXT, ("Fonction du contact", "Poste")),
    Field("contact_phone", "Téléphone", Kind.TEXT, ("Tél", "Tél.", "Téléphone du contact")),
    Field("author", "Rédigée par", Kind.TEXT, ("Auteur", "Rédacteur", "Rédactrice", "Auteur de la fiche")),
    Field("licence", "Licence", Kind.TEXT, ("Licence de réutilisation",), choice=_choice(
        words.LICENCES, **{"etalab-2.0": ("licence ouverte", "etalab"), "cc-by-4.0": ("cc by", "cc by 4.0"), "network": ("réseau",)})),
)  # fmt: skip
_SEVERAL = {
    "themes": words.THEMES,
    "publics": words.PUBLICS,
    "trades": words.TRADES,
    "grounds": words.GROUNDS,
    "funders": words.FUNDERS,
}
_LISTED = 30  # a longer list is not repeated to whoever used a word of their own
_ITEMS = ("partners", "milestones", "tools")
_COMPARED = ("title", "summary", "description", "difficulties")
_FTE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*(?:etp|équivalents?[ -]temps[ -]plein)?", re.IGNORECASE)


class PracticeTarget(Target):
    """Sheets kept in a spreadsheet, one per line; each becomes a draft to complete and to have reviewed."""

    code = "fiches-pratiques"
    label = "des fiches pratiques"
    intro = "Vos fiches telles que vous les tenez, une par ligne : chacune devient un brouillon, à compléter puis à faire relire."
    rule = "Une fiche est retrouvée par sa référence ; sans référence, par son titre."
    fields = FIELDS
    roles = TAKERS
    organisation_required = False
    organisation_label = "Organisme d’origine du fichier"

    def check(self, values: Values, where: Where) -> Iterable[Problem]:
        for name, choices in _SEVERAL.items():
            unknown = _split(values.get(name) or "", choices)[1]
            if unknown:
                known = ", ".join(f"« {label} »" for label in choices.values())
                among = f"des mots parmi {known}" if len(choices) <= _LISTED else "des mots du formulaire d’une fiche"
                yield Problem(name, f"« {unknown[0]} » n’est pas dans la liste. Séparez par « ; » {among}.")
        try:
            place_typed(values.get("place") or "")
        except PlaceUnclear as unclear:
            yield Problem("place", str(unclear))
        for name in with_nir(values):
            yield Problem(name, NIR)
        yield from _too_long(values)
        if values.get("fte") and _hundredths(values["fte"]) is None:
            yield Problem("fte", f"« {values['fte']} » : écrivez des équivalents temps plein, par exemple « 0,5 ».")
        started, ended = values.get("started_on"), values.get("ended_on")
        if started and ended and ended < started:
            yield Problem("ended_on", ENDS_BEFORE)

    def check_known(self, values: Values, known: Known) -> Iterable[Problem]:
        if not known.values.get("open"):
            yield Problem("", "Cette fiche est déjà proposée ou publiée : modifiez-la à l’écran, version par version.")

    def keys(self, values: Values, seen: dict[str, int]) -> tuple[str, ...]:
        reference = values.get("reference")
        return (f"ref:{fold(reference)}",) if reference else (f"titre:{fold(values.get('title') or '')}",)

    def known(self, where: Where) -> Mapping[str, Known]:
        return known_among(Practice.objects.filter(structure=where.structure))

    def write(self, where: Where, sheet: Sheet, *, at: datetime) -> str:
        lines = [
            (
                read.keys[0] if read.keys else self.keys(read.values, {})[0],
                content_of(read.values),
                read.known.pk if read.known else None,
            )
            for read in sheet.lines
        ]
        try:
            write_sheets(where, lines, at=at)
        except PracticeRefused as refused:
            raise WriteRefused(str(refused)) from refused
        return timezone.localdate(at).isoformat()

    def follow(self, leads_to: str, *, seated: bool) -> str:
        return reverse("practices:list")


def known_among(sheets: QuerySet[Practice]) -> dict[str, Known]:
    """Return the sheets among ``sheets`` that came from somewhere, by the key of where, as cells would compare to them."""
    keys = dict(sheets.exclude(origin_key="").values_list("pk", "origin_key"))
    found: dict[str, Known] = {}
    # latest last: what is compared is the version one would change
    for version in PracticeVersion.objects.filter(practice__in=keys).order_by("practice", "number"):
        found[keys[version.practice_id]] = Known(
            version.practice_id, {**_flat(version.content), "open": version.state == VersionState.DRAFT}
        )
    return found


def content_of(values: Values) -> dict[str, Any]:
    """Return what a version keeps of a line."""
    found: dict[str, Any] = {name: values.get(name) for name in (field.name for field in FIELDS) if values.get(name)}
    found.pop("reference", None)
    for name, choices in _SEVERAL.items():
        found[name] = _split(values.get(name) or "", choices)[0]
    found["place"] = place_typed(values.get("place") or "")
    for name in ("started_on", "ended_on"):
        if values.get(name):
            found[name] = values[name].isoformat()
    for name in _ITEMS:
        found[name] = _items(values.get(name) or "")
    if values.get("fte"):
        found["fte"] = _hundredths(values["fte"])
    if values.get("results"):
        found["results"] = [{"what": values["results"]}]
    return found


def _split(text: str, choices: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the codes meant, and the words that mean none."""
    known = {fold(label): code for code, label in choices.items()}
    parts = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    return [known[fold(part)] for part in parts if fold(part) in known], [
        part for part in parts if fold(part) not in known
    ]


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def _hundredths(text: str) -> int | None:
    """Return hundredths of a full-time post, None when they are not written as one."""
    found = _FTE.fullmatch(text.strip())
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def _too_long(values: Values) -> Iterable[Problem]:
    """What a sheet could not hold whole: told, never cut."""
    for name, field in sheet.FIELDS.items():
        text = values.get(name)
        if not isinstance(text, str):
            continue
        if name in _ITEMS:
            items = _items(text)
            if len(items) > field.most:
                yield Problem(name, f"{field.most} éléments au plus, séparés par « ; » : il y en a {len(items)}.")
            elif any(len(item) > sheet.ITEM_MOST for item in items):
                yield Problem(name, f"Un élément tient en {sheet.ITEM_MOST} caractères : séparez-les par « ; ».")
        elif name == "results":
            if len(text) > sheet.ITEM_MOST:
                yield Problem(
                    name, f"Un résultat tient en {sheet.ITEM_MOST} caractères : mettez le reste dans la description."
                )
        elif field.kind in {sheet.Kind.TEXT, sheet.Kind.LINE} and len(text) > field.most:
            yield Problem(name, f"{field.most} caractères au plus : il y en a {len(text)}.")


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a stored sheet would look like as cells: the fields that compare as they are, and those it says nothing of, that a
    file may complete."""
    silent = {field.name: None for field in FIELDS if field.name != "reference" and not content.get(field.name)}
    return {**silent, **{name: content.get(name) for name in _COMPARED}}
