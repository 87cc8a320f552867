from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from dentelle.thread.clauses.fields import AmountField, HoursField, MonthsField, PercentField, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 250 000", "1250000"),
        ("1\u202f250\u202f000", "1250000"),
        ("1\u00a0250\u00a0000,50", "1250000.50"),
        ("1250000,50", "1250000.50"),
        ("1250000.5", "1250000.5"),
        ("1.250.000", "1250000"),
        ("1.250.000,50", "1250000.50"),
        ("0,05", "0.05"),
        ("0.125", "0.125"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["1.250", "-5", "−5", "abc", "1,2,3", "NaN", "inf", "1e9", "½", "", "1 250 000 000 000 000"]
)
def test_what_is_not_clearly_a_number_is_refused_in_french(text):
    with pytest.raises(ValidationError) as refused:
        read_number(text)
    assert "«" in str(refused.value.message)


@given(st.integers(min_value=0, max_value=10**11), st.integers(min_value=0, max_value=99))
def test_a_number_written_the_french_way_reads_back(whole, cents):
    text = f"{whole:,}".replace(",", "\u202f") + f",{cents:02d}"
    assert read_number(text) == Decimal(whole) + Decimal(cents) / 100


@pytest.mark.parametrize("text", ["1 250 000 €", "1 250 000 € HT", "1 250 000 euros"])
def test_an_amount_may_carry_its_unit(text):
    assert AmountField().clean(text) == 1_250_000


def test_hours_may_carry_their_unit():
    assert HoursField().clean("833 h") == 833


@pytest.mark.parametrize(
    ("text", "share"), [("5 %", "0.05"), ("5", "0.05"), ("0,5 %", "0.005"), ("100", "1"), ("12,5", "0.125")]
)
def test_a_percentage_becomes_a_share(text, share):
    assert PercentField().clean(text) == Decimal(share)


def test_a_percentage_that_may_be_a_share_is_asked_again():
    with pytest.raises(ValidationError) as refused:
        PercentField().clean("0,05")
    assert "« 5\u00a0% » ou « 0,05\u00a0% »" in refused.value.message


@pytest.mark.parametrize("text", ["140 %", "0", "-3"])
def test_an_impossible_percentage_is_refused(text):
    with pytest.raises(ValidationError):
        PercentField().clean(text)


@pytest.mark.parametrize(("text", "months"), [("48", 48), ("48 mois", 48), (" 6 ", 6)])
def test_months_are_read(text, months):
    assert MonthsField().clean(text) == months


def test_years_are_answered_with_the_number_of_months():
    with pytest.raises(ValidationError) as refused:
        MonthsField().clean("4 ans")
    assert refused.value.message == "« 4 ans »\u00a0: écrivez un nombre de mois (par exemple 48)."


@pytest.mark.parametrize("text", ["0", "601", "deux", "1,5"])
def test_months_out_of_reach_are_refused(text):
    with pytest.raises(ValidationError):
        MonthsField().clean(text)
