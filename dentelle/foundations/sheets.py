"""Writes lists to files, a few thousand rows at a time: memory does not grow with the list.

In: a header and batches of rows. Out: a CSV or XLSX file on disk. Decided here: that a text never becomes a formula, and that
a sheet that is full goes on in the next.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

Cell = str | int | float | date | None
Row = Sequence[Cell]
CONTENT_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHEET_ROWS = 1_048_576  # of an XLSX sheet, header included
WIDE = ("Objet", "Intitulé")
_CELL_CHARACTERS = 32_767
# a spreadsheet would run a text that begins so; the apostrophe makes it a text again
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def write_csv(
    path: Path, header: Sequence[str], batches: Iterable[Sequence[Row]], *, on_batch: Callable[[int], None]
) -> int:
    """Write a CSV a French spreadsheet opens as it is (UTF-8 with BOM, « ; », decimal comma); return the number of rows."""
    total = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        for batch in batches:
            writer.writerows([_plain(cell) for cell in row] for row in batch)
            total += len(batch)
            on_batch(total)
    return total


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    if isinstance(cell, int):
        return str(cell)
    return neutral(cell)


def neutral(text: str) -> str:
    """Return a text no spreadsheet takes for a formula, in one line."""
    flat = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    return "'" + flat if flat.lstrip(" ").startswith(_FORMULA_STARTS) else flat


def write_xlsx(
    path: Path,
    header: Sequence[str],
    batches: Iterable[Sequence[Row]],
    *,
    on_batch: Callable[[int], None],
    title: str = "Liste",
    sheet_rows: int | None = None,
    scratch: Path | None = None,
) -> int:
    """Write an XLSX, on as many sheets as needed, each named ``title`` and numbered, with its header; return the number of rows.

    Texts are written as texts: nothing is taken for a formula or a link.
    """
    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "use_zip64": True,
    }
    if scratch is not None:
        options["tmpdir"] = str(scratch)
    book = xlsxwriter.Workbook(str(path), options)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    most = sheet_rows or SHEET_ROWS
    total, sheet, line = 0, None, most
    for batch in batches:
        for row in batch:
            if sheet is None or line >= most:
                sheet, line = _new_sheet(book, title, header, bold), 1
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell[:_CELL_CHARACTERS])
                elif isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                else:
                    sheet.write_number(line, column, cell)
            line += 1
        total += len(batch)
        on_batch(total)
    if sheet is None:
        _new_sheet(book, title, header, bold)
    book.close()
    return total


def _new_sheet(
    book: xlsxwriter.Workbook, title: str, header: Sequence[str], bold: object
) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(f"{title} {len(book.worksheets()) + 1}")
    sheet.freeze_panes(1, 0)
    for column, label in enumerate(header):
        sheet.write_string(0, column, label, bold)
        sheet.set_column(column, column, 40 if label in WIDE else 18)
    return sheet
