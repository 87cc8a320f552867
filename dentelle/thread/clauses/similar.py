"""What contracts like the one being calibrated carried last time, here and in territories like this one.

Like it: same CPV division, amount between half and twice its own. Counts from the loaded data, with what they cover.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.places import GroundMissing
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.marts.serving_filters import PurchaseFilters
from dentelle.opendata.marts.serving_store import ServingStore, StoreMissing
from dentelle.opendata.marts.serving_territory import social_counts_of
from dentelle.rules.calibration import SocialPractice
from dentelle.rules.wording import day, euros
from dentelle.thread.clauses.engine import estimated_amount
from dentelle.thread.territory import queries as territory
from dentelle.thread.territory.comparable import comparable_territories

_MOST_CENTS = 2**63 - 1
BAND = 2  # from half the amount to twice the amount


def practices_of(membership: Membership, cleaned: dict[str, Any]) -> tuple[SocialPractice, ...]:
    """Return the counts of the structure's territory, then of the comparable ones; the whole of France without a territory.

    Nothing without a CPV code, without ground or without data: there is then nothing to be like, or nowhere to look.
    """
    cpv = cleaned.get("cpv") or ""
    if not re.match(r"[0-9]{2}", cpv):
        return ()
    try:
        ground, read = territory.ground(), territory.store()
        chosen = territory.chosen_territory(membership) or territory.whole_country()
        known = _until(read.meta())
        amount, leaving_out = estimated_amount(cleaned), cleaned.get("contract_key") or ""
        like = f"CPV {cpv[:2]}, {_band(amount)}{known}"
        here = territory.areas_of_territory(chosen)
        practices = [_counted(read, f"{chosen.name}, {like}", here, cpv[:2], amount, leaving_out)]
        others = comparable_territories(ground, chosen)
        if others:
            communes = (
                frozenset().union(*(territory_of(ground, other.spec).communes for other in others)) - chosen.communes
            )
            areas = territory.areas_of_communes(ground, communes)
            scope = f"{len(others)} territoires comparables ({', '.join(other.name for other in others)}), {like}"
            practices.append(_counted(read, scope, areas, cpv[:2], amount, leaving_out))
    except (GroundMissing, StoreMissing):
        return ()
    return tuple(practices)


def _counted(
    read: ServingStore,
    scope: str,
    areas: frozenset[str] | None,
    division: str,
    amount: Decimal | None,
    leaving_out: str,
) -> SocialPractice:
    # no published amount goes beyond 64 bits: nothing is lost by stopping there
    cents = None if amount is None else min(int(amount * 100), _MOST_CENTS // BAND)
    filters = PurchaseFilters(
        areas=areas,
        cpv=(division,),
        amount_min_cents=None if cents is None else cents // BAND,
        amount_max_cents=None if cents is None else cents * BAND,
    )
    found = social_counts_of(read, filters, leaving_out=leaving_out)
    return SocialPractice(scope, found.considered, found.stated, found.total)


def _band(amount: Decimal | None) -> str:
    if amount is None:
        return "tous montants"
    return f"de {euros(amount / BAND)} à {euros(amount * BAND)}"


def _until(meta: dict[str, str]) -> str:
    published = meta.get("last_published_on")
    return f", données publiées jusqu'au {day(date.fromisoformat(published))}" if published else ""
