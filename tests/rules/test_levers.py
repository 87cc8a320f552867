"""Levers: all of them described, and the right ones first."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dentelle.rules.levers import Fit, LeverCode, LeverFacts, lever, levers, suggest_levers
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.rules.thresholds import ContractKind

FACTS = LeverFacts(on=date(2026, 11, 21), contract_kind=ContractKind.SERVICES, hours=800)


def fit_of(code: LeverCode, facts: LeverFacts) -> Fit:
    return next(item.fit for item in suggest_levers(facts) if item.lever.code is code)


def test_every_lever_is_described_and_judged() -> None:
    assert {item.code for item in levers()} == set(LeverCode)
    for item in levers():
        assert all([item.label, item.article, item.fits, item.asks, item.written_in, item.source])
    assert {item.lever.code for item in suggest_levers(FACTS)} == set(LeverCode)
    assert all(item.reasons for item in suggest_levers(FACTS))


def test_internship_levers_never_count_insertion_hours() -> None:
    for code in (LeverCode.TRAINING_CLAUSE, LeverCode.INTERNSHIP_CLAUSE):
        assert lever(code).counts is LeverCounts.INTERNSHIP_HOURS


def test_a_useful_volume_advises_the_condition_first() -> None:
    assert suggest_levers(FACTS)[0].lever.code is LeverCode.EXECUTION_CONDITION


def test_under_the_minimum_the_condition_gives_way_to_training() -> None:
    small = replace(FACTS, hours=91)
    assert fit_of(LeverCode.EXECUTION_CONDITION, small) is Fit.UNSUITABLE
    assert suggest_levers(small)[0].lever.code is LeverCode.TRAINING_CLAUSE


@pytest.mark.parametrize(
    ("structures", "has_lots", "expected"),
    [
        (31, None, Fit.ADVISED),
        (31, False, Fit.ADVISED),
        (30, None, Fit.ADVISED),
        (30, False, Fit.POSSIBLE),
        (11, True, Fit.ADVISED),
        (11, False, Fit.POSSIBLE),
        (10, True, Fit.POSSIBLE),
        (0, True, Fit.UNSUITABLE),
        (None, True, Fit.POSSIBLE),
    ],
)
def test_reservation_follows_the_number_of_structures(
    structures: int | None, has_lots: bool | None, expected: Fit
) -> None:
    assert fit_of(LeverCode.RESERVED_SIAE, replace(FACTS, structures=structures, has_lots=has_lots)) is expected


def test_a_contract_too_heavy_for_a_structure_is_not_wholly_reserved() -> None:
    heavy = replace(FACTS, structures=40, has_lots=False, dependency_share=Decimal("0.45"))
    assert fit_of(LeverCode.RESERVED_SIAE, heavy) is Fit.POSSIBLE


def test_reserved_services_of_the_social_economy_stop_at_three_years() -> None:
    social = replace(FACTS, social_services=True, duration_months=Decimal(36))
    assert fit_of(LeverCode.RESERVED_ESS, social) is Fit.ADVISED
    assert fit_of(LeverCode.RESERVED_ESS, replace(social, duration_months=Decimal(37))) is Fit.UNSUITABLE
    assert fit_of(LeverCode.RESERVED_ESS, replace(FACTS, social_services=False)) is Fit.UNSUITABLE


def test_works_are_not_made_in_prison_and_supplies_are_no_insertion_service() -> None:
    works = replace(FACTS, contract_kind=ContractKind.WORKS)
    assert fit_of(LeverCode.RESERVED_PRISON, works) is Fit.UNSUITABLE
    supplies = replace(FACTS, contract_kind=ContractKind.SUPPLIES)
    assert fit_of(LeverCode.INSERTION_SERVICE, supplies) is Fit.UNSUITABLE


def test_the_minimum_itself_is_enough() -> None:
    assert fit_of(LeverCode.EXECUTION_CONDITION, replace(FACTS, hours=150)) is Fit.ADVISED
    assert fit_of(LeverCode.EXECUTION_CONDITION, replace(FACTS, hours=149)) is Fit.UNSUITABLE


def test_a_small_supply_is_not_turned_to_internships() -> None:
    small = replace(FACTS, contract_kind=ContractKind.SUPPLIES, hours=0)
    assert fit_of(LeverCode.TRAINING_CLAUSE, small) is Fit.POSSIBLE
    assert fit_of(LeverCode.INTERNSHIP_CLAUSE, small) is Fit.POSSIBLE


def test_an_old_date_gets_the_practice_of_today() -> None:
    old = replace(FACTS, on=date(2012, 1, 1), structures=31)
    assert fit_of(LeverCode.RESERVED_SIAE, old) is Fit.ADVISED


def test_a_private_contract_has_one_lever() -> None:
    private = suggest_levers(replace(FACTS, private_buyer=True))
    assert private[0].lever.code is LeverCode.PRIVATE_CLAUSE
    assert {item.fit for item in private[1:]} == {Fit.UNSUITABLE}


def test_a_reserved_contract_recalls_the_half() -> None:
    reserved = next(item for item in suggest_levers(FACTS) if item.lever.code is LeverCode.RESERVED_SIAE)
    assert any("50\u00a0%" in text and "R2113-7" in text for text in reserved.cautions)
