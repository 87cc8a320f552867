"""Figures over the purchases a filter keeps, for the territory page and the summary of a list.

Amounts add up prices only; ceilings of framework agreements are added apart, and unusable amounts never. Hours are added
exactly, then rounded once: a total is not the sum of the rounded lines, it is what the lines really make. Every figure comes
with the number of contracts behind it, and a filter that reopens them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.opendata.marts.serving_filters import PurchaseFilters
from dentelle.opendata.marts.serving_store import ServingStore


@dataclass(frozen=True, slots=True)
class Group:
    """One line of an aggregate: ``key`` is what groups (code), ``label`` its name when the store knows it."""

    key: str | None
    label: str | None
    required: str | None
    contracts: int
    amount_cents: int  # prices that may be added
    ceiling_cents: int  # ceilings of framework agreements
    amounts_unknown: int  # contracts whose amount is missing or unusable
    hours_low: int | None
    hours_central: int | None
    hours_high: int | None


@dataclass(frozen=True, slots=True)
class Facets:
    """Number of purchases per value, under the same filters."""

    required: dict[str, int]
    social: dict[str, int]
    confidence: dict[str, int]
    divisions: dict[str | None, int]  # CPV divisions, the most frequent first


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of the purchases a filter keeps: counts, never shares, so that they can be added."""

    contracts: int
    with_end: int
    with_published_duration: int
    with_usable_amount: int
    with_cpv: int
    buyer_named: int
    social_stated: int
    place_known: int
    buyers: int
    last_published_on: date | None
    last_effective_on: date | None


_FIGURES = """count(*),
    CAST(coalesce(sum(amount_cents) FILTER (WHERE summable), 0) AS BIGINT),
    CAST(coalesce(sum(amount_cents) FILTER (WHERE amount_flag = 'ok' AND amount_kind = 'ceiling'), 0) AS BIGINT),
    count(*) FILTER (WHERE amount_flag <> 'ok'),
    sum(hours_low_parts), sum(hours_central_parts), sum(hours_high_parts)"""


def _group(store: ServingStore, row: Sequence[Any]) -> Group:
    *figures, low, central, high = row
    return Group(*figures, *(store.whole_hours(parts) for parts in (low, central, high)))


def by_quarter(store: ServingStore, filters: PurchaseFilters) -> list[Group]:
    """Return one group per quarter of the estimated end (« 2027-T1 ») and obligation, in order of time."""
    where = store.where(filters)
    sql = f"""SELECT CAST(year(estimated_end) * 4 + quarter(estimated_end) - 1 AS INTEGER) AS key, NULL, required, {_FIGURES}
              FROM purchases WHERE {where.sql} GROUP BY key, required ORDER BY key NULLS LAST, required"""  # noqa: S608
    return [
        _group(store, (None if key is None else f"{key // 4}-T{key % 4 + 1}", *figures))
        for key, *figures in store.rows(sql, where.parameters)
    ]


def by_buyer(store: ServingStore, filters: PurchaseFilters, limit: int = 20) -> list[Group]:
    """Return one group per buyer, those with most contracts first."""
    where = store.where(filters)
    sql = f"""WITH grouped AS (
                  SELECT buyer_no, {_FIGURES.replace("count(*),", "count(*) AS contracts,", 1)} FROM purchases
                  WHERE {where.sql} GROUP BY buyer_no ORDER BY contracts DESC, buyer_no LIMIT {int(limit)})
              SELECT b.buyer_key, b.buyer_name, NULL, g.* EXCLUDE (buyer_no)
              FROM grouped g LEFT JOIN buyers b USING (buyer_no) ORDER BY g.contracts DESC, b.buyer_no"""  # noqa: S608
    return [_group(store, row) for row in store.rows(sql, where.parameters)]


def by_trade(store: ServingStore, filters: PurchaseFilters) -> list[Group]:
    """Return one group per trade, most hours first; purchases without a trade come under None."""
    where = store.where(filters)
    sql = f"""SELECT trade AS key, any_value(trade_name), NULL, {_FIGURES} FROM purchases
              WHERE {where.sql} GROUP BY key ORDER BY sum(hours_central_parts) DESC NULLS LAST, key"""  # noqa: S608
    return [_group(store, row) for row in store.rows(sql, where.parameters)]


def by_department(store: ServingStore, filters: PurchaseFilters) -> list[Group]:
    """Return one group per department of the place (of the seat when the place says nothing finer than a region)."""
    where = store.where(filters)
    sql = f"""SELECT department_code AS key, NULL, NULL, {_FIGURES} FROM purchases
              WHERE {where.sql} GROUP BY key ORDER BY key NULLS LAST"""  # noqa: S608
    return [_group(store, row) for row in store.rows(sql, where.parameters)]


def facets(store: ServingStore, filters: PurchaseFilters) -> Facets:
    """Count purchases per obligation, social consideration, confidence and CPV division."""
    where = store.where(filters)
    sql = f"""SELECT required, social_status, confidence, CAST(cpv // 1000000 AS INTEGER) AS division, count(*)
              FROM purchases WHERE {where.sql} GROUP BY ALL"""  # noqa: S608
    found = Facets({}, {}, {}, {})
    for required, social, confidence, division, contracts in store.rows(sql, where.parameters):
        code = None if division is None else f"{division:02d}"
        for counts, value in ((found.required, required), (found.social, social), (found.confidence, confidence)):
            counts[value] = counts.get(value, 0) + contracts
        found.divisions[code] = found.divisions.get(code, 0) + contracts
    ordered = dict(sorted(found.divisions.items(), key=lambda item: (-item[1], item[0] or "")))
    return Facets(found.required, found.social, found.confidence, ordered)


def coverage(store: ServingStore, filters: PurchaseFilters) -> Coverage:
    """Say what is known, and up to when, of the purchases a filter keeps."""
    where = store.where(filters)
    sql = f"""SELECT count(*), count(estimated_end), count(*) FILTER (WHERE duration_source = 'published'),
                     count(*) FILTER (WHERE amount_flag = 'ok'), count(cpv), count(buyer_rank),
                     count(*) FILTER (WHERE social_status <> 'not_stated'), count(place_area_id),
                     count(DISTINCT buyer_no), max(published_on), max(effective_on)
              FROM purchases WHERE {where.sql}"""  # noqa: S608
    return Coverage(*store.rows(sql, where.parameters)[0])


def buyers(store: ServingStore, name: str, limit: int = 20) -> list[tuple[str, str | None, int]]:
    """Return (SIREN, name, contracts) of buyers whose name contains ``name``, whatever the accents, largest first."""
    sql = """SELECT buyer_key, buyer_name, contracts FROM buyers
             WHERE contains(strip_accents(lower(buyer_name)), strip_accents(lower(?))) OR buyer_key = ?
             ORDER BY contracts DESC, buyer_no LIMIT ?"""
    return [(key, label, total) for key, label, total in store.rows(sql, [name, name, limit])]


def buyer_name(store: ServingStore, buyer_key: str) -> str | None:
    """Return the name of a buyer, None when no source names it."""
    found = store.rows("SELECT buyer_name FROM buyers WHERE buyer_key = ?", [buyer_key])
    return found[0][0] if found else None
