from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

from dentelle.network.advocacy.printed import address_of, facts_of, source_of, unsourced_of
from dentelle.rules.wording import day
from dentelle.thread.papers.building import build
from dentelle.thread.papers.rendering import MIME, settled

SOURCE = Path(__file__).with_name("paper.txt")
FOOTER = "{{ livre.reseau }} · édition {{ livre.numero }} · page "


@cache
def template() -> bytes:
    """Return the Word template of a white paper, made from its source; the same bytes each time."""
    return build(SOURCE.read_text(encoding="utf-8"), footer=FOOTER)


def paper_word(
    paper_pk: int, content: dict[str, Any], *, evidence: list[dict[str, Any]], sha256: str, at: datetime
) -> bytes:
    """Return an edition, its annex of ``evidence`` last, as a Word document; values are escaped, never read as markup."""
    document = DocxTemplate(BytesIO(template()))
    told = _named(content) | {
        "preuves": [
            {"nom": each["label"], "lignes": [{"source": line, "citee": where} for line, where in each["rows"]]}
            for each in evidence
        ],
        "adresse": address_of(paper_pk, content),
        "empreinte": sha256,
    }
    document.render({"livre": told}, autoescape=True)
    properties = document.docx.core_properties
    properties.title, properties.language = content["title"], "fr-FR"
    properties.author = content["network"]
    properties.created = properties.modified = at.replace(tzinfo=None)
    written = BytesIO()
    document.docx.save(written)
    return settled(written.getvalue(), at)


def _named(content: dict[str, Any]) -> dict[str, Any]:
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
    }


def _proposal(proposal: dict[str, Any]) -> dict[str, Any]:
    return {
        "numero": proposal["number"],
        "titre": proposal["title"],
        "constat": [_marked(each) for each in proposal["finding"]],
        "mesure": [_marked(each) for each in proposal["measure"]],
        "sans_source": unsourced_of(proposal),
        "lignes": [{"nom": name, "valeur": value} for name, value in facts_of(proposal)],
        "sources": [{"numero": each["number"], "texte": source_of(each)} for each in proposal["citations"]],
    }


def _marked(paragraph: dict[str, Any]) -> str:
    return " ".join(
        each["text"] + "\u00a0" * bool(each["numbers"]) + "".join(f"[{number}]" for number in each["numbers"])
        for each in paragraph["sentences"]
    )


__all__ = ["MIME", "paper_word", "template"]
