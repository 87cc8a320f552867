from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register
from dentelle.rules.wording import plural


def _left_out(facts: Mapping[str, Any]) -> str:
    counted = plural(int(facts.get("contributions") or 0), "contribution", "contributions")
    return f"a dit pourquoi l’édition ne reprend pas {counted}"


def _unsourced(facts: Mapping[str, Any]) -> str:
    counted = plural(int(facts.get("sentences") or 0), "phrase de la proposition est", "phrases de la proposition sont")
    return f"a dit pourquoi {counted} sans source"


def _reread(facts: Mapping[str, Any]) -> str:
    counted = plural(int(facts.get("sentences") or 0), "phrase reste juste", "phrases restent justes")
    return f"a dit que {counted} malgré un chiffre corrigé"


register(
    {
        "paper.opened": "a commencé le livre blanc",
        "paper.example_added": "a ajouté l’exemple d’un livre blanc passé",
        "paper.changed": "a modifié le livre blanc",
        "call.opened": "a lancé l’appel à contributions, jusqu’au {closes_on:day}",
        "call.extended": "a changé le dernier jour de l’appel, devenu le {closes_on:day}",
        "call.reopened": "a rouvert l’appel à contributions, jusqu’au {closes_on:day}",
        "call.closed": "a clos l’appel à contributions",
        "contribution.drafted": "a gardé un brouillon de contribution",
        "contribution.sent": "a envoyé une contribution",
        "contribution.withdrawn": "a retiré sa contribution\u00a0; ses mots sont effacés",
        "contribution.consent_changed": "a changé son accord pour être cité",
        "contribution.returned": "a renvoyé une contribution à son auteur, avec ses mots",
        "contribution.moderated": "a reçu la contribution",
        "contribution.set_aside": "a dit pourquoi la contribution est écartée",
        "contribution.left_out": _left_out,
        "contribution.read": "a pris connaissance des suites d’une contribution",
        "idea.named": "a nommé l’idée",
        "idea.changed": "a modifié l’idée",
        "idea.gathered": "a rangé {contributions} contributions dans l’idée",
        "idea.discussed": "a noté que l’idée a été discutée en séance",
        "idea.discussion_taken_back": "a retiré une discussion de l’idée, notée par erreur, et dit pourquoi",
        "idea.retained": "a retenu l’idée ({contributions} contributions)",
        "idea.merged": "a réuni l’idée à une autre ({contributions} contributions)",
        "idea.set_aside": "a écarté l’idée et dit pourquoi ({contributions} contributions)",
        "idea.reopened": "a repris la décision sur l’idée et dit pourquoi ({contributions} contributions)",
        "chapter.written": "a écrit le chapitre {rank}",
        "chapter.moved": "a déplacé un chapitre, devenu le {rank}",
        "chapter.removed": "a supprimé le chapitre {rank}, vide",
        "proposal.moved": "a déplacé la proposition, devenue la {number}",
        "proposal.removed": "a supprimé la proposition {number}, qu’aucune édition n’imprimait",
        "proposal.unsourced": _unsourced,
        "proposal.reread": _reread,
        "proposal.opened": "a ouvert la proposition {number}",
        "proposal.written": "a écrit la proposition {number}",
        "proposal.cited": "a ajouté la citation {citation} à la proposition {number}",
        "proposal.uncited": "a retiré la citation {citation} de la proposition {number}",
        "proposal.followed": "a noté la suite de la proposition {number}",
        "figure.taken": "a relevé un chiffre",
        "figure.corrected": "a corrigé un chiffre",
        "figure.removed": "a supprimé un chiffre qu’aucune édition n’imprimait",
        "figure.taken_again": "a relevé de nouveau un chiffre",
        "edition.made": "a arrêté l’édition {number} du livre blanc",
        "edition.published": "a publié l’édition {number} du livre blanc",
        "paper.carried": "a noté une remise du livre blanc",
        "paper.answered": "a noté la réponse à une remise du livre blanc",
    }
)
