"""Dates: missing, zoned, written out, impossible, future."""

from datetime import date
from pathlib import Path

import pytest

from tests.opendata.decp.helpers import contract, flags_of, former, importing, one, text_2019


def test_a_contract_without_date_stays_current(tmp_path: Path) -> None:
    undated = former(dateNotification=None, datePublicationDonnees=None)
    published = former(id="2019X", dateNotification=None)
    timeless = former(id="X", dateNotification=None, datePublicationDonnees=None)
    imported = importing(tmp_path, text_2019(undated, published, timeless), as_of=date(2024, 1, 1))
    rows = {row["number"]: row for row in imported.contracts()}
    assert imported.summary.uids == 3
    assert (rows["2018TRV00100"]["effective_on"], rows["2018TRV00100"]["effective_source"]) == (
        date(2018, 7, 1),
        "number_year",
    )
    assert (rows["2019X"]["effective_on"], rows["2019X"]["effective_source"]) == (date(2019, 1, 10), "publication")
    assert (rows["X"]["effective_on"], rows["X"]["effective_source"]) == (None, "none")
    assert all("date_missing" in flags_of(row) for row in rows.values())


def test_a_time_zone_is_stripped(tmp_path: Path) -> None:
    row = one(tmp_path, former(dateNotification="2018-12-17+01:00"))
    assert row["notified_on"] == date(2018, 12, 17)
    assert "date_time_zone" in flags_of(row)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("September, 16 2021 00:00:00", date(2021, 9, 16)),
        ("16/09/2021", date(2021, 9, 16)),
        ("1er août 2021", date(2021, 8, 1)),
    ],
)
def test_a_date_written_out_is_read(tmp_path: Path, written: str, expected: date) -> None:
    row = one(tmp_path, contract(dateNotification=written))
    assert row["notified_on"] == expected
    assert "date_written_out" in flags_of(row)


@pytest.mark.parametrize("written", ["0218-12-18", "0021-12-05", "0000-01-01"])
def test_an_ancient_year_is_not_guessed(tmp_path: Path, written: str) -> None:
    row = one(tmp_path, contract(dateNotification=written))
    assert row["notified_on"] is None
    assert row["effective_source"] == "publication"
    assert "date_ancient" in flags_of(row)


def test_an_unreadable_date_is_an_absence(tmp_path: Path) -> None:
    row = one(tmp_path, contract(dateNotification="2024-02-31", datePublicationDonnees="bientôt"))
    assert row["notified_on"] is None
    assert row["published_on"] is None
    assert "date_unreadable" in flags_of(row)


def test_a_future_date_is_set_aside(tmp_path: Path) -> None:
    row = one(tmp_path, contract(dateNotification="5021-02-18"), as_of=date(2024, 6, 1))
    assert row["notified_on"] is None
    assert row["effective_on"] == date(2024, 3, 15)
    assert {"date_future"} <= flags_of(row)


def test_published_before_notified_is_flagged(tmp_path: Path) -> None:
    row = one(
        tmp_path, contract(dateNotification="2024-03-10", datePublicationDonnees="2024-03-01"), as_of=date(2024, 6, 1)
    )
    assert row["notified_on"] == date(2024, 3, 10)
    assert "published_before_notified" in flags_of(row)
