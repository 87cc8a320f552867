"""Dated parameters: what they answer, what they refuse, and that nothing is lost on the way to a file."""

import dataclasses
import json
from datetime import date
from decimal import Decimal

import pytest

from dentelle.rules.dated import (
    Override,
    OverrideRefused,
    ParameterEnded,
    Parameters,
    ParameterUnknown,
    ParameterUnknownAt,
    Status,
    all_parameters,
    digest,
    parameter,
    parameter_from_json,
    parameter_to_json,
)
from dentelle.rules.parameter_files import ParameterFileError, check_parameter, parse_yaml

TODAY = date(2026, 11, 21)
COST = "clause.hourly_cost"


def test_a_value_comes_with_its_source_and_its_date() -> None:
    value = parameter(COST).at(TODAY)
    assert (value.value, value.unit, value.status) == (30, "euro_per_hour", Status.LOCAL_PRACTICE)
    assert "mefsud77" in value.reference.title
    assert (value.low_number, value.high_number) == (25, 30)


def test_the_value_of_the_day_is_taken_not_the_last_one() -> None:
    works = parameter("obligation.eu_threshold.works")
    assert works.at(date(2023, 12, 31)).value == 5_382_000
    assert works.at(date(2024, 1, 1)).value == 5_538_000


def test_a_date_before_the_first_value_is_an_error() -> None:
    with pytest.raises(ParameterUnknownAt, match=r"la première est du 1er.janvier 2020"):
        parameter("obligation.eu_threshold.works").at(date(2019, 12, 31))


def test_an_ended_value_is_an_error_and_its_projection_says_so() -> None:
    works = parameter("obligation.eu_threshold.works")
    with pytest.raises(ParameterEnded):
        works.at(date(2028, 1, 1))
    projection = works.projected_at(date(2028, 1, 1))
    assert (projection.value, projection.projected, projection.status) == (5_404_000, True, Status.TO_CONFIRM)
    assert not works.projected_at(date(2027, 12, 31)).projected


@pytest.mark.parametrize("path", ["clause.nothing", "clause", "../dated", "clause..hourly_cost", "/etc/passwd", ""])
def test_an_unknown_path_is_an_error(path: str) -> None:
    with pytest.raises(ParameterUnknown):
        parameter(path)


def test_no_number_is_a_float() -> None:
    for known in all_parameters():
        for value in known.known_values():
            for number in (value.value, value.low, value.high):
                assert not isinstance(number, float), value.path
    assert parameter("clause.effort_rate").at(TODAY).value == Decimal("0.05")


def test_an_override_replaces_the_value_and_shows_its_author() -> None:
    own = Override(COST, Decimal("38.5"), "Camille Roy", "convention collective du territoire")
    value = Parameters(TODAY, [own]).get(COST)
    assert (value.value, value.low, value.override) == (Decimal("38.5"), None, own)


@pytest.mark.parametrize(
    "own",
    [
        Override("obligation.eu_threshold.works", 1, "A", "B"),
        Override(COST, 0, "A", "B"),
        Override(COST, Decimal("NaN"), "A", "B"),
        Override(COST, Decimal("Infinity"), "A", "B"),
        Override(COST, "cher", "A", "B"),
        Override(COST, True, "A", "B"),
        Override(COST, 38, " ", "B"),
        Override(COST, 38, "A", ""),
        Override("clause.effort_rate", Decimal("1.4"), "A", "B"),
        Override("obligation.social_condition_in_force_on", 2027, "A", "B"),
    ],
)
def test_a_bad_override_is_refused(own: Override) -> None:
    with pytest.raises(OverrideRefused):
        Parameters(TODAY, [own]).get(own.path)


def test_two_overrides_of_one_parameter_are_refused() -> None:
    own = Override(COST, 38, "A", "B")
    with pytest.raises(OverrideRefused, match="deux fois"):
        Parameters(TODAY, [own, own])


def test_an_override_of_nothing_is_refused() -> None:
    with pytest.raises(ParameterUnknown):
        Parameters(TODAY, [Override("clause.nothing", 1, "A", "B")])


def test_every_value_survives_a_round_trip_through_json() -> None:
    own = Override(COST, Decimal("38.50"), "Camille Roy", "usage local")
    values = [value for known in all_parameters() for value in known.known_values()]
    values.append(Parameters(TODAY, [own]).get(COST))
    for value in values:
        assert parameter_from_json(json.loads(json.dumps(parameter_to_json(value)))) == value


def test_the_digest_ignores_order_and_sees_every_change() -> None:
    values = [parameter(COST).at(TODAY), parameter("clause.effort_rate").at(TODAY)]
    assert digest(values) == digest(reversed(values))
    changed = [dataclasses.replace(values[0], value=31), values[1]]
    assert digest(values) != digest(changed)


GOOD = """
label: Essai
unit: hour
status: certain
last_checked: 2026-11-21
values:
  2020-01-01: {value: 1.5, reference: {title: Source}}
  2021-01-01: null
"""


def test_a_well_written_file_passes() -> None:
    check_parameter(parse_yaml(GOOD, "essai.yaml"), "essai.yaml")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("unit: hour", "", "« unit » manque"),
        ("certain", "sûr", "statut « sûr » inconnu"),
        ("{title: Source}", "{title: ''}", "pas de référence"),
        ("2021-01-01", "2019-01-01", "ordre des dates"),
        ("2021-01-01", "2020-01-01", "écrite deux fois"),
        ("1.5", ".nan", "infini ou invalide"),
        ("last_checked: 2026-11-21", "last_checked: hier", "last_checked"),
        ("label: Essai", "label: Essai\nlabl: Faute", "champ inconnu « labl »"),
        ("2020-01-01:", "deux-mille-vingt:", "doit être une date"),
        ("value: 1.5", "valeur: 1.5", "« value » manque"),
    ],
)
def test_a_badly_written_file_says_where(before: str, after: str, message: str) -> None:
    with pytest.raises(ParameterFileError, match=message) as refusal:
        check_parameter(parse_yaml(GOOD.replace(before, after, 1), "essai.yaml"), "essai.yaml")
    assert "essai.yaml" in str(refusal.value)
