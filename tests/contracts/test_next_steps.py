from datetime import date

import pytest

from dentelle.thread.contracts.actions.plan import PlanContent, set_plan
from dentelle.thread.contracts.next_steps import next_step, standing_of
from dentelle.thread.contracts.queries import contract_sheet
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def label(contract, role: str = "facilitator", today: date = TODAY) -> str | None:
    contract.refresh_from_db()
    step = next_step(standing_of(contract_sheet(contract)), role, today=today)
    return step.label if step else None


def test_each_stage_calls_for_what_it_lacks(facilitator) -> None:
    contract = making.contract(facilitator)
    assert label(contract) == "Ajouter une obligation"
    making.obligation(facilitator, contract)
    assert label(contract) == "Calibrage terminé"
    assert label(making.running(facilitator)) == "Arrêter le plan d’insertion"


def test_nobody_is_invited_to_suspend_nor_to_close_before_the_end(facilitator) -> None:
    contract = making.running(facilitator)
    plan = PlanContent(kickoff_on=date(2026, 9, 20))
    lock = {"expected_revision": contract.revision, "at": NOW}
    set_plan(facilitator, contract.pk, contract.holders.get().pk, plan, **lock)
    assert label(contract) is None
    assert label(contract, today=date(2027, 10, 1)) == "Clore le contrat"
