from datetime import date

import pytest
from django.http import Http404

from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.organisations.models import Membership, Role
from dentelle.thread.contracts import access, actions
from dentelle.thread.contracts.actions import ContractContent
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.models import Association, Contract
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from tests.contracts import making
from tests.factories import NOW, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Membership:
    return MembershipFactory(facilitator=True)


def seat(organisation, role: SeatRole) -> Seat:
    return Seat.objects.create(user=UserFactory(), organisation=organisation, role=role, opened_at=NOW)


def test_another_structure_sees_nothing(actor) -> None:
    contract = making.contract(actor)
    outsider = MembershipFactory(outsider=True)
    assert list(access.contracts_visible_to(outsider)) == []
    with pytest.raises(Http404):
        access.contract_visible_to(outsider, contract.pk)


def test_an_associated_structure_reads_and_does_not_change(actor) -> None:
    contract = making.contract(actor)
    associated = MembershipFactory(outsider=True)
    association = Association.objects.create(
        structure=associated.structure, contract=contract, due_minutes=600, since=date(2026, 1, 1)
    )
    assert access.contract_visible_to(associated, contract.pk) == contract
    with pytest.raises(Http404):
        access.contract_editable_by(associated, contract.pk)
    association.until = date(2026, 10, 1)
    association.save()
    assert list(access.contracts_visible_to(associated)) == []


def test_an_elected_official_opens_no_single_contract(actor) -> None:
    making.contract(actor)
    official = MembershipFactory(structure=actor.structure, role="elected_official")
    assert list(access.contracts_visible_to(official)) == []


@pytest.mark.parametrize("role", [Role.READER.value, "pathway_advisor", "auditor"])
def test_a_role_that_reads_changes_nothing(actor, role: str) -> None:
    contract = making.contract(actor)
    reader = MembershipFactory(structure=actor.structure, role=role)
    assert access.contract_visible_to(reader, contract.pk) == contract
    with pytest.raises(Http404):
        access.contract_editable_by(reader, contract.pk)
    with pytest.raises(ContractRefused):
        making.contract(reader)


def test_a_buyer_sees_its_contracts_and_no_other(actor) -> None:
    mine = making.contract(actor)
    making.contract(actor, buyer=making.organisation("Autre commune", "217900026"))
    assert list(access.contracts_seen_by(seat(making.organisation(), SeatRole.BUYER))) == [mine]


def test_a_company_sees_what_it_holds_or_works_under_once(actor) -> None:
    held = making.running(actor, 100)
    first = held.holders.get()
    content = SubcontractContent(making.company(2), due_minutes=60)
    actions.add_subcontract(actor, held.pk, first.pk, content, expected_revision=held.revision, at=NOW)
    making.contract(actor, title="Sans titulaire")
    for number in (1, 2):
        assert list(access.contracts_seen_by(seat(making.company(number), SeatRole.COMPANY))) == [held]
    assert list(access.contracts_seen_by(seat(making.company(3), SeatRole.COMPANY))) == []


def test_a_change_made_from_an_older_revision_writes_nothing(actor) -> None:
    contract = making.contract(actor)
    colleague = MembershipFactory(structure=actor.structure, manager=True)
    opened = contract.revision
    actions.update_contract(
        colleague, contract.pk, ContractContent(title="Titre de la collègue"), expected_revision=opened, at=NOW
    )
    with pytest.raises(EditedMeanwhile) as conflict:
        actions.update_contract(actor, contract.pk, ContractContent(title="Le mien"), expected_revision=opened, at=NOW)
    assert conflict.value.current.title == "Titre de la collègue"
    assert Contract.objects.get(pk=contract.pk).title == "Titre de la collègue"
