"""The register as a file, and in the order of the ends."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from dentelle.foundations.documents import storage
from dentelle.foundations.jobs.models import Job
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts import queries
from dentelle.thread.contracts.models import Association, Contract
from dentelle.thread.contracts.queries import ContractFilters, list_contracts
from tests.contracts import making
from tests.factories import MembershipFactory


def rows_of(job: Job) -> list[list[str]]:
    text = storage.full_path(job.files.get().path).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def ask(client, run_jobs, **asked) -> Job:
    assert client.post(reverse("contracts:export"), {"format": "csv", **asked}).status_code == 302
    run_jobs()
    job = Job.objects.get()
    assert job.state == "done", job.error
    return job


@pytest.mark.django_db(transaction=True)
def test_the_file_says_of_each_contract_what_the_list_says_counter_by_counter(reader, facilitator, client_of, run_jobs):
    running = making.running(facilitator, 833, title="=Voirie", number="2026-7")
    making.obligation(facilitator, running, 90, clause_type=LeverCode.INTERNSHIP_CLAUSE.value)
    making.contract(facilitator, title="Toiture")
    columns = ["intitule", "titulaires", "heures", "stage", "etape", "fin"]
    rows = rows_of(ask(client_of(reader), run_jobs, query="texte=voirie", colonnes=columns))
    assert rows == [
        ["Intitulé", "Étape", "Titulaires", "Heures d’insertion dues", "Heures de stage dues", "Fin"],
        ["'=Voirie", "en cours", "Bâtisseurs 1", "833", "90", "2027-09-30"],
    ]


@pytest.mark.django_db(transaction=True)
def test_a_file_holds_nothing_of_another_structure(outsider, facilitator, client_of, run_jobs):
    making.contract(facilitator, title="Toiture")
    assert len(rows_of(ask(client_of(outsider), run_jobs, query="", colonnes=[]))) == 1


def test_the_order_of_the_ends_goes_on_over_pages_and_leaves_out_no_contract(facilitator):
    days = [date(2027, 5, 1), None, date(2027, 1, 1), date(2027, 5, 1), None, date(2028, 1, 1), None]
    for rank, day in enumerate(days):
        making.contract(facilitator, title=f"Contrat {rank}", ends_on=day)
    seen, after, pages = [], None, 0
    while pages == 0 or after:
        page = list_contracts(facilitator, ContractFilters(sort="fin"), after=after, size=2)
        seen, after, pages = [*seen, *page.rows], page.after, pages + 1
    assert [row.ends_on for row in seen] == sorted(filter(None, days)) + [None] * 3
    assert len({row.pk for row in seen}) == len(days)
    assert pages == 4


def test_the_page_keeps_the_order_asked_when_it_is_turned(facilitator, client_of, monkeypatch):
    for rank in range(3):
        making.contract(facilitator, title=f"Contrat {rank}", ends_on=date(2027, 3 - rank, 1))
    monkeypatch.setattr(queries.list_contracts, "__kwdefaults__", {"after": None, "size": 2})
    client = client_of(facilitator)
    page = client.get("/contrats/?tri=fin").content.decode()
    turned = re.search(r'href="(\?[^"]*apres=[^"]*)"', page)[1].replace("&amp;", "&")
    assert "tri=fin" in turned
    assert "Contrat 0" in client.get(f"/contrats/{turned}").content.decode()
    assert Contract.objects.count() == 3


def test_contracts_led_and_shared_stand_in_one_order_over_pages(facilitator):
    colleague = MembershipFactory(outsider=True, structure__network=facilitator.structure.network)
    for rank in range(5):
        shared = rank % 2 == 0
        actor = colleague if shared else facilitator
        made = making.contract(actor, title=f"Contrat {rank}", ends_on=date(2027, rank + 1, 1))
        if shared:
            Association.objects.create(
                structure=facilitator.structure, contract=made, due_minutes=60 * (rank + 1), since=date(2026, 1, 1)
            )
    seen, after = [], None
    for _ in range(3):
        page = list_contracts(facilitator, ContractFilters(sort="fin"), after=after, size=2)
        seen, after = [*seen, *page.rows], page.after
    assert (page.total, after) == (5, None)
    assert [row.title for row in seen] == [f"Contrat {rank}" for rank in range(5)]
    assert [row.share_minutes for row in seen] == [60, None, 180, None, 300]
    assert sum(stage.count for stage in page.stages) == 5
