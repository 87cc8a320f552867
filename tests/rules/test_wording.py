"""French numbers and sentences, written and read back."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.cli.main import UsageError
from dentelle.cli.reading import read_number, read_share
from dentelle.rules.wording import day, euros, euros_before_tax, hours, number, percent, plural, sentence, shortened


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number(1_250_000), "1 250 000"),
        (number(Decimal("0.50")), "0,5"),
        (number(Decimal("-1234.567")), "-1 234,57"),
        (number(Decimal("0.005")), "0,01"),
        (euros_before_tax(1_250_000), "1 250 000 € HT"),
        (percent(Decimal("0.05")), "5 %"),
        (percent(Decimal("0.275")), "27,5 %"),
        (hours(833), "833 h"),
        (day(date(2026, 8, 1)), "1er août 2026"),
        (plural(0, "personne", "personnes"), "0 personne"),
        (plural(2, "personne", "personnes"), "2 personnes"),
    ],
)
def test_numbers_are_written_the_french_way(written: str, expected: str) -> None:
    assert written.replace("\u202f", " ").replace("\u00a0", " ") == expected
    assert " " not in written.replace("août 2026", "").replace("€\u00a0HT", "")


def test_a_sentence_gets_its_typography() -> None:
    assert sentence("C'est « oui » : vraiment ; 5 % !") == (
        "C’est «\u00a0oui\u00a0»\u00a0: vraiment\u202f; 5\u00a0%\u202f!"
    )


@given(st.decimals(0, 10**11, places=2))
def test_an_amount_written_is_read_back(amount: Decimal) -> None:
    assert read_number(euros(amount), "--amount") == amount


@given(st.decimals(0, 1, places=4))
def test_a_share_written_is_read_back(share: Decimal) -> None:
    assert read_share(percent(share), "--effort") == share


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        value = read_number(text, "--amount")
        assert value is not None
        assert value.is_finite()


@given(st.text(max_size=60))
def test_a_refusal_stays_on_one_line_whatever_it_quotes(text: str) -> None:
    message = str(UsageError(f"« {text} » n’est pas un nombre"))
    assert len(message.splitlines()) == 1
    assert "\x1b" not in message


@given(st.text(), st.integers(min_value=2, max_value=200))
def test_a_text_cut_short_fits_and_still_says_something(text: str, size: int) -> None:
    told = shortened(text, size)
    assert len(told) <= size
    assert told != "…" or " ".join(text.split()) == "…"


def test_a_text_is_cut_where_a_word_ends() -> None:
    assert shortened("Prévoir la clause dès le recensement", 20) == "Prévoir la clause…"
    assert shortened("anticonstitutionnellement", 10) == "anticonst…"
