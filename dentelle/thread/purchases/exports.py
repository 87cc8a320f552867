"""Writes lists to files, a few thousand rows at a time: memory does not grow with the list."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from dentelle.opendata.marts.serving_filters import PurchaseFilters, Sort
from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.thread.purchases.columns import COLUMNS, Cell

SHEET_ROWS = 1_048_576  # of an XLSX sheet, header included
_CELL_CHARACTERS = 32_767
# a spreadsheet would run a text that begins so; the apostrophe makes it a text again
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")

Row = Sequence[Cell]


def rows_of(
    store: ServingStore, filters: PurchaseFilters, columns: Sequence[str], sort: Sort | None = None
) -> Iterator[list[list[Cell]]]:
    """Yield the rows of an export in batches, in the order of the list (of estimated end without ``sort``)."""
    chosen = [COLUMNS[code] for code in columns]
    reads = [name for column in chosen for name in column.reads]
    names = list(dict.fromkeys(reads))
    places = [tuple(names.index(name) for name in column.reads) for column in chosen]
    writers = [(column.prepare() if column.prepare else column.write) for column in chosen]
    for batch in store.stream(filters, names, sort):
        yield [
            [write(*(row[place] for place in where)) for write, where in zip(writers, places, strict=True)]
            for row in batch
        ]


def header_of(columns: Sequence[str]) -> list[str]:
    return [COLUMNS[code].label for code in columns]


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
    sheet_rows: int | None = None,
    scratch: Path | None = None,
) -> int:
    """Write an XLSX, on as many sheets as needed, each with its header; return the number of rows.

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
                sheet, line = _new_sheet(book, header, bold), 1
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
        _new_sheet(book, header, bold)
    book.close()
    return total


def _new_sheet(book: xlsxwriter.Workbook, header: Sequence[str], bold: object) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(f"Achats {len(book.worksheets()) + 1}")
    sheet.freeze_panes(1, 0)
    for column, label in enumerate(header):
        sheet.write_string(0, column, label, bold)
        sheet.set_column(column, column, 40 if label == "Objet" else 18)
    return sheet
