from datetime import date

import pytest

from dentelle.foundations.structures.actions import hand_over
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.pooling import create_pooling, pool_contract
from dentelle.thread.contracts.gatherings import operation_sheet, pooling_sheet, waiting_orders
from dentelle.thread.contracts.models import Contract, PoolingAgreement
from tests.clauses import making as calibrations
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = making.HOUR


def shown(client, address: str) -> str:
    return client.get(address).content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_an_operation_adds_up_each_nature_of_hours_apart(facilitator) -> None:
    operation = actions.create_operation(facilitator, name="Quartier Nord", programme="npnru", at=NOW)
    for hours in (100, 200):
        making.obligation(facilitator, making.contract(facilitator, operation=operation), hours)
    contract = making.contract(facilitator, operation=operation)
    making.obligation(facilitator, contract, 70, clause_type=LeverCode.INTERNSHIP_CLAUSE.value)
    assert operation_sheet(operation).totals == (
        (LeverCounts.INSERTION_HOURS, 300 * HOUR),
        (LeverCounts.INTERNSHIP_HOURS, 70 * HOUR),
    )


def test_an_abandoned_contract_is_shown_and_not_counted(facilitator) -> None:
    operation = actions.create_operation(facilitator, name="Quartier Nord", programme="npnru", at=NOW)
    contract = making.running(facilitator, 100, operation=operation)
    lock = {"expected_revision": contract.revision, "at": NOW}
    actions.move_contract(facilitator, contract.pk, "abandon", abandon_reason="removed", **lock)
    sheet = operation_sheet(operation)
    assert (len(sheet.contracts), sheet.totals) == (1, ())


def test_an_order_waits_on_one_list_until_it_is_sized(facilitator, other_orders, client_of) -> None:
    contract, order = other_orders
    assert waiting_orders(facilitator) == [order]
    client = client_of(facilitator)
    assert "BC-7" in shown(client, "/contrats/commandes")
    address = f"/contrats/{contract.pk}/chiffrage"
    assert "BC-7" in shown(client, f"{address}?order={order.pk}")
    client.post(address, {"revision": contract.revision, "order": order.pk, "added_minutes": "40"})
    assert waiting_orders(facilitator) == []


@pytest.fixture
def other_orders(facilitator):
    contract = making.running(facilitator, 100, is_framework=True)
    order = actions.add_order(
        facilitator,
        contract.pk,
        contract.obligations.get().pk,
        number="BC-7",
        ordered_on=date(2026, 10, 5),
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    return contract, order


def test_an_agreement_goes_from_its_opening_to_its_shares_on_screen(facilitator, client_of) -> None:
    contracts = [making.running(facilitator, hours) for hours in (300, 100)]
    making.contract(facilitator, title="D’une autre entreprise")
    client = client_of(facilitator)
    company = contracts[0].holders.get().organisation
    client.post("/contrats/globalisations/nouvelle", {"title": "Chantiers Nord", "siret": company.siren, "key": "due"})
    agreement = PoolingAgreement.objects.get()
    address = f"/contrats/globalisations/{agreement.pk}"
    assert "D’une autre entreprise" not in shown(client, f"{address}/contrat")
    for contract in contracts:
        client.post(f"{address}/contrat", {"contract": contract.pk})
    assert "attendu" in shown(client, address)
    for contract in contracts:
        consent = {"contract": contract.pk, "on": "2026-10-01", "reference": "Courrier du 1er octobre"}
        assert client.post(f"{address}/accord", consent).status_code == 302
    page = shown(client, address)
    assert "75 h" in page
    assert "25 h" in page
    assert "Chantiers Nord" in shown(client, "/contrats/globalisations/")


def test_without_any_consent_the_page_says_why_nothing_is_shared(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    company = contract.holders.get().organisation
    agreement = create_pooling(facilitator, company, title="Chantiers", at=NOW)
    pool_contract(facilitator, agreement.pk, contract.pk, at=NOW)
    assert pooling_sheet(agreement).why_no_share
    assert "ne se partagent pas encore" in shown(client_of(facilitator), f"/contrats/globalisations/{agreement.pk}")


def test_the_contracts_somebody_follows_are_handed_over_with_their_history(facilitator, manager) -> None:
    contract = making.contract(facilitator)
    moved = hand_over(facilitator.user, manager.user, facilitator.structure, manager=manager, at=NOW)
    assert moved["contracts"] == 1
    assert Contract.objects.get(pk=contract.pk).facilitator == manager.user


def test_a_saved_calibration_leads_to_the_register(facilitator, reader, client_of) -> None:
    calibration = calibrations.saved(facilitator)
    link = f"/contrats/nouveau?calibrage={calibration.pk}"
    assert link in shown(client_of(facilitator), f"/calibrages/{calibration.pk}/")
    assert link not in shown(client_of(reader), f"/calibrages/{calibration.pk}/")
