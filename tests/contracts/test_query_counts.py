"""Each page of the register costs the same few queries at ten rows and at a thousand."""

from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.search.actions import index_many
from dentelle.thread.contracts.models import (
    Amendment,
    AnalysisCriterion,
    Association,
    Contract,
    Exchange,
    ExchangeKind,
    ExchangeNotice,
    FrameworkOrder,
    Holder,
    InsertionPlan,
    Obligation,
    Offer,
    OfferScore,
    Operation,
    PenaltyDecision,
    PenaltyForm,
    PenaltyOutcome,
    PlannedAction,
    PlannedMonth,
    PooledContract,
    PoolingAgreement,
    Subcontract,
)
from dentelle.thread.contracts.states import ContractState
from tests.contracts import making
from tests.factories import NOW, StructureFactory

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
                state=ContractState.RUNNING,
                notified_on=date(2026, 1, 5),
                state_since=NOW,
                created_at=NOW,
                updated_at=NOW,
            )
            for rank in range(count)
        )
        index_many(contracts)
        obligations = Obligation.objects.bulk_create(
            Obligation(
                **here,
                contract=each,
                due_minutes=6_000,
                penalty_mode=PenaltyForm.EUR_PER_HOUR,
                penalty_value=4_000,
                created_at=NOW,
            )
            for each in contracts
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
        Contract.objects.filter(pk=contracts[1].pk).update(state=ContractState.IN_TENDER)
        for each, obligation, holder in zip(contracts[:2], obligations[:2], holders[:2], strict=True):
            fill_one(each, obligation, holder, facilitator, count)
        agreements = PoolingAgreement.objects.bulk_create(
            PoolingAgreement(**here, company=company, title=f"Convention {rank}", created_at=NOW)
            for rank in range(count)
        )
        PooledContract.objects.bulk_create(
            PooledContract(**here, agreement=agreements[0], contract=each) for each in contracts
        )
        return {
            "contract running": f"/contrats/{contracts[0].pk}",
            "contract in tender": f"/contrats/{contracts[1].pk}",
            "bids": f"/contrats/{contracts[1].pk}/analyse",
            "operation": f"/contrats/operations/{operations[0].pk}",
            "agreement": f"/contrats/globalisations/{agreements[0].pk}",
        }

    return fill


def fill_one(contract, obligation, holder, facilitator, count: int) -> None:
    """Give one contract that many of everything its page can show."""
    here, day = {"structure": facilitator.structure}, date(2026, 1, 5)
    many = range(min(count, 40))
    plan = InsertionPlan.objects.create(**here, contract=contract, holder=holder)
    PlannedAction.objects.bulk_create(PlannedAction(**here, plan=plan, who="Paul", what="Recruter") for _ in many)
    PlannedMonth.objects.bulk_create(
        PlannedMonth(**here, plan=plan, month=date(2026 + rank // 12, rank % 12 + 1, 1), minutes=60) for rank in many
    )
    criteria = AnalysisCriterion.objects.bulk_create(
        AnalysisCriterion(**here, contract=contract, position=rank, label="Tutorat", points=5) for rank in many
    )
    offers = Offer.objects.bulk_create(
        Offer(**here, contract=contract, organisation=making.company(rank)) for rank in range(2, 7)
    )
    OfferScore.objects.bulk_create(
        OfferScore(**here, offer=offer, criterion=criterion, points=3) for offer, criterion in product(offers, criteria)
    )
    exchanges = Exchange.objects.bulk_create(
        Exchange(
            **here,
            contract=contract,
            kind=ExchangeKind.QUESTION,
            happened_on=day,
            text="Qui recrute\u00a0?",
            author=facilitator.user,
            created_at=NOW,
        )
        for _ in many
    )
    told = {"told_on": day, "author": facilitator.user, "created_at": NOW}
    ExchangeNotice.objects.bulk_create(
        ExchangeNotice(**here, exchange=each, recipient="Tous", **told) for each in exchanges
    )
    Association.objects.bulk_create(
        Association(structure=StructureFactory(), contract=contract, due_minutes=60, since=day) for _ in many
    )
    PenaltyDecision.objects.bulk_create(
        PenaltyDecision(
            **here,
            contract=contract,
            obligation=obligation,
            outcome=PenaltyOutcome.WAIVED,
            proposed_cents=100,
            amount_cents=0,
            reason="Aléa",
            decided_on=day,
            decided_by=facilitator.user,
            created_at=NOW,
        )
        for _ in many
    )


def test_pages_cost_the_same_queries_at_ten_and_a_thousand_rows(register, facilitator, client_of):
    client, counts = client_of(facilitator), {}
    for count in (10, 1_000):
        things = register(count)
        for name, address in [*((each, each) for each in LISTS), *things.items()]:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert {name: found for name, found in counts.items() if found[0] != found[1] or found[0] > MOST} == {}
