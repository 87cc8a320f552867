"""Lists, filters, pages and versions, as a program meets them."""

import base64
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.tokens.models import ApiToken
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions import create_operation
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.models import Contract
from dentelle.web.api.gate import REQUESTS
from tests.api.calling import program
from tests.clauses.making import draft, saved
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def bearer(manager):
    return program(manager)


def moved(contract, minutes):
    Contract.objects.filter(pk=contract.pk).update(updated_at=NOW + timedelta(minutes=minutes))
    return contract


def every_page(bearer, path, limit):
    found, cursor = [], ""
    while cursor is not None:
        page = bearer.get(f"{path}?limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
    return found


def test_pages_give_everything_once_oldest_change_first(manager, bearer):
    # two of the same moment, whatever the page they fall on
    made = [moved(making.contract(manager, title=f"Contrat {rank}"), rank // 2) for rank in range(7)]
    for limit in (1, 2, 3, 7, 50):
        assert every_page(bearer, "contracts", limit) == [each.pk for each in made]


def test_what_changes_while_one_reads_comes_again_at_the_end(manager, bearer):
    made = [moved(making.contract(manager, title=f"Contrat {rank}"), rank) for rank in range(4)]
    first = bearer.get("contracts?limit=2").json()
    moved(made[0], 100)
    rest = bearer.get(f"contracts?limit=10&cursor={first['next']}").json()
    assert [item["id"] for item in rest["items"]] == [made[2].pk, made[3].pk, made[0].pk]


def test_updated_since_keeps_what_changed_from_that_moment_on(manager, bearer):
    made = [moved(making.contract(manager, title=f"Contrat {rank}"), rank) for rank in range(3)]
    since = (NOW + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    assert [item["id"] for item in bearer.get(f"contracts?updated_since={since}").json()["items"]] == [
        made[1].pk,
        made[2].pk,
    ]


@pytest.mark.parametrize("path", ["organisations", "operations", "contracts", "obligations", "calibrations"])
def test_every_list_pages_and_filters_by_moment(path, manager, bearer):
    for rank in range(3):
        making.running(manager, title=f"Contrat {rank}")
        create_operation(manager, name=f"Opération {rank}", programme="none", at=NOW)
        making.company(rank + 1)
        saved(manager)
    keys = every_page(bearer, path, 2)
    assert keys == sorted(set(keys))
    assert len(keys) >= 3
    assert bearer.get(f"{path}?updated_since=2199-01-01T00:00:00Z").json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=running", ["En cours"]),
        ("state=draft", ["Brouillon"]),
        ("q=en+cours", ["En cours"]),
        ("buyer_siret=217900018", ["En cours", "Brouillon"]),
        ("buyer_siret=900000009", []),
        ("operation_id=987654", []),
    ],
)
def test_contracts_are_found_by(query, found, manager, bearer):
    moved(making.running(manager, title="En cours"), 1)
    moved(making.contract(manager, title="Brouillon"), 2)
    assert [item["title"] for item in bearer.get(f"contracts?{query}").json()["items"]] == found


def test_an_operation_gathers_its_contracts(manager, bearer):
    operation = create_operation(manager, name="Écoles", programme="npnru", at=NOW)
    mine = making.contract(manager, operation=operation)
    making.contract(manager, title="Ailleurs")
    assert [item["id"] for item in bearer.get(f"contracts?operation_id={operation.pk}").json()["items"]] == [mine.pk]
    assert bearer.get("operations?programme=npnru").json()["items"][0]["id"] == operation.pk


def test_calibrations_are_found_by_state_and_words(manager, bearer):
    saved(manager, title="Façades du collège")
    draft(manager, title="Toiture")
    by = {
        query: [item["title"] for item in bearer.get(f"calibrations?{query}").json()["items"]]
        for query in ("status=draft", "q=college")
    }
    assert by == {"status=draft": ["Toiture"], "q=college": ["Façades du collège"]}


def test_organisations_are_found_by_number_and_kind(manager, bearer):
    contract = making.running(manager)
    siren = contract.buyer.siren
    assert [item["id"] for item in bearer.get(f"organisations?siret={siren}").json()["items"]] == [contract.buyer_id]
    assert bearer.get("organisations?kind=geiq").json()["items"] == []


def test_a_merged_organisation_leads_to_the_one_kept(bearer, db):
    kept, gone = making.company(1), making.company(2)
    Organisation.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert bearer.get(f"organisations/{gone.pk}").json()["id"] == kept.pk
    assert [item["id"] for item in bearer.get("organisations").json()["items"]] == [kept.pk]


def cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("etat=running", "etat"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=dix", "limit"),
        ("state=flying", "state"),
        ("updated_since=hier", "updated_since"),
        ("updated_since=2026-02-30T00:00:00Z", "updated_since"),
        ("updated_since=2026-02-01T00:00:00", "updated_since"),
        ("cursor=abcdef", "cursor"),
        ("cursor=" + cursor("0001-01-01T00:00:00+14:00", 1), "cursor"),
        ("cursor=" + cursor("2026-01-01T00:00:00+00:00", 2**70), "cursor"),
        ("state=draft&state=running", "state"),
        ("q=a%00b", "q"),
    ],
)
def test_a_filter_badly_written_is_refused_at_its_place(query, field, bearer):
    answer = bearer.get(f"contracts?{query}")
    assert answer.status_code == 422
    fault = answer.json()["errors"][0]
    assert (fault["place"], fault["field"]) == ("query", field)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_contract_shows_its_whole_chain(manager, bearer):
    contract = making.running(manager)
    holder = contract.holders.get()
    parent, below = None, []
    for rank, minutes in ((2, 600), (3, 300)):
        contract.refresh_from_db()
        content = SubcontractContent(making.company(rank), due_minutes=minutes)
        made = actions.add_subcontract(
            manager, contract.pk, holder.pk, content, parent_pk=parent, expected_revision=contract.revision, at=NOW
        )
        below.append((f"Bâtisseurs {rank}", parent, minutes))
        parent = made.pk
    (shown,) = bearer.get(f"contracts/{contract.pk}").json()["holders"]
    told = [(each["organisation"]["name"], each["parent_id"], each["due_minutes"]) for each in shown["subcontracts"]]
    assert told == below


def test_what_is_owed_counts_orders_and_amendments(manager, bearer):
    contract = making.running(manager, hours=100)
    obligation = contract.obligations.get()
    actions.add_amendment(
        manager,
        contract.pk,
        decided_on=NOW.date(),
        reason="Travaux ajoutés",
        obligation_pk=obligation.pk,
        minutes_change=1_200,
        expected_revision=contract.revision,
        at=NOW,
    )
    shown = bearer.get(f"obligations/{obligation.pk}").json()
    assert (shown["due_minutes"], shown["owed_minutes"]) == (6_000, 7_200)
    assert bearer.get("contracts").json()["items"][0]["dues"] == [
        {"counts": "insertion_hours", "owed_minutes": 7_200, "optional_minutes": 0, "unsized_orders": 0}
    ]


def test_a_version_already_known_is_not_sent_again(manager, bearer):
    contract = making.running(manager)
    tag = bearer.get(f"contracts/{contract.pk}")["ETag"]
    again = bearer.get(f"contracts/{contract.pk}", if_none_match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert bearer.get(f"contracts/{contract.pk}", if_none_match='"1-0"').status_code == 200


def test_head_answers_as_get_without_a_body(manager, bearer):
    contract = making.running(manager)
    head = bearer.ask("head", f"contracts/{contract.pk}")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == bearer.get(f"contracts/{contract.pk}")["ETag"]


@pytest.mark.parametrize("path", ["organisations", "operations", "contracts", "obligations", "calibrations"])
def test_a_list_costs_the_same_queries_at_any_length(path, manager, bearer):
    bearer.get(path)  # the day of use is noted
    counts = []
    for more in (1, 9):
        for rank in range(more):
            making.running(manager, title=f"Contrat {more} {rank}")
            create_operation(manager, name=f"Opération {more} {rank}", programme="none", at=NOW)
            saved(manager)
        with CaptureQueriesContext(connection) as captured:
            assert bearer.get(path).json()["items"]
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_reading_writes_nothing_but_the_day_of_use_once(manager, bearer):
    for _ in range(2):
        bearer.get("contracts")
    token = ApiToken.objects.get()
    assert token.last_used_on is not None
    with CaptureQueriesContext(connection) as captured:
        bearer.get("contracts")
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []


def test_a_token_that_asks_too_often_is_told_when_to_come_back(bearer, monkeypatch):
    cache.clear()
    monkeypatch.setattr("dentelle.web.api.gate.REQUESTS", 3)
    answers = [bearer.get("contracts") for _ in range(4)]
    while answers[0].status_code == answers[-1].status_code:  # the minute turned meanwhile
        answers = [bearer.get("contracts") for _ in range(4)]
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "too_many")
    assert 0 < int(last["Retry-After"]) <= 60
    assert REQUESTS == 300


def test_one_token_does_not_use_up_the_pace_of_another(manager, bearer, monkeypatch):
    cache.clear()
    monkeypatch.setattr("dentelle.web.api.gate.REQUESTS", 1)
    other = program(manager)
    for _ in range(3):
        bearer.get("contracts")
    assert other.get("contracts").status_code == 200
