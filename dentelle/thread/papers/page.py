"""The part of docs/papers.md written by the programme: when each paper serves, and every variable a template may use."""

from collections.abc import Iterator

from dentelle.thread.papers.catalogue import PAPERS
from dentelle.thread.papers.context import variables

MARKER = "<!-- below: written by « dentelle docs papers » -->"


def with_papers(page: str) -> str:
    """Return the page with its second part written again; its head, up to the marker, stays."""
    head = page.partition(MARKER)[0].rstrip()
    return head + f"\n\n{MARKER}\n\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("## When each paper serves", "", "| pièce | pour qui, quand | étapes du contrat |", "|---|---|---|")
    for kind in PAPERS:
        states = ", ".join(state.label for state in kind.states)
        yield f"| {kind.label} | {kind.purpose} | {states} |"
    yield from ("", "## Variables of templates", "", "| variable | forme | ce que c’est |", "|---|---|---|")
    for each in variables():
        yield f"| `{each.name}` | {each.kind} | {each.about} |"
