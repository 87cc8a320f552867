"""Missing durations take the median of the finest CPV level that says enough."""

from datetime import date
from typing import Any

import pytest

from dentelle.opendata.engines import Session, to_arrow
from dentelle.opendata.marts import ends
from dentelle.opendata.marts.ends import with_ends
from tests.opendata.marts.frames import contract, contracts


@pytest.fixture
def ended(engine: Session, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    monkeypatch.setattr(ends, "MEDIAN_MINIMUM", 3)
    cleaning = [contract(f"n{i}", cpv="90911200", duration_months=months) for i, months in enumerate((12, 36, 37, 48))]
    others = [contract(f"o{i}", cpv="90500000", duration_months=10) for i in range(5)]
    missing = {
        "fine": contract("fine", cpv="90911200", duration_months=None),
        "wide": contract("wide", cpv="90740000", duration_months=None),
        "none": contract("none", cpv=None, duration_months=None),
        "absurd": contract("absurd", cpv="90911200", duration_months=181),
        "long concession": contract("long concession", kind="concession", cpv=None, duration_months=300),
        "lone concession": contract("lone concession", kind="concession", cpv=None, duration_months=361),
    }
    frame = engine.arrow(contracts([*cleaning, *others, *missing.values()]))
    return {row["contract_key"]: row for row in to_arrow(with_ends(frame, frame)).to_pylist()}


def test_a_missing_duration_takes_the_median_of_its_cpv_half_months_up(ended: dict[str, dict[str, Any]]) -> None:
    row = ended["fine"]
    assert (row["duration_months"], row["duration_source"], row["duration_level"]) == (37, "cpv_median", "90911200")
    assert row["estimated_end"] == date(2026, 4, 30)


def test_a_cpv_too_rare_climbs_to_the_level_that_says_enough(ended: dict[str, dict[str, Any]]) -> None:
    assert (ended["wide"]["duration_months"], ended["wide"]["duration_level"]) == (10, "90")
    assert (ended["none"]["duration_months"], ended["none"]["duration_level"]) == (10, "*")


def test_an_absurd_duration_is_replaced_and_flagged(ended: dict[str, dict[str, Any]]) -> None:
    assert (ended["absurd"]["duration_months"], ended["absurd"]["duration_source"]) == (37, "cpv_median")


def test_a_concession_may_last_thirty_years_and_learns_from_concessions_only(ended: dict[str, dict[str, Any]]) -> None:
    assert ended["long concession"]["duration_source"] == "published"
    assert (ended["lone concession"]["duration_source"], ended["lone concession"]["estimated_end"]) == ("none", None)
