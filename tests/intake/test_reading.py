import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from dentelle.foundations.intake.cells import Kind
from dentelle.foundations.intake.columns import Field
from dentelle.foundations.intake.reading import Grid, IntakeRefused, read_grid
from tests.workbooks import workbook, workbook_with_sheet_xml

FIELDS = (
    Field("subject", "Objet", Kind.TEXT, required=True),
    Field("siret", "SIRET de l’acheteur", Kind.IDENTIFIER, ("SIRET",)),
    Field("amount", "Montant estimé", Kind.CENTS),
)
HEADER = ["Objet", "SIRET", "Montant estimé HT"]
LINE = ["Entretien des espaces verts", "21350238800019", "250 000"]
OPENDOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Plan">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def read(path: Path) -> Grid:
    return read_grid(path, FIELDS)


def opendocument(path: Path, *rows: str) -> Path:
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), media_type)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", OPENDOCUMENT.format(rows="".join(rows)))
    return path


def ods_row(*cells: str, repeated: int = 1) -> str:
    written = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}">{written or "<table:table-cell/>"}</table:table-row>'
    )


def test_a_workbook_gives_its_table_under_title_lines(tmp_path: Path) -> None:
    rows = [["Programmation 2027"], [], HEADER, LINE, [], LINE]
    grid = read(workbook(tmp_path / "plan.xlsx", Notice=[["Bonjour"]], Plan=rows))
    assert (grid.sheet, grid.header_number, [line.number for line in grid.lines]) == ("Plan", 3, [4, 6])
    assert {name: found.column for name, found in grid.mapping.items()} == {"subject": 0, "siret": 1, "amount": 2}


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), ("\t", "cp1252"), (";", "utf-16")]
)
def test_a_text_is_read_whatever_its_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("\n".join(separator.join(row) for row in (HEADER, LINE)), encoding=encoding)
    assert [line.cells for line in read(path).lines] == [tuple(LINE)]


def test_an_opendocument_sheet_is_read_and_its_blank_end_weighs_nothing(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "plan.ods", ods_row(*HEADER), ods_row(*LINE), ods_row(repeated=1_048_574))
    assert [line.cells for line in read(path).lines] == [tuple(LINE)]


def test_an_identifier_kept_as_a_number_keeps_all_its_digits(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["Ménage", 21350238800019, 1200.5])
    assert read(path).lines[0].cells == ("Ménage", "21350238800019", "1200.5")


def test_a_short_line_is_completed_and_a_long_one_cut_at_the_titles(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Objet;SIRET\nA\nB;1;reste\n", encoding="utf-8")
    assert [line.cells for line in read(path).lines] == [("A", ""), ("B", "1")]


def test_a_table_without_any_known_title_names_its_columns_by_letters(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    grid = read(path)
    assert (grid.header_number, grid.titles, len(grid.lines)) == (0, ("Colonne A", "Colonne B"), 2)


def test_a_million_blank_rows_are_refused_with_what_to_do(tmp_path: Path) -> None:
    honest = workbook(tmp_path / "honest.xlsx", Plan=[HEADER, LINE])
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 1_000_001))
    xml = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{rows}</sheetData></worksheet>"
    )
    path = workbook_with_sheet_xml(tmp_path / "blank.xlsx", xml.encode(), honest)
    with pytest.raises(IntakeRefused, match="supprimez les lignes"):
        read(path)


def test_a_row_repeated_beyond_reason_is_refused(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "bomb.ods", ods_row(*HEADER), ods_row(*LINE, repeated=900_000))
    with pytest.raises(IntakeRefused) as refused:
        read(path)
    assert refused.value.code == "spreadsheet_too_wide"


def test_blank_rows_before_a_used_one_count(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "far.ods", ods_row(*HEADER), ods_row(repeated=900_000), ods_row(*LINE))
    with pytest.raises(IntakeRefused) as refused:
        read(path)
    assert refused.value.code == "spreadsheet_too_wide"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    honest = workbook(tmp_path / "honest.xlsx", Plan=[HEADER])
    path = workbook_with_sheet_xml(tmp_path / "bomb.xlsx", b"<worksheet>" + b" " * 310_000_000, honest)
    with pytest.raises(IntakeRefused) as refused:
        read(path)
    assert refused.value.code == "spreadsheet_bomb"


def test_entities_of_an_opendocument_are_not_resolved(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "entity.ods", ods_row(*HEADER), ods_row(*LINE))
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
        others = {name: archive.read(name) for name in archive.namelist() if name != "content.xml"}
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    bomb = content.replace("?>", f'?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>', 1).replace("Entretien", "&l12;")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in others.items():
            archive.writestr(name, value)
        archive.writestr("content.xml", bomb)
    try:
        told = repr(read(path))
    except IntakeRefused as refused:
        told = str(refused)
    assert "haha" not in told


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7", "format_unknown"),
        (b"PK\x03\x04rien", "spreadsheet_broken"),
        (b"\n\n", "no_lines"),
    ],
)
def test_what_is_not_a_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    with pytest.raises(IntakeRefused) as refused:
        read(path)
    assert refused.value.code == code
