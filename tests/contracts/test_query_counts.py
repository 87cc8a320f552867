"""Each page of the register costs the same few queries at ten rows and at a thousand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.search.actions import index_many
from dentelle.thread.contracts.models import (
    Amendment,
    Contract,
    FrameworkOrder,
    Holder,
    Obligation,
    Operation,
    PooledContract,
    PoolingAgreement,
    Subcontract,
)
from tests.contracts import making
from tests.factories import NOW

MOST = 20
LISTS = (
    "/contrats/",
    "/contrats/?etape=preparing",
    "/contrats/?mes=1",
    "/contrats/?texte=voirie",
    "/contrats/commandes",
    "/contrats/operations/",
    "/contrats/globalisations/",
)


@pytest.fixture
def register(facilitator):
    """``register(count)`` leaves exactly that many of everything a page may list, all tied to the first of each."""

    def fill(count: int) -> dict[str, str]:
        for model in (PooledContract, PoolingAgreement, Contract, Operation):
            model.objects.all().delete()
        here = {"structure": facilitator.structure}
        company = making.company()
        operations = Operation.objects.bulk_create(
            Operation(**here, name=f"Opération {rank}", created_at=NOW) for rank in range(count)
        )
        contracts = Contract.objects.bulk_create(
            Contract(
                **here,
                title=f"Voirie {rank}",
                buyer=making.organisation(),
                facilitator=facilitator.user,
                operation=operations[0],
                state_since=NOW,
                created_at=NOW,
                updated_at=NOW,
            )
            for rank in range(count)
        )
        index_many(contracts)
        obligations = Obligation.objects.bulk_create(
            Obligation(**here, contract=each, due_minutes=6_000, created_at=NOW) for each in contracts
        )
        day = date(2026, 1, 5)
        FrameworkOrder.objects.bulk_create(
            FrameworkOrder(**here, obligation=each, number=f"BC-{each.pk}", ordered_on=day) for each in obligations
        )
        holders = Holder.objects.bulk_create(Holder(**here, contract=each, organisation=company) for each in contracts)
        Amendment.objects.bulk_create(
            Amendment(
                **here, contract=contracts[0], decided_on=day, reason="Prix", author=facilitator.user, created_at=NOW
            )
            for _ in range(count)
        )
        Subcontract.objects.bulk_create(
            Subcontract(**here, holder=holders[0], organisation=making.company(2 + rank % 5)) for rank in range(count)
        )
        agreements = PoolingAgreement.objects.bulk_create(
            PoolingAgreement(**here, company=company, title=f"Convention {rank}", created_at=NOW)
            for rank in range(count)
        )
        PooledContract.objects.bulk_create(
            PooledContract(**here, agreement=agreements[0], contract=each) for each in contracts
        )
        return {
            "contract": f"/contrats/{contracts[0].pk}",
            "operation": f"/contrats/operations/{operations[0].pk}",
            "agreement": f"/contrats/globalisations/{agreements[0].pk}",
        }

    return fill


def test_pages_cost_the_same_queries_at_ten_and_a_thousand_rows(register, facilitator, client_of):
    client, counts = client_of(facilitator), {}
    for count in (10, 1_000):
        things = register(count)
        for name, address in [*((each, each) for each in LISTS), *things.items()]:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert {name: found for name, found in counts.items() if found[0] != found[1] or found[0] > MOST} == {}
