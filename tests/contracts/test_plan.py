from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.contracts.actions.plan import (
    PlanContent,
    add_planned_action,
    finish_planned_action,
    proposed_months,
    set_plan,
)
from dentelle.thread.contracts.models import Contract, Holder
from dentelle.thread.contracts.refusals import ContractRefused
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return MembershipFactory(facilitator=True)


def test_the_proposed_pace_adds_up_to_what_is_owed(actor) -> None:
    contract = making.running(actor, 1200)
    months = proposed_months(contract, contract.holders.get())
    assert (len(months), sum(line.minutes for line in months)) == (12, 72_000)


def test_a_member_of_a_group_plans_its_own_share(actor) -> None:
    contract = making.running(actor, 1200)
    holder = contract.holders.get()
    holder.due_minutes = 6_000
    holder.save()
    assert sum(line.minutes for line in proposed_months(contract, holder)) == 6_000


def test_no_pace_is_proposed_without_dates(actor) -> None:
    contract = making.contract(actor)
    making.obligation(actor, contract)
    assert proposed_months(contract, making.holder(actor, contract)) == ()


def test_a_new_plan_replaces_the_months_of_the_former(actor) -> None:
    contract = making.running(actor, 100)
    holder = contract.holders.get()
    for minutes in (100, 250):
        months = (MonthlyMinutes(date(2026, 10, 1), minutes),)
        plan = set_plan(
            actor, contract.pk, holder.pk, PlanContent(months=months), expected_revision=contract.revision, at=NOW
        )
        contract.refresh_from_db()
    assert [(row.month, row.minutes) for row in plan.months.all()] == [(date(2026, 10, 1), 250)]


def test_a_month_given_twice_is_refused(actor) -> None:
    contract = making.running(actor, 100)
    month = MonthlyMinutes(date(2026, 10, 1), 10)
    with pytest.raises(ContractRefused) as refused:
        set_plan(
            actor,
            contract.pk,
            contract.holders.get().pk,
            PlanContent(months=(month, month)),
            expected_revision=contract.revision,
            at=NOW,
        )
    assert refused.value.code == "month_twice"


def test_an_action_is_planned_then_done(actor) -> None:
    contract = making.running(actor, 100)
    plan = set_plan(
        actor, contract.pk, contract.holders.get().pk, PlanContent(), expected_revision=contract.revision, at=NOW
    )
    contract.refresh_from_db()
    planned = add_planned_action(
        actor,
        contract.pk,
        plan.pk,
        who="Conductrice de travaux",
        what="Transmettre la fiche de poste",
        due_on=date(2026, 12, 1),
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    done = finish_planned_action(
        actor, contract.pk, planned.pk, on=date(2026, 11, 30), expected_revision=contract.revision, at=NOW
    )
    assert done.done_on == date(2026, 11, 30)


@given(minutes=st.integers(1, 500_000), months=st.integers(1, 40))
def test_the_pace_proposed_adds_up_and_is_in_whole_hours_but_for_its_last_month(minutes: int, months: int) -> None:
    contract = Contract(starts_on=date(2026, 1, 15), ends_on=date(2026, 1, 20) + timedelta(days=30 * months))
    pace = proposed_months(contract, Holder(due_minutes=minutes))
    assert sum(line.minutes for line in pace) == minutes
    if minutes >= 60:
        assert all(line.minutes % 60 == 0 for line in pace[:-1])
