"""The foot of a list: what its lines add up to, over all its pages. The figures of the territory page open here."""

from dataclasses import dataclass

from dentelle.opendata.marts.serving_filters import PurchaseFilters
from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.web.formatting import hours, number, percent, plural

_SUMS = """
SELECT count(hours_central), CAST(coalesce(sum(hours_low), 0) AS BIGINT), CAST(coalesce(sum(hours_central), 0) AS BIGINT),
       CAST(coalesce(sum(hours_high), 0) AS BIGINT), coalesce(bool_or(hours_status = 'to_confirm'), false),
       count(*) FILTER (WHERE social_status = 'considered'), count(*) FILTER (WHERE social_status IN ('considered', 'none'))
FROM purchases WHERE {where}
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over every line of a list. ``with_hours`` lines have an estimate; ``uncertain``: one rests on a parameter to confirm."""

    with_hours: int
    low: int
    central: int
    high: int
    uncertain: bool
    considered: int
    stated: int


def totals_of(store: ServingStore, filters: PurchaseFilters) -> Totals:
    """Add up the lines a filter keeps."""
    where = store.where(filters)
    return Totals(*store.rows(_SUMS.format(where=where.sql), where.parameters)[0])


def sentences(totals: Totals, filters: PurchaseFilters, columns: tuple[str, ...], lines: int) -> list[str]:
    """Return the foot of a list in words: hours when they show, the rate when the list is of what says yes and what says no."""
    said = []
    if "heures" in columns and totals.with_hours:
        left = lines - totals.with_hours
        without = f" ; {plural(left, 'marché')} sans heures estimées" if left else ""
        doubt = ", en partie à confirmer" if totals.uncertain else ""
        said.append(
            f"Somme des heures possibles de {plural(totals.with_hours, 'marché')} : {hours(totals.central)} "
            f"(de {number(totals.low)} à {hours(totals.high)}{doubt}){without}."
        )
    if {"considered", "none"} <= filters.social and totals.stated:
        said.append(
            f"Avec une considération sociale : {number(totals.considered)} sur {number(totals.stated)} qui le disent, "
            f"soit {percent(totals.considered / totals.stated)}."
        )
    return said


def wanted(filters: PurchaseFilters, columns: tuple[str, ...]) -> bool:
    """Whether the foot of a list has anything to say: without, its sums are not read."""
    return "heures" in columns or {"considered", "none"} <= filters.social
