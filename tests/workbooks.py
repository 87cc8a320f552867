"""Make xlsx files for tests: honest ones, and ones that mean harm."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    """Write an honest workbook, one sheet per keyword, rows as given."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def workbook_with_sheet_xml(path: Path, xml: bytes, honest: Path) -> Path:
    """Copy an honest workbook, its first sheet replaced by ``xml``."""
    with zipfile.ZipFile(honest) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = xml if member.filename == "xl/worksheets/sheet1.xml" else source.read(member)
            target.writestr(member.filename, content)
    return path
