from datetime import date
from decimal import Decimal

import pytest

from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions import ObligationContent
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import Contract, Tranche
from dentelle.thread.contracts.refusals import ContractRefused
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = 60


@pytest.fixture
def actor():
    return MembershipFactory(facilitator=True)


def owed(contract: Contract) -> dict[LeverCounts, int]:
    return {due.counts: due.owed // HOUR for due in dues_of(Contract.objects.get(pk=contract.pk))}


def test_internship_and_protected_sector_hours_never_mix_with_insertion_hours(actor) -> None:
    contract = making.contract(actor)
    making.obligation(actor, contract, 800)
    making.obligation(actor, contract, 150, clause_type=LeverCode.INTERNSHIP_CLAUSE.value)
    making.obligation(actor, contract, 300, clause_type=LeverCode.RESERVED_DISABILITY.value)
    assert owed(contract) == {
        LeverCounts.INSERTION_HOURS: 800,
        LeverCounts.INTERNSHIP_HOURS: 150,
        LeverCounts.PROTECTED_SECTOR_HOURS: 300,
    }


def test_a_clause_type_that_counts_nothing_refuses_hours(actor) -> None:
    with pytest.raises(ContractRefused) as refused:
        making.obligation(actor, making.contract(actor), 10, clause_type=LeverCode.RESERVED_ESS.value)
    assert refused.value.code == "counts_nothing"


def test_an_optional_tranche_is_owed_once_affirmed(actor) -> None:
    contract = making.contract(actor)
    making.obligation(actor, contract, 100)
    option = making.obligation(actor, contract, 50, tranche=Tranche.OPTIONAL, tranche_number=1)
    (before,) = dues_of(contract)
    assert (before.owed, before.optional) == (100 * HOUR, 50 * HOUR)
    actions.affirm_tranche(
        actor, contract.pk, option.pk, on=date(2027, 1, 1), expected_revision=contract.revision, at=NOW
    )
    assert owed(contract) == {LeverCounts.INSERTION_HOURS: 150}


def test_orders_add_hours_and_an_unsized_one_is_said(actor) -> None:
    contract = making.contract(actor, is_framework=True)
    frame = making.obligation(actor, contract, 0)
    for number, minutes in (("1", 40 * HOUR), ("2", None)):
        order = actions.add_order(
            actor,
            contract.pk,
            frame.pk,
            number=number,
            ordered_on=date(2026, 12, 1),
            added_minutes=minutes,
            expected_revision=contract.revision,
            at=NOW,
        )
        contract.refresh_from_db()
    (due,) = dues_of(contract)
    assert (due.owed, due.unsized_orders) == (40 * HOUR, 1)
    actions.size_order(
        actor, contract.pk, order.pk, added_minutes=10 * HOUR, expected_revision=contract.revision, at=NOW
    )
    (due,) = dues_of(Contract.objects.get(pk=contract.pk))
    assert (due.owed, due.unsized_orders) == (50 * HOUR, 0)


def test_an_order_belongs_to_a_framework_agreement(actor) -> None:
    contract = making.contract(actor)
    obligation = making.obligation(actor, contract)
    with pytest.raises(ContractRefused) as refused:
        actions.add_order(
            actor,
            contract.pk,
            obligation.pk,
            number="1",
            ordered_on=date(2026, 12, 1),
            expected_revision=contract.revision,
            at=NOW,
        )
    assert refused.value.code == "not_framework"


def test_once_signed_a_volume_only_changes_by_amendment(actor) -> None:
    contract = making.running(actor, 100)
    (obligation,) = contract.obligations.all()
    with pytest.raises(ContractRefused) as refused:
        actions.update_obligation(
            actor,
            contract.pk,
            obligation.pk,
            ObligationContent(due_minutes=1),
            expected_revision=contract.revision,
            at=NOW,
        )
    assert refused.value.code == "signed"


def test_an_amendment_changes_what_is_owed_and_the_end_and_keeps_both_readable(actor) -> None:
    contract = making.running(actor, 100)
    (obligation,) = contract.obligations.all()
    amendment = actions.add_amendment(
        actor,
        contract.pk,
        decided_on=date(2027, 3, 1),
        reason="Travaux supplémentaires",
        obligation_pk=obligation.pk,
        minutes_change=20 * HOUR,
        new_end_on=date(2027, 12, 31),
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    assert owed(contract) == {LeverCounts.INSERTION_HOURS: 120}
    assert (amendment.former_end_on, contract.ends_on) == (date(2027, 9, 30), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"reason": " ", "minutes_change": 60}, "reason_missing"),
        ({"reason": "Motif"}, "nothing_amended"),
        ({"reason": "Motif", "minutes_change": -101 * HOUR}, "below_zero"),
        ({"reason": "Motif", "new_end_on": date(2026, 1, 1)}, "dates_reversed"),
    ],
)
def test_an_amendment_that_makes_no_sense_says_why(actor, known, code: str) -> None:
    contract = making.running(actor, 100)
    (obligation,) = contract.obligations.all()
    with pytest.raises(ContractRefused) as refused:
        actions.add_amendment(
            actor,
            contract.pk,
            decided_on=date(2027, 3, 1),
            obligation_pk=obligation.pk,
            expected_revision=contract.revision,
            at=NOW,
            **known,
        )
    assert refused.value.code == code


def test_a_share_beyond_the_whole_is_refused(actor) -> None:
    with pytest.raises(ContractRefused) as refused:
        making.obligation(actor, making.contract(actor), neighbourhood_share=Decimal("1.4"))
    assert refused.value.field == "neighbourhood_share"
