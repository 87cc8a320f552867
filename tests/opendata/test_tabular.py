"""Reading a table made for people, and refusing a file made to harm."""

import struct
import zipfile
from pathlib import Path

import pytest

from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.spreadsheet_guard import MAX_ROWS
from dentelle.opendata.tabular import Field, read_sheet
from tests.workbooks import workbook, workbook_with_sheet_xml

FIELDS = (Field("code", ("CODGEO",)), Field("label", ("Libellé géo", "LIBGEO")), Field("dep", ("DEP",), required=False))
HEADER = ["CODGEO", "LIBGEO", "DEP"]


def cells(path: Path) -> list[tuple[int, str, str]]:
    return [(line.number, line.cells["code"], line.cells["label"]) for line in read_sheet(path, FIELDS).lines]


@pytest.mark.parametrize(
    "content",
    [
        b"CODGEO,LIBGEO\n01001,Aval\n",
        "\ufeffCODGEO;LIBGEO\r\n01001;Aval\r\n".encode(),
        b"codgeo\tlibelle geo\n01001\tAval\n",
        "Codgéo;Libellé Géo\n01001;Aval\n".encode("cp1252"),
        b'"CODGEO","x","LIBGEO"\n"01001","a,b","Aval"\n',
        "CODGEO;LIBGEO\n01001;Aval\n".encode("utf-16"),
    ],
)
def test_encodings_separators_and_spellings_of_headers_are_recognised(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert cells(path) == [(2, "01001", "Aval")]


def test_title_lines_before_the_header_and_blank_lines_are_passed_and_line_numbers_stay_true(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Zones d’emploi\nSource : INSEE; 2026\n\nCODGEO;LIBGEO\n\n01001;Aval\n;\n01002;Amont\n")
    assert cells(path) == [(6, "01001", "Aval"), (8, "01002", "Amont")]


def test_the_sheet_that_has_the_columns_is_found_and_numbers_come_out_whole(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        Notice=[["Zones d’emploi 2020"]],
        Zones=[["ZE2020", "LIBZE2020"], ["0051", "Alençon"]],
        Composition=[["Titre"], [], ["INSEE"], [], HEADER, ["01001", "Aval", 1], [1002, "Amont", "01"]],
    )
    assert cells(path) == [(6, "01001", "Aval"), (7, "1002", "Amont")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"a;b\n1;2\n", "header_not_found"),
        (b"CODGEO;DEP\n1;2\n", "header_not_found"),
        (b"{}", "format_unknown"),
        (b"%PDF-1.7", "format_unknown"),
        (b"PK\x03\x04 not a zip at all", "spreadsheet_broken"),
        (b"CODGEO;LIBGEO\n" + b";" * 200_000, "line_too_long"),
        (b'CODGEO;LIBGEO\n"' + b"x\n" * 100_000 + b'"\n', "line_unreadable"),
        (b"\xff\xfeC\xd8", "encoding_unknown"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(SourceRefused) as refusal:
        read_sheet(path, FIELDS)
    assert refusal.value.code == code


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="n’existe pas"):
        read_sheet(tmp_path / "none.csv", FIELDS)


def test_too_many_lines_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("CODGEO;LIBGEO\n" + ";\n" * (MAX_ROWS + 1))
    with pytest.raises(SourceRefused, match=f"plus de {MAX_ROWS} lignes"):
        read_sheet(path, FIELDS)


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    return workbook(tmp_path / "honest.xlsx", Sheet=[HEADER, ["01001", "Aval", "01"]])


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (b"".join(b'<row r="%d"/>' % row for row in range(1, 1_000_001)), "spreadsheet_too_wide"),
        (b"<row/>" * 1_000_000, "spreadsheet_too_wide"),
        (b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>', "spreadsheet_too_wide"),
        (b'<row r="1"><c r="ALK1"/></row>' + b" " * 200_000 + b'<row r="199999"/>', "spreadsheet_too_wide"),
        (b"<row r='1048576'><c><v>1</v></c></row>", "spreadsheet_too_wide"),
        (b" " * 301_000_000, "spreadsheet_bomb"),
    ],
    ids=["million-rows", "million-nameless-rows", "far-cell", "wide-and-long", "far-row", "inflates"],
)
def test_a_workbook_made_to_fill_the_memory_is_refused(tmp_path: Path, honest: Path, rows: bytes, code: str) -> None:
    path = workbook_with_sheet_xml(tmp_path / "bomb.xlsx", SHEET % rows, honest)
    assert path.stat().st_size < 6_000_000
    with pytest.raises(SourceRefused) as refusal:
        read_sheet(path, FIELDS)
    assert refusal.value.code == code


def test_a_workbook_that_lies_about_its_size_is_measured_all_the_same(tmp_path: Path, honest: Path) -> None:
    path = workbook_with_sheet_xml(tmp_path / "liar.xlsx", SHEET % (b"<row/>" * 400_000), honest)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    # the size declared in the central directory becomes 100 bytes
    place = content.rindex(struct.pack("<I", size))
    content[place : place + 4] = struct.pack("<I", 100)
    path.write_bytes(content)
    with pytest.raises(SourceRefused, match="limites : 200000 lignes"):
        read_sheet(path, FIELDS)


def test_a_truncated_workbook_is_refused(tmp_path: Path, honest: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(honest.read_bytes()[:-200])
    with pytest.raises(SourceRefused) as refusal:
        read_sheet(path, FIELDS)
    assert refusal.value.code == "spreadsheet_broken"


def test_another_zip_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.txt", "x")
    with pytest.raises(SourceRefused) as refusal:
        read_sheet(path, FIELDS)
    assert refusal.value.code == "not_a_spreadsheet"
