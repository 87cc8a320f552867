"""A second click, a page sent again: the register keeps one contract, one act."""

import re

import pytest

from dentelle.thread.contracts.models import Contract
from tests.contracts import making

pytestmark = pytest.mark.django_db


def key_of(client, address: str) -> str:
    found = re.search(r'name="form_key"[^>]*value="([0-9a-f]{32})"', client.get(address).content.decode())
    assert found
    return found[1]


def test_a_contract_sent_twice_enters_once(facilitator, client_of) -> None:
    client = client_of(facilitator)
    typed = {
        "form_key": key_of(client, "/contrats/nouveau"),
        "title": "Cantines",
        "clause_type": "EXECUTION_CONDITION",
    }
    answers = [client.post("/contrats/nouveau", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Contract.objects.count() == 1


def test_an_act_sent_twice_is_not_taken_for_the_change_of_another(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    client = client_of(facilitator)
    address = f"/contrats/{contract.pk}/lot"
    typed = {"form_key": key_of(client, address), "revision": contract.revision, "number": "1"}
    assert [client.post(address, typed).status_code for _ in range(2)] == [302, 302]
    assert contract.lots.count() == 1
