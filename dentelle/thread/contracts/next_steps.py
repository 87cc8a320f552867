"""What a contract calls for now: one act at most, shown first on its page."""

from dataclasses import dataclass
from datetime import date

from dentelle.thread.contracts.queries import ContractSheet
from dentelle.thread.contracts.states import ContractState, moves_from

# moves that take a contract forward; the others answer to events nobody should be invited to
FORWARD = ("calibrate", "approve", "publish", "notify", "start", "resume")


@dataclass(frozen=True, slots=True)
class NextStep:
    """An act by its code, its words, and what its form starts with (a query string)."""

    code: str
    label: str
    start: str = ""


def next_step(sheet: ContractSheet, role: str, *, today: date) -> NextStep | None:
    """Return what to do next, None when the contract only has to be followed or is over."""
    contract = sheet.contract
    if any(due.unsized_orders for due in sheet.dues):
        return NextStep("chiffrage", "Chiffrer un bon de commande")
    running = contract.state in (ContractState.NOTIFIED, ContractState.RUNNING)
    if running and sheet.holders and not contract.plans.all():
        return NextStep("plan", "Arrêter le plan d’insertion")
    if contract.state == ContractState.DRAFT and not sheet.obligations:
        return NextStep("obligation", "Ajouter une obligation")
    for move in moves_from(contract.state, role):
        ends = move.code == "close_met" and contract.ends_on is not None and contract.ends_on <= today
        if move.code in FORWARD or ends:
            return NextStep("etape", "Clore le contrat" if ends else move.label, f"?move={move.code}")
    return None
