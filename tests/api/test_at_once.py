"""The same request from two processes at once acts once, and both get the one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections  # noqa: F401 (connection is read by the condition of a mark)

from dentelle.foundations.journal.models import Entry
from dentelle.thread.contracts.models import Contract
from tests.api.calling import Program, program
from tests.factories import MembershipFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="the SQLite of tests lives in memory, one connection at a time"
    ),
]
TOGETHER = 6


def together(act):
    def alone(rank):
        try:
            return act(rank)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(alone, range(TOGETHER)))


def test_requests_of_one_key_sent_at_once_act_once():
    secret = program(MembershipFactory(manager=True)).secret
    answers = together(lambda rank: Program(secret).post("contracts", {"title": "Voirie"}, idempotency_key="demande-1"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (Contract.objects.count(), Entry.objects.filter(act="contract.created").count()) == (1, 1)


def test_corrections_of_one_version_sent_at_once_let_one_through():
    bearer = program(MembershipFactory(manager=True))
    made = bearer.post("contracts", {"title": "Voirie"})
    path, tag = f"contracts/{made.json()['id']}", made["ETag"]
    answers = together(lambda rank: Program(bearer.secret).patch(path, {"number": f"A-{rank}"}, if_match=tag))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (TOGETHER - 1)
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert Contract.objects.get().number == winner.json()["number"]
