"""What PDF and Word say in the same words: sources, what carries a measure out, sentences without source. From a content alone."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from dentelle.network.advocacy.content import Content, line_of
from dentelle.rules.wording import ended

FACTS = ("Mise en œuvre", "Ce qu’en dit le réseau")  # the head of the table of a proposal


def address_of(paper: int, content: Content) -> str:
    """Return where an edition is read online."""
    return f"{settings.DENTELLE_SITE}{reverse('advocacy:public', args=[paper])}?edition={content['number']}"


def facts_of(proposal: dict[str, Any]) -> list[tuple[str, str]]:
    """Return who decides of a proposal, its cost, its vehicle, its indicator: the lines of its table."""
    indicator = proposal["indicator"]
    if proposal["indicator_definition"]:
        indicator = f"{ended(indicator)} {proposal['indicator_definition']}"
    return [
        ("Niveau", proposal["level"]),
        ("Coût", proposal["cost"]),
        ("Vecteur juridique", proposal["legal_vehicle"]),
        ("Indicateur", indicator),
    ]


def source_of(citation: dict[str, Any]) -> str:
    """Return a citation on one line, its quote last."""
    quote = f"\u00a0: «\u00a0{citation['quote']}\u00a0»" if citation["quote"] else ""
    return f"{line_of(citation)}{quote}"


def unsourced_of(proposal: dict[str, Any]) -> list[str]:
    """Return, reason by reason, the sentences of a proposal said without source."""
    return [_unsourced(each) for each in proposal.get("unsourced", ())]


def _unsourced(said: dict[str, Any]) -> str:
    quoted = ", ".join(f"«\u00a0{text.removesuffix('.')}\u00a0»" for text in said["sentences"])
    return f"Dit sans source\u00a0: {quoted}, parce que\u00a0: {ended(said['because'])}"
