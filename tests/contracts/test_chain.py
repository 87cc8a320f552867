from datetime import date

import pytest

from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.models import Contract, Holder, HolderRole, Subcontract
from dentelle.thread.contracts.refusals import ContractRefused
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = 60


@pytest.fixture
def actor():
    return MembershipFactory(facilitator=True)


@pytest.fixture
def contract(actor) -> Contract:
    made = making.contract(actor)
    making.obligation(actor, made, 100)
    return made


def hand_down(
    actor, contract: Contract, holder: Holder, number: int, hours: int, under: Subcontract | None = None
) -> Subcontract:
    content = SubcontractContent(making.company(number), due_minutes=hours * HOUR)
    made = actions.add_subcontract(
        actor,
        contract.pk,
        holder.pk,
        content,
        parent_pk=under.pk if under else None,
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    return made


def test_the_clause_passes_down_at_any_depth(actor, contract: Contract) -> None:
    holder = making.holder(actor, contract)
    under = None
    for depth in range(2, 12):
        under = hand_down(actor, contract, holder, depth, 40, under)
    assert Subcontract.objects.filter(holder=holder).count() == 10


def test_nobody_hands_down_more_of_the_clause_than_it_received(actor, contract: Contract) -> None:
    holder = making.holder(actor, contract)
    first = hand_down(actor, contract, holder, 2, 60)
    with pytest.raises(ContractRefused, match="Il reste 40"):
        hand_down(actor, contract, holder, 3, 41)
    with pytest.raises(ContractRefused, match="Il reste 60"):
        hand_down(actor, contract, holder, 4, 61, first)


def test_a_company_cannot_work_under_itself(actor, contract: Contract) -> None:
    holder = making.holder(actor, contract, 1)
    first = hand_down(actor, contract, holder, 2, 10)
    for number in (1, 2):
        with pytest.raises(ContractRefused) as refused:
            hand_down(actor, contract, holder, number, 1, first)
        assert refused.value.code == "circle"


def test_a_subcontractor_with_others_under_it_is_not_taken_out(actor, contract: Contract) -> None:
    holder = making.holder(actor, contract)
    first = hand_down(actor, contract, holder, 2, 10)
    hand_down(actor, contract, holder, 3, 5, first)
    with pytest.raises(ContractRefused) as refused:
        actions.remove_subcontract(actor, contract.pk, first.pk, expected_revision=contract.revision, at=NOW)
    assert refused.value.code == "has_children"


def test_a_single_holder_has_no_joint_holder(actor, contract: Contract) -> None:
    making.holder(actor, contract, 1)
    with pytest.raises(ContractRefused) as refused:
        making.holder(actor, contract, 2, role=HolderRole.JOINT)
    assert refused.value.code == "single_and_others"


def test_a_group_has_one_lead(actor, contract: Contract) -> None:
    making.holder(actor, contract, 1, role=HolderRole.LEAD)
    making.holder(actor, contract, 2, role=HolderRole.JOINT)
    with pytest.raises(ContractRefused) as refused:
        making.holder(actor, contract, 3, role=HolderRole.LEAD)
    assert refused.value.code == "two_leads"


def test_each_lot_has_its_own_holder(actor, contract: Contract) -> None:
    lots = []
    for number in ("1", "2"):
        lots.append(actions.add_lot(actor, contract.pk, number=number, expected_revision=contract.revision, at=NOW))
        contract.refresh_from_db()
    for lot in lots:
        making.holder(actor, contract, 1, lot_pk=lot.pk)
    assert contract.holders.count() == 2


def test_the_lot_of_another_contract_is_refused(actor, contract: Contract) -> None:
    other = making.contract(actor, title="Autre")
    lot = actions.add_lot(actor, other.pk, number="1", expected_revision=other.revision, at=NOW)
    with pytest.raises(ContractRefused) as refused:
        making.holder(actor, contract, 1, lot_pk=lot.pk)
    assert refused.value.code == "lot_unknown"


def test_the_same_company_works_once_for_the_same_holder(actor, contract: Contract) -> None:
    holder = making.holder(actor, contract)
    hand_down(actor, contract, holder, 2, 10)
    with pytest.raises(ContractRefused) as refused:
        hand_down(actor, contract, holder, 2, 5)
    assert (refused.value.code, refused.value.field) == ("subcontract_twice", "siret")


def test_subcontracted_work_does_not_end_before_it_starts(actor, contract: Contract) -> None:
    holder = making.holder(actor, contract)
    content = SubcontractContent(making.company(2), starts_on=date(2027, 2, 1), ends_on=date(2027, 1, 1))
    lock = {"expected_revision": contract.revision, "at": NOW}
    with pytest.raises(ContractRefused, match="précède son début"):
        actions.add_subcontract(actor, contract.pk, holder.pk, content, **lock)


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_single_holder_of_the_whole_contract_excludes_those_of_its_lots(actor, contract, whole_first) -> None:
    lot = actions.add_lot(actor, contract.pk, number="1", expected_revision=contract.revision, at=NOW)
    contract.refresh_from_db()
    first, second = (None, lot.pk) if whole_first else (lot.pk, None)
    making.holder(actor, contract, 1, lot_pk=first)
    with pytest.raises(ContractRefused) as refused:
        making.holder(actor, contract, 2, lot_pk=second)
    assert refused.value.code == "single_and_lots"
