from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.foundations.intake.cells import CellRefused, Choice, Kind, read_cell, written


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("250 000", 25_000_000),
        ("250\u202f000,50 €", 25_000_050),
        ("1.250.000,50", 125_000_050),
        ("250000.5", 25_000_050),
        ("250 k€", 25_000_000),
        ("1,250 M€", 125_000_000),
        ("1,2 M€", 120_000_000),
        ("250 000 € HT", 25_000_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, cents: int) -> None:
    assert read_cell(text, Kind.CENTS) == cents


@pytest.mark.parametrize("text", ["douze", "-5", "1e400", "NaN", "", "12 €/h"])
def test_an_amount_that_is_not_one_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(CellRefused):
        read_cell(text, Kind.CENTS)


@pytest.mark.parametrize("text", ["250.000", "250,000", "250,000 €"])
def test_an_amount_with_two_readings_is_refused_with_both(text: str) -> None:
    with pytest.raises(CellRefused, match=r"deux façons.*250.000.*250,00"):
        read_cell(text, Kind.CENTS)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/10/2026", date(2026, 10, 1)),
        ("1.10.26", date(2026, 10, 1)),
        ("2026-10-01", date(2026, 10, 1)),
        ("2026-10-01 00:00:00", date(2026, 10, 1)),
        ("10/2026", date(2026, 10, 1)),
        ("octobre 2026", date(2026, 10, 1)),
        ("1er octobre 2026", date(2026, 10, 1)),
        ("T4 2026", date(2026, 10, 1)),
        ("4e trimestre 2026", date(2026, 10, 1)),
    ],
)
def test_a_date_a_month_or_a_quarter_gives_a_day(text: str, day: date) -> None:
    assert read_cell(text, Kind.DAY) == day


@pytest.mark.parametrize("text", ["31/02/2026", "13/2026", "bientôt", "2026"])
def test_a_date_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CellRefused):
        read_cell(text, Kind.DAY)


@pytest.mark.parametrize(
    ("text", "months"), [("36", 36), ("3 ans", 36), ("1,5 an", 18), ("36 mois", 36), ("4 années", 48)]
)
def test_a_duration_is_in_months(text: str, months: int) -> None:
    assert read_cell(text, Kind.MONTHS) == months


@pytest.mark.parametrize("text", ["0", "601", "10 jours", "longtemps", "2,3 mois"])
def test_a_duration_that_is_not_whole_months_is_refused(text: str) -> None:
    with pytest.raises(CellRefused):
        read_cell(text, Kind.MONTHS)


def test_an_identifier_keeps_its_zeros_and_loses_its_spaces() -> None:
    assert read_cell("019 001 234 00012", Kind.IDENTIFIER) == "01900123400012"


@pytest.mark.parametrize("text", ["2,13502E+13", "2.1350238800019E13", "2E+13"])
def test_an_identifier_a_spreadsheet_rounded_is_refused_and_says_why(text: str) -> None:
    with pytest.raises(CellRefused, match="format Texte"):
        read_cell(text, Kind.IDENTIFIER)


@given(st.integers(10**13, 10**14 - 1))
def test_a_siret_kept_as_a_number_by_a_workbook_comes_back_whole(siret: int) -> None:
    assert read_cell(written(float(siret)), Kind.IDENTIFIER) == str(siret)


def test_a_choice_knows_its_words_without_accents_or_case() -> None:
    choice = Choice({"services": ("services", "prestations de service"), "works": ("travaux",)})
    assert choice.read("Prestations de Service") == "services"
    with pytest.raises(CellRefused, match="« services », « travaux »"):
        choice.read("autre")


@pytest.mark.parametrize(("text", "value"), [("Oui", True), ("x", True), ("NON", False)])
def test_yes_and_no_have_many_spellings(text: str, value: bool) -> None:
    assert read_cell(text, Kind.YES_NO) is value


def test_hours_are_whole_minutes() -> None:
    assert [read_cell(text, Kind.MINUTES) for text in ("833", "12,5 h", "7 heures")] == [49_980, 750, 420]
