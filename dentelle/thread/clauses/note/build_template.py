"""Builds ``note.docx``, the Word template of the note: ``python -m dentelle.thread.clauses.note.build_template``.

The built file is committed; a structure replaces it with its own, written in Word with the same ``{{ note… }}`` marks.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

THREAD = RGBColor(0x7A, 0x2E, 0x4D)
MUTED = RGBColor(0x5A, 0x5F, 0x6B)
BUILT = datetime(2026, 11, 1)  # noqa: DTZ001 (a fixed date keeps the committed file stable)
# Below Heading 1: the shared table of factors, used for the calculation and for the law.
SOURCE_COLUMNS = (
    ("Facteur", "{{ row.label }}", 5.2),
    ("Valeur", "{{ row.value }}{% if row.range %} ({{ row.range }}){% endif %}", 2.6),
    (
        "Source et date",
        "{{ row.source }}{% if row.dated %} — {{ row.dated }}{% endif %}{% if row.override %} — {{ row.override }}{% endif %}",
        6.4,
    ),
    ("Statut", "{{ row.status }}", 2.4),
)


def build(path: Path) -> None:
    """Write the template."""
    document = Document()
    _style(document)
    _head(document)
    _result(document)
    _calculation(document)
    _variants(document)
    _reasons(document)
    _obligation(document)
    _end(document)
    _footer(document)
    document.core_properties.created = document.core_properties.modified = BUILT
    document.core_properties.author = "Dentelle"
    document.core_properties.comments = ""
    document.save(str(path))


def _style(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    for name, size, colour in (("Title", 20, None), ("Heading 1", 13, THREAD), ("Heading 2", 11, None)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), True
        style.font.color.rgb = colour or RGBColor(0x1B, 0x1F, 0x2A)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)


def _paragraph(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    size: float | None = None,
    muted: bool = False,
    style: str | None = None,
) -> None:
    run = document.add_paragraph(style=style).add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if muted:
        run.font.color.rgb = MUTED


def _each(document: Any, collection: str, text: str = "{{ item }}", style: str | None = "List Bullet") -> None:
    document.add_paragraph("{%p for item in " + collection + " %}")
    document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endfor %}")


def _when(document: Any, condition: str) -> None:
    document.add_paragraph("{%p if " + condition + " %}")


def _end_when(document: Any) -> None:
    document.add_paragraph("{%p endif %}")


def _table(document: Any, rows: str, columns: Sequence[tuple[str, str, float]], numbers: tuple[int, ...] = ()) -> None:
    """Add a table with a repeated header row and one row per item of ``rows``."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    table.rows[1].cells[0].text = "{%tr for row in " + rows + " %}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for index, (header, content, width) in enumerate(columns):
        table.rows[0].cells[index].text = header
        table.rows[2].cells[index].text = content
        for row in table.rows:
            row.cells[index].width = Cm(width)
        for row in (table.rows[0], table.rows[2]):
            for paragraph in row.cells[index].paragraphs:
                paragraph.paragraph_format.space_after = Pt(2)
                paragraph.alignment = 2 if index in numbers else 0
                for run in paragraph.runs:
                    run.font.size = Pt(9)
                    run.bold = row is table.rows[0] or None
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in (table.rows[0], table.rows[2]):
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _head(document: Any) -> None:
    _paragraph(document, "{{ note.structure }}", muted=True)
    document.add_paragraph("{{ note.document_title }}", style="Title")
    _when(document, "note.subject")
    document.add_paragraph("{{ note.subject }}")
    _end_when(document)
    _each(document, "note.facts", "{{ item.label }}\u00a0: {{ item.value }}", style=None)


def _result(document: Any) -> None:
    document.add_heading("Résultat", 1)
    _paragraph(document, "{{ note.answer }}", bold=True, size=16)
    document.add_paragraph("{{ note.answer_range }}")
    _table(
        document,
        "note.measures",
        (("Mesure", "{{ row.label }}", 5.6), ("Valeur", "{{ row.value }}", 3.4), ("Comment", "{{ row.note }}", 7.6)),
        numbers=(1,),
    )
    _when(document, "note.notices")
    document.add_heading("À savoir avant de retenir ce volume", 2)
    _each(document, "note.notices")
    _end_when(document)


def _calculation(document: Any) -> None:
    document.add_heading("Le calcul", 1)
    document.add_paragraph("{{ note.method }}")
    _table(document, "note.factors", SOURCE_COLUMNS, numbers=(1,))
    _table(
        document,
        "note.arithmetic",
        (
            ("Étape", "{{ row.label }}", 4.4),
            ("Opération", "{{ row.formula }}", 9),
            ("Résultat", "{{ row.value }}", 3.2),
        ),
        numbers=(2,),
    )
    _when(document, "note.parts")
    _table(
        document,
        "note.parts",
        (
            ("Partie", "{{ row[0] }}", 6.0),
            ("Nature", "{{ row[1] }}", 3.0),
            ("Montant", "{{ row[2] }}", 4.2),
            ("Heures", "{{ row[3] }}", 3.4),
        ),
        numbers=(2, 3),
    )
    _end_when(document)


def _variants(document: Any) -> None:
    _when(document, "note.variants.rows")
    document.add_heading("Autres hypothèses", 1)
    document.add_paragraph("{%p for row in note.variants.rows %}")
    document.add_paragraph(
        "{{ row.label }}\u00a0: {% for value in row['values'] %}{{ note.variants.columns[loop.index0] }}, {{ value }}"
        "{% if not loop.last %}\u202f; {% endif %}{% endfor %}",
        style="List Bullet",
    )
    document.add_paragraph("{%p endfor %}")
    _end_when(document)


def _reasons(document: Any) -> None:
    _when(document, "note.more or note.less")
    document.add_heading("Pourquoi pas plus, pourquoi pas moins", 1)
    _when(document, "note.more")
    document.add_heading("Pourquoi pas plus", 2)
    _each(document, "note.more")
    _end_when(document)
    _when(document, "note.less")
    document.add_heading("Pourquoi pas moins", 2)
    _each(document, "note.less")
    _end_when(document)
    _end_when(document)


def _obligation(document: Any) -> None:
    document.add_heading("Obligation", 1)
    _paragraph(document, "{{ note.obligation.answer }}", bold=True)
    _each(document, "note.obligation.because")
    _when(document, "note.obligation.parameters")
    columns = (("Donnée de droit", *SOURCE_COLUMNS[0][1:]), *SOURCE_COLUMNS[1:])
    _table(document, "note.obligation.parameters", columns, numbers=(1,))
    _end_when(document)
    _when(document, "note.lever")
    document.add_heading("Levier conseillé", 1)
    document.add_paragraph("{{ note.lever.label }}, {{ note.lever.article }}. {{ note.lever.fits }}")
    _each(document, "note.lever.reasons")
    _end_when(document)


def _end(document: Any) -> None:
    document.add_heading("Ce qui n’est pas connu", 1)
    _each(document, "note.unknowns")
    document.add_heading("Vérifier et recalculer", 1)
    _each(document, "note.recompute", style=None)
    _paragraph(document, "Empreinte des paramètres et du résultat\u00a0:")
    run = document.add_paragraph().add_run("{{ note.digest }}")
    run.font.name, run.font.size = "Consolas", Pt(8)


def _footer(document: Any) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    run = paragraph.add_run("{{ note.footer }} — page\u00a0")
    run.font.size, run.font.color.rgb = Pt(8), MUTED
    for field in ("PAGE", "NUMPAGES"):
        counter = paragraph.add_run()
        counter.font.size, counter.font.color.rgb = Pt(8), MUTED
        for kind, text in (("begin", None), (None, field), ("end", None)):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            counter._r.append(element)
        if field == "PAGE":
            between = paragraph.add_run(" sur ")
            between.font.size, between.font.color.rgb = Pt(8), MUTED


if __name__ == "__main__":
    build(Path(__file__).with_name("note.docx"))
