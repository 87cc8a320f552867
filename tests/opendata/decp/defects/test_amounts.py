"""Amounts: what is missing is not zero, what cannot be true stays out of sums."""

from pathlib import Path

import pytest

from tests.opendata.decp.helpers import contract, flags_of, importing, one, text_2022


@pytest.mark.parametrize("absent", ["", "NC", "MQ", None])
def test_a_missing_amount_is_not_zero(tmp_path: Path, absent: str | None) -> None:
    row = one(tmp_path, contract(montant=absent))
    assert row["amount_cents"] is None
    assert row["amount_flag"] == "missing"
    assert row["summable"] is False
    assert "amount_missing" in flags_of(row)


def test_an_unreadable_amount_is_not_zero(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant="environ 3000"))
    assert row["amount_cents"] is None
    assert row["amount_published"] == "environ 3000"
    assert "amount_unreadable" in flags_of(row)


@pytest.mark.parametrize("amount", [0, -12.5, 0.0])
def test_an_amount_of_zero_or_less_stays_out_of_sums(tmp_path: Path, amount: float) -> None:
    row = one(tmp_path, contract(montant=amount))
    assert row["amount_cents"] == round(amount * 100)
    assert row["amount_flag"] == "not_positive"
    assert row["summable"] is False
    assert "amount_not_positive" in flags_of(row)


def test_an_amount_under_one_euro_stays_out_of_sums(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant=0.1))
    assert (row["amount_cents"], row["amount_flag"], row["summable"]) == (10, "too_small", False)
    assert "amount_too_small" in flags_of(row)


def test_an_amount_of_a_few_euros_is_flagged(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant=120))
    assert (row["amount_flag"], row["summable"]) == ("ok", True)
    assert "amount_very_low" in flags_of(row)


def test_an_amount_below_the_publication_threshold_is_flagged(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract(montant=24999.99), contract(id="B", montant=25000)))
    flagged = {row["number"] for row in imported.contracts() if "amount_below_threshold" in flags_of(row)}
    assert flagged == {"2024TRV001"}


def test_an_amount_over_a_hundred_million_is_flagged(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant=250_000_000))
    assert (row["amount_flag"], row["summable"]) == ("ok", True)
    assert "amount_very_large" in flags_of(row)


@pytest.mark.parametrize(("written", "cents"), [("1.0e17", None), ("2000000000", 200_000_000_000), ("1e40", None)])
def test_an_amount_over_a_billion_stays_out_of_sums(tmp_path: Path, written: str, cents: int | None) -> None:
    raw = text_2022(contract(montant="@")).replace('"@"', written)
    row = importing(tmp_path, raw).only()
    assert (row["amount_cents"], row["amount_published"], row["amount_flag"], row["summable"]) == (
        cents,
        written,
        "too_large",
        False,
    )
    assert "amount_too_large" in flags_of(row)


@pytest.mark.parametrize("amount", [99999, 999999999, 1111111.11, 123456789, 123456.78 * 1000])
def test_a_placeholder_amount_stays_out_of_sums(tmp_path: Path, amount: float) -> None:
    row = one(tmp_path, contract(montant=amount))
    assert (row["amount_flag"], row["summable"]) == ("placeholder", False)
    assert "amount_placeholder" in flags_of(row)
