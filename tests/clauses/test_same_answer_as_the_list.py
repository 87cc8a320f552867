"""« Is a social condition mandatory » has one answer: the list's and that of a calibration started from the list."""

from datetime import date
from typing import Any

import pytest

from dentelle.opendata.engines import session, to_arrow
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.renewals import renewals
from dentelle.opendata.marts.rules_tables import foresight
from dentelle.thread.clauses.engine import ComputationRefused, Computed, compute
from dentelle.thread.clauses.forms import CalibrationForm
from dentelle.thread.clauses.prefill import initial_of
from dentelle.thread.purchases.queries import KnownContract
from tests.opendata.marts.frames import contract, contracts, ground_tables

AS_OF = date(2026, 11, 21)
BEFORE = date(2026, 1, 15)  # the consultations of contracts ending in the autumn of 2026 come before the obligation
UNKNOWN_BUYER = {"buyer_siren": "399999999", "buyer_id": "39999999900013"}
SPRING = date(2027, 4, 1)  # five months later the works end, and their consultation is launched after the obligation
LATE = {"notified_on": date(2024, 9, 1)}  # ends in September 2028: launched on the projected thresholds

# key: what is published, the answer expected of both
EXPECTED: dict[str, tuple[dict[str, Any], str]] = {
    "far-above": ({"amount_cents": 300_000_00}, "yes"),
    "far-below": ({"amount_cents": 100_000_00}, "no"),
    "just-above": ({"amount_cents": 230_000_00}, "to_check"),
    "just-below": ({"amount_cents": 200_000_00}, "to_check"),
    "on-the-upper-edge": ({"amount_cents": 259_200_00}, "yes"),
    "under-the-upper-edge": ({"amount_cents": 259_199_99}, "to_check"),
    "on-the-lower-edge": ({"amount_cents": 172_800_00}, "to_check"),
    "under-the-lower-edge": ({"amount_cents": 172_799_99}, "no"),
    "lot-1": ({"uid": "three-lots", "amount_cents": 150_000_00, "lot_rank": 1}, "yes"),
    "lot-2": ({"uid": "three-lots", "amount_cents": 125_000_00, "lot_rank": 2}, "yes"),
    "lot-3": ({"uid": "three-lots", "amount_cents": 100_000_00, "lot_rank": 3}, "yes"),
    "near-lot-1": ({"uid": "near-lots", "amount_cents": 110_000_00, "lot_rank": 1}, "to_check"),
    "near-lot-2": ({"uid": "near-lots", "amount_cents": 110_000_00, "lot_rank": 2}, "to_check"),
    "priced-lot": ({"uid": "odd-lots", "amount_cents": 50_000_00, "lot_rank": 1}, "to_check"),
    "unpriced-lot": (
        {"uid": "odd-lots", "amount_cents": 99_999_999_999_00, "amount_flag": "placeholder", "lot_rank": 2},
        "to_check",
    ),
    "high-ceiling": ({"amount_cents": 900_000_00, "amount_kind": "ceiling", "is_framework": True}, "yes"),
    "near-ceiling": ({"amount_cents": 230_000_00, "amount_kind": "ceiling", "is_framework": True}, "to_check"),
    "low-ceiling": ({"amount_cents": 90_000_00, "amount_kind": "ceiling", "is_framework": True}, "no"),
    "framework-price": ({"amount_cents": 900_000_00, "is_framework": True}, "yes"),
    "order": ({"amount_cents": 50_000_00, "framework_number": "AC12"}, "to_check"),
    "unknown-buyer-small": ({"amount_cents": 100_000_00, **UNKNOWN_BUYER}, "no"),
    "unknown-buyer-between": ({"amount_cents": 250_000_00, **UNKNOWN_BUYER}, "to_check"),
    "unknown-buyer-near-the-highest": ({"amount_cents": 450_000_00, **UNKNOWN_BUYER}, "to_check"),
    "unknown-buyer-large": ({"amount_cents": 900_000_00, **UNKNOWN_BUYER}, "yes"),
    "works": ({"amount_cents": 9_000_000_00, "cpv": "45443000"}, "yes"),
    "works-near": ({"amount_cents": 5_000_000_00, "cpv": "45443000"}, "to_check"),
    "concession": ({"amount_cents": 1_000_000_00, "kind": "concession"}, "no"),
    "short-works": (
        {"amount_cents": 9_000_000_00, "cpv": "45443000", "duration_months": 5, "notified_on": SPRING},
        "yes",
    ),
    "works-of-six-months": (
        {"amount_cents": 9_000_000_00, "cpv": "45443000", "duration_months": 6, "notified_on": SPRING},
        "yes",
    ),
    "launch-gone-by": ({"amount_cents": 900_000_00, "notified_on": date(2022, 12, 15)}, "to_check"),
    "launch-gone-by-below": ({"amount_cents": 50_000_00, "notified_on": date(2022, 12, 15)}, "no"),
    "launch-gone-by-since-the-obligation": ({"amount_cents": 900_000_00, "notified_on": date(2023, 3, 10)}, "yes"),
    "ended-long-ago": ({"amount_cents": 900_000_00, "notified_on": date(2016, 3, 10)}, "to_check"),
    "no-end": ({"amount_cents": 900_000_00, "notified_on": None, "effective_on": None}, "to_check"),
    "no-end-below": ({"amount_cents": 50_000_00, "notified_on": None, "effective_on": None}, "no"),
    "after-2027": ({"amount_cents": 300_000_00, **LATE}, "yes"),
    "after-2027-near": ({"amount_cents": 230_000_00, **LATE}, "to_check"),
}


def judged(published: dict[str, dict[str, Any]], as_of: date) -> dict[str, dict[str, Any]]:
    """The rows of the list, by key, with the rules' own parameters."""
    facts = contracts(contract(key, f"nettoyage {key}", **changes) for key, changes in published.items())
    with session("duckdb") as engine:
        found = renewals(
            engine.arrow(facts), ground_frames(engine, ground_tables()), foresight(), as_of=as_of, keep_replaced=True
        )
        return {row["contract_key"]: row for row in to_arrow(found.rows, schema.RENEWALS).to_pylist()}


def calibrated(row: dict[str, Any], today: date, **typed: str) -> Computed:
    """The calibration as the form opens it on a row; what the data do not say is typed."""
    known = {name: row[name] for name in KnownContract.__dataclass_fields__}
    if row["amount_flag"] != "ok":
        known["amount_cents"] = None
    initial = {"title": "Calibrage", **initial_of(KnownContract(**known), today=today), **typed}
    form = CalibrationForm({name: value for name, value in initial.items() if value})
    assert form.is_valid(), form.errors.as_json()
    return compute(form.cleaned_data, author="Camille Roy")


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    return judged({key: facts for key, (facts, _) in EXPECTED.items()}, AS_OF)


@pytest.mark.parametrize("key", [key for key in EXPECTED if key != "unpriced-lot"])
def test_the_list_and_the_calibration_answer_alike(rows, key):
    expected = EXPECTED[key][1]
    assert (rows[key]["required"], calibrated(rows[key], AS_OF).sheet["obligation"]["code"]) == (expected, expected)


def test_before_the_obligation_both_say_no():
    ends_in_autumn = {"amount_cents": 900_000_00, "notified_on": date(2022, 9, 15)}
    (row,) = judged({"early": ends_in_autumn}, BEFORE).values()
    assert row["estimated_launch"] == date(2026, 3, 15)
    assert (row["required"], calibrated(row, BEFORE).sheet["obligation"]["code"]) == ("no", "no")


def test_a_consultation_said_still_to_be_launched_is_judged_without_doubt(rows):
    row = rows["launch-gone-by"]
    doubt = calibrated(row, AS_OF).sheet["obligation"]
    assert doubt["code"] == "to_check"
    assert any("peut-être déjà lancée" in text or "si elle est déjà lancée" in text for text in doubt["because"])
    assert calibrated(row, AS_OF, not_yet_launched="on").sheet["obligation"]["code"] == "yes"
    assert calibrated(row, AS_OF, launched_on="2027-01-15").sheet["obligation"]["code"] == "yes"
    assert calibrated(row, AS_OF, launched_on="2026-06-15").sheet["obligation"]["code"] == "no"


def test_the_form_asks_only_when_the_answer_may_change(rows):
    def asks(key):
        known = {name: rows[key][name] for name in KnownContract.__dataclass_fields__}
        return CalibrationForm(initial=initial_of(KnownContract(**known), today=AS_OF)).asks_whether_launched

    assert [asks(key) for key in ("launch-gone-by", "no-end", "far-above", "launch-gone-by-since-the-obligation")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_short_works_are_told_of_the_derogation_on_both_sides(rows):
    assert rows["short-works"]["obligation_basis"] == "short_works"
    assert rows["works-of-six-months"]["obligation_basis"] == "above_threshold"
    texts = [
        " ".join(calibrated(rows[key], AS_OF).sheet["obligation"]["because"])
        for key in ("short-works", "works-of-six-months")
    ]
    assert ["la dérogation" in text for text in texts] == [True, False]


def test_the_hours_stay_those_of_the_lot(rows):
    alone = {**rows["lot-1"], "need_amount_cents": rows["lot-1"]["amount_cents"], "need_lots": 1}
    together, single = calibrated(rows["lot-1"], AS_OF), calibrated(alone, AS_OF)
    assert together.hours == single.hours
    assert ("Ensemble des lots, comparé au seuil", "375\u202f000\u00a0€\u00a0HT") in together.sheet["facts"]


def test_an_estimate_of_the_lots_together_has_no_margin(rows):
    row = rows["near-lot-1"]
    assert calibrated(row, AS_OF, need_amount="221 000").sheet["obligation"]["code"] == "yes"
    assert calibrated(row, AS_OF, need_amount="210 000").sheet["obligation"]["code"] == "no"


def test_an_unpriced_lot_is_a_doubt_until_the_total_is_written(rows):
    row = rows["priced-lot"]
    assert calibrated(row, AS_OF, amount="60 000").sheet["obligation"]["code"] == "to_check"
    assert calibrated(row, AS_OF, need_amount="120 000").sheet["obligation"]["code"] == "no"
    assert calibrated(rows["unpriced-lot"], AS_OF, amount="60 000").sheet["obligation"]["code"] == "to_check"


def test_lots_smaller_than_the_contract_are_refused_on_their_field(rows):
    with pytest.raises(ComputationRefused, match="ne peut pas être inférieur") as refused:
        calibrated(rows["lot-1"], AS_OF, amount="400 000")
    assert refused.value.field == "need_amount"


def test_lots_typed_one_by_one_are_an_estimate_unless_they_only_split_what_was_published(rows):
    typed = {"method": "lots", "lots-0-amount": "120 000", "lots-1-amount": "110 000"}
    sheet = calibrated(rows["just-above"], AS_OF, **typed)
    assert sheet.sheet["obligation"]["code"] == "to_check"  # 230 000 is still the amount published
    typed["lots-1-amount"] = "100 000"
    assert calibrated(rows["just-above"], AS_OF, **typed).sheet["obligation"]["code"] == "yes"
