"""What the acts on the Tour say in the timelines."""

from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register
from dentelle.network.tour.regions import region_name
from dentelle.network.tour.vocabulary import Audience, Corrected, Stakeholder
from dentelle.rules.wording import plural


def _registered(facts: Mapping[str, Any]) -> str:
    return "s’est inscrit ou inscrite sur la liste d’attente" if facts.get("waiting") else "s’est inscrit ou inscrite"


def _changed(facts: Mapping[str, Any]) -> str:
    return "a changé le jour, l’heure ou le lieu" if facts.get("moved") else "a modifié l’étape"


def _corrected(facts: Mapping[str, Any]) -> str:
    words = dict(Corrected.choices)
    told = [words[code] for code in str(facts.get("what", "")).split(",") if code in words]
    return f"a corrigé l’étape ({', '.join(told)})" if told else "a corrigé l’étape"


def _came(facts: Mapping[str, Any]) -> str:
    return f"a noté les présences ({plural(facts.get('came', 0), 'personne', 'personnes')})"


def _need(facts: Mapping[str, Any]) -> str:
    kinds = dict(Stakeholder.choices)
    return f"a noté un besoin ({kinds.get(facts.get('kind', ''), 'autre')})"


def _audience(facts: Mapping[str, Any]) -> str:
    return f"a ouvert un document à {dict(Audience.choices).get(facts.get('audience', ''), '')}"


def _withdrawn(what: str) -> Any:
    return lambda facts: (
        f"a effacé les mots d’{what} qui désignait quelqu’un" if facts.get("names_somebody") else f"a retiré {what}"
    )


def _region(act: str) -> Any:
    return lambda facts: f"{act} ({region_name(facts.get('region', ''))})"


register(
    {
        "tour.opened": "a créé le Tour",
        "tour.changed": "a modifié le Tour",
        "tour.taken": "a repris un Tour tel que la presse l’a dit ({stages} étapes)",
        "tour.synthesis_opened": "a publié la synthèse du Tour",
        "tour.synthesis_closed": "a retiré la synthèse publique du Tour",
        "stage.planned": _region("a préparé l’étape"),
        "stage.changed": _changed,
        "stage.corrected": _corrected,
        "stage.announced": _region("a annoncé l’étape"),
        "stage.cancelled": "a annulé l’étape",
        "stage.programme_written": "a écrit le programme ({items} points)",
        "stage.document_added": "a joint un document",
        "stage.document_shown": _audience,
        "stage.registered": _registered,
        "stage.left": "s’est désinscrit ou désinscrite",
        "stage.attendance_noted": _came,
        "stage.came_added": "a ajouté des personnes venues sans inscription ({count})",
        "stage.came_removed": "a retiré une personne ajoutée aux présences",
        "stage.entered_held": _region("a inscrit une étape déjà tenue"),
        "stage.correction_erased": "a effacé les mots d’une correction qui désignaient quelqu’un",
        "stage.reported": "a raconté l’étape",
        "calendar.opened": "a ouvert son agenda du Tour",
        "calendar.closed": "a fermé l’adresse de son agenda du Tour",
        "need.noted": _need,
        "need.withdrawn": _withdrawn("un besoin"),
        "finding.stated": "a établi un constat, à partir de {needs} besoins",
        "finding.withdrawn": _withdrawn("un constat"),
        "finding.made_a_sheet": "a commencé une fiche pratique d’un constat",
        "finding.carried": "a fait d’un constat sa préoccupation",
    }
)
