import io
import zipfile

import pypdf
import pytest
from docx import Document

from dentelle.thread.clauses.note.build_template import build
from dentelle.thread.clauses.note.content import note_content
from dentelle.thread.clauses.note.pdf import note_pdf
from dentelle.thread.clauses.note.word import TEMPLATE, note_word
from tests.clauses.making import OVERRIDDEN, saved
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(facilitator):
    return note_content(saved(facilitator, **OVERRIDDEN), at=NOW)


def pdf_text(content):
    pages = pypdf.PdfReader(io.BytesIO(note_pdf(content, at=NOW))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def word_text(content):
    document = Document(io.BytesIO(note_word(content)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_pdf_declares_pdf_ua_and_keeps_its_promises(content):
    pdf = pypdf.PdfReader(io.BytesIO(note_pdf(content, at=NOW)))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf has its own booleans)
    assert root["/Lang"].startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert "/StructTreeRoot" in root
    assert pdf.metadata["/Title"] == "Note de calibrage\u00a0: Réfection du groupe scolaire"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


def test_tables_of_the_pdf_have_header_cells(content):
    pdf = pypdf.PdfReader(io.BytesIO(note_pdf(content, at=NOW)))
    roles = set()
    waiting = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            roles.add(str(node.get("/S", "")))
            if "/K" in node:
                waiting.append(node["/K"])
    assert {"/H1", "/Table", "/TH", "/TD", "/P"} <= roles


def test_the_same_note_gives_the_same_bytes(content):
    assert note_pdf(content, at=NOW) == note_pdf(content, at=NOW)


@pytest.mark.parametrize("text_of", [pdf_text, word_text])
def test_the_note_says_what_a_buyer_must_be_able_to_check(content, text_of):
    text = text_of(content).replace("\u202f", " ").replace("\u00a0", " ")
    for expected in (
        "Commune de Saint-Élan",
        "595 h d’insertion",
        "1 000 000 € HT × 50 %",
        "Devis de trois entreprises du bassin, octobre 2026",
        "usage local",
        "à confirmer",
        "5 404 000 € HT",
        "Ce qui n’est pas connu",
        "Autres hypothèses",
        content["digest"],
    ):
        assert expected in text, expected


@pytest.mark.parametrize("text_of", [pdf_text, word_text])
def test_what_people_write_is_never_read_as_markup(facilitator, text_of):
    hostile = "#panic() {{ 7 * 7 }} <b> & \\ $x$ *gras* {% raw %}"
    content = note_content(saved(facilitator, subject=hostile), at=NOW)
    assert hostile in text_of(content)


def test_no_e_mail_leaves_with_the_note(content, facilitator):
    assert facilitator.user.email not in word_text(content)
    assert facilitator.user.email not in pdf_text(content)


def test_the_committed_word_template_is_the_one_the_script_builds(tmp_path):
    build(tmp_path / "note.docx")
    for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        assert zipfile.ZipFile(tmp_path / "note.docx").read(part) == zipfile.ZipFile(TEMPLATE).read(part)


def test_tranches_are_listed_in_the_note(facilitator):
    calibration = saved(
        facilitator,
        method="tranches",
        amount=None,
        **{"tranches-0-amount": "800 000", "tranches-1-amount": "200 000", "tranches-1-kind": "optional"},
    )
    content = note_content(calibration, at=NOW)
    assert "optionnelle" in word_text(content)
    assert "optionnelle" in pdf_text(content)
