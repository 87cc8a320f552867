"""What comes back on a territory, in one read: the figures of its page, each a count that can be opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.marts.serving_aggregates import by_department
from dentelle.opendata.marts.serving_filters import PurchaseFilters, Sort
from dentelle.opendata.marts.serving_store import PurchaseRow, ServingStore
from dentelle.opendata.marts.serving_territory import (
    Known,
    SocialCounts,
    TradeHours,
    social_counts,
    territory_figures,
    together,
)
from dentelle.thread.territory.comparable import comparable_territories
from dentelle.thread.territory.queries import COUNTRY, Chosen, areas_of_communes, areas_of_territory, useful_hours

MANDATORY_SHOWN = 10


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """Contracts expected to end in a quarter (« 2027-T1 »), by whether a social condition will be mandatory."""

    quarter: str
    yes: int
    to_check: int
    no: int


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """What the contracts of a territory say of social considerations; ``role`` is asked, comparable, around or national."""

    name: str
    role: str
    parameter: str
    counts: SocialCounts


@dataclass(frozen=True, slots=True)
class TerritoryOverview:
    """Everything the page of a territory shows, over [``start``, ``end``[. Counts are contracts."""

    start: date
    end: date
    coming_back: int
    required: Mapping[str, int]
    quarters: tuple[QuarterCount, ...]
    mandatory: tuple[PurchaseRow, ...]
    trades: tuple[TradeHours, ...]
    hours_excluded: Mapping[str, int]
    clause: tuple[ClauseRow, ...]
    known: Known  # of the contracts coming back
    buyers: int
    precisions: Mapping[str, int]
    departments: tuple[tuple[str, int], ...]
    useful_hours: int  # the volume from which a mandatory contract is shown first
    meta: Mapping[str, str]

    @property
    def hours(self) -> tuple[int, int, int]:
        """Low, central and high hours over all trades, rounded once."""
        return together(self.trades)

    @property
    def hours_uncertain(self) -> bool:
        """Whether part of the hours rests on a parameter to be confirmed."""
        return any(trade.uncertain for trade in self.trades)


def filters_of(chosen: Chosen, start: date, end: date) -> PurchaseFilters:
    """Return what the page counts: contracts that end in the period, not already replaced, not orders of an agreement."""
    return PurchaseFilters(end_from=start, end_before=end, areas=areas_of_territory(chosen), coming_back_only=True)


def territory_overview(
    store: ServingStore, ground: Ground, chosen: Chosen, start: date, end: date
) -> TerritoryOverview:
    """Read the figures of ``chosen`` over [``start``, ``end``[; remembered until the store or the ground change.

    Raises ``StoreMissing`` when no data set is loaded.
    """
    return _overview(store, _version(store), ground, chosen, start, end)


def _version(store: ServingStore) -> tuple[tuple[str, str], ...]:
    stamp = store.path.stat().st_mtime_ns if store.path.exists() else 0
    return (("file", str(stamp)), *sorted(store.meta().items()))


@lru_cache(maxsize=64)
def _overview(
    store: ServingStore, version: tuple[tuple[str, str], ...], ground: Ground, chosen: Chosen, start: date, end: date
) -> TerritoryOverview:
    filters = filters_of(chosen, start, end)
    figures = territory_figures(store, filters)
    quarters = _quarters(figures.quarters, start, end)
    required = {answer: sum(getattr(quarter, answer) for quarter in quarters) for answer in ("yes", "to_check", "no")}
    mandatory = PurchaseFilters(
        end_from=start, end_before=end, areas=filters.areas, coming_back_only=True, required=frozenset({"yes"})
    )
    useful = useful_hours(start)
    shows_map = chosen.kind in {"region", "country"}
    return TerritoryOverview(
        start=start,
        end=end,
        coming_back=sum(required.values()),
        required=required,
        quarters=quarters,
        mandatory=store.search(mandatory, Sort("priority", useful_hours=useful), limit=MANDATORY_SHOWN).rows,
        trades=figures.trades,
        hours_excluded=figures.without_hours,
        clause=_clause_rows(store, ground, chosen),
        known=figures.known,
        buyers=figures.buyers,
        precisions=figures.precisions,
        departments=_departments(store, filters, ground, chosen) if shows_map else (),
        useful_hours=useful,
        meta=dict(version),
    )


def _quarters(counts: Mapping[tuple[str, str], int], start: date, end: date) -> tuple[QuarterCount, ...]:
    """Every quarter the period touches, empty ones included: a gap in time must show as a gap."""
    first = start.year * 4 + (start.month - 1) // 3
    last_month = end.year * 12 + end.month - 2
    last = last_month // 12 * 4 + last_month % 12 // 3
    keys = [f"{rank // 4}-T{rank % 4 + 1}" for rank in range(first, last + 1)]
    return tuple(
        QuarterCount(key, *(counts.get((key, answer), 0) for answer in ("yes", "to_check", "no"))) for key in keys
    )


def _clause_rows(store: ServingStore, ground: Ground, chosen: Chosen) -> tuple[ClauseRow, ...]:
    rows = [("asked", chosen.name, chosen.parameter, areas_of_territory(chosen))]
    rows += [
        ("comparable", other.name, other.spec, areas_of_communes(ground, territory_of(ground, other.spec).communes))
        for other in comparable_territories(ground, chosen)
    ]
    if not chosen.is_country:
        rows.append(("national", "France", COUNTRY, None))
    counted = social_counts(store, [areas for *_, areas in rows])
    return tuple(
        ClauseRow(name, role, parameter, counts)
        for (role, name, parameter, _), counts in zip(rows, counted, strict=True)
    )


def _departments(
    store: ServingStore, filters: PurchaseFilters, ground: Ground, chosen: Chosen
) -> tuple[tuple[str, int], ...]:
    """Every department of the territory, those without contract included; contracts placed in none are left to precisions."""
    counts = {group.key: group.contracts for group in by_department(store, filters) if group.key}
    table = ground.communes_table()
    codes = zip(table["commune_code"].to_pylist(), table["department_code"].to_pylist(), strict=True)
    own = {department for commune, department in codes if department and commune in chosen.communes}
    return tuple((code, counts.get(code, 0)) for code in sorted(own))
