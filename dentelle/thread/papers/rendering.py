"""A template and a context make a Word document; its blanks are marked so that nobody sends them by mistake."""

import copy
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from docxtpl import DocxTemplate
from lxml import etree

from dentelle.thread.papers.context import BLANK, PaperContext, as_names, schema
from dentelle.thread.papers.sandbox import PaperEnvironment, TemplateRefused, Unknown, counted

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, and the blanks left in it, each once, in the order they come."""

    content: bytes
    blanks: tuple[str, ...]


def render(template: bytes, context: PaperContext, *, title: str, author: str, at: datetime) -> Paper:
    """Return the paper of a contract. Raises TemplateRefused when the template asks for more than the language of papers."""
    document, _ = _rendered(template, as_names(context))
    blanks = _mark_blanks(document.docx)
    properties = document.docx.core_properties
    properties.title, properties.author, properties.language = title, author, "fr-FR"
    properties.created = properties.modified = at.replace(tzinfo=None)
    properties.last_modified_by = properties.comments = ""
    written = BytesIO()
    document.docx.save(written)
    return Paper(settled(written.getvalue(), at), blanks)


def unknown_in(template: bytes, context: PaperContext) -> tuple[Unknown, ...]:
    """Try a template on a context; return the variables nothing declares. Raises TemplateRefused."""
    document, environment = _rendered(template, as_names(context))
    document.docx.save(BytesIO())
    return tuple(environment.unknown)


def settled(content: bytes, at: datetime) -> bytes:
    """Return the same archive with one date everywhere: the same words give the same bytes."""
    written = BytesIO()
    moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, 0)
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, moment), source.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()


@lru_cache(maxsize=1)
def _schema() -> Any:
    return schema()


def _rendered(template: bytes, names: dict[str, Any]) -> tuple[DocxTemplate, PaperEnvironment]:
    environment = PaperEnvironment(_schema())
    document = DocxTemplate(BytesIO(template))
    try:
        document.render(counted(names), environment, autoescape=True)
    except etree.XMLSyntaxError as wrong:
        raise TemplateRefused(
            "Les balises du modèle coupent le document\u00a0: une condition ouverte dans un paragraphe se ferme dans le même."
        ) from wrong
    return document, environment


def _mark_blanks(document: Any) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for element in _paragraphs(document):
        paragraph = Paragraph(element, None)  # type: ignore[arg-type]
        if BLANK.search(paragraph.text) is None:
            continue
        for run in list(paragraph.runs):
            for written in _split(run):
                found.setdefault(written, None)
    return tuple(found)


def _paragraphs(document: Any) -> Iterator[Any]:
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
    yield from document.element.iter(word)
    for section in document.sections:
        for part in (section.header, section.footer):
            yield from part._element.iter(word)


def _split(run: Run) -> Iterator[str]:
    """Cut a run around its blanks and put them on a marked ground; yield their texts."""
    text = run.text
    blanks = list(BLANK.finditer(text))
    pieces: list[tuple[str, bool]] = []
    end = 0
    for each in blanks:
        pieces += [(text[end : each.start()], False), (each.group(), True)]
        end = each.end()
    if not blanks:
        return
    pieces.append((text[end:], False))
    last = run._r
    for words, marked in pieces:
        if not words:
            continue
        made = copy.deepcopy(run._r)
        last.addnext(made)
        last = made
        piece = Run(made, run._parent)
        piece.text = words
        if marked:
            piece.font.highlight_color = WD_COLOR_INDEX.YELLOW
            piece.font.bold = True
            yield words[1:-1]
    holder: Any = run._r.getparent()
    holder.remove(run._r)
