"""Figures a territory page needs and a list does not: hours with their doubt, social considerations, precision of places.

Counts only, so that every rate can be shown with what is behind it.
"""

from dataclasses import dataclass

from dentelle.opendata.marts.serving_filters import PurchaseFilters
from dentelle.opendata.marts.serving_store import ServingStore


@dataclass(frozen=True, slots=True)
class TradeHours:
    """Hours a trade could carry. ``uncertain``: at least one figure rests on a parameter to be confirmed."""

    trade: str
    name: str
    contracts: int
    ceilings: int  # of these, framework agreements whose amount is a ceiling: an upper bound
    low: int
    central: int
    high: int
    uncertain: bool


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


def hours_by_trade(store: ServingStore, filters: PurchaseFilters) -> list[TradeHours]:
    """Return the trades that could carry hours, most hours first."""
    where = store.where(filters)
    sql = f"""SELECT trade, any_value(trade_name), count(*), count(*) FILTER (WHERE amount_kind = 'ceiling'),
                     CAST(sum(hours_low) AS BIGINT), CAST(sum(hours_central) AS BIGINT), CAST(sum(hours_high) AS BIGINT),
                     bool_or(hours_status = 'to_confirm')
              FROM purchases WHERE {where.sql} AND hours_central IS NOT NULL
              GROUP BY trade ORDER BY 6 DESC, trade"""  # noqa: S608 (conditions of this package, values bound)
    return [TradeHours(*row) for row in store.rows(sql, where.parameters)]


def hours_excluded(store: ServingStore, filters: PurchaseFilters) -> dict[str, int]:
    """Count the contracts that give no hours, by reason (codes of ``schema.HOURS_EXCLUDED``)."""
    where = store.where(filters)
    sql = f"""SELECT coalesce(hours_excluded, 'amount_unusable'), count(*) FROM purchases
              WHERE {where.sql} AND hours_central IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"""  # noqa: S608
    return dict(store.rows(sql, where.parameters))


def social_counts(store: ServingStore, areas: frozenset[str] | None) -> SocialCounts:
    """Count what the contracts of a territory say of social considerations, whatever their date."""
    where = store.where(PurchaseFilters(areas=areas))
    sql = f"SELECT social_status, count(*) FROM purchases WHERE {where.sql} GROUP BY 1"  # noqa: S608
    return SocialCounts(**{status: count for status, count in store.rows(sql, where.parameters) if status})


def place_precisions(store: ServingStore, filters: PurchaseFilters) -> dict[str, int]:
    """Count contracts by how precisely their place is known (commune, postal, department, region, country, unknown)."""
    where = store.where(filters)
    sql = f"""SELECT coalesce(place_precision, 'unknown'), count(*) FROM purchases
              WHERE {where.sql} GROUP BY 1 ORDER BY 2 DESC, 1"""  # noqa: S608
    return dict(store.rows(sql, where.parameters))
