from datetime import date
from decimal import Decimal

import pytest

from dentelle.thread.contracts.models import PenaltyForm, Tranche
from dentelle.thread.contracts.penalties import penalties_of, proposed_penalty
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db


def test_a_shortfall_is_priced_by_the_terms_of_the_contract_up_to_its_cap() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.contract(actor, amount_cents=10_000_00)
    terms = {
        "penalty_mode": PenaltyForm.EUR_PER_HOUR,
        "penalty_value": Decimal(40),
        "penalty_cap_share": Decimal("0.1"),
    }
    obligation = making.obligation(actor, contract, 100, **terms)
    proposed = [
        proposed_penalty(contract, obligation, credited_minutes=hours * 60, on=date(2026, 11, 21)).result.value
        for hours in (100, 90, 0)
    ]
    assert proposed == [0, 400_00, 1_000_00]


def test_a_proposed_penalty_says_who_applies_it() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.contract(actor)
    obligation = making.obligation(actor, contract, 10, penalty_mode=PenaltyForm.FLAT, penalty_value=Decimal(500))
    proposed = proposed_penalty(contract, obligation, credited_minutes=0, on=NOW.date())
    assert "Seul l’acheteur" in proposed.result.because[-1]


def test_a_tranche_that_is_not_affirmed_bears_no_penalty() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor, 10)
    terms = {"penalty_mode": PenaltyForm.FLAT, "penalty_value": Decimal(500)}
    making.obligation(actor, contract, 20, tranche=Tranche.OPTIONAL.value, **terms)
    contract.stated_insertion_minutes = 600
    assert penalties_of(contract, on=NOW.date()) == ()
