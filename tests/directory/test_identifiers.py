"""A SIRET as people type it and as spreadsheets spoil it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from dentelle.foundations.directory.identifiers import Identifier, IdentifierRefused, read_identifier, shown
from tests.directory.making import siren_of, siret_of

GOOD = siret_of(5)


def refused(text):
    with pytest.raises(IdentifierRefused) as refusal:
        read_identifier(text)
    return refusal.value


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        f" {GOOD} ",
        f"{GOOD[:3]} {GOOD[3:6]} {GOOD[6:9]} {GOOD[9:]}",
        f"{GOOD[:3]}\u00a0{GOOD[3:6]}\u202f{GOOD[6:9]}-{GOOD[9:]}",
        f"{GOOD[:9]}.{GOOD[9:]}",
        f"{GOOD}.0",
        f"'{GOOD}",
    ],
)
def test_the_ways_people_write_a_siret_are_read(written):
    assert read_identifier(written) == Identifier(GOOD[:9], GOOD)


def test_nine_digits_are_a_siren_whose_establishment_is_unknown():
    assert read_identifier(shown(siren_of(5))) == Identifier(siren_of(5), "")


def test_la_poste_has_a_key_of_its_own():
    branch = "35600000009075"  # its digits add up to a multiple of five; the ordinary key is wrong
    assert not luhn.is_valid(branch)
    assert sum(map(int, branch)) % 5 == 0
    assert read_identifier(branch).siret == branch
    assert refused("35600000009076").code == "wrong_key"


@pytest.mark.parametrize("spoilt", ["7.8E+13", "7,8E+13", "7.80001E+13", "7e13", " 1,2345678901E+13 "])
def test_a_number_spoilt_by_a_spreadsheet_is_refused_with_what_to_do(spoilt):
    refusal = refused(spoilt)
    assert refusal.code == "power_of_ten"
    assert "format « Texte »" in str(refusal)


@pytest.mark.parametrize("number", [int(siret_of(7)), 7.8e13, None, b"00000500000018"])
def test_what_is_not_text_is_refused(number):
    assert refused(number).code == "not_text"


def test_lost_zeros_are_explained_and_never_put_back_alone():
    lost = siret_of(10_000)  # 000 10 000…: three zeros lost
    refusal = refused(lost.lstrip("0"))
    assert refusal.code == "zeros_lost"
    assert shown(lost) in str(refusal)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("12A45678901234", "not_digits"),
        ("٣" * 14, "not_digits"),
        ("123", "wrong_length"),
    ],
)
def test_other_mistakes_are_named(written, code):
    assert refused(written).code == code


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_french(text):
    try:
        found = read_identifier(text)
    except IdentifierRefused as refusal:
        said = str(refusal)
    else:
        said = found.shown
        assert found.siren.isascii()
        assert found.siren.isdigit()
        assert found.siret.startswith(found.siren) or found.siret == ""
    assert said


@given(st.integers(1, 99_999), st.integers(1, 9999), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(number, establishment, place, shift):
    right = siret_of(number, establishment)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert refused(wrong).code == "wrong_key"
