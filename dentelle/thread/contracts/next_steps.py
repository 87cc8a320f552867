"""What a contract calls for now: one act at most, shown first on its page. The day's list proposes the same acts."""

from dataclasses import dataclass
from datetime import date

from dentelle.thread.contracts.queries import ContractSheet
from dentelle.thread.contracts.states import ContractState, is_open, moves_from

# moves that take a contract forward; the others answer to events nobody should be invited to
FORWARD = ("calibrate", "approve", "publish", "notify", "start", "resume")


@dataclass(frozen=True, slots=True)
class NextStep:
    """An act by its code, its words, and what its form starts with (a query string)."""

    code: str
    label: str
    start: str = ""


TAKE_CHARGE = NextStep("prise-en-charge", "Prendre en charge")
SIZE_ORDER = NextStep("chiffrage", "Chiffrer un bon de commande")
SET_PLAN = NextStep("plan", "Arrêter le plan d’insertion")
ADD_OBLIGATION = NextStep("obligation", "Ajouter une obligation")
STATE_TOTAL = NextStep("constat", "Constater les heures faites")
FINISH_ACTION = NextStep("action-faite", "Noter une action faite")
ANSWER = NextStep("reponse", "Répondre à la question")


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of a contract that decide what it calls for."""

    state: str
    ends_on: date | None
    is_followed: bool
    has_obligation: bool
    has_holder: bool
    has_plan: bool
    has_unsized_order: bool


def standing_of(sheet: ContractSheet) -> Standing:
    """Return the facts of the contract of a page."""
    return Standing(
        state=sheet.contract.state,
        ends_on=sheet.contract.ends_on,
        is_followed=sheet.contract.facilitator_id is not None,
        has_obligation=bool(sheet.obligations),
        has_holder=bool(sheet.holders),
        has_plan=bool(sheet.contract.plans.all()),
        has_unsized_order=any(due.unsized_orders for due in sheet.dues),
    )


def next_step(standing: Standing, role: str, *, today: date) -> NextStep | None:
    """Return what to do next, None when the contract only has to be followed or is over."""
    moves = moves_from(standing.state, role)
    if not moves or not is_open(standing.state):
        return None
    if not standing.is_followed:
        return TAKE_CHARGE
    if standing.has_unsized_order:
        return SIZE_ORDER
    if is_finished(standing.state, standing.ends_on, today):
        return close(standing.state)
    if needs_plan(standing):
        return SET_PLAN
    if standing.state == ContractState.DRAFT and not standing.has_obligation:
        return ADD_OBLIGATION
    return next((NextStep("etape", move.label, f"?move={move.code}") for move in moves if move.code in FORWARD), None)


def close(state: str) -> NextStep:
    """Return the closing of a contract; one that is suspended at its end did not do all of its hours."""
    move = "close_met" if state == ContractState.RUNNING else "close_partial"
    return NextStep("etape", "Clore le contrat", f"?move={move}")


def needs_plan(standing: Standing) -> bool:
    """Say whether the kick-off with the holder is still to be held."""
    signed = standing.state in (ContractState.NOTIFIED, ContractState.RUNNING)
    return signed and standing.has_holder and not standing.has_plan


def is_finished(state: str, ends_on: date | None, today: date) -> bool:
    """Say whether the execution is over while the contract is still open."""
    return state in (ContractState.RUNNING, ContractState.SUSPENDED) and ends_on is not None and ends_on <= today
