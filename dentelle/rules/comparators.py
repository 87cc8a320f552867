"""National figures to set beside a territory's own: dated, sourced, and empty for the years no source gives."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dentelle.rules.dated import ParameterUnknownAt, ParameterValue, parameter


class Segment(StrEnum):
    """Part of the national figure."""

    ALL = "all"
    STATE = "state"
    LOCAL = "local"
    UTILITY = "utility"
    WORKS = "works"


def _path(segment: Segment) -> str:
    base = "comparators.social_clause_share"
    return base if segment is Segment.ALL else f"{base}_{segment.value}"


def national_share(year: int, segment: Segment = Segment.ALL) -> ParameterValue | None:
    """Return the national share of contracts notified in a year with a social clause (OECP), None if no source gives it."""
    try:
        value = parameter(_path(segment)).at(date(year, 1, 1))
    except ParameterUnknownAt:
        return None
    return value if value.in_force_from.year == year else None


def national_shares(segment: Segment = Segment.ALL) -> tuple[ParameterValue, ...]:
    """Return every known yearly share, oldest first; the year is that of ``in_force_from``."""
    return parameter(_path(segment)).known_values()
