"""The figures of a territory in two reads: one over the purchases that come back, one over what all of them say of the social.

Counts only, so that every rate can be shown with what is behind it.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dentelle.opendata.marts.serving_filters import PurchaseFilters
from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.rules.wording import half_up


@dataclass(frozen=True, slots=True)
class TradeHours:
    """Hours a trade could carry, each the exact sum rounded once. ``uncertain``: at least one figure rests on a parameter to be confirmed."""

    trade: str
    name: str
    contracts: int
    ceilings: int  # of these, framework agreements whose amount is a ceiling: an upper bound
    low: int
    central: int
    high: int
    uncertain: bool
    exact: tuple[Fraction, Fraction, Fraction]  # low, central, high before rounding: what adds up across trades


def together(trades: Iterable[TradeHours]) -> tuple[int, int, int]:
    """Return low, central and high hours of several trades: the exact sums, rounded half up once."""
    bounds = [trade.exact for trade in trades]
    low, central, high = (half_up(sum((exact[rank] for exact in bounds), Fraction(0))) for rank in range(3))
    return low, central, high


@dataclass(frozen=True, slots=True)
class Known:
    """How many of the contracts state each thing: counts, so that they can be added."""

    contracts: int = 0
    with_published_duration: int = 0
    with_usable_amount: int = 0
    buyer_named: int = 0
    social_stated: int = 0


@dataclass(frozen=True, slots=True)
class TerritoryFigures:
    """What a filter keeps, counted: by (quarter « 2027-T1 », obligation), by trade, by reason without hours, by precision."""

    quarters: dict[tuple[str, str], int]
    trades: tuple[TradeHours, ...]
    without_hours: dict[str, int]
    precisions: dict[str, int]
    known: Known
    buyers: int


@dataclass(frozen=True, slots=True)
class SocialCounts:
    """Contracts by what they say of social considerations: said yes, said none, said nothing."""

    considered: int = 0
    none: int = 0
    not_stated: int = 0

    @property
    def stated(self) -> int:
        """Contracts that say yes or none: what a rate is taken over."""
        return self.considered + self.none

    @property
    def total(self) -> int:
        """All contracts."""
        return self.stated + self.not_stated


_CUBE = """
SELECT CAST(year(estimated_end) * 4 + quarter(estimated_end) - 1 AS INTEGER) AS quarter,
       coalesce(CAST(required AS VARCHAR), 'to_check') AS answer, coalesce(place_precision, 'unknown') AS precision,
       CASE WHEN hours_central IS NOT NULL THEN trade END AS trade_of_hours,
       CASE WHEN hours_central IS NULL THEN coalesce(hours_excluded, 'amount_unusable') END AS reason,
       any_value(trade_name), count(*), count(*) FILTER (WHERE amount_kind = 'ceiling'),
       coalesce(sum(hours_low_parts), 0), coalesce(sum(hours_central_parts), 0), coalesce(sum(hours_high_parts), 0),
       coalesce(bool_or(hours_status = 'to_confirm'), false),
       count(*) FILTER (WHERE duration_source = 'published'), count(*) FILTER (WHERE amount_flag = 'ok'),
       count(buyer_rank), count(*) FILTER (WHERE social_status <> 'not_stated')
FROM purchases WHERE {where} GROUP BY ALL
"""


def territory_figures(store: ServingStore, filters: PurchaseFilters) -> TerritoryFigures:
    """Count what ``filters`` keep, in one pass over the store. Trades come most hours first."""
    where = store.where(filters)
    cells = store.rows(_CUBE.format(where=where.sql), where.parameters)
    quarters: dict[tuple[str, str], int] = {}
    trades: dict[str, list[tuple[Any, ...]]] = {}
    reasons: dict[str, int] = {}
    precisions: dict[str, int] = {}
    for rank, answer, precision, trade, reason, name, contracts, ceilings, low, central, high, doubt, *_ in cells:
        key = (f"{rank // 4}-T{rank % 4 + 1}" if rank is not None else "", answer)
        quarters[key] = quarters.get(key, 0) + contracts
        precisions[precision] = precisions.get(precision, 0) + contracts
        if reason is not None:
            reasons[reason] = reasons.get(reason, 0) + contracts
        elif trade is not None:
            trades.setdefault(trade, []).append((name, contracts, ceilings, low, central, high, doubt))
    sql = f"SELECT count(DISTINCT buyer_no) FROM purchases WHERE {where.sql}"  # noqa: S608 (conditions of this package)
    return TerritoryFigures(
        quarters,
        tuple(
            sorted(
                (_trade(store, code, rows) for code, rows in trades.items()), key=lambda one: (-one.central, one.trade)
            )
        ),
        dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        dict(sorted(precisions.items(), key=lambda item: (-item[1], item[0]))),
        Known(*(sum(cell[column] for cell in cells) for column in (6, 12, 13, 14, 15))),
        int(store.rows(sql, where.parameters)[0][0]),
    )


def _trade(store: ServingStore, code: str, rows: Sequence[tuple[Any, ...]]) -> TradeHours:
    name = next((str(row[0]) for row in rows if row[0]), code)
    contracts, ceilings, *parts = (sum(int(row[column]) for row in rows) for column in range(1, 6))
    low, central, high = (store.exact_hours(total) for total in parts)
    rounded = (half_up(low), half_up(central), half_up(high))
    return TradeHours(code, name, contracts, ceilings, *rounded, any(row[6] for row in rows), (low, central, high))


def social_counts_of(store: ServingStore, filters: PurchaseFilters, *, leaving_out: str = "") -> SocialCounts:
    """Count what the contracts ``filters`` keep say, each once; ``leaving_out`` is the key of one not to count."""
    where = store.where(filters)
    sql = f"SELECT CAST(social_status AS VARCHAR), count(*) FROM purchases WHERE {where.sql} AND contract_key <> ? GROUP BY 1"  # noqa: S608
    found = dict(store.rows(sql, [*where.parameters, leaving_out]))
    return SocialCounts(
        found.get("considered", 0), found.get("none", 0), found.get("not_stated", 0) + found.get(None, 0)
    )


_SOCIAL = """
WITH bits AS (
    SELECT area_id, CAST(bit_or(bit) AS INTEGER) AS mask
    FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS area, unnest(CAST(? AS INTEGER[])) AS bit) JOIN areas USING (area)
    GROUP BY area_id)
SELECT coalesce(p.mask, 0) | coalesce(s.mask, 0) AS mask, social_status, CAST(sum(contracts) AS BIGINT)
FROM memory.main.social_pairs LEFT JOIN bits p ON p.area_id = place_area_id LEFT JOIN bits s ON s.area_id = seat_area_id
WHERE p.mask IS NOT NULL OR s.mask IS NOT NULL
GROUP BY ALL
"""
# Contracts of one place, one seat and one answer are many: counting them once, beside the read-only file and for as long as
# it is read, leaves a fifth of the rows to every later question.
_PAIRS = """
CREATE TABLE IF NOT EXISTS memory.main.social_pairs AS
SELECT place_area_id, seat_area_id, CAST(social_status AS VARCHAR) AS social_status, count(*) AS contracts
FROM purchases GROUP BY ALL
"""
_pairs_lock = threading.Lock()


def social_counts(store: ServingStore, territories: Sequence[frozenset[str] | None]) -> list[SocialCounts]:
    """Count what the contracts of each territory (its areas; None is the whole country) say, whatever their date.

    One pass for all of them, at most thirty at a time: a contract two territories share is counted in both.
    """
    if len(territories) > 30:
        raise ValueError("Trente territoires au plus à la fois.")
    with _pairs_lock:  # two threads creating the same table would refuse each other
        store.rows(_PAIRS)
    counts: list[dict[str, int]] = [{} for _ in territories]
    pairs = [(area, 1 << rank) for rank, areas in enumerate(territories) if areas is not None for area in sorted(areas)]
    if pairs:
        for mask, status, total in store.rows(_SOCIAL, [[area for area, _ in pairs], [bit for _, bit in pairs]]):
            for rank, found in enumerate(counts):
                if mask >> rank & 1:
                    found[status] = found.get(status, 0) + total
    if None in territories:
        whole = dict(
            store.rows("SELECT social_status, CAST(sum(contracts) AS BIGINT) FROM memory.main.social_pairs GROUP BY 1")
        )
        counts = [whole if areas is None else found for areas, found in zip(territories, counts, strict=True)]
    return [
        SocialCounts(found.get("considered", 0), found.get("none", 0), found.get("not_stated", 0) + found.get(None, 0))  # type: ignore[call-overload]
        for found in counts
    ]
