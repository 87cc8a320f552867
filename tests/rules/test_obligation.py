"""The obligation of a social condition: cases in French, and what no case can say."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules.dated import Override, OverrideRefused, Status
from dentelle.rules.obligation import (
    AmountOrigin,
    Exemption,
    ExemptionCode,
    Obligation,
    ObligationRefused,
    WholeUnknown,
    social_obligation,
)
from dentelle.rules.thresholds import BuyerKind, ContractKind, social_condition_in_force_on, threshold_table
from dentelle.rules.wording import sentence
from tests.rules.cases import cases

CASES = cases("obligation.yaml")


def answer(facts: dict[str, Any]) -> Obligation:
    return social_obligation(
        launched_on=facts["launched"],
        amount=facts.get("amount"),
        buyer_kind=BuyerKind(facts["buyer"]) if "buyer" in facts else None,
        contract_kind=ContractKind(facts["contract"]) if "contract" in facts else None,
        duration_months=facts.get("duration"),
        exemption=Exemption(ExemptionCode(facts["exemption"]), facts["reason"]) if "exemption" in facts else None,
        annual_purchases=facts.get("annual"),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["nom"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    if "refus" in case:
        with pytest.raises(ObligationRefused) as refusal:
            answer(case["faits"])
        assert refusal.value.code == case["refus"]
        return
    given_answer = answer(case["faits"]).to_json()
    assert {key: given_answer[key] for key in case["attendu"]} == case["attendu"]
    assert given_answer["explanation"]


def test_case_names_are_all_different() -> None:
    assert len({case["nom"] for case in CASES}) == len(CASES)


def test_a_structure_may_postpone_the_condition_and_it_shows() -> None:
    override = Override(
        "obligation.social_condition_in_force_on", date(2027, 1, 1), "Camille Roy", "report publié au Journal officiel"
    )
    result = social_obligation(
        launched_on=date(2026, 10, 1),
        amount=300_000,
        buyer_kind=BuyerKind.LOCAL,
        contract_kind=ContractKind.SERVICES,
        overrides=[override],
    )
    assert result.required is False
    assert result.parameters[0].override == override


def test_a_threshold_of_the_law_cannot_be_changed() -> None:
    override = Override("obligation.eu_threshold.works", 1, "Camille Roy", "essai")
    with pytest.raises(OverrideRefused, match="ne se modifie pas"):
        social_obligation(launched_on=date(2026, 10, 1), contract_kind=ContractKind.WORKS, overrides=[override])


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("sNaN")])
def test_an_amount_that_is_not_a_number_is_refused(amount: Decimal) -> None:
    with pytest.raises(ObligationRefused) as refusal:
        social_obligation(launched_on=date(2026, 10, 1), amount=amount)
    assert refusal.value.code == "amount_not_a_number"


def test_what_is_not_confirmed_is_said() -> None:
    result = social_obligation(
        launched_on=date(2026, 8, 21), amount=300_000, buyer_kind=BuyerKind.LOCAL, contract_kind=ContractKind.SERVICES
    )
    text = " ".join(result.unknowns)
    assert "21 ou le 22 août" in text
    assert "Légifrance" in text
    assert result.status is Status.TO_CONFIRM


def test_an_award_price_is_told_apart_from_an_estimate() -> None:
    result = social_obligation(launched_on=date(2026, 10, 1), amount=300_000, amount_origin=AmountOrigin.AWARD)
    assert any("prix attribué" in text for text in result.unknowns)


LOCAL_SERVICES: dict[str, Any] = {"buyer_kind": BuyerKind.LOCAL, "contract_kind": ContractKind.SERVICES}
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize("origin", [AmountOrigin.AWARD, AmountOrigin.CEILING])
@pytest.mark.parametrize(
    ("amount", "expected"),
    [("172799.99", False), (172_800, None), (216_000, None), ("259199.99", None), (259_200, True)],
)
def test_a_published_amount_decides_only_beyond_the_margin(
    origin: AmountOrigin, amount: int | str, expected: bool | None
) -> None:
    result = social_obligation(launched_on=OCTOBER, amount=Decimal(amount), amount_origin=origin, **LOCAL_SERVICES)
    assert result.required is expected
    assert "obligation.award_margin" in {value.path for value in result.parameters}
    told = any("à moins de 20\u00a0% du seuil" in text and "216\u202f000\u00a0€" in text for text in result.because)
    assert told is (expected is None)


def test_a_no_that_rests_on_the_margin_is_to_confirm() -> None:
    result = social_obligation(launched_on=OCTOBER, amount=50_000, amount_origin=AmountOrigin.AWARD, **LOCAL_SERVICES)
    assert (result.required, result.status) == (False, Status.TO_CONFIRM)


def test_an_estimate_has_no_margin() -> None:
    result = social_obligation(launched_on=OCTOBER, amount=216_000, **LOCAL_SERVICES)
    assert result.required is True
    assert "obligation.award_margin" not in {value.path for value in result.parameters}


def test_an_award_close_to_one_possible_threshold_is_to_check_and_says_which() -> None:
    result = social_obligation(
        launched_on=OCTOBER, amount=450_000, amount_origin=AmountOrigin.AWARD, contract_kind=ContractKind.SERVICES
    )
    assert result.required is None
    assert any("d’un seuil possible (432\u202f000" in text for text in result.because)


def test_the_lots_together_meet_the_threshold() -> None:
    result = social_obligation(launched_on=OCTOBER, amount=150_000, need_amount=375_000, **LOCAL_SERVICES)
    assert result.required is True
    assert any(
        text.startswith("Les lots réunis\u00a0: 375\u202f000\u00a0€\u00a0HT (dont 150") for text in result.because
    )


def test_lots_smaller_than_one_of_them_are_refused() -> None:
    with pytest.raises(ObligationRefused) as refusal:
        social_obligation(launched_on=OCTOBER, amount=150_000, need_amount=149_999, **LOCAL_SERVICES)
    assert (refusal.value.code, refusal.value.field) == ("need_below_amount", "need_amount")


@pytest.mark.parametrize("why", list(WholeUnknown))
def test_a_part_of_an_unknown_whole_is_to_check(why: WholeUnknown) -> None:
    result = social_obligation(
        launched_on=OCTOBER, amount=50_000, amount_origin=AmountOrigin.AWARD, whole_unknown=why, **LOCAL_SERVICES
    )
    assert result.required is None
    assert sentence(why.reason) in result.because


@pytest.mark.parametrize(("months", "said"), [(5, True), (6, False), (None, False)])
def test_short_works_are_told_of_their_derogation_and_stay_bound(months: int | None, said: bool) -> None:
    result = social_obligation(
        launched_on=OCTOBER,
        amount=6_000_000,
        buyer_kind=BuyerKind.LOCAL,
        contract_kind=ContractKind.WORKS,
        duration_months=months,
    )
    assert result.required is True
    assert any("travaux de moins de six mois" in text for text in result.because) is said


def test_the_table_has_one_period_for_every_day_from_2020() -> None:
    rows = threshold_table()
    for buyer in BuyerKind:
        for contract in ContractKind:
            periods = [row for row in rows if row.buyer_kind is buyer and row.contract_kind is contract]
            assert periods[0].valid_from == date(2020, 1, 1)
            assert periods[-1].valid_to is None
            assert periods[-1].projected
            assert not any(row.projected for row in periods[:-1])
            for before, after in pairwise(periods):
                assert before.valid_to is not None
                assert before.valid_to + timedelta(days=1) == after.valid_from


@given(
    day=st.dates(date(2020, 1, 1), date(2031, 12, 31)),
    amount=st.integers(1, 10_000_000),
    buyer=st.sampled_from(BuyerKind),
    contract=st.sampled_from(ContractKind),
)
def test_the_table_and_the_rule_agree(day: date, amount: int, buyer: BuyerKind, contract: ContractKind) -> None:
    (row,) = [
        row
        for row in threshold_table()
        if row.buyer_kind is buyer
        and row.contract_kind is contract
        and row.valid_from <= day
        and (row.valid_to is None or day <= row.valid_to)
    ]
    expected = day >= social_condition_in_force_on() and amount >= row.amount_eur
    result = social_obligation(launched_on=day, amount=amount, buyer_kind=buyer, contract_kind=contract)
    assert (result.required, result.threshold, result.projected) == (expected, row.amount_eur, row.projected)


@given(
    day=st.dates(date(2018, 1, 1), date(2031, 12, 31)),
    amount=st.one_of(st.none(), st.integers(1, 10_000_000)),
    buyer=st.one_of(st.none(), st.sampled_from(BuyerKind)),
    contract=st.one_of(st.none(), st.sampled_from(ContractKind)),
)
def test_a_missing_fact_never_becomes_no(
    day: date, amount: int | None, buyer: BuyerKind | None, contract: ContractKind | None
) -> None:
    vague = social_obligation(launched_on=day, amount=amount, buyer_kind=buyer, contract_kind=contract).required
    exact = {
        social_obligation(launched_on=day, amount=known, buyer_kind=a_buyer, contract_kind=a_contract).required
        for known in ([amount] if amount else [1, 10_000_000])
        for a_buyer in ([buyer] if buyer else BuyerKind)
        for a_contract in ([contract] if contract else ContractKind)
    }
    assert vague == (exact.pop() if len(exact) == 1 else None)
