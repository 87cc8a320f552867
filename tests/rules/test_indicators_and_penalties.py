"""Rates, averages and penalties: published examples as cases."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules import indicators
from dentelle.rules.penalties import PenaltyMode, PenaltyRefused, PenaltyTerms, shortfall_penalty
from tests.rules.cases import cases

TODAY = date(2026, 11, 21)
RATES = cases("indicators.yaml")
PENALTIES = cases("penalties.yaml")


@pytest.mark.parametrize("case", RATES, ids=[case["nom"] for case in RATES])
def test_rate(case: dict[str, Any]) -> None:
    function = getattr(indicators, case["calcul"])
    extra = [TODAY] if case["calcul"] == "full_time_equivalents" else []
    assert function(*case["valeurs"], *extra) == case["attendu"]


def test_a_part_larger_than_its_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        indicators.share(3, 2)


@pytest.mark.parametrize("function", [indicators.ratio, indicators.growth])
def test_negative_volumes_are_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="never negative"):
        function(-1, 2)


def penalty_of(facts: dict[str, Any]) -> int:
    def number(name: str) -> Decimal | None:
        return None if facts.get(name) is None else Decimal(facts[name])

    return shortfall_penalty(
        Decimal(facts["due"]),
        Decimal(facts["credited"]),
        PenaltyTerms(PenaltyMode(facts["mode"]), number("value"), number("cap")),
        contract_amount=number("amount"),
        on=facts.get("jour"),
    ).value


@pytest.mark.parametrize("case", PENALTIES, ids=[case["nom"] for case in PENALTIES])
def test_penalty(case: dict[str, Any]) -> None:
    if "refus" in case:
        with pytest.raises(PenaltyRefused) as refusal:
            penalty_of(case["faits"])
        assert refusal.value.code == case["refus"]
    else:
        assert penalty_of(case["faits"]) == case["attendu"]


def test_a_penalty_shows_its_arithmetic() -> None:
    terms = PenaltyTerms(PenaltyMode.EUR_PER_HOUR, Decimal(50), Decimal("0.05"))
    text = " ".join(shortfall_penalty(120, 0, terms, contract_amount=80_000).because)
    assert "Plafond" in text
    assert "Seul l’acheteur" in text


@given(
    due=st.integers(0, 10_000), credited=st.integers(0, 10_000), value=st.integers(0, 200), amount=st.integers(1, 10**7)
)
def test_a_penalty_is_never_negative_nor_above_its_cap(due: int, credited: int, value: int, amount: int) -> None:
    terms = PenaltyTerms(PenaltyMode.EUR_PER_HOUR, Decimal(value), Decimal("0.05"))
    cents = shortfall_penalty(due, credited, terms, contract_amount=amount).value
    assert 0 <= cents <= amount * 5
    if credited >= due:
        assert cents == 0
