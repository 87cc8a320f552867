"""Dates nobody can mean are refused where they are typed."""

from datetime import date
from typing import Any

import pytest

from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.exchange import add_exchange, answer_question
from dentelle.thread.contracts.actions.plan import PlanContent, set_plan
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.refusals import ContractRefused
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def lock(contract: Contract) -> dict[str, Any]:
    contract.refresh_from_db()
    return {"expected_revision": contract.revision, "at": NOW}


def test_an_obligation_is_not_due_before_the_contract_starts(facilitator) -> None:
    contract = making.contract(facilitator, starts_on=date(2027, 1, 1))
    with pytest.raises(ContractRefused, match="précède le début") as refused:
        making.obligation(facilitator, contract, deadline_on=date(2026, 12, 31))
    assert refused.value.field == "deadline_on"


def test_an_order_is_not_dated_before_the_notification(facilitator) -> None:
    contract = making.running(facilitator, is_framework=True)
    known = {"number": "BC-1", "ordered_on": date(2026, 8, 31)}
    with pytest.raises(ContractRefused, match=r"1er.septembre 2026") as refused:
        actions.add_order(facilitator, contract.pk, contract.obligations.get().pk, **known, **lock(contract))
    assert refused.value.field == "ordered_on"


def test_an_exchange_is_not_noted_ahead_of_its_day(facilitator) -> None:
    contract = making.running(facilitator)
    said = {"kind": "question", "text": "Quand commence-t-on ?"}
    with pytest.raises(ContractRefused, match="à venir") as refused:
        add_exchange(facilitator, contract.pk, happened_on=date(2026, 11, 22), **said, **lock(contract))
    assert refused.value.field == "happened_on"
    asked = add_exchange(facilitator, contract.pk, happened_on=date(2026, 11, 21), **said, **lock(contract))
    with pytest.raises(ContractRefused, match="à venir"):
        answer_question(facilitator, contract.pk, asked.pk, answer="Lundi", on=date(2026, 11, 22), **lock(contract))


@pytest.mark.parametrize("month", [date(2026, 9, 1), date(2027, 10, 1)])
def test_a_plan_has_no_month_outside_the_execution(facilitator, month) -> None:
    contract = making.running(facilitator)
    content = PlanContent(months=(MonthlyMinutes(month, 600),))
    with pytest.raises(ContractRefused, match="hors de l’exécution") as refused:
        set_plan(facilitator, contract.pk, contract.holders.get().pk, content, **lock(contract))
    assert refused.value.field == "months"
