"""Bidders' questions and the one answer each received, as a text everybody is given the same."""

from collections.abc import Iterable

from dentelle.thread.contracts.models import Contract, Exchange, ExchangeKind


def questions_of(contract: Contract) -> tuple[Exchange, ...]:
    """Return the questions of bidders, in the order they came, with who was told of each answer."""
    found = contract.exchanges.filter(kind=ExchangeKind.QUESTION).select_related("attachment")
    return tuple(found.prefetch_related("notices").order_by("happened_on", "pk"))


def answers_text(contract: Contract, questions: Iterable[Exchange]) -> str:
    """Return the answers as plain text, numbered, without who asked: what a buyer publishes or sends to all bidders.

    Questions not answered yet are left out.
    """
    name = f"{contract.title} (marché {contract.number})" if contract.number else contract.title
    parts = [f"{name}\nRéponses aux questions des candidats sur l’insertion"]
    answered = [each for each in questions if each.answered_on is not None]
    for rank, each in enumerate(answered, start=1):
        asked, on = f"{each.happened_on:%d/%m/%Y}", f"{each.answered_on:%d/%m/%Y}"
        parts.append(f"Question {rank}, reçue le {asked}\n{each.text}\n\nRéponse donnée à tous le {on}\n{each.answer}")
    return "\n\n".join(parts) + "\n"
