"""What comes back, contract by contract: one hand-made country, computed once, read by many tests."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from dentelle.opendata.engines import Session, session, to_arrow
from dentelle.opendata.marts import schema, wording
from dentelle.opendata.marts.confidence import _tests
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.location import areas_of
from dentelle.opendata.marts.parameters import Window
from dentelle.opendata.marts.renewals import renewals
from dentelle.rules.confidence import confidence_criteria
from tests.opendata.marts.frames import (
    GRENOBLE,
    LILLE,
    LYON,
    METROPOLE,
    VILLEURBANNE,
    contract,
    contracts,
    foresight,
    ground_tables,
)

AS_OF = date(2026, 11, 21)
UNKNOWN_BUYER = {"buyer_siren": "399999999", "buyer_id": "39999999900013"}

COUNTRY = [
    contract("plain"),  # Lyon, ends 31 March 2027
    contract("large", "collecte dechets verre", amount_cents=300_000_00, cpv="90511000"),
    contract("near", "elagage platanes", amount_cents=230_000_00, cpv="77340000"),
    contract("unknown-near", "gardiennage musee", amount_cents=250_000_00, cpv="79713000", **UNKNOWN_BUYER),
    contract("unknown-large", "gardiennage stade", amount_cents=900_000_00, cpv="79713000", **UNKNOWN_BUYER),
    contract("unknown-small", "gardiennage square", amount_cents=10_000_00, cpv="79713000", **UNKNOWN_BUYER),
    contract("absurd", "transport scolaire", amount_cents=99_999_999_999_00, amount_flag="placeholder", cpv="60130000"),
    contract("later", "blanchisserie linge", amount_cents=900_000_00, cpv="98310000", notified_on=date(2024, 9, 1)),
    contract(
        "ceiling", "reparation voirie", amount_cents=900_000_00, amount_kind="ceiling", is_framework=True, cpv="50230000"
    ),
    contract("lot1", "menuiserie", uid="two-lots", amount_cents=150_000_00, cpv="79000000", lot_rank=1),
    contract("lot2", "peinture", uid="two-lots", amount_cents=150_000_00, cpv="79000000", lot_rank=2),
    contract("told", "serrurerie", uid="told-twice", amount_cents=150_000_00, cpv="44500000", lot_rank=1),
    contract("again", "serrurerie grilles", uid="told-twice", amount_cents=150_000_00, amount_flag="repeated", cpv="44500000", lot_rank=2),
    contract("sure", "cloisons", uid="in-doubt", amount_cents=10_000_00, cpv="44110000", lot_rank=1),
    contract("doubt", "cloisons amovibles", uid="in-doubt", amount_cents=900_000_00, amount_flag="in_doubt", cpv="44110000", lot_rank=2),
    contract("granted", "exploitation halle", kind="concession", cpv=None, amount_cents=90_000_000_00, duration_months=60),
    contract("granted-small", "exploitation camping", kind="concession", cpv=None, amount_cents=10_000_00, duration_months=60),
    contract("order", "espaces verts", framework_number="AC12", amount_cents=900_000_00, cpv="77310000"),
    contract("short-works", "ravalement", cpv="45443000", amount_cents=9_000_000_00, duration_months=4, notified_on=date(2027, 1, 1)),
    contract("imminent", "audit comptable", cpv="79212000", amount_cents=900_000_00, notified_on=date(2025, 1, 15), duration_months=23),
    contract("over", "imprimerie", cpv="79800000", amount_cents=900_000_00, notified_on=date(2020, 1, 1), duration_months=12),
    contract("no-end", "mystere", cpv=None, duration_months=None, notified_on=None, effective_on=None, effective_source="none"),
    contract("no-end-large", "mystere profond", amount_cents=9_000_000_00, duration_months=None, notified_on=None, effective_on=None, effective_source="none"),
    contract("no-cpv", "prestations diverses cirque", cpv=None, amount_cents=2_000_000_00),
    contract("old", "accueil telephonique standard", cpv="79512000", notified_on=date(2020, 3, 1)),
    contract("new", "accueil telephonique standard", cpv="79512000", notified_on=date(2024, 3, 1), social_status="none"),
    contract("month-end", "demenagement", cpv="98392000", notified_on=date(2024, 8, 31), duration_months=30),
    contract("in-villeurbanne", "chauffage", cpv="50720000", place_kind="postal", place_code="69100"),
    contract("in-both", "ascenseurs", cpv="50750000", place_kind="postal", place_code="69500"),
    contract("in-rhone", "signalisation", cpv="50232000", place_kind="department", place_code="69", buyer_siren="110014016", buyer_id="11001401600015"),
    contract("in-region", "formation", cpv="80500000", place_kind="region", place_code="84", buyer_siren="110014016", buyer_id="11001401600015"),
    contract("arrondissement", "piscine", cpv="92610000", place_kind="commune", place_code="69381"),
    contract("lost-zero", "navettes", cpv="60112000", place_kind="department", place_code="1", **UNKNOWN_BUYER),
    contract("by-seat", "logiciel", cpv="72000000", place_kind=None, place_code=None),
    contract("of-metropole", "dechets", cpv="90500000", place_kind="postal", place_code="00000", buyer_siren=METROPOLE, buyer_id="20004697700019"),
    contract("in-lille", "feux", cpv="34990000", place_code=LILLE),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared_session() -> Iterator[Session]:
    with session("duckdb") as opened:
        yield opened


def ask(engine: Session, communes: frozenset[str] | None = None, **options: Any) -> dict[str, dict[str, Any]]:
    tables = ground_tables()
    areas = None if communes is None else engine.arrow(areas_of(communes, tables["communes"], tables["postal_codes"]))
    found = renewals(
        engine.arrow(contracts(COUNTRY)),
        ground_frames(engine, tables),
        foresight(),
        as_of=AS_OF,
        areas=areas,
        **options,
    )
    return {row["contract_key"]: row for row in to_arrow(found.rows, schema.RENEWALS).to_pylist()}


@pytest.fixture(scope="module")
def rows(shared_session: Session) -> dict[str, dict[str, Any]]:
    return ask(shared_session)


@pytest.fixture(scope="module")
def in_lyon(shared_session: Session) -> dict[str, dict[str, Any]]:
    return ask(shared_session, frozenset({LYON}))


@pytest.fixture(scope="module")
def in_rhone(shared_session: Session) -> dict[str, dict[str, Any]]:
    return ask(shared_session, frozenset({LYON, VILLEURBANNE}))


@pytest.fixture(scope="module")
def next_year(shared_session: Session) -> dict[str, dict[str, Any]]:
    return ask(shared_session, window=Window.starting(2026, 12, 24))


def basis(row: dict[str, Any]) -> tuple[str, str]:
    return row["required"], row["obligation_basis"]


def test_without_window_every_contract_has_one_row(rows: dict[str, dict[str, Any]]) -> None:
    assert sorted(rows) == sorted(row["contract_key"] for row in COUNTRY)


def test_the_end_is_the_notification_plus_the_published_duration(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["plain"]
    assert (row["estimated_end"], row["estimated_end_month"]) == (date(2027, 3, 31), "2027-03")
    assert row["duration_source"] == "published"
    assert row["estimated_launch"] == date(2026, 9, 30)
    assert row["prepare_from"] == date(2026, 5, 31)


def test_an_end_falling_on_a_day_the_month_lacks_is_clamped(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["month-end"]["estimated_end"] == date(2027, 2, 28)


def test_a_contract_without_date_has_no_end_and_is_in_no_window(
    rows: dict[str, dict[str, Any]], next_year: dict[str, dict[str, Any]]
) -> None:
    assert rows["no-end"]["estimated_end"] is None
    assert basis(rows["no-end"]) == ("no", "below_threshold")
    assert basis(rows["no-end-large"]) == ("to_check", "launch_unknown")
    assert "no-end" not in next_year


def test_the_window_holds_the_months_asked_and_no_other(next_year: dict[str, dict[str, Any]]) -> None:
    assert {"2026-12" <= row["estimated_end_month"] <= "2028-11" for row in next_year.values()} == {True}
    assert "over" not in next_year
    assert "plain" in next_year


def test_a_contract_already_replaced_does_not_come_back_again(
    rows: dict[str, dict[str, Any]], next_year: dict[str, dict[str, Any]]
) -> None:
    assert rows["old"]["chain_next_key"] == "new"
    assert rows["old"]["is_last_of_chain"] is False
    assert rows["old"]["confidence"] == "low"
    assert rows["new"]["chain_previous_on"] == date(2020, 3, 1)
    assert "new" in next_year


def test_an_award_well_above_the_threshold_makes_the_condition_mandatory(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["large"]) == ("yes", "above_threshold")
    assert (rows["large"]["threshold_eur"], rows["large"]["threshold_status"]) == (216_000, "certain")


def test_an_award_well_below_the_threshold_does_not(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["plain"]) == ("no", "below_threshold")


def test_an_award_near_the_threshold_is_to_check(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["near"]) == ("to_check", "near_threshold")


def test_an_unknown_buyer_is_to_check_unless_every_kind_agrees(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["unknown-near"]["buyer_kind"] == "unknown"
    assert basis(rows["unknown-near"]) == ("to_check", "buyer_kind_unknown")
    assert rows["unknown-near"]["threshold_eur"] is None
    assert basis(rows["unknown-large"]) == ("yes", "above_threshold")
    assert basis(rows["unknown-small"]) == ("no", "below_threshold")


def test_an_unusable_amount_is_to_check(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["absurd"]) == ("to_check", "amount_unusable")


def test_a_launch_after_2027_rests_on_a_projected_threshold(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["later"]["estimated_launch"] == date(2028, 3, 1)
    assert (rows["later"]["required"], rows["later"]["threshold_status"]) == ("yes", "to_confirm")


def test_a_framework_ceiling_is_told_apart_from_a_price(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["ceiling"]) == ("yes", "above_threshold_ceiling")
    assert rows["ceiling"]["summable"] is False


def test_the_lots_of_one_procedure_are_compared_together(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["lot1"]["need_amount_cents"], rows["lot1"]["need_lots"]) == (300_000_00, 2)
    assert basis(rows["lot1"]) == ("yes", "above_threshold")


def test_a_concession_without_cpv_comes_back_and_its_obligation_is_judged(rows: dict[str, dict[str, Any]]) -> None:
    granted = rows["granted"]
    assert (granted["contract_kind"], granted["cpv"], granted["estimated_end"]) == (
        "concession",
        None,
        date(2028, 3, 31),
    )
    assert basis(granted) == ("yes", "above_threshold")
    assert basis(rows["granted-small"]) == ("no", "below_threshold")


def test_an_amount_told_twice_is_compared_once_and_one_in_doubt_decides_nothing(
    rows: dict[str, dict[str, Any]],
) -> None:
    for key in ("told", "again"):
        assert (rows[key]["need_amount_cents"], rows[key]["need_lots"]) == (150_000_00, 1)
    for key in ("sure", "doubt"):
        assert rows[key]["need_amount_cents"] is None
        assert basis(rows[key]) == ("to_check", "amount_unusable")


def test_an_order_under_a_framework_is_to_read_on_the_framework(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["order"]) == ("to_check", "subsequent")


def test_short_works_stay_bound_until_the_buyer_invokes_the_derogation(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["short-works"]) == ("yes", "short_works")


def test_a_consultation_expected_before_the_obligation_may_already_be_out(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["imminent"]["estimated_end"] == date(2026, 12, 15)
    assert basis(rows["imminent"]) == ("to_check", "launch_uncertain")


def test_a_consultation_expected_long_ago_is_judged_today_with_a_doubt(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["over"]) == ("to_check", "launch_uncertain")


def test_a_contract_without_cpv_has_several_thresholds(rows: dict[str, dict[str, Any]]) -> None:
    assert basis(rows["no-cpv"]) == ("to_check", "contract_kind_unknown")


def test_a_department_place_does_not_leak_into_a_commune(
    rows: dict[str, dict[str, Any]], in_lyon: dict[str, dict[str, Any]], in_rhone: dict[str, dict[str, Any]]
) -> None:
    assert (rows["in-rhone"]["place_area"], rows["in-rhone"]["place_precision"]) == ("department:69", "department")
    assert "in-rhone" not in in_lyon
    assert in_rhone["in-rhone"]["belongs_by"] == "place"


def test_a_region_place_is_not_in_one_of_its_departments(in_rhone: dict[str, dict[str, Any]]) -> None:
    assert "in-region" not in in_rhone


def test_a_postal_code_of_one_commune_names_it(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["in-villeurbanne"]["commune_code"], rows["in-villeurbanne"]["place_precision"]) == (
        VILLEURBANNE,
        "postal",
    )


def test_a_shared_postal_code_belongs_to_each_commune_and_names_none(
    rows: dict[str, dict[str, Any]], in_lyon: dict[str, dict[str, Any]]
) -> None:
    assert rows["in-both"]["commune_code"] is None
    assert in_lyon["in-both"]["belongs_by"] == "place"


def test_a_municipal_arrondissement_is_its_commune(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["arrondissement"]["commune_code"] == LYON


def test_a_department_the_ground_does_not_know_stays_unknown(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["lost-zero"]["place_precision"] == "unknown"


def test_a_contract_without_place_belongs_by_its_buyers_seat(in_lyon: dict[str, dict[str, Any]]) -> None:
    assert in_lyon["by-seat"]["belongs_by"] == "seat"
    assert (in_lyon["in-lille"]["belongs_by"], in_lyon["in-lille"]["department_code"]) == ("seat", "59")


def test_an_epci_buyer_belongs_where_all_its_communes_are(
    in_lyon: dict[str, dict[str, Any]], in_rhone: dict[str, dict[str, Any]]
) -> None:
    assert "of-metropole" not in in_lyon
    assert in_rhone["of-metropole"]["belongs_by"] == "seat"


def test_a_buyer_without_published_name_takes_the_geographic_codes(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["plain"]["buyer_name"], rows["plain"]["buyer_name_source"]) == ("Lyon", "cog")
    assert (rows["plain"]["buyer_kind"], rows["plain"]["buyer_kind_basis"]) == ("local", "geographic_code")
    assert rows["unknown-near"]["buyer_name_source"] == "unknown"


def test_not_stated_is_not_none(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["old"]["social_status"] == "not_stated"
    assert rows["new"]["social_status"] == "none"


def test_works_built_once_are_of_low_confidence_and_chained_services_of_high(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["short-works"]["confidence"] == "low"
    assert rows["new"]["confidence"] == "high"
    assert rows["new"]["confidence_reasons"] == "notified|recurring_kind|rhythm"
    assert rows["plain"]["confidence"] == "medium"


def test_every_criterion_of_confidence_is_read_and_explained() -> None:
    criteria = confidence_criteria()
    assert set(_tests(criteria)) == set(criteria.labels) == set(wording.CONFIDENCE_REASONS)
    assert all(criterion.why for criterion in (*criteria.doubts, *criteria.signs))


def test_every_code_has_its_french_words(rows: dict[str, dict[str, Any]]) -> None:
    for row in rows.values():
        assert row["obligation_basis"] in wording.OBLIGATION_BASIS
        assert row["chain_status"] in wording.CHAIN_STATUS
        assert row["buyer_kind_basis"] in wording.BUYER_KIND_BASIS
        assert set(filter(None, row["confidence_reasons"].split("|"))) <= set(wording.CONFIDENCE_REASONS)


def test_the_territory_of_the_whole_country_takes_national_places(shared_session: Session) -> None:
    tables = ground_tables()
    everywhere = frozenset({LYON, VILLEURBANNE, GRENOBLE, LILLE})
    areas = areas_of(everywhere, tables["communes"], tables["postal_codes"])["area"].to_pylist()
    assert "country:FR" in areas
    assert "region:84" in areas
    one = areas_of(frozenset({GRENOBLE}), tables["communes"], tables["postal_codes"])
    assert one.equals(pa.table({"area": sorted(["commune:38185", "department:38", "epci:200040715", "postal:38000"])}))
