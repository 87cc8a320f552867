"""Builds the Word templates shipped with Dentelle from their sources (``shipped/*.txt``), which are text so that they can be reviewed.

One line is one paragraph: ``# `` title, ``## `` to ``#### `` headings, ``- `` list item, ``> `` small note, ``% if …`` and
``% for …`` (closed by ``% endif`` and ``% endfor``) conditions and loops, ``---`` page break, ``==`` start of the working
note, ``| a (4) | b (12) |`` head of a table with widths in centimetres, followed by ``|% for …``, one or several rows,
``|% endfor``. ``**words**`` are bold. ``{{ marche.intitule }}`` is a variable. A line that begins with ``//`` is a remark.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dentelle.rules.wording import sentence
from dentelle.thread.papers.rendering import settled

SHIPPED = Path(__file__).with_name("shipped")
BUILT = datetime(2026, 11, 1, tzinfo=UTC)  # a fixed date: the same sources give the same bytes
FOOTER = "{{ structure.nom }} · {{ marche.intitule }} · édité le {{ date_edition }} · page "
INK, THREAD, MUTED = RGBColor(0x1B, 0x1F, 0x2A), RGBColor(0x7A, 0x2E, 0x4D), RGBColor(0x5A, 0x5F, 0x6B)
_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
_BOLD = re.compile(r"(\*\*.+?\*\*)")
_WIDTH = re.compile(r"(.*?)\s*\((\d+(?:[.,]\d+)?)\)\Z")


@cache
def shipped_template(code: str) -> bytes:
    """Return the Word template of a paper, made from its source; the same bytes each time."""
    return build((SHIPPED / f"{code}.txt").read_text(encoding="utf-8"))


def build(source: str, *, footer: str = FOOTER) -> bytes:
    """Return a Word template made from a source; ``footer`` is the line that ends each page, before its number."""
    document = Document()
    _style(document)
    lines = [line.rstrip() for line in source.splitlines() if line.strip() and not line.startswith("//")]
    table: list[str] = []
    for line in lines:
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            _table(document, table)
            table = []
        _line(document, line)
    if table:
        _table(document, table)
    _footer(document, footer)
    properties = document.core_properties
    properties.created = properties.modified = BUILT.replace(tzinfo=None)
    properties.author, properties.comments, properties.title = "Dentelle", "", ""
    written = BytesIO()
    document.save(written)
    return settled(written.getvalue(), BUILT)


def typeset(text: str) -> str:
    """Return a line of a source with French typography; what is between braces stays as it is."""
    return "".join(piece if _TAG.fullmatch(piece) else sentence(piece) for piece in _TAG.split(text))


def _line(document: Any, line: str) -> None:
    styles = {"# ": "Title", "## ": "Heading 1", "### ": "Heading 2", "#### ": "Heading 3", "- ": "List Bullet"}
    if line == "---":
        document.add_page_break()
    elif line == "==":
        paragraph = document.add_paragraph(style="Heading 1")
        paragraph.paragraph_format.page_break_before = True
        _words(paragraph, "Note de travail, à retirer avant diffusion")
    elif line.startswith("% "):
        document.add_paragraph("{%p " + line[2:].strip() + " %}")
    elif line.startswith("> "):
        _words(document.add_paragraph(), line[2:], muted=True, size=9)
    else:
        for mark, style in styles.items():
            if line.startswith(mark):
                _words(document.add_paragraph(style=style), line.removeprefix(mark))
                return
        _words(document.add_paragraph(), line)


def _words(paragraph: Any, text: str, *, muted: bool = False, size: float | None = None, bold: bool = False) -> None:
    for piece in _BOLD.split(typeset(text)):
        if not piece:
            continue
        strong = piece.startswith("**") and piece.endswith("**") and len(piece) > 4
        run = paragraph.add_run(piece[2:-2] if strong else piece)
        run.bold = True if strong or bold else None
        if size:
            run.font.size = Pt(size)
        if muted:
            run.font.color.rgb = MUTED


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _table(document: Any, lines: list[str]) -> None:
    head = [_WIDTH.fullmatch(cell) for cell in _cells(lines[0])]
    widths = [float(found[2].replace(",", ".")) for found in head if found]
    if len(widths) != len(head):
        raise ValueError(f"every column says its width in centimetres: {lines[0]!r}")
    table = document.add_table(rows=0, cols=len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    rows = [[found[1] for found in head if found], *map(_row_of(len(widths)), lines[1:])]
    for rank, cells in enumerate(rows):
        row = table.add_row()
        for cell, words, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            _words(paragraph, words, size=9.5, bold=rank == 0)
        if rank == 0:
            _mark(row, "w:tblHeader")
        _mark(row, "w:cantSplit")
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _row_of(columns: int) -> Any:
    def row(line: str) -> list[str]:
        if line.startswith("|%"):
            return ["{%tr " + line[2:].strip() + " %}", *[""] * (columns - 1)]
        cells = _cells(line)
        if len(cells) != columns:
            raise ValueError(f"this row has {len(cells)} cells, not {columns}: {line!r}")
        return cells

    return row


def _mark(row: Any, name: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def _style(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    headings = (("Title", 19, INK), ("Heading 1", 13, THREAD), ("Heading 2", 11.5, INK), ("Heading 3", 10.5, MUTED))
    for name, size, colour in headings:
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = "Calibri", Pt(size), True, colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)


def _footer(document: Any, footer: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    _words(paragraph, footer, muted=True, size=8)
    for element in _page_number():
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(8), MUTED
        run._r.append(element)


def _page_number() -> Iterator[Any]:
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = "PAGE"
        yield element
