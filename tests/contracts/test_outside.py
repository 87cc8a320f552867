"""What people outside do on a contract: only what is theirs to do, once, on what they read."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Structure
from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.contracts import access, actions
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.actions.outside import (
    Confirmation,
    ask_from_outside,
    confirm_plan,
    decide_as_buyer,
    decide_penalty,
    floor_minutes,
)
from dentelle.thread.contracts.actions.plan import minutes_to_plan, proposed_months
from dentelle.thread.contracts.models import Exchange, PenaltyDecision
from dentelle.thread.contracts.party import Side
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.states import MOVES, ContractState, MoveRefused
from tests.contracts import making
from tests.factories import NOW
from tests.spaces.making import buyer, company, on, plan, seat, shared, short_of_hours

pytestmark = pytest.mark.django_db


def calibrated(facilitator):
    contract = making.contract(facilitator)
    making.obligation(facilitator, contract)
    return actions.move_contract(facilitator, contract.pk, "calibrate", expected_revision=contract.revision, at=NOW)


def sent(contract, **changes) -> Confirmation:
    months = proposed_months(contract, contract.holders.get())
    known = {"name": "Agnès Besson", "role": "", "email": "a@b.example", "phone": "", "months": months}
    return Confirmation(**{**known, **changes})


def test_a_buyer_validates_then_launches_and_the_history_names_them(facilitator) -> None:
    contract = calibrated(facilitator)
    person = buyer(contract)
    for code, state in (("approve", ContractState.BUYER_APPROVED), ("publish", ContractState.IN_TENDER)):
        contract = decide_as_buyer(on(person, contract), contract.pk, code, expected_revision=contract.revision, at=NOW)
        assert contract.state == state
    entry = Entry.objects.filter(act="contract.moved").latest("pk")
    assert (entry.actor, entry.structure) == (person.user, contract.structure)
    assert entry.facts["organisation"] == person.organisation_id


@pytest.mark.parametrize("code", [each.code for each in MOVES if "buyer" not in each.recorded_by])
def test_a_buyer_makes_no_move_the_table_does_not_give(facilitator, code: str) -> None:
    contract = calibrated(facilitator)
    with pytest.raises(MoveRefused):
        decide_as_buyer(on(buyer(contract), contract), contract.pk, code, expected_revision=contract.revision, at=NOW)


@pytest.mark.parametrize("code", [each.code for each in MOVES])
def test_a_company_moves_nothing(facilitator, code: str) -> None:
    contract = making.running(facilitator)
    with pytest.raises(MoveRefused):
        decide_as_buyer(on(company(), contract), contract.pk, code, expected_revision=contract.revision, at=NOW)


def test_what_a_buyer_validates_is_what_it_read(facilitator) -> None:
    contract = calibrated(facilitator)
    read = contract.revision
    making.obligation(facilitator, contract, 4_000)
    with pytest.raises(EditedMeanwhile):
        decide_as_buyer(on(buyer(contract), contract), contract.pk, "approve", expected_revision=read, at=NOW)


def test_a_company_sees_nothing_before_the_notification(facilitator) -> None:
    contract = making.contract(facilitator)
    making.holder(facilitator, contract)
    assert list(access.contracts_seen_by(company())) == []


@pytest.mark.parametrize("role", ["buyer", "company"])
def test_a_structure_no_longer_at_work_shows_nothing(facilitator, role: str) -> None:
    contract = making.running(facilitator)
    person = buyer(contract) if role == "buyer" else company()
    assert list(access.contracts_seen_by(person)) == [contract]
    Structure.objects.filter(pk=contract.structure_id).update(status="closed")
    assert list(access.contracts_seen_by(person)) == []


def test_a_company_that_also_buys_sees_its_purchases_only_as_buyer(facilitator) -> None:
    contract = making.running(facilitator)
    both = making.contract(facilitator, buyer=making.company())
    assert list(access.contracts_seen_by(company())) == [contract]
    assert list(access.contracts_seen_by(seat(making.company(), "buyer"))) == [both]


def test_each_side_reads_what_was_shared_with_it_and_what_it_asked(facilitator) -> None:
    contract = making.running(facilitator)
    for sharing in ("inner", "buyer", "holder", "both"):
        shared(facilitator, contract, sharing, f"pour {sharing}")
    parties = {"buyer": on(buyer(contract), contract), "holder": on(company(), contract)}
    ask_from_outside(parties["holder"], contract.pk, text="Une question", at=NOW)
    read = {name: {each.text for each in access.exchanges_seen_by(party, contract)} for name, party in parties.items()}
    assert read == {"buyer": {"pour buyer", "pour both"}, "holder": {"pour holder", "pour both", "Une question"}}


def test_a_subcontractor_reads_only_the_answers_to_its_own_questions(facilitator) -> None:
    contract = making.running(facilitator)
    content = SubcontractContent(making.company(2), due_minutes=60)
    actions.add_subcontract(
        facilitator, contract.pk, contract.holders.get().pk, content, expected_revision=contract.revision, at=NOW
    )
    contract.refresh_from_db()
    shared(facilitator, contract, "both")
    party = on(company(2), contract)
    asked = ask_from_outside(party, contract.pk, text="Quand ?", at=NOW)
    assert party.side is Side.SUBCONTRACTOR
    assert list(access.exchanges_seen_by(party, contract)) == [asked]
    assert list(access.exchanges_seen_by(on(company(1), contract), contract)) == list(
        contract.exchanges.filter(sharing="both")
    )


def test_a_question_sent_twice_is_asked_once(facilitator) -> None:
    contract = making.running(facilitator)
    for _ in range(2):
        ask_from_outside(on(company(), contract), contract.pk, text="Quand ?", at=NOW)
    assert Exchange.objects.count() == 1
    contract.refresh_from_db()
    assert Entry.objects.filter(act="contract.question_asked").count() == 1


def test_a_holder_confirms_its_plan_and_the_structure_changes_it_again(facilitator) -> None:
    contract = making.running(facilitator, 1_200)
    holder = contract.holders.get()
    made = confirm_plan(
        on(company(), contract), contract.pk, holder.pk, sent(contract), expected_revision=contract.revision, at=NOW
    )
    assert (made.confirmed_at, made.correspondent_name) == (NOW, "Agnès Besson")
    assert sum(made.months.values_list("minutes", flat=True)) == 72_000
    contract.refresh_from_db()
    assert plan(facilitator, contract).confirmed_at is None


def test_a_plan_confirmed_at_the_meeting_says_by_whom(facilitator) -> None:
    contract = making.running(facilitator)
    made = plan(facilitator, contract, confirmed=True)
    assert (made.confirmed_at, made.confirmed_by) == (NOW, "Agnès Besson")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(moved=st.integers(0, 40), kept=st.integers(0, 3))
def test_hours_move_between_months_and_never_go_under_what_was_agreed(facilitator, moved: int, kept: int) -> None:
    contract = making.running(facilitator, 1_200)
    holder = contract.holders.get()
    first, second, *others = proposed_months(contract, holder)
    months = (
        MonthlyMinutes(first.month, first.minutes - moved * 60),
        MonthlyMinutes(second.month, second.minutes + moved * 60 - kept * 60),
        *others,
    )
    args = (on(company(), contract), contract.pk, holder.pk, sent(contract, months=months))
    if kept:
        with pytest.raises(ContractRefused, match="Il manque"):
            confirm_plan(*args, expected_revision=contract.revision, at=NOW)
    else:
        made = confirm_plan(*args, expected_revision=contract.revision, at=NOW)
        assert floor_minutes(contract, holder, made) == 72_000


@pytest.mark.parametrize(
    ("changes", "field"), [({"name": " "}, "name"), ({"email": "", "phone": " "}, "email"), ({"months": ()}, "months")]
)
def test_a_plan_without_somebody_to_reach_or_without_hours_is_refused_at_its_field(
    facilitator, changes: dict, field: str
) -> None:
    contract = making.running(facilitator)
    with pytest.raises(ContractRefused) as refused:
        confirm_plan(
            on(company(), contract),
            contract.pk,
            contract.holders.get().pk,
            sent(contract, **changes),
            expected_revision=contract.revision,
            at=NOW,
        )
    assert refused.value.field == field
    assert not contract.plans.exists()


def test_nobody_confirms_the_plan_of_another(facilitator) -> None:
    contract = making.running(facilitator)
    other = making.running(facilitator, title="Autre", notified_on=date(2026, 9, 2))
    other.holders.update(role="lead")
    making.holder(facilitator, other, 2, role="joint")
    for person, holder in (
        (company(2), other.holders.get(role="lead")),
        (company(1), other.holders.get(role="joint")),
    ):
        with pytest.raises(ContractRefused):
            confirm_plan(
                on(person, other), other.pk, holder.pk, sent(contract), expected_revision=other.revision, at=NOW
            )
    party = on(company(2), other)
    with pytest.raises(Http404):
        confirm_plan(
            party, contract.pk, contract.holders.get().pk, sent(contract), expected_revision=contract.revision, at=NOW
        )


def test_a_holder_plans_hours_of_one_nature_and_of_its_lot(facilitator) -> None:
    contract = making.contract(facilitator)
    lots = []
    for number in ("1", "2"):
        lots.append(
            actions.add_lot(
                facilitator, contract.pk, number=number, title="", expected_revision=contract.revision, at=NOW
            )
        )
        contract.refresh_from_db()
    for lot, hours in zip(lots, (100, 40), strict=True):
        making.obligation(facilitator, contract, hours, lot=lot)
    making.obligation(facilitator, contract, 70, clause_type="INTERNSHIP_CLAUSE")
    holders = [making.holder(facilitator, contract, rank, lot_pk=lot.pk) for rank, lot in enumerate(lots, start=1)]
    assert [minutes_to_plan(contract, each) for each in holders] == [6_000, 2_400]


class TestPenalties:
    """Only the buyer applies them; what it decides is written with what was proposed."""

    def decide(self, contract, person, **changes) -> PenaltyDecision:
        known = {"outcome": "applied", "amount_cents": None, "reason": "", "on": NOW.date()}
        return decide_penalty(
            on(person, contract),
            contract.pk,
            contract.obligations.get().pk,
            expected_revision=contract.revision,
            at=NOW,
            **{**known, **changes},
        )

    def test_the_amount_proposed_is_the_one_applied_unless_another_is_typed(self, facilitator) -> None:
        contract = short_of_hours(facilitator, 100, 60)
        made = self.decide(contract, buyer(contract))
        assert (made.proposed_cents, made.amount_cents) == (180_000, 180_000)
        contract.refresh_from_db()
        lower = self.decide(contract, buyer(contract), amount_cents=90_000, reason="Marché écourté")
        assert (lower.proposed_cents, lower.amount_cents) == (180_000, 90_000)

    @pytest.mark.parametrize(
        "changes",
        [
            {"outcome": "waived"},
            {"amount_cents": 90_000},
            {"amount_cents": 0, "reason": "rien"},
            {"outcome": "maybe", "reason": "?"},
        ],
    )
    def test_a_decision_that_differs_says_why_and_an_amount_is_above_zero(self, facilitator, changes: dict) -> None:
        contract = short_of_hours(facilitator)
        with pytest.raises(ContractRefused):
            self.decide(contract, buyer(contract), **changes)
        assert not PenaltyDecision.objects.exists()

    def test_a_waived_penalty_costs_nothing_whatever_is_typed(self, facilitator) -> None:
        contract = short_of_hours(facilitator)
        made = self.decide(contract, buyer(contract), outcome="waived", amount_cents=5_000, reason="Force majeure")
        assert made.amount_cents == 0

    def test_a_company_decides_nothing(self, facilitator) -> None:
        contract = short_of_hours(facilitator)
        with pytest.raises(ContractRefused, match="Seul l’acheteur"):
            self.decide(contract, company())

    def test_nothing_is_decided_where_nothing_is_proposed(self, facilitator) -> None:
        contract = short_of_hours(facilitator, penalty_mode="NONE", penalty_value=None)
        with pytest.raises(ContractRefused, match="Aucune pénalité"):
            self.decide(contract, buyer(contract))

    def test_a_cap_holds(self, facilitator) -> None:
        contract = short_of_hours(facilitator, penalty_cap_share=None)
        contract.amount_cents = 100_000_00
        contract.save()
        contract.obligations.update(penalty_cap_share=Decimal("0.01"))
        assert self.decide(contract, buyer(contract)).amount_cents == 100_000
