from collections.abc import Callable, Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register
from dentelle.thread.papers.catalogue import BY_CODE


def _paper(facts: Mapping[str, Any]) -> str:
    kind = BY_CODE.get(str(facts.get("paper")))
    return f"« {kind.label} »" if kind else "une pièce"


def _with_version(verb: str) -> Callable[[Mapping[str, Any]], str]:
    def told(facts: Mapping[str, Any]) -> str:
        return f"{verb} de {_paper(facts)}, version {facts.get('version') or 'inconnue'}"

    return told


register(
    {
        "paper_template.sent": _with_version("a déposé le modèle"),
        "paper_template.put_in_force": _with_version("a mis en service le modèle"),
        "paper_template.given_up": lambda facts: f"est revenu au modèle fourni de {_paper(facts)}",
    }
)
