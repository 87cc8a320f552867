"""One line says where a contract stands and who must do what; the list asked by « attendus de vous » says the same."""

from datetime import date

import pytest

from dentelle.thread.contracts import actions
from dentelle.thread.contracts.access import contracts_seen_by
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.actions.outside import decide_penalty
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import ContractState
from dentelle.web.spaces.queries import list_contracts, side_of
from dentelle.web.spaces.standing import waiting_for
from tests.contracts import making
from tests.factories import NOW
from tests.spaces.making import buyer, company, on, plan, seat, shared, short_of_hours

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def line(person, contract):
    rows = {row.pk: row for row in list_contracts(person, today=TODAY).rows}
    return rows[contract.pk]


def moved(facilitator, contract: Contract, *codes: str, **known) -> Contract:
    for code in codes:
        contract = actions.move_contract(
            facilitator, contract.pk, code, expected_revision=contract.revision, at=NOW, **known
        )
    return contract


def in_preparation(facilitator) -> Contract:
    contract = making.contract(facilitator)
    making.obligation(facilitator, contract)
    return contract


@pytest.mark.parametrize(
    ("codes", "said", "waits"),
    [
        ((), "Attendu du facilitateur : calibrer les heures", False),
        (("calibrate",), "Attendu de vous : valider ces heures", True),
        (("calibrate", "approve"), "Attendu de vous : lancer la consultation", True),
        (("calibrate", "approve", "publish"), "Attendu de vous : à l’attribution", False),
    ],
)
def test_before_the_notification_the_buyer_reads_whose_turn_it_is(facilitator, codes, said: str, waits: bool) -> None:
    contract = moved(facilitator, in_preparation(facilitator), *codes)
    row = line(buyer(contract), contract)
    assert row.expected.replace("\xa0", " ").startswith(said)
    assert row.waits is waits


def test_a_question_of_a_bidder_is_the_facilitators_turn(facilitator) -> None:
    contract = moved(facilitator, in_preparation(facilitator), "calibrate", "approve", "publish")
    shared(facilitator, contract, "inner", "Un apprenti ?", kind="question")
    assert "répondre à 1\u202fquestion de candidat" in line(buyer(contract), contract).expected


def test_a_plan_is_awaited_from_its_holder_until_confirmed(facilitator) -> None:
    contract = making.running(facilitator, ends_on=date(2027, 9, 30))
    people = (buyer(contract), company())
    assert [line(each, contract).expected.split("\xa0")[0] for each in people] == [
        "Attendu du titulaire",
        "Attendu de vous",
    ]
    plan(facilitator, contract)
    assert line(company(), contract).waits
    plan(facilitator, contract, confirmed=True)
    row = line(company(), contract)
    assert (row.waits, row.expected) == (False, "Attendu de vous\xa0: faire les heures prévues")


def test_an_order_without_hours_is_the_facilitators_turn(facilitator) -> None:
    contract = making.running(facilitator, is_framework=True)
    plan(facilitator, contract, confirmed=True)
    actions.add_order(
        facilitator,
        contract.pk,
        contract.obligations.get().pk,
        number="1",
        ordered_on=TODAY,
        added_minutes=None,
        amount_cents=None,
        expected_revision=contract.revision,
        at=NOW,
    )
    row = line(buyer(contract), contract)
    assert "chiffrer 1\u202fbon de commande" in row.expected
    assert "au moins" in row.standing.now


def test_a_shortfall_awaits_the_buyers_decision_then_nothing_and_the_company_is_not_told(facilitator) -> None:
    contract = short_of_hours(facilitator)
    person = buyer(contract)
    assert line(person, contract).waits
    assert "pénalité" not in line(company(), contract).expected
    decide_penalty(
        on(person, contract),
        contract.pk,
        contract.obligations.get().pk,
        outcome="applied",
        amount_cents=None,
        reason="",
        on=TODAY,
        expected_revision=contract.revision,
        at=NOW,
    )
    assert line(person, contract).expected == "Rien n’est attendu."


def test_a_subcontractor_is_told_of_its_part_only(facilitator) -> None:
    contract = making.running(facilitator, 833)
    content = SubcontractContent(making.company(2), due_minutes=60 * 60)
    actions.add_subcontract(
        facilitator, contract.pk, contract.holders.get().pk, content, expected_revision=contract.revision, at=NOW
    )
    row = line(company(2), contract)
    assert row.own_minutes == 3_600
    assert "833" not in row.standing.now
    assert not row.waits


def every_state(facilitator) -> None:
    """A contract in each state, those short of hours with and without terms, and holders with and without a plan."""
    for codes in ((), ("calibrate",), ("calibrate", "approve"), ("calibrate", "approve", "publish")):
        moved(facilitator, in_preparation(facilitator), *codes)
    making.running(facilitator)
    plan(facilitator, making.running(facilitator))
    plan(facilitator, making.running(facilitator), confirmed=True)
    moved(facilitator, making.running(facilitator), "suspend", reason="Arrêt")
    moved(facilitator, making.running(facilitator), "abandon", abandon_reason="removed")
    short_of_hours(facilitator)
    short_of_hours(facilitator, penalty_mode="NONE", penalty_value=None)
    making.obligation(facilitator, in_preparation(facilitator), 0, clause_type="AWARD_CRITERION")


@pytest.mark.parametrize("role", ["buyer", "company"])
def test_the_list_of_what_is_awaited_is_what_each_line_says(facilitator, role: str) -> None:
    every_state(facilitator)
    person = seat(making.organisation() if role == "buyer" else making.company(), role)
    rows = list_contracts(person, today=TODAY).rows
    asked = contracts_seen_by(person).filter(waiting_for(side_of(person), person.organisation))
    assert {row.pk for row in rows if row.waits} == set(asked.values_list("pk", flat=True))
    assert any(row.waits for row in rows)
    page = list_contracts(person, today=TODAY, waiting_only=True)
    assert (len(page.rows), page.waiting) == (asked.count(), asked.count())


def test_every_state_has_its_line(facilitator) -> None:
    every_state(facilitator)
    states = set(Contract.objects.values_list("state", flat=True))
    assert states >= set(ContractState.values) - {"notified", "closed_met"}
    for row in list_contracts(seat(making.organisation(), "buyer"), today=TODAY).rows:
        assert row.standing.now.endswith(".")
        assert row.expected
