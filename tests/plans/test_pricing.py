"""A line of a plan gets the answers of a calibration, or says what is missing: nothing unknown is replaced."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules.calibration import CalibrationRequest, calibrate
from dentelle.rules.launch import months_before
from dentelle.rules.levers import suggest_levers
from dentelle.rules.obligation import BuyerKind, ContractKind, social_obligation
from dentelle.rules.trade_words import trade_of_words
from dentelle.rules.trades import trade
from dentelle.thread.plans.pricing import (
    LineFacts,
    _lever_facts,
    price,
    recommended,
    suggestions_of,
    total_of,
)

TODAY = date(2026, 11, 22)
GREEN = LineFacts(
    subject="Entretien des espaces verts",
    plan_year=2027,
    kind="services",
    cpv="77310000",
    amount_cents=48_000_000,
    duration_months=48,
    launched_on=date(2027, 3, 1),
    buyer_kind=BuyerKind.LOCAL,
)


def test_a_complete_line_has_everything():
    found = price(GREEN, today=TODAY)
    assert (found.required, found.trade.code, found.trade.basis) == ("yes", "green_space_maintenance", "cpv")
    assert found.hours is not None
    assert found.hours.low < found.hours.central < found.hours.high
    assert (found.judged_on, found.lever) == (date(2027, 3, 1), "EXECUTION_CONDITION")
    assert found.prepare_from == date(2026, 11, 1)


@given(st.integers(10_000, 10**12), st.sampled_from(["cleaning", "roads", "security", "interior_painting"]))
def test_hours_are_those_of_a_calibration_of_the_same_purchase(cents, code):
    found = price(replace(GREEN, cpv="", chosen_trade=code, amount_cents=cents), today=TODAY)
    request = CalibrationRequest(amount=Decimal(cents) / 100, trade=code)
    calibration = calibrate(request, found.judged_on)
    assert found.hours is not None
    assert (found.hours.low, found.hours.central, found.hours.high) == (
        calibration.low_hours,
        calibration.hours,
        calibration.high_hours,
    )


@given(
    st.one_of(st.none(), st.integers(100, 10**10)),
    st.sampled_from(["", "works", "services", "supplies", "concession"]),
    st.one_of(st.none(), st.integers(1, 120)),
    st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2029, 12, 31))),
    st.sampled_from([None, *BuyerKind]),
    st.booleans(),
)
def test_the_quick_answers_are_the_explained_ones(cents, kind, months, launch, buyer, is_lot):
    facts = replace(
        GREEN, cpv="", kind=kind, amount_cents=cents, duration_months=months, launched_on=launch, buyer_kind=buyer,
        is_lot=is_lot, chosen_trade="cleaning",
    )  # fmt: skip
    found = price(facts, today=TODAY)
    explained = social_obligation(
        launched_on=found.judged_on,
        amount=None if cents is None else Decimal(cents) / 100,
        buyer_kind=buyer,
        contract_kind=found.contract_kind,
        duration_months=months,
        expected_launch=None,
    ).required
    if launch is not None and launch > TODAY:
        assert found.required == {True: "yes", False: "no", None: "to_check"}[explained]
    direct = suggest_levers(
        _lever_facts(
            facts, found.contract_kind, found.trade, found.hours.central if found.hours else None, found.judged_on
        )
    )
    assert found.lever == recommended(direct)
    assert direct == suggestions_of(facts, found.contract_kind, found.trade, found.hours, found.judged_on)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount_cents": None}, "no_amount"),
        ({"amount_cents": None, "annual_cents": 100, "duration_months": None}, "annual_only"),
        ({"cpv": "", "subject": "Prestations diverses"}, "no_trade"),
        ({"cpv": "", "subject": "Peinture et carrelage"}, "several_trades"),
        ({"cpv": "", "kind": "", "subject": "Acquisition de véhicules"}, "supply"),
        ({"cpv": "34100000"}, "no_share"),
    ],
)
def test_a_line_without_hours_says_why(changes, why):
    found = price(replace(GREEN, **changes), today=TODAY)
    assert (found.hours, found.no_hours) == (None, why)


def test_an_unknown_amount_leaves_the_obligation_to_check():
    assert price(replace(GREEN, amount_cents=None), today=TODAY).required == "to_check"


def test_a_year_amount_counts_for_the_whole_duration():
    assert total_of(replace(GREEN, amount_cents=None, annual_cents=12_000_000, duration_months=48)) == 48_000_000
    assert total_of(replace(GREEN, amount_cents=None, annual_cents=100, duration_months=7)) == 58


def test_a_start_gives_the_launch_some_months_before():
    found = price(replace(GREEN, launched_on=None, starts_on=date(2027, 12, 15)), today=TODAY)
    assert (found.expected, found.prepare_from) == (date(2027, 6, 15), date(2027, 2, 15))


def test_a_line_without_date_is_judged_at_the_earliest_and_has_no_month():
    found = price(replace(GREEN, launched_on=None), today=TODAY)
    assert (found.expected, found.prepare_from, found.judged_on) == (None, None, date(2027, 1, 1))
    assert found.required == "yes"


def test_a_launch_that_has_gone_by_before_the_law_is_to_check():
    past = replace(GREEN, plan_year=2026, launched_on=date(2026, 5, 1))
    found = price(past, today=TODAY)
    assert (found.judged_on, found.required) == (TODAY, "to_check")
    undated = price(replace(GREEN, plan_year=2026, launched_on=None), today=TODAY)
    assert undated.required == "to_check"


def test_lots_of_one_reference_are_compared_together():
    alone = replace(GREEN, amount_cents=15_000_000)
    assert price(alone, today=TODAY).required == "no"
    together = replace(alone, need_cents=30_000_000, is_lot=True)
    assert price(together, today=TODAY).required == "yes"
    assert price(replace(alone, lots_unpriced=True, is_lot=True), today=TODAY).required == "to_check"


def test_supplies_and_services_share_a_threshold():
    assert price(replace(GREEN, kind="supplies_services"), today=TODAY).contract_kind is ContractKind.SERVICES


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Maîtrise d’œuvre pour la réhabilitation de l’école", "intellectual_services"),
        ("Réhabilitation de l’école", "building_all_trades"),
        ("Rénovation de la TOITURE", "roofing_waterproofing"),
        ("Fourniture et pose de fenêtres", "exterior_joinery"),
        ("Fourniture de peinture", None),
        ("Nettoyage des vitres", "cleaning"),
        ("Collecte des ordures ménagères", "waste_collection"),
        ("Peintures et sols souples", None),
        ("", None),
    ],
)
def test_words_point_to_a_trade_or_to_none(words, expected):
    found = trade_of_words(words)
    assert found.trade == expected
    assert all(trade(code) for code in found.candidates)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_back_keep_the_day_or_the_end_of_the_month(day, months):
    back = months_before(day, months)
    assert (day.year - back.year) * 12 + day.month - back.month == months
    assert back.day == day.day or (back.day < day.day and months_before(back, 0).month == back.month)
