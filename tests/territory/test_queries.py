"""The territory asked for, its areas, those it is compared with, and the figures of its page."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.places import GroundMissing, UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.marts.location import areas_of
from dentelle.thread.territory import actions, queries
from dentelle.thread.territory.comparable import comparable_territories
from dentelle.thread.territory.overview import territory_overview
from tests.factories import NOW

RENNES = "epci:243500139"


def test_the_period_starts_next_month_and_ends_after_whole_months() -> None:
    assert queries.window_of(date(2026, 11, 21)) == (date(2026, 12, 1), date(2028, 12, 1))
    assert queries.window_of(date(2026, 12, 31), months=1) == (date(2027, 1, 1), date(2027, 2, 1))


def test_without_ground_the_message_names_the_command(settings: Any, tmp_path: Path) -> None:
    settings.DENTELLE_GROUND = tmp_path / "nowhere"
    with pytest.raises(GroundMissing, match="dentelle ground build"):
        queries.ground()


def test_the_ground_is_loaded_once_and_again_when_its_file_changes(
    settings: Any, tmp_path: Path, ground_directory: Path
) -> None:
    copy = tmp_path / "cog.parquet"
    copy.write_bytes((ground_directory / "cog.parquet").read_bytes())
    settings.DENTELLE_GROUND = tmp_path
    first = queries.ground()
    assert queries.ground() is first
    os.utime(copy, ns=(1, 1))
    assert queries.ground() is not first


@pytest.mark.django_db
def test_nothing_asked_gives_the_structures_own_territory(
    facilitator: Membership, reference: Ground, with_ground: None
) -> None:
    assert queries.chosen_territory(facilitator) is None
    saved = actions.save_territory(
        facilitator, name="Bassin", specs=[RENNES, "commune:29019"], reason="", ground=reference, at=NOW
    )
    chosen = queries.chosen_territory(facilitator)
    assert chosen is not None
    assert (chosen.name, chosen.kind, len(chosen.communes), chosen.version) == ("Bassin", "list", 44, 1)
    assert queries.chosen_territory(facilitator, chosen.parameter) == chosen
    assert chosen.parameter == f"perso:{saved.pk}"


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["perso:1", "perso:x", "epci:000000000", "n’importe quoi"])
def test_an_unknown_territory_is_refused_in_words(facilitator: Membership, with_ground: None, asked: str) -> None:
    with pytest.raises(UnknownPlace):
        queries.chosen_territory(facilitator, asked)


@pytest.mark.django_db
def test_the_territory_of_another_structure_is_as_unknown_as_none(
    facilitator: Membership, outsider: Membership, reference: Ground, with_ground: None
) -> None:
    saved = actions.save_territory(facilitator, name="A", specs=[RENNES], reason="", ground=reference, at=NOW)
    with pytest.raises(UnknownPlace) as theirs:
        queries.chosen_territory(outsider, f"perso:{saved.pk}")
    with pytest.raises(UnknownPlace) as nobodys:
        queries.chosen_territory(outsider, "perso:999999")
    assert str(theirs.value).replace(str(saved.pk), "N") == str(nobodys.value).replace("999999", "N")


@pytest.mark.parametrize("spec", [RENNES, "commune:35238", "department:35", "epci:200054781", "list:35238,29019"])
def test_areas_are_those_the_marts_would_find(reference: Ground, spec: str) -> None:
    communes = territory_of(reference, spec).communes
    table = reference.communes_table().select(["commune_code", "epci_code", "department_code", "region_code"])
    postal = reference.postal_table().select(["postal_code", "commune_code"])
    expected = areas_of(
        communes,
        table.rename_columns(["code", "epci", "department", "region"]),
        postal.rename_columns(["postal_code", "commune"]),
    )
    assert queries.areas_of_communes(reference, communes) == set(expected["area"].to_pylist())


@pytest.mark.django_db
def test_comparable_territories_have_the_nearest_populations(
    facilitator: Membership, reference: Ground, with_ground: None
) -> None:
    chosen = queries.chosen_territory(facilitator, RENNES)
    assert chosen is not None
    compared = comparable_territories(reference, chosen)
    assert len(compared) == 5
    assert all(one.spec.startswith("epci:") and one.spec != RENNES for one in compared)
    assert all(0.75 < one.population / (chosen.population or 1) < 1.33 for one in compared)


def test_a_hand_picked_list_is_compared_with_intercommunalities(reference: Ground) -> None:
    place = territory_of(reference, "list:35238,29019")
    chosen = queries.Chosen("Deux villes", "list", place.code, place.communes, place.population, "2026", "perso:1")
    compared = comparable_territories(reference, chosen)
    assert len(compared) == 5
    assert {one.spec.split(":")[0] for one in compared} == {"epci"}


@pytest.mark.django_db
def test_the_figures_count_what_comes_back_here_and_nothing_else(
    facilitator: Membership, reference: Ground, with_ground: None, load_purchases: Callable[..., Path]
) -> None:
    elsewhere = {"place_area": "commune:29019", "seat_area": "commune:29019", "social_status": "considered"}
    load_purchases(
        [
            {"estimated_end": date(2027, 1, 15)},
            {"estimated_end": date(2027, 2, 15), "required": "to_check", "hours_status": "certain", "trade": "paint"},
            {"estimated_end": date(2028, 11, 30), "required": "no", "hours_central": None, "hours_excluded": "no_cpv"},
            {"estimated_end": date(2028, 12, 1)},  # after the period
            {"is_last_of_chain": False},  # already replaced
            {"place_area": "department:35", "seat_area": "epci:243500139", "social_status": "considered"},
            {"place_area": "department:35", "seat_area": None, "social_status": "none"},  # somewhere in the department
            elsewhere,
        ]
    )
    chosen = queries.chosen_territory(facilitator, RENNES)
    assert chosen is not None
    start, end = queries.window_of(date(2026, 11, 21))
    found = territory_overview(queries.store(), reference, chosen, start, end)
    assert found.required == {"yes": 2, "to_check": 1, "no": 1}
    assert [(q.quarter, q.yes, q.to_check, q.no) for q in found.quarters if q.yes + q.to_check + q.no] == [
        ("2027-T1", 2, 1, 0),
        ("2028-T4", 0, 0, 1),
    ]
    assert [q.quarter for q in found.quarters][0::8] == ["2026-T4", "2028-T4"]
    assert [(t.trade, t.contracts, t.central, t.uncertain) for t in found.trades] == [
        ("cleaning", 2, 1600, True),
        ("paint", 1, 800, False),
    ]
    assert found.hours == (1200, 2400, 3600)
    assert found.hours_excluded == {"no_cpv": 1}
    assert [row.required for row in found.mandatory] == ["yes", "yes"]
    assert found.known.contracts == 4
    own, national = found.clause[0].counts, found.clause[-1].counts
    assert (own.considered, own.none, own.not_stated) == (1, 0, 5)
    assert (national.considered, national.none, national.not_stated) == (2, 1, 5)


@pytest.mark.django_db
def test_a_new_data_set_is_read_at_once(
    facilitator: Membership, reference: Ground, with_ground: None, load_purchases: Callable[..., Path]
) -> None:
    chosen = queries.chosen_territory(facilitator, RENNES)
    assert chosen is not None
    start, end = queries.window_of(date(2026, 11, 21))
    load_purchases([{}])
    assert territory_overview(queries.store(), reference, chosen, start, end).coming_back == 1
    load_purchases([{}, {}])
    assert territory_overview(queries.store(), reference, chosen, start, end).coming_back == 2


@pytest.mark.django_db
def test_the_whole_country_counts_every_contract_and_shows_every_department(
    facilitator: Membership, reference: Ground, with_ground: None, load_purchases: Callable[..., Path]
) -> None:
    load_purchases(
        [{}, {"department_code": "29", "place_area": "commune:29019"}, {"department_code": None, "place_area": None}]
    )
    chosen = queries.chosen_territory(facilitator, "france")
    assert chosen is not None
    found = territory_overview(queries.store(), reference, chosen, *queries.window_of(date(2026, 11, 21)))
    assert found.coming_back == 3
    counted = dict(found.departments)
    assert (counted["35"], counted["29"], counted["22"]) == (1, 1, 0)
    assert len(counted) >= 101
    assert [row.role for row in found.clause] == ["asked"]
