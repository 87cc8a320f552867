"""The cells of a row of the list: one function per column, so that the template only lays them out.

Fifty rows of eight cells are written for each page: words are chosen here, once, rather than by tests in the template.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dentelle.thread.purchases import wording
from dentelle.thread.purchases.lines import Line
from dentelle.web.formatting import hours, money, number, plural, short_month, table_date
from dentelle.web.templatetags.dentelle import STATUSES


@dataclass(frozen=True, slots=True)
class Cell:
    """``note`` is the small second line; ``label`` names the column where the row is a card; ``url`` opens the row."""

    text: str
    note: str = ""
    css: str = ""
    label: str = ""
    url: str = ""


_badges: dict[tuple[str, str], SafeString] = {}


def badge(code: str, word: str = "") -> SafeString:
    """Return a status badge, drawn once per process by the component every page uses."""
    if (code, word) not in _badges:
        usual, shape, tone = STATUSES[code]
        drawn = render_to_string("components/status.html", {"word": word or usual, "shape": shape, "tone": tone})
        _badges[code, word] = drawn
    return _badges[code, word]


def _end(line: Line) -> Cell:
    return Cell(short_month(line.row.estimated_end), line.how, "cell-end")


def _amount(line: Line) -> Cell:
    if line.row.amount_cents is None:
        return Cell("non renseigné", css="number unknown")
    note = line.amount_unusable or ("plafond" if line.ceiling else "")
    return Cell(money(line.row.amount_cents), note, "number")


def _named(name: str | None, code: str | None, others: int = 0, label: str = "", css: str = "") -> Cell:
    """A name; without one, « nom inconnu » over the identifier in small type, which would not fit the column."""
    more = f"et {plural(others, 'autre')}" if others > 0 else ""
    if name:
        return Cell(f"{name} {more}".rstrip(), css=css, label=label)
    if not code:
        return Cell("non renseigné", more, f"unknown {css}".rstrip(), label)
    return Cell("nom inconnu", f"{wording.identifier(code)} {more}".rstrip(), f"unknown {css}".rstrip(), label)


def _holder(line: Line) -> Cell:
    row = line.row
    return _named(row.holder_name, row.holder_id, (row.holder_count or 1) - 1, "Titulaire")


def _required(line: Line) -> Cell:
    word = {"yes": "obligatoire", "no": "non obligatoire"}.get(line.row.required or "", "")
    return Cell(badge(line.row.required or "to_check", word), css="cell-social")


def _hours(line: Line) -> Cell:
    note = "à confirmer" if line.row.hours_status == "to_confirm" else ""
    return Cell(hours(line.row.hours_central), note, "number", "Heures possibles")


def _duration(line: Line) -> Cell:
    months = line.row.duration_months
    return Cell(f"{number(months)}\u202fmois" if months else "non renseigné", css="number", label="Durée")


CELLS: dict[str, Callable[[Line], Cell]] = {
    "fin": _end,
    "objet": lambda line: Cell(line.short, css="cell-object", url=line.url),
    "acheteur": lambda line: _named(line.row.buyer_name, line.row.buyer_id, css="cell-buyer"),
    "titulaire": _holder,
    "montant": _amount,
    "obligation": _required,
    "clause": lambda line: Cell(line.social, label="Dernière fois"),
    "confiance": lambda line: Cell(badge(line.row.confidence or "not_stated")),
    "cpv": lambda line: Cell(wording.cpv(line.row.cpv, line.row.contract_kind), label="CPV"),
    "notification": lambda line: Cell(table_date(line.row.effective_on), label="Notifié le"),
    "duree": _duration,
    "preparer": lambda line: Cell(short_month(line.row.prepare_from), label="Préparer dès"),
    "lieu": lambda line: Cell(line.place.name, line.place.code, label="Lieu"),
    "heures": _hours,
}


def cells_of(line: Line, columns: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of a row, in this order; columns of exports only, which an address may ask for, have none."""
    return tuple(CELLS[code](line) for code in columns if code in CELLS)
