from datetime import date

import pytest

from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.association import associate_structure
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.stages import portfolio
from dentelle.thread.contracts.states import ContractState
from tests.contracts import making
from tests.contracts.awaited import lock, move
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
HOURS = LeverCounts.INSERTION_HOURS


def stage(membership, code, **known):
    return next(each for each in portfolio(membership, **known) if each.code == code)


@pytest.fixture
def several(facilitator):
    """Contracts with everything that changes what is owed."""
    making.contract(facilitator)
    framework = making.running(facilitator, 400, is_framework=True)
    owed = framework.obligations.get()
    for number, minutes in (("BC-1", 6_000), ("BC-2", None)):
        order = {"number": number, "ordered_on": date(2026, 11, 3), "amount_cents": None, "added_minutes": minutes}
        actions.add_order(facilitator, framework.pk, owed.pk, **order, **lock(framework))
    amended = making.running(facilitator, 833)
    change = {"decided_on": date(2026, 11, 2), "reason": "Travaux en moins", "minutes_change": -600}
    actions.add_amendment(
        facilitator, amended.pk, obligation_pk=amended.obligations.get().pk, **change, **lock(amended)
    )
    tranches = making.contract(facilitator)
    making.obligation(facilitator, tranches, 100)
    making.obligation(facilitator, tranches, 50, tranche="optional", tranche_number=1)
    making.obligation(facilitator, tranches, 70, clause_type=LeverCode.INTERNSHIP_CLAUSE.value)
    return facilitator


def test_the_hours_of_a_stage_are_those_of_its_contracts(several) -> None:
    for found in portfolio(several):
        assert found.count == 0 or found.code in {"preparing", "running"}
        expected: dict[LeverCounts, int] = {}
        unsized = 0
        states = {"preparing": [ContractState.DRAFT], "running": [ContractState.RUNNING]}.get(found.code, [])
        for contract in Contract.objects.filter(state__in=states):
            for due in dues_of(contract):
                expected[due.counts] = expected.get(due.counts, 0) + due.owed
                unsized += due.unsized_orders
        assert (dict(found.minutes), found.unsized_orders) == (expected, unsized)


def test_an_associated_structure_counts_its_share_and_nothing_else(several) -> None:
    neighbour = MembershipFactory(outsider=True)
    contract = Contract.objects.filter(state=ContractState.RUNNING).first()
    associate_structure(
        several, contract.pk, neighbour.structure_id, due_minutes=1_200, since=NOW.date(), **lock(contract)
    )
    found = stage(neighbour, "running")
    assert (found.count, dict(found.minutes), found.unsized_orders) == (1, {HOURS: 1_200}, 0)


def test_what_was_abandoned_owes_nothing(facilitator) -> None:
    contract = making.running(facilitator)
    move(facilitator, contract, "abandon", abandon_reason="removed")
    found = stage(facilitator, "abandoned")
    assert (found.count, dict(found.minutes)) == (1, {})


def test_mine_are_those_i_follow(facilitator, manager) -> None:
    making.running(facilitator)
    making.running(manager)
    assert [stage(facilitator, "running", mine=mine).count for mine in (True, False)] == [1, 2]


def test_roles_without_the_register_see_no_portfolio(facilitator) -> None:
    making.running(facilitator)
    elected = MembershipFactory(structure=facilitator.structure, elected_official=True)
    assert sum(each.count for each in portfolio(elected)) == 0


def test_the_portfolio_is_one_query(several, assert_max_queries) -> None:
    with assert_max_queries(1):
        portfolio(several)
