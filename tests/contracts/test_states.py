from datetime import date

import pytest

from dentelle.foundations.journal.models import Entry
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions import ClosingTotal
from dentelle.thread.contracts.actions.moves import state_total
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import MOVES, ContractState, MoveRefused, moves_from
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db

TOTAL = ClosingTotal(
    {LeverCounts.INSERTION_HOURS: 850 * 60}, source="Bilan du titulaire du 20 novembre 2026", on=date(2026, 11, 20)
)


def move(actor, contract: Contract, code: str, **known) -> Contract:
    return actions.move_contract(actor, contract.pk, code, expected_revision=contract.revision, at=NOW, **known)


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    reached = {move.target for move in MOVES}
    left = {source for move in MOVES for source in move.sources}
    assert reached | {ContractState.DRAFT} == set(ContractState)
    assert left == set(ContractState)


def test_a_contract_goes_from_idea_to_closing_in_the_order_of_the_trade() -> None:
    actor = MembershipFactory(manager=True)
    contract = making.contract(actor, notified_on=date(2026, 9, 1), starts_on=date(2026, 10, 1))
    making.obligation(actor, contract)
    making.holder(actor, contract)
    for code in ("calibrate", "approve", "publish", "notify", "start"):
        contract = move(actor, contract, code)
    contract = move(actor, contract, "close_met", total=TOTAL)
    assert (contract.state, contract.stated_insertion_minutes) == (ContractState.CLOSED_MET, 51_000)


def test_a_contract_already_signed_enters_at_its_notification() -> None:
    assert making.running(MembershipFactory(facilitator=True)).state == ContractState.RUNNING


@pytest.mark.parametrize("code", ["start", "suspend", "close_met", "reopen", "publish"])
def test_a_draft_refuses_what_does_not_start_from_it(code: str) -> None:
    actor = MembershipFactory(manager=True)
    with pytest.raises(MoveRefused) as refused:
        move(actor, making.contract(actor), code, reason="Demandé", total=TOTAL)
    assert refused.value.code == "source"


def test_a_notification_says_all_that_is_missing_at_once() -> None:
    actor = MembershipFactory(facilitator=True)
    with pytest.raises(ContractRefused, match=r"obligation.*titulaire.*date de notification"):
        move(actor, making.contract(actor), "notify")


def test_a_refused_move_leaves_the_contract_and_its_revision_as_they_were() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.contract(actor)
    with pytest.raises(ContractRefused):
        move(actor, contract, "notify")
    stored = Contract.objects.get(pk=contract.pk)
    assert (stored.state, stored.revision) == (ContractState.DRAFT, contract.revision)


def test_a_contract_closes_on_a_total_with_its_source() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor)
    with pytest.raises(ContractRefused, match="total d’heures constaté"):
        move(
            actor,
            contract,
            "close_met",
            total=ClosingTotal({LeverCounts.INSERTION_HOURS: 60}, source=" ", on=date(2027, 1, 1)),
        )


def test_a_suspension_needs_the_reason_the_buyer_gave() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor)
    with pytest.raises(ContractRefused, match="motif"):
        move(actor, contract, "suspend")
    assert move(actor, contract, "suspend", reason="Arrêt du chantier").state == ContractState.SUSPENDED


def test_an_abandoned_contract_says_why_in_the_journal_by_a_code() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.contract(actor)
    with pytest.raises(ContractRefused, match="pourquoi"):
        move(actor, contract, "abandon")
    move(actor, contract, "abandon", abandon_reason="no_valid_bid")
    facts = Entry.objects.filter(act="contract.moved").latest("id").facts
    assert (facts["from"], facts["to"], facts["abandon_reason"]) == ("draft", "abandoned", "no_valid_bid")


def test_only_a_manager_reopens() -> None:
    assert [each.code for each in moves_from(ContractState.CLOSED_MET, "facilitator")] == []
    assert [each.code for each in moves_from(ContractState.CLOSED_MET, "manager")] == ["reopen"]


def test_a_reopened_contract_has_no_total_any_more() -> None:
    actor = MembershipFactory(manager=True)
    contract = move(actor, making.running(actor), "close_met", total=TOTAL)
    contract = move(actor, contract, "reopen", reason="Heures du dernier mois oubliées")
    assert (contract.state, contract.stated_insertion_minutes, contract.closed_on) == (
        ContractState.RUNNING,
        None,
        None,
    )


@pytest.mark.parametrize("role", ["reader", "pathway_advisor", "auditor", "elected_official"])
def test_no_move_is_recorded_by_a_role_that_only_reads(role: str) -> None:
    assert [move for state in ContractState for move in moves_from(state, role)] == []


def test_each_nature_of_hours_closes_on_its_own_total() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor)
    making.obligation(actor, contract, 150, clause_type=LeverCode.INTERNSHIP_CLAUSE.value)
    with pytest.raises(ContractRefused, match="total d’heures constaté"):
        move(actor, contract, "close_met", total=TOTAL)
    both = {LeverCounts.INSERTION_HOURS: 60, LeverCounts.INTERNSHIP_HOURS: 120}
    bilan = ClosingTotal(both, "Bilan", date(2026, 11, 20))
    closed = move(actor, contract, "close_partial", total=bilan, reason="Chantier écourté")
    assert (closed.stated_insertion_minutes, closed.stated_internship_minutes) == (60, 120)


def stated(hours: int, on: date = date(2026, 11, 20)) -> ClosingTotal:
    return ClosingTotal({LeverCounts.INSERTION_HOURS: hours * 60}, "Bilan du titulaire", on)


def test_an_engagement_is_not_called_met_below_what_is_owed() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor, 833)
    with pytest.raises(ContractRefused, match=r"833.h dues, 832.h constatées.*engagement partiel") as refused:
        move(actor, contract, "close_met", total=stated(832))
    assert refused.value.field == "total-insertion_hours"
    assert move(actor, contract, "close_met", total=stated(833)).state == ContractState.CLOSED_MET


def test_an_engagement_is_not_called_met_while_an_order_has_no_hours() -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor, 10, is_framework=True)
    order = {"number": "BC-1", "ordered_on": date(2026, 11, 3)}
    lock = {"expected_revision": contract.revision, "at": NOW}
    actions.add_order(actor, contract.pk, contract.obligations.get().pk, **order, **lock)
    contract.refresh_from_db()
    with pytest.raises(ContractRefused, match="chiffrez-les"):
        move(actor, contract, "close_met", total=stated(10))
    closed = move(actor, contract, "close_partial", total=stated(10), reason="Bon jamais chiffré")
    assert closed.state == ContractState.CLOSED_PARTIAL


@pytest.mark.parametrize(("on", "said"), [(date(2026, 11, 22), "aujourd’hui"), (date(2026, 8, 31), "notification")])
def test_a_total_is_stated_neither_ahead_of_today_nor_before_the_notification(on: date, said: str) -> None:
    actor = MembershipFactory(facilitator=True)
    contract = making.running(actor)
    with pytest.raises(ContractRefused, match=said):
        move(actor, contract, "close_met", total=stated(850, on))
    with pytest.raises(ContractRefused, match=said):
        state_total(actor, contract.pk, stated(850, on), expected_revision=contract.revision, at=NOW)
