from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate
from markupsafe import Markup

from dentelle.network.advocacy.paper.linked import Places, contents, run, to_page, to_place
from dentelle.network.advocacy.printed import address_of, facts_of, source_of, unsourced_of
from dentelle.rules.wording import day
from dentelle.thread.papers.building import build
from dentelle.thread.papers.rendering import MIME, settled

SOURCE = Path(__file__).with_name("paper.txt")
FOOTER = "{{ livre.reseau }} · édition {{ livre.numero }} · page "
ENTRY = "{{r e.lien }}"
ANNEX, ABOUT = "Annexe. Les preuves, et ce qu’elles portent", "À propos de cette édition"


@cache
def template() -> bytes:
    """Return the Word template of a white paper, made from its source; the same bytes each time."""
    built = Document(BytesIO(build(SOURCE.read_text(encoding="utf-8"), footer=FOOTER)))
    entries = [each for each in built.paragraphs if each.text == ENTRY]
    for level, paragraph in enumerate(entries, start=1):
        style = built.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style = built.styles["Normal"]
        style.font.bold = level == 1
        style.paragraph_format.left_indent = Cm(0.8 * (level - 1))
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8 if level == 1 else 0), Pt(2)
        paragraph.style = style
    written = BytesIO()
    built.save(written)
    return written.getvalue()


def paper_word(
    paper_pk: int, content: dict[str, Any], *, evidence: list[dict[str, Any]], sha256: str, at: datetime
) -> bytes:
    """Return an edition, its annex of ``evidence`` last, as a Word document: its contents and its markers lead where they say.

    Values are escaped, never read as markup.
    """
    document = DocxTemplate(BytesIO(template()))
    document.init_docx()
    address, places = address_of(paper_pk, content), Places()
    chapters = [
        {
            "place": places.mark(f"chapitre_{chapter['rank']}", _title(chapter)),
            "introduction": chapter["introduction"],
            "propositions": [
                _proposal(each, places)
                | {
                    "en_ligne": to_page(
                        document.build_url_id(f"{address}#{each['anchor']}"),
                        "Suivre chaque phrase jusqu’à son origine, en ligne",
                    )
                }
                for each in chapter["proposals"]
            ],
        }
        for chapter in content["chapters"]
    ]
    told = {
        "titre": content["title"],
        "reseau": content["network"],
        "numero": content["number"],
        "date": day(date.fromisoformat(content["made_on"])),
        "objet": content["aim"],
        "recues": content["received"]["words"],
        "sommaire": _contents(content),
        "chapitres": chapters,
        "annexe": places.mark("annexe", ANNEX),
        "a_propos": places.mark("a_propos", ABOUT),
        "changements": content["changes"],
        "preuves": [
            {"nom": each["label"], "lignes": [{"source": line, "citee": where} for line, where in each["rows"]]}
            for each in evidence
        ],
        "en_ligne": run("Page en ligne\u00a0: ") + to_page(document.build_url_id(address), address),
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


def _contents(content: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[tuple[int, Markup]] = []
    for chapter in content["chapters"]:
        entries.append((1, to_place(f"chapitre_{chapter['rank']}", _title(chapter))))
        entries += [(2, to_place(each["anchor"], _title_of(each))) for each in chapter["proposals"]]
    entries += [(1, to_place("annexe", ANNEX)), (1, to_place("a_propos", ABOUT))]
    lines = contents(line for _, line in entries)
    return [{"niveau": level, "lien": line} for (level, _), line in zip(entries, lines, strict=True)]


def _title(chapter: dict[str, Any]) -> str:
    return f"{chapter['rank']}. {chapter['title']}"


def _title_of(proposal: dict[str, Any]) -> str:
    return f"Proposition {proposal['number']}. {proposal['title']}"


def _proposal(proposal: dict[str, Any], places: Places) -> dict[str, Any]:
    return {
        "place": places.mark(proposal["anchor"], _title_of(proposal)),
        "constat": [Markup("").join(_marked(proposal, each)) for each in proposal["finding"]],
        "mesure": [Markup("").join(_marked(proposal, each)) for each in proposal["measure"]],
        "sans_source": unsourced_of(proposal),
        "lignes": [{"nom": name, "valeur": value} for name, value in facts_of(proposal)],
        "sources": [
            {"place": places.mark(_source(proposal, each["number"]), f"[{each['number']}] {source_of(each)}")}
            for each in proposal["citations"]
        ],
    }


def _source(proposal: dict[str, Any], number: int) -> str:
    return f"{proposal['anchor']}_source_{number}"


def _marked(proposal: dict[str, Any], paragraph: dict[str, Any]) -> Iterator[Markup]:
    """The sentences of a paragraph, each with its markers, which lead to the sources below."""
    for rank, each in enumerate(paragraph["sentences"]):
        yield run(" " * bool(rank) + each["text"] + "\u00a0" * bool(each["numbers"]))
        yield from (to_place(_source(proposal, number), f"[{number}]") for number in each["numbers"])


__all__ = ["MIME", "paper_word", "template"]
