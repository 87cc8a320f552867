from datetime import date, datetime, timedelta
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.exchange import add_exchange, answer_question
from dentelle.thread.contracts.actions.moves import state_total
from dentelle.thread.contracts.actions.outside import ask_from_outside
from dentelle.thread.contracts.actions.plan import PlanContent, add_planned_action, finish_planned_action, set_plan
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import Contract, ExchangeKind
from dentelle.thread.contracts.party import Party, Side
from tests.awaiting.cases import Made
from tests.contracts import making
from tests.factories import NOW, UserFactory

TODAY = NOW.date()


def lock(contract: Contract, at: datetime = NOW) -> dict[str, Any]:
    contract.refresh_from_db()
    return {"expected_revision": contract.revision, "at": at}


def move(actor: Membership, contract: Contract, code: str, **known: Any) -> Contract:
    return actions.move_contract(actor, contract.pk, code, **known, **lock(contract))


def planned(actor: Membership, contract: Contract, months: tuple[MonthlyMinutes, ...] = ()) -> Any:
    content = PlanContent(kickoff_on=date(2026, 9, 20), months=months)
    return set_plan(actor, contract.pk, contract.holders.get().pk, content, **lock(contract))


def total(contract: Contract, on: date) -> actions.ClosingTotal:
    return actions.ClosingTotal({due.counts: due.owed for due in dues_of(contract)}, "Relevé du titulaire", on)


def under_way(actor: Membership, **known: Any) -> Contract:
    """A contract whose hours are being done, kicked off: nothing awaits on it."""
    contract = making.running(actor, **known)
    planned(actor, contract)
    return contract


def calibration(actor: Membership) -> Made:
    contract = making.contract(actor)
    making.obligation(actor, contract)
    return Made(NOW, lambda: move(actor, contract, "calibrate"))


def charge(actor: Membership) -> Made:
    contract = under_way(actor)
    Contract.objects.filter(pk=contract.pk).update(facilitator=None)
    return Made(NOW, lambda: actions.take_in_charge(actor, contract.pk, **lock(contract)))


def next_move(actor: Membership) -> Made:
    contract = making.contract(actor)
    making.obligation(actor, contract)
    move(actor, contract, "calibrate")
    return Made(NOW + timedelta(days=32), lambda: move(actor, contract, "approve"))


def kickoff(actor: Membership) -> Made:
    contract = making.running(actor)
    return Made(NOW, lambda: planned(actor, contract))


def closing(actor: Membership) -> Made:
    contract = under_way(actor, ends_on=date(2026, 11, 15))
    return Made(NOW, lambda: move(actor, contract, "close_met", total=total(contract, TODAY)))


def order(actor: Membership) -> Made:
    contract = under_way(actor, is_framework=True)
    known = {"number": "BC-1", "ordered_on": date(2026, 11, 3), "amount_cents": None, "added_minutes": None}
    made = actions.add_order(actor, contract.pk, contract.obligations.get().pk, **known, **lock(contract))
    return Made(NOW, lambda: actions.size_order(actor, contract.pk, made.pk, added_minutes=600, **lock(contract)))


def month(actor: Membership) -> Made:
    contract = making.running(actor)
    planned(actor, contract, (MonthlyMinutes(date(2026, 10, 1), 6_000), MonthlyMinutes(date(2026, 11, 1), 6_000)))
    return Made(NOW, lambda: state_total(actor, contract.pk, total(contract, date(2026, 10, 31)), **lock(contract)))


def deadline(actor: Membership) -> Made:
    contract = under_way(actor)
    contract.obligations.update(deadline_on=date(2026, 12, 31))
    return Made(NOW, lambda: state_total(actor, contract.pk, total(contract, TODAY), **lock(contract)))


def action(actor: Membership) -> Made:
    contract = under_way(actor)
    plan = contract.plans.get()
    what = {"who": "Le titulaire", "what": "Transmet les fiches de poste", "due_on": date(2026, 11, 10)}
    made = add_planned_action(actor, contract.pk, plan.pk, **what, **lock(contract))
    return Made(NOW, lambda: finish_planned_action(actor, contract.pk, made.pk, on=TODAY, **lock(contract)))


def question(actor: Membership) -> Made:
    contract = making.contract(actor)
    making.obligation(actor, contract)
    for code in ("calibrate", "approve", "publish"):
        move(actor, contract, code)
    known = {"kind": ExchangeKind.QUESTION, "happened_on": TODAY, "text": "Une ETTI est-elle admise ?"}
    asked = add_exchange(actor, contract.pk, **known, **lock(contract))
    return Made(NOW, lambda: answer_question(actor, contract.pk, asked.pk, answer="Oui.", on=TODAY, **lock(contract)))


def request(actor: Membership) -> Made:
    contract = under_way(actor)
    company = Party(contract.holders.get().organisation, Side.HOLDER, user=UserFactory())
    asked = ask_from_outside(company, contract.pk, text="Un apprenti compte-t-il ?", at=NOW)
    return Made(NOW, lambda: answer_question(actor, contract.pk, asked.pk, answer="Oui.", on=TODAY, **lock(contract)))


CASES = {
    "contract.calibration": calibration,
    "contract.charge": charge,
    "contract.move": next_move,
    "contract.kickoff": kickoff,
    "contract.closing": closing,
    "contract.order": order,
    "contract.month": month,
    "contract.deadline": deadline,
    "contract.action": action,
    "contract.question": question,
    "contract.request": request,
}
