"""French typography of numbers, money, hours and dates."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules.wording import THIN
from dentelle.web import formatting


def plain(text: str) -> str:
    """Same text with ordinary spaces, to read expectations."""
    return text.replace(THIN, " ")


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (125_000_000, "1 250 000 € HT"),
        (0, "0 € HT"),
        (1050, "10,50 € HT"),
        (-99_00, "−99 € HT"),
        (None, "non renseigné"),
    ],
)
def test_money_is_written_from_cents(cents: int | None, written: str) -> None:
    assert plain(formatting.money(cents)) == written


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (99_999_900, "1 M€"),
        (99_900_000, "999 k€"),
        (124_999_999, "1,25 M€"),
        (90_000, "900 €"),
        (3_400_000_000_00, "3,4 Md€"),
        (None, "non renseigné"),
    ],
)
def test_short_money_keeps_three_digits_in_the_scale_of_the_rounded_figure(cents: int | None, written: str) -> None:
    assert plain(formatting.short_money(cents)) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.37, "37 %"),
        (0, "0 %"),
        (0.001, "moins de 1 %"),
        (0.999, "plus de 99 %"),
        (1, "100 %"),
        (0.005, "1 %"),
        (None, "non renseigné"),
    ],
)
def test_a_share_that_is_not_nothing_is_never_written_zero(share: float | None, written: str) -> None:
    assert plain(formatting.percent(share)) == written


def test_dates_are_long_in_prose_and_short_in_tables() -> None:
    assert plain(formatting.prose_date(date(2026, 11, 21))) == "21 novembre 2026"
    assert plain(formatting.prose_date("2027-03-01")) == "1er mars 2027"
    assert formatting.table_date(datetime(2026, 11, 21, 9, tzinfo=UTC)) == "21/11/2026"
    assert formatting.table_date(None) == formatting.prose_date("demain") == "non renseigné"


def test_months_and_quarters_are_named() -> None:
    assert plain(formatting.month("2027-03")) == "mars 2027"
    assert plain(formatting.month(date(2027, 8, 5))) == "août 2027"
    assert formatting.month("2027-13") == "non renseigné"
    assert plain(formatting.quarter("2027-Q1")) == "1er trimestre 2027"
    assert plain(formatting.short_quarter("2027-T4")) == "T4 2027"


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 marché"), (1, "1 marché"), (2, "2 marchés"), (1200, "1 200 marchés")]
)
def test_the_plural_starts_at_two(count: int, written: str) -> None:
    assert plain(formatting.plural(count, "marché")) == written


def test_minutes_are_written_as_hours() -> None:
    assert [plain(formatting.duration(m)) for m in (450, 420, -90)] == ["7 h 30", "7 h", "−1 h 30"]


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_number_reads_back_as_itself_and_never_breaks_across_lines(value: int) -> None:
    written = formatting.number(value)
    assert int(written.replace(THIN, "").replace("−", "-")) == value
    assert " " not in written


@given(st.integers(min_value=0, max_value=10**14))
def test_money_reads_back_as_its_cents(cents: int) -> None:
    amount = formatting.money(cents, tax="").removesuffix("€").replace(THIN, "")
    euros, _, rest = amount.partition(",")
    assert int(euros) * 100 + int(rest or 0) == cents


def test_signs_stay_with_their_words() -> None:
    assert formatting.spaced("Quoi ? « Oui » : 10:30 ; a:b") == f"Quoi{THIN}? «{THIN}Oui{THIN}»{THIN}: 10:30{THIN}; a:b"


def test_hundredths_lose_their_useless_zeros() -> None:
    assert [plain(formatting.hundredths(value)) for value in (235, 200, 250, 117.5, None)] == [
        "2,35",
        "2",
        "2,5",
        "1,175",
        "non renseigné",
    ]
