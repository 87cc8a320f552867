"""What contracts like this one carried: counts of the territory and of comparable ones, kept as they were."""

import pytest

from dentelle.opendata.ground import load_ground
from dentelle.thread.clauses.similar import practices_of
from dentelle.thread.clauses.workbench import read_form
from dentelle.thread.territory import actions as territories
from tests.clauses.making import TODAY, saved, typed
from tests.factories import NOW
from tests.ground_fixtures import ground_directory
from tests.serving_frames import make_store, purchase

__all__ = ["ground_directory"]
pytestmark = pytest.mark.django_db

BREST = {"place_area": "commune:29019", "seat_area": "commune:29019"}
WORKS = {"cpv": "45262500", "cpv_division": "45", "amount_cents": 80_000_000}


@pytest.fixture
def data(settings, tmp_path, ground_directory):
    settings.DENTELLE_GROUND, settings.DENTELLE_DECP = ground_directory, tmp_path / "decp"

    def load(*rows):
        return make_store(tmp_path / "decp" / "serving.duckdb", *rows)

    return load


@pytest.fixture
def in_rennes(facilitator, settings, ground_directory):
    ground = load_ground(ground_directory)
    territories.save_territory(
        facilitator, name="Bassin rennais", specs=["epci:243500139"], reason="", ground=ground, at=NOW
    )


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def bounds(facilitator, **changes) -> list[str]:
    sheet = read_form(typed(cpv="45262500", **changes), facilitator, today=TODAY).sheet
    assert sheet is not None
    return [plain(text) for text in (*sheet["more"], *sheet["less"])]


def test_only_like_contracts_of_the_territory_are_counted_each_once(facilitator, data, in_rennes):
    data(
        purchase("yes", **WORKS, social_status="considered"),
        purchase("no", **WORKS, social_status="none"),
        purchase("silent", **WORKS),
        purchase("itself", **WORKS, social_status="considered"),
        purchase("smaller", **WORKS | {"amount_cents": 49_999_900}, social_status="considered"),
        purchase("larger", **WORKS | {"amount_cents": 200_000_100}, social_status="considered"),
        purchase("cleaning", **WORKS | {"cpv": "90910000"}, social_status="considered"),
        purchase("brest", **WORKS, **BREST, social_status="considered"),
    )
    read = read_form(typed(cpv="45262500", contract_key="itself"), facilitator, today=TODAY).read
    here, comparable = practices_of(facilitator, read.cleaned_data)
    assert (here.considered, here.stated, here.total) == (1, 2, 3)
    assert plain(here.scope).startswith("Bassin rennais, CPV 45, de 500 000 € à 2 000 000 €")
    assert comparable.scope.startswith("5 territoires comparables (")


def test_the_counts_stand_among_the_bounds_with_what_they_cover(facilitator, data, in_rennes):
    data(*(purchase(f"{n}", **WORKS, social_status="considered" if n < 4 else "none") for n in range(6)))
    said = next(text for text in bounds(facilitator) if text.startswith("Bassin rennais"))
    assert "6 contrats comparables, dont 6 disent s’il y avait une considération sociale" in said
    assert "4 en portaient une. 0 ne le dit pas." in said


def test_nothing_like_it_is_said_and_not_hidden(facilitator, data, in_rennes):
    data(purchase("cleaning"))
    assert any("aucun contrat comparable dans les données chargées" in text for text in bounds(facilitator))


def test_without_a_territory_the_whole_of_france_is_counted(facilitator, data):
    data(purchase("brest", **WORKS, **BREST, social_status="considered"))
    read = read_form(typed(cpv="45262500"), facilitator, today=TODAY).read
    (france,) = practices_of(facilitator, read.cleaned_data)
    assert (france.scope.partition(",")[0], france.total) == ("France", 1)


def test_without_data_or_without_cpv_nothing_is_compared(facilitator, data, in_rennes):
    for changes in ({"cpv": "45262500"}, {}):
        read = read_form(typed(**changes), facilitator, today=TODAY).read
        assert practices_of(facilitator, read.cleaned_data) == ()


@pytest.mark.parametrize("changes", [{"cpv": "4"}, {"cpv": "abc"}, {"cpv": "45", "amount": "9" * 15}])
def test_what_no_contract_could_match_breaks_nothing(facilitator, data, in_rennes, changes):
    data(purchase("yes", **WORKS))
    bench = read_form(typed(**changes), facilitator, today=TODAY)
    assert bench.sheet is not None or bench.form.errors


def test_a_kept_calibration_says_what_the_data_said_that_day(facilitator, data, in_rennes, client_of):
    data(purchase("yes", **WORKS, social_status="considered"))
    kept = saved(facilitator, cpv="45262500")
    data(*(purchase(f"{n}", **WORKS, social_status="none") for n in range(9)))
    page = plain(client_of(facilitator).get(f"/calibrages/{kept.pk}/").content.decode())
    assert "1 contrat comparable, dont 1 dit" in page
    assert "9 contrats comparables" not in page
