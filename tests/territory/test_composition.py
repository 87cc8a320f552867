"""From pasted lines to places: what is understood, what is refused and why."""

import pytest

from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.store import Ground
from dentelle.thread.territory.composition import MAX_LINES, compose, read_lines


def test_codes_names_sirens_and_spreadsheet_lines_are_understood(reference: Ground) -> None:
    text = "35238\n  Brest \n243500139\ndepartment:22\n35024;Betton;12 000\n\n29151\tMorlaix"
    specs, errors = read_lines(reference, text)
    assert errors == []
    assert specs == [
        "commune:35238",
        "commune:29019",
        "epci:243500139",
        "department:22",
        "commune:35024",
        "commune:29151",
    ]


def test_a_line_not_understood_is_told_with_its_number_and_the_others_kept(reference: Ground) -> None:
    specs, errors = read_lines(reference, "35238\nXyzzyville\nBrest")
    assert specs == ["commune:35238", "commune:29019"]
    assert [(error.line, error.text) for error in errors] == [(2, "Xyzzyville")]


def test_a_postal_code_is_never_taken_for_a_commune(reference: Ground) -> None:
    specs, errors = read_lines(reference, "35000")
    assert specs == []
    assert "Rennes (35238)" in errors[0].reason


def test_a_name_several_communes_share_asks_for_the_code(reference: Ground) -> None:
    _, errors = read_lines(reference, "Saint-Denis")
    assert "plusieurs portent ce nom" in errors[0].reason
    assert "(93066)" in errors[0].reason


def test_the_same_place_twice_counts_once(reference: Ground) -> None:
    specs, _ = read_lines(reference, "Rennes\n35238\ncommune:35238")
    assert specs == ["commune:35238"]


def test_an_endless_list_is_refused_before_being_read(reference: Ground) -> None:
    specs, errors = read_lines(reference, "35238\n" * (MAX_LINES + 1))
    assert specs == []
    assert str(MAX_LINES) in errors[0].reason


def test_a_union_counts_each_commune_once(reference: Ground) -> None:
    whole = compose(reference, ["epci:243500139", "commune:35238", "commune:29019"])
    assert whole.communes == reference.communes_of("epci", "243500139") | {"29019"}


def test_nothing_cannot_be_composed(reference: Ground) -> None:
    with pytest.raises(UnknownPlace):
        compose(reference, [])
