from datetime import date

import pytest
from django.http import Http404

from dentelle.rules.spreading import SpreadingRefused
from dentelle.thread.contracts.actions.pooling import create_pooling, pool_contract, record_consent, shared_minutes
from dentelle.thread.contracts.models import PoolingAgreement
from dentelle.thread.contracts.refusals import ContractRefused
from tests.contracts import making
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db
HOUR = 60


@pytest.fixture
def actor():
    return MembershipFactory(facilitator=True)


@pytest.fixture
def agreement(actor) -> PoolingAgreement:
    return create_pooling(actor, making.company(1), title="Globalisation Bâtisseurs 1", at=NOW)


def consent(actor, agreement: PoolingAgreement, contract) -> None:
    record_consent(actor, agreement.pk, contract.pk, on=date(2026, 11, 1), reference="Courrier du 1er novembre", at=NOW)


def test_hours_are_shared_between_contracts_whose_buyer_consented(actor, agreement: PoolingAgreement) -> None:
    contracts = [making.running(actor, hours) for hours in (300, 100, 500)]
    for contract in contracts:
        pool_contract(actor, agreement.pk, contract.pk, at=NOW)
    for contract in contracts[:2]:
        consent(actor, agreement, contract)
    assert shared_minutes(agreement, 7 * HOUR) == {contracts[0].pk: 315, contracts[1].pk: 105}


def test_hours_without_any_consent_go_nowhere_in_silence(actor, agreement: PoolingAgreement) -> None:
    pool_contract(actor, agreement.pk, making.running(actor).pk, at=NOW)
    with pytest.raises(SpreadingRefused):
        shared_minutes(agreement, 60)


def test_a_consent_is_written(actor, agreement: PoolingAgreement) -> None:
    contract = making.running(actor)
    pool_contract(actor, agreement.pk, contract.pk, at=NOW)
    with pytest.raises(ContractRefused) as refused:
        record_consent(actor, agreement.pk, contract.pk, on=date(2026, 11, 1), reference=" ", at=NOW)
    assert refused.value.code == "reference_missing"


def test_a_company_pools_only_the_contracts_it_works_under(actor) -> None:
    other = create_pooling(actor, making.company(9), title="Globalisation", at=NOW)
    with pytest.raises(ContractRefused) as refused:
        pool_contract(actor, other.pk, making.running(actor).pk, at=NOW)
    assert refused.value.code == "not_its_contract"


def test_another_structure_does_not_find_the_agreement(actor, agreement: PoolingAgreement) -> None:
    with pytest.raises(Http404):
        pool_contract(MembershipFactory(outsider=True), agreement.pk, 1, at=NOW)


def test_a_contract_is_in_one_agreement_in_force_at_a_time(actor, agreement: PoolingAgreement) -> None:
    contract = making.running(actor)
    ended = create_pooling(actor, making.company(1), title="Ancienne", ends_on=date(2026, 11, 20), at=NOW)
    pool_contract(actor, ended.pk, contract.pk, at=NOW)
    pool_contract(actor, agreement.pk, contract.pk, at=NOW)
    other = create_pooling(actor, making.company(1), title="Nouvelle", at=NOW)
    with pytest.raises(ContractRefused, match="Globalisation Bâtisseurs 1") as refused:
        pool_contract(actor, other.pk, contract.pk, at=NOW)
    assert refused.value.field == "contract"


def test_an_agreement_does_not_end_before_it_is_signed(actor) -> None:
    days = {"signed_on": date(2026, 11, 2), "ends_on": date(2026, 11, 1)}
    with pytest.raises(ContractRefused) as refused:
        create_pooling(actor, making.company(1), title="Globalisation", at=NOW, **days)
    assert refused.value.field == "ends_on"


def test_a_consent_is_not_dated_ahead(actor, agreement: PoolingAgreement) -> None:
    contract = making.running(actor)
    pool_contract(actor, agreement.pk, contract.pk, at=NOW)
    with pytest.raises(ContractRefused) as refused:
        record_consent(actor, agreement.pk, contract.pk, on=date(2026, 11, 22), reference="Courrier", at=NOW)
    assert refused.value.field == "on"
