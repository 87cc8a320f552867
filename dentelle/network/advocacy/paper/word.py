from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

from dentelle.rules.wording import day
from dentelle.thread.papers.building import build
from dentelle.thread.papers.rendering import MIME, settled

SOURCE = Path(__file__).with_name("paper.txt")
FOOTER = "{{ livre.reseau }} · édition {{ livre.numero }} · page "


@cache
def template() -> bytes:
    """Return the Word template of a white paper, made from its source; the same bytes each time."""
    return build(SOURCE.read_text(encoding="utf-8"), footer=FOOTER)


def paper_word(content: dict[str, Any], *, sha256: str, at: datetime) -> bytes:
    """Return an edition as a Word document; values are escaped, never read as markup."""
    document = DocxTemplate(BytesIO(template()))
    document.render({"livre": _named(content, sha256)}, autoescape=True)
    properties = document.docx.core_properties
    properties.title, properties.language = content["title"], "fr-FR"
    properties.author = content["network"]
    properties.created = properties.modified = at.replace(tzinfo=None)
    written = BytesIO()
    document.docx.save(written)
    return settled(written.getvalue(), at)


def _named(content: dict[str, Any], sha256: str) -> dict[str, Any]:
    return {
        "titre": content["title"],
        "reseau": content["network"],
        "numero": content["number"],
        "date": day(date.fromisoformat(content["made_on"])),
        "objet": content["aim"],
        "recues": content["received"]["words"],
        "chapitres": [
            {
                "titre": f"{chapter['rank']}. {chapter['title']}",
                "introduction": chapter["introduction"],
                "propositions": [_proposal(each) for each in chapter["proposals"]],
            }
            for chapter in content["chapters"]
        ],
        "changements": content["changes"],
        "empreinte": sha256,
    }


def _proposal(proposal: dict[str, Any]) -> dict[str, Any]:
    indicator = ". ".join(filter(None, (proposal["indicator"], proposal["indicator_definition"])))
    lines = (
        ("Niveau", proposal["level"]),
        ("Coût", proposal["cost"]),
        ("Vecteur juridique", proposal["legal_vehicle"]),
        ("Indicateur", indicator),
    )
    return {
        "numero": proposal["number"],
        "titre": proposal["title"],
        "constat": [_marked(each) for each in proposal["finding"]],
        "mesure": [_marked(each) for each in proposal["measure"]],
        "sans_source": [_unsourced(each) for each in proposal.get("unsourced", ())],
        "lignes": [{"nom": name, "valeur": value} for name, value in lines],
        "sources": [{"numero": each["number"], "texte": _source(each)} for each in proposal["citations"]],
    }


def _marked(paragraph: dict[str, Any]) -> str:
    return " ".join(
        each["text"] + "\u00a0" * bool(each["numbers"]) + "".join(f"[{number}]" for number in each["numbers"])
        for each in paragraph["sentences"]
    )


def _unsourced(said: dict[str, Any]) -> str:
    quoted = ", ".join(f"«\u00a0{text}\u00a0»" for text in said["sentences"])
    return f"Dit sans source\u202f: {quoted}. Parce que\u202f: {said['because']}"


def _source(citation: dict[str, Any]) -> str:
    between = ". " if citation["kind"] == "figure" else ", "
    said = between.join(filter(None, (citation["title"], citation["detail"])))
    return f"{said} «\u00a0{citation['quote']}\u00a0»" if citation["quote"] else said


__all__ = ["MIME", "paper_word", "template"]
