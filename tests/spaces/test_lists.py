"""The lists of people outside cost the same at ten rows and at a thousand, and go on where they stopped."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.documents.models import StoredFile
from dentelle.thread.contracts.models import Contract, Exchange, Holder, InsertionPlan, Obligation, Subcontract
from dentelle.thread.contracts.states import ContractState
from dentelle.web.spaces.queries import PAGE_SIZE
from tests.contracts import making
from tests.factories import NOW
from tests.spaces.making import seat

pytestmark = pytest.mark.django_db
STATES = (ContractState.RUNNING, ContractState.NOTIFIED, ContractState.SUSPENDED)


def many(facilitator, count: int) -> None:
    """Signed contracts of one buyer and one holder, written at once: what is tested is reading them."""
    buyer, holder, under = making.organisation(), making.company(), making.company(2)
    structure = facilitator.structure
    contracts = Contract.objects.bulk_create(
        Contract(
            structure=structure,
            buyer=buyer,
            facilitator=facilitator.user,
            title=f"Marché {rank}",
            state=STATES[rank % 3],
            state_since=NOW,
            notified_on=NOW.date(),
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=300),
            created_at=NOW,
            updated_at=NOW - timedelta(minutes=rank // 2),
        )
        for rank in range(count)
    )
    Obligation.objects.bulk_create(
        Obligation(structure=structure, contract=each, due_minutes=600, created_at=NOW) for each in contracts
    )
    holders = Holder.objects.bulk_create(
        Holder(structure=structure, contract=each, organisation=holder) for each in contracts
    )
    Subcontract.objects.bulk_create(
        Subcontract(structure=structure, holder=each, organisation=under, due_minutes=60) for each in holders
    )
    InsertionPlan.objects.bulk_create(
        InsertionPlan(structure=structure, contract=each.contract, holder=each) for each in holders[::2]
    )
    files = StoredFile.objects.bulk_create(
        StoredFile(
            structure=structure,
            name=f"piece-{rank}.txt",
            media_type="text/plain",
            size=1,
            sha256="0" * 64,
            path=f"aa/{rank}",
            state="available",
            created_at=NOW,
        )
        for rank in range(count)
    )
    Exchange.objects.bulk_create(
        Exchange(
            structure=structure,
            contract=contract,
            kind="meeting",
            sharing="both",
            happened_on=NOW.date(),
            text="Réunion",
            attachment=file,
            author=facilitator.user,
            created_at=NOW - timedelta(minutes=rank),
        )
        for rank, (contract, file) in enumerate(zip(contracts, files, strict=True))
    )


ADDRESSES = {
    "buyer": (
        "/mes-contrats/",
        "/mes-contrats/?attente=1",
        "/mes-pieces/",
        f"/mes-indicateurs/?annee={NOW.year}",
        f"/mes-indicateurs/clauses?annee={NOW.year}",
    ),
    "company": ("/mes-contrats/", "/mes-contrats/?attente=1", "/mes-pieces/"),
}


@pytest.mark.parametrize("role", ADDRESSES)
def test_a_list_costs_the_same_at_any_length(facilitator, client_of, role: str) -> None:
    person = seat(making.organisation() if role == "buyer" else making.company(), role)
    client = client_of(person)
    made = []
    for count in (10, 990):
        many(facilitator, count)
        queries = []
        for address in ADDRESSES[role]:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            queries.append(len(captured))
        made.append(queries)
        Exchange.objects.all().delete()
        StoredFile.objects.all().delete()
        Contract.objects.all().delete()
    assert made[0] == made[1]
    assert max(made[0]) <= 20


@pytest.mark.parametrize(
    ("role", "address"), [("buyer", "/mes-contrats/"), ("company", "/mes-contrats/"), ("buyer", "/mes-pieces/")]
)
def test_pages_follow_one_another_and_give_every_row_once(facilitator, client_of, role: str, address: str) -> None:
    count = 2 * PAGE_SIZE + 7
    many(facilitator, count)
    client = client_of(seat(making.organisation() if role == "buyer" else making.company(), role))
    seen, pages = [], 0
    while address:
        context = client.get(address).context
        page = context["page"]
        seen += [row.pk if hasattr(row, "pk") else row.exchange.pk for row in getattr(page, "rows", None) or page.files]
        address = context["next_url"] and "/" + address.strip("/").split("?")[0].strip("/") + "/" + context["next_url"]
        pages += 1
    assert (pages, len(seen), len(set(seen))) == (3, count, count)


@pytest.mark.parametrize("lines", [0, 40])
def test_the_page_of_a_contract_costs_the_same_with_little_or_much_on_it(facilitator, client_of, lines: int) -> None:
    contract = making.running(facilitator)
    Exchange.objects.bulk_create(
        Exchange(
            structure=contract.structure,
            contract=contract,
            kind="note",
            sharing="both",
            happened_on=NOW.date(),
            text="Note",
            author=facilitator.user,
            created_at=NOW,
        )
        for _ in range(lines)
    )
    for person in (seat(making.organisation(), "buyer"), seat(making.company(), "company")):
        client = client_of(person)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/mes-contrats/{contract.pk}")
        assert len(captured) <= 27
