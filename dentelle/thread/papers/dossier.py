"""The « dossier clause »: every paper that serves a contract now, or had served once it is closed, in one archive, with a page that says what is in it."""

import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from dentelle.thread.papers.building import build
from dentelle.thread.papers.context import PaperContext
from dentelle.thread.papers.queries import ContractPapers, write_paper
from dentelle.thread.papers.rendering import render, settled
from dentelle.thread.papers.sandbox import TemplateRefused

INDEX = "00-sommaire.docx"
_ARCHIVED = (
    "Le contrat est clos : ce dossier réunit les pièces qui ont servi, écrites d’après ce que le registre en sait "
    "aujourd’hui. Les exemplaires signés font foi."
)


@dataclass(frozen=True, slots=True)
class Dossier:
    """The archive, and the papers that could not be written with the reason of each."""

    content: bytes
    written: tuple[str, ...]
    refused: tuple[str, ...]


def dossier_of(papers: ContractPapers, context: PaperContext, *, at: datetime) -> Dossier:
    """Return the archive of what serves now, or had served once the contract is closed. A paper whose own template fails is told in the index, the others are there."""
    files: list[tuple[str, bytes]] = []
    lines: list[str] = []
    refused: list[str] = []
    for rank, line in enumerate(papers.in_dossier, 1):
        name = f"{rank:02d}-{line.kind.file_name}"
        try:
            paper = write_paper(line.kind, line.in_force.template, context, at=at)
        except TemplateRefused as reason:
            refused.append(f"{line.kind.label}\u00a0: {reason}")
            continue
        files.append((name, paper.content))
        lines += _told(name, line.kind.label, line.kind.purpose, line.in_force.label, paper.blanks)
    left_out = [f"- {each.kind.label} : {each.why_not}" for each in papers.others if each.why_not]
    index = render(
        build("\n".join(_index(lines, refused, left_out, archived=bool(papers.served)))),
        context,
        title="Dossier clause",
        author="Dentelle",
        at=at,
    )
    return Dossier(_zipped([(INDEX, index.content), *files], at), tuple(name for name, _ in files), tuple(refused))


def _index(lines: list[str], refused: list[str], left_out: list[str], *, archived: bool) -> list[str]:
    parts = [
        "# Dossier clause",
        "**{{ marche.intitule }}**{% if marche.numero %}, n° {{ marche.numero }}{% endif %}",
        "Acheteur : {{ marche.acheteur }}. Suivi par {{ facilitateur.nom }}, {{ structure.nom }}.",
        "Chaque pièce se termine par une note de travail, à retirer avant diffusion : ce qu’il vous reste à décider, et les "
        "sources. Ce qui n’est pas connu est écrit « à compléter », sur fond jaune.",
        *([_ARCHIVED] if archived else []),
        "% for t in totaux",
        "- Dû aujourd’hui : {{ t.volume }}{% if t.optionnel %}, et {{ t.optionnel }} en tranches optionnelles{% endif %}",
        "% endfor",
        *lines,
    ]
    if refused:
        parts += ["## Pièces non écrites", *[f"- {_plain(each)}" for each in refused]]
    if left_out:
        parts += ["## Pièces sans objet pour ce contrat", *map(_plain, left_out)]
    return [*parts, "> {{ date_edition }}. {{ structure.nom }}, avec Dentelle."]


def _told(name: str, label: str, purpose: str, template: str, blanks: tuple[str, ...]) -> list[str]:
    lines = [f"## {label}", f"Fichier {name}. {purpose} Modèle : {template}."]
    if not blanks:
        return [*lines, "Rien n’est laissé à compléter."]
    return [*lines, "Reste à compléter :", *[f"- {_plain(each.partition(':')[2].strip())}" for each in blanks]]


def _plain(text: str) -> str:
    """Words that are not ours in a source: no tag can open."""
    return text.replace("{", "(").replace("}", ")").replace("%", "\u066a") if "{" in text else text


def _zipped(files: list[tuple[str, bytes]], at: datetime) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return settled(written.getvalue(), at)
