from collections.abc import Callable, Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register
from dentelle.thread.publications.matching import Reason


def _because(verb: str) -> Callable[[Mapping[str, Any]], str]:
    def told(facts: Mapping[str, Any]) -> str:
        reason = facts.get("reason")
        return f"{verb} ({Reason(reason).label})" if reason in set(Reason) else verb

    return told


register(
    {
        "publication.matched": _because("a rapproché le contrat de sa publication"),
        "publication.proposed": _because("a proposé une publication à rapprocher du contrat"),
        "publication.confirmed": _because("a confirmé la publication du contrat"),
        "publication.refused": "a refusé une publication proposée",
        "publication.reopened": "a rouvert le rapprochement avec la publication",
        "publication.changed": "a relu la publication, dont la considération sociale a changé",
        "publication.gone": "a constaté que la publication n’est plus dans les données",
    }
)
