"""What the acts on sheets say in the timelines."""

from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register
from dentelle.network.practices.vocabulary import OUTCOMES

_ORIGINS = {
    "written": "a commencé la fiche",
    "imported": "a repris la fiche d’un tableur",
    "answer": "a fait une fiche d’une réponse à une enquête",
    "finding": "a fait une fiche d’un constat du Tour",
}


def _begun(facts: Mapping[str, Any]) -> str:
    return _ORIGINS.get(facts.get("origin", ""), _ORIGINS["written"])


def _tried(facts: Mapping[str, Any]) -> str:
    outcome = OUTCOMES.get(facts.get("outcome", ""), "").lower()
    return f"a {'redit' if facts.get('again') else 'dit'} l’avoir essayée ({outcome})"


register(
    {
        "practice.begun": _begun,
        "practice.written": "a écrit la version {version}",
        "practice.submitted": "a proposé la fiche à la relecture",
        "practice.taken_back": "a repris la fiche, qui n’est plus à relire",
        "practice.reviewed": "a relu la fiche",
        "practice.returned": "a renvoyé la fiche à reprendre",
        "practice.agreement_asked": "a demandé l’accord de qui l’a racontée",
        "practice.agreement_noted": "a noté un accord écrit",
        "practice.agreed": "a donné son accord pour publier",
        "practice.correction_asked": "a demandé une correction avant publication",
        "practice.published": "a publié la version {version}",
        "practice.checked": "a vérifié que la fiche est à jour",
        "practice.archived": "a archivé la fiche",
        "practice.tried": _tried,
        "practice.contact_forgotten": "a effacé la personne à contacter",
        "practice.dropped": "a abandonné le brouillon de la version {version}",
        "practice.untaken": "a abandonné {count} fiches reprises d’un tableur",
        "practice.imported": "a repris {created} fiches d’un tableur, {updated} mises à jour",
    }
)
