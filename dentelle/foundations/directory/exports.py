import csv
from collections.abc import Iterable, Iterator

from dentelle.foundations.directory.queries import OrganisationRow

HEADER = ("SIRET", "SIREN", "Nom", "Natures", "Code commune", "Commune", "Adresse", "Source du nom")
# a spreadsheet would run a text that begins so; the apostrophe makes it a text again
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class _Line:
    """A file whose only line is what was just written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[OrganisationRow]) -> Iterator[str]:
    """Yield the lines of a CSV a French spreadsheet opens as it is (UTF-8 with BOM, « ; »).

    Numbers are written by groups of digits: a spreadsheet keeps them as texts instead of rounding them.
    """
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(HEADER)
    for row in rows:
        cells = (
            _grouped(row.siret),
            _grouped(row.siren),
            row.name,
            ", ".join(row.kinds),
            row.commune_code,
            row.commune,
            row.address,
            row.source,
        )
        yield writer.writerow([_plain(cell) for cell in cells])


def _grouped(number: str) -> str:
    return " ".join(group for group in (number[:3], number[3:6], number[6:9], number[9:]) if group)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
