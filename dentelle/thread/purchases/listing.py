"""One page of the list, ready to show: rows in words, headers that sort, pages before and after, the title as a fact."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from dentelle.opendata.marts.serving_filters import Keyset
from dentelle.opendata.marts.serving_store import PurchaseRow, ServingStore
from dentelle.thread.purchases import columns, places, totals, wording
from dentelle.thread.purchases.cells import CELLS, Cell
from dentelle.thread.purchases.criteria import Criteria, without
from dentelle.thread.purchases.places import PlaceNamed
from dentelle.thread.territory.queries import store
from dentelle.web.formatting import month, number, plural

PAGE = 50
Namer = Callable[[str | None, str | None], PlaceNamed]


@dataclass(frozen=True, slots=True)
class Header:
    """A column of the table: ``url`` sorts by it (empty when it does not sort), ``direction`` is the present order."""

    code: str
    label: str
    url: str
    direction: str
    number: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words. ``row`` holds the figures."""

    row: PurchaseRow
    object: str
    how: str
    holder: str
    ceiling: bool
    amount_unusable: str
    social: str
    calibrate_url: str
    short: str
    place: PlaceNamed
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page shows."""

    title: str
    total: int
    headers: tuple[Header, ...]
    lines: tuple[Line, ...]
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
        lines=tuple(line_of(row, asked, named) for row in page.rows),
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


def calibrate_url(contract_key: str) -> str:
    """Return where a clause is calibrated for a contract (the room downstream, which need not be installed)."""
    return f"/calibrages/nouveau?achat={contract_key}"


def line_of(row: PurchaseRow, asked: Criteria | None = None, named: Namer | None = None) -> Line:
    """Return a row in words, with its cells when it is one of a list."""
    usable = row.amount_flag == "ok"
    line = Line(
        row=row,
        object=wording.thin(row.object or "objet non renseigné"),
        how=_how(row),
        holder=_holder(row),
        ceiling=row.amount_kind == "ceiling",
        amount_unusable="" if usable else wording.AMOUNT_FLAG.get(row.amount_flag or "missing", ""),
        social=wording.social(row.social_status, row.social_clause, row.social_criterion, row.reserved),
        calibrate_url=calibrate_url(row.contract_key),
        short=shortened(wording.thin(row.object or "objet non renseigné")),
        place=named(row.place_area, row.place_precision) if named else places.UNKNOWN,
        url="",
        cells=(),
    )
    if asked is None:
        return line
    here = replace(line, url=_contract_url(row.contract_key, asked))
    # codes asked for in an address may be columns of exports only
    return replace(here, cells=tuple(CELLS[code](here) for code in asked.columns if code in CELLS))


def shortened(text: str) -> str:
    """Return at most 160 characters, cut where a word ends."""
    return text if len(text) <= 160 else text[:159].rpartition(" ")[0] + "…"


def _contract_url(contract_key: str, asked: Criteria) -> str:
    list_query = asked.query.urlencode()
    return reverse("purchases:contract", args=[contract_key]) + (
        f"?{urlencode({'liste': list_query})}" if list_query else ""
    )


def _how(row: PurchaseRow) -> str:
    """How the end was estimated, in a few words."""
    said = wording.DURATION_SHORT.get(row.duration_source or "none", "")
    if row.duration_months and row.estimated_end:
        said = f"{row.duration_months}\u00a0mois {'publiés' if row.duration_source == 'published' else 'estimés'}"
    if row.effective_source in {"publication", "number_year"}:
        said += ", date de publication" if row.effective_source == "publication" else ", année du numéro"
    return said


def _holder(row: PurchaseRow) -> str:
    name = wording.named(row.holder_name, row.holder_id) or "non renseigné"
    others = (row.holder_count or 1) - 1
    return f"{name} et {plural(others, 'autre')}" if others > 0 else name
