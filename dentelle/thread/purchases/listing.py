"""One page of the list, ready to show: rows in words, headers that sort, pages before and after, the title as a fact."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from dentelle.opendata.marts.serving_filters import Keyset
from dentelle.opendata.marts.serving_store import PurchaseRow, ServingStore
from dentelle.thread.purchases import columns, places, totals, wording
from dentelle.thread.purchases.cells import CELLS, Cell, cells_of
from dentelle.thread.purchases.criteria import Criteria, without
from dentelle.thread.purchases.lines import line_of
from dentelle.thread.purchases.places import Namer
from dentelle.thread.territory.queries import store
from dentelle.web.formatting import month, number, plural

PAGE = 50


@dataclass(frozen=True, slots=True)
class Header:
    """A column of the table: ``url`` sorts by it (empty when it does not sort), ``direction`` is the present order."""

    code: str
    label: str
    url: str
    direction: str
    number: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a cell for each column asked for, and what its button says and opens."""

    cells: tuple[Cell, ...]
    short: str
    calibrate_url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page shows."""

    title: str
    total: int
    headers: tuple[Header, ...]
    lines: tuple[Row, ...]
    previous_url: str
    next_url: str
    position: str
    meta: dict[str, str]
    as_of: date | None
    projected: bool
    foot: tuple[str, ...]


def read(asked: Criteria, place: Keyset | None) -> Listing:
    """Return one page of the list. Raises StoreMissing when no data set is loaded."""
    served = store()
    meta = served.meta()
    total = served.count(asked.filters)
    page = served.search(asked.filters, asked.sort, place, PAGE)
    first = page.rank + 1
    named = places.namer()
    position = f"{number(first)} à {number(page.rank + len(page.rows))} sur {number(total)}" if total > PAGE else ""
    return Listing(
        title=_title(asked, total),
        total=total,
        headers=tuple(_header(code, asked) for code in asked.columns if code in CELLS),
        lines=tuple(_row(row, asked, named) for row in page.rows),
        previous_url=_page_url(asked.query, "avant", page.before) if page.before else "",
        next_url=_page_url(asked.query, "apres", page.after) if page.after else "",
        position=position,
        meta=meta,
        as_of=date.fromisoformat(meta["last_published_on"]) if meta.get("last_published_on") else None,
        projected=any(row.threshold_status == "to_confirm" for row in page.rows),
        foot=_foot(served, asked, total),
    )


def _foot(served: ServingStore, asked: Criteria, total: int) -> tuple[str, ...]:
    if not total or not totals.wanted(asked.filters, asked.columns):
        return ()
    sums = totals.totals_of(served, asked.filters)
    return tuple(map(wording.thin, totals.sentences(sums, asked.filters, asked.columns, total)))


def _title(asked: Criteria, total: int) -> str:
    """The title is a fact: « 214 marchés reviennent d’ici novembre 2028 »."""
    if asked.window is None:
        return f"{plural(total, 'marché')} {'répond' if total < 2 else 'répondent'} à vos filtres"
    last = asked.window[1].year * 12 + asked.window[1].month - 2
    until = month(date(last // 12, last % 12 + 1, 1))
    return f"{plural(total, 'marché')} {'revient' if total < 2 else 'reviennent'} d’ici {until}"


def _page_url(query: QueryDict, name: str, place: Keyset) -> str:
    return without(query, **{name: f"{place.value}~{place.contract_key}"})


def _header(code: str, asked: Criteria) -> Header:
    column = columns.COLUMNS[code]
    here = code == asked.sort_column
    direction = ("desc" if asked.sort.descending else "asc") if here else ""
    # amounts and hours are asked for from the largest
    first = "desc" if column.number else ""
    following = ("" if direction == "desc" else "desc") if here else first
    url = ""
    if column.sort:
        url = without(asked.query, "sens", tri=code, **({"sens": following} if following else {}))
    return Header(code, column.header, url, direction, column.number)


def _row(row: PurchaseRow, asked: Criteria, named: Namer) -> Row:
    line = line_of(row, _contract_url(row.contract_key, asked), named)
    return Row(cells_of(line, asked.columns), line.short, line.calibrate_url)


def _contract_url(contract_key: str, asked: Criteria) -> str:
    list_query = asked.query.urlencode()
    return reverse("purchases:contract", args=[contract_key]) + (
        f"?{urlencode({'liste': list_query})}" if list_query else ""
    )
