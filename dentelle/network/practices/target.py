"""How a spreadsheet of sheets becomes drafts: what is read, how a sheet is found again, and the writing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.intake.cells import Choice, Kind
from dentelle.foundations.intake.columns import Field
from dentelle.foundations.intake.targets import Known, Problem, Sheet, Target, Values, Where, WriteRefused
from dentelle.network.practices import vocabulary as words
from dentelle.network.practices.access import WRITERS
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
    Field("place", "Territoire", Kind.TEXT, ("Lieu", "Commune", "Collectivité", "Localisation", "Périmètre")),
    Field("started_on", "Début", Kind.DAY, ("Date de début", "Démarrage", "Date")),
    Field("starting_point", "Constat de départ", Kind.TEXT, ("Constat", "Contexte", "Besoin", "Problématique")),
    Field("objectives", "Objectifs", Kind.TEXT, ("Objectif", "Finalité")),
    Field("description", "Description", Kind.TEXT, ("Description de l’action", "Contenu", "Déroulement", "Mise en œuvre")),
    Field("partners", "Partenaires", Kind.TEXT, ("Partenariats", "Partenaires mobilisés")),
    Field("results", "Résultats", Kind.TEXT, ("Résultat", "Résultats obtenus", "Indicateurs", "Impact")),
    Field("evidence", "Niveau de preuve", Kind.TEXT, ("Preuve", "Niveau d’évaluation"), choice=_LEVELS),
    Field("successes", "Réussites", Kind.TEXT, ("Points forts", "Facteurs de réussite", "Leviers")),
    Field("difficulties", "Difficultés", Kind.TEXT, ("Points faibles", "Freins", "Freins rencontrés", "Limites", "Obstacles")),
    Field("would_redo", "Ce qu’on referait", Kind.TEXT, ("Enseignements", "Leçons")),
    Field("watch_points", "Points de vigilance", Kind.TEXT, ("Vigilance",)),
    Field("prerequisites", "Prérequis", Kind.TEXT, ("Conditions de transfert", "Conditions de réussite")),
    Field("contact_name", "Qui contacter", Kind.TEXT, ("Contact", "Personne à contacter", "Référent")),
    Field("contact_email", "Adresse électronique", Kind.TEXT, ("Courriel", "Mail", "E-mail", "Email du contact")),
)  # fmt: skip
_SEVERAL = {"themes": words.THEMES, "publics": words.PUBLICS}


class PracticeTarget(Target):
    """Sheets kept in a spreadsheet, one per line; each becomes a draft to complete and to have reviewed."""

    code = "fiches-pratiques"
    label = "des fiches pratiques"
    intro = "Vos fiches telles que vous les tenez, une par ligne : chacune devient un brouillon, à compléter puis à faire relire."
    rule = "Une fiche est retrouvée par sa référence ; sans référence, par son titre."
    fields = FIELDS
    roles = WRITERS
    organisation_required = False
    organisation_label = "Organisme d’origine du fichier"

    def check(self, values: Values, where: Where) -> Iterable[Problem]:
        for name, choices in _SEVERAL.items():
            unknown = _split(values.get(name) or "", choices)[1]
            if unknown:
                known = ", ".join(f"« {label} »" for label in choices.values())
                yield Problem(
                    name, f"« {unknown[0]} » n’est pas dans la liste. Séparez par « ; » des mots parmi {known}."
                )
        try:
            place_typed(values.get("place") or "")
        except PlaceUnclear as unclear:
            yield Problem("place", str(unclear))
        if len(values.get("title") or "") > 160:
            yield Problem("title", "Un titre tient en 160 caractères : mettez le reste dans le résumé.")

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
    if values.get("started_on"):
        found["started_on"] = values["started_on"].isoformat()
    found["partners"] = [part.strip() for part in (values.get("partners") or "").replace("\n", ";").split(";")]
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


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a stored sheet would look like as cells, for the fields that compare as they are."""
    return {name: content.get(name) for name in ("title", "summary", "description", "difficulties")}
