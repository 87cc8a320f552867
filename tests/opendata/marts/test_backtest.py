"""Standing at a past date, only what was known then counts."""

from datetime import date
from typing import Any

import pytest

from dentelle.opendata.engines import Session, to_arrow
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.backtest import NothingToCompare, backtest
from tests.opendata.marts.frames import contract, contracts, modifications

AT = date(2023, 6, 30)
NEEDS = {
    "one": "nettoyage vitres",
    "two": "elagage platanes",
    "three": "transport scolaire",
    "four": "blanchisserie linge",
}


def need(key: str, start: date, months: int = 12, **changes: Any) -> dict[str, Any]:
    words = NEEDS[key.split("-", maxsplit=1)[0]]
    return contract(key, words, notified_on=start, published_on=start, duration_months=months, **changes)


BASE = [
    need("one-a", date(2022, 9, 1)),  # foreseen for September 2023…
    need("one-b", date(2023, 10, 1)),  # … and came in October
    need("two-a", date(2022, 9, 1)),  # foreseen, never came
    contract("last", "autre chose", notified_on=date(2026, 6, 1)),
]


def judged(engine: Session, rows: list[dict[str, Any]], changes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    found = backtest(engine.arrow(contracts(rows)), engine.arrow(modifications(changes or [])), at=AT, months=12)
    return {row["confidence"]: row for row in to_arrow(found.rows, schema.BACKTEST).to_pylist()}


def test_precision_counts_what_came_among_what_was_foreseen(engine: Session) -> None:
    row = judged(engine, BASE)["all"]
    assert (row["known"], row["foreseen"], row["foreseen_renewed"], row["precision"]) == (2, 2, 1, 0.5)
    assert (row["renewed"], row["renewed_foreseen"], row["recall"]) == (1, 1, 1.0)
    assert (row["median_error_months"], row["sample"]) == (1.0, 1)


def test_a_contract_published_after_the_date_was_not_known(engine: Session) -> None:
    late = need("three-a", date(2022, 10, 1)) | {"published_on": date(2023, 7, 15)}
    assert judged(engine, [*BASE, late])["all"]["known"] == 2


def test_a_modification_notified_later_was_not_known(engine: Session) -> None:
    changed = need("three-a", date(2022, 8, 1), 36, initial_duration_months=12, modification_count=1)
    later = {"contract_key": "three-a", "rank": 1, "notified_on": date(2024, 1, 1), "duration_months": 36}
    assert judged(engine, [*BASE, changed], [later])["all"]["foreseen"] == 3
    earlier = {**later, "notified_on": date(2023, 1, 1)}
    assert judged(engine, [*BASE, changed], [earlier])["all"]["foreseen"] == 2


def test_levels_of_confidence_share_out_the_foreseen(engine: Session) -> None:
    rows = judged(engine, BASE)
    assert rows["all"]["foreseen"] == sum(rows[level]["foreseen"] for level in ("high", "medium", "low"))
    assert rows["high"]["recall"] is None


def test_a_date_too_close_to_the_end_of_the_data_is_refused(engine: Session) -> None:
    with pytest.raises(NothingToCompare, match="rien à comparer"):
        backtest(engine.arrow(contracts(BASE)), engine.arrow(modifications()), at=date(2026, 1, 1))


def test_a_window_longer_than_the_data_is_cut_and_says_so(engine: Session) -> None:
    found = backtest(engine.arrow(contracts(BASE)), engine.arrow(modifications()), at=date(2025, 6, 30))
    assert found.window_months == 6
    assert any("ramenée de 24 à 6 mois" in caveat for caveat in found.caveats)
