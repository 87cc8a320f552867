"""Moving a contract from one state to the next, by the table of ``states.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.actions.changing import changing
from dentelle.thread.contracts.dues import STATED, dues_of
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import AbandonReason, ContractState, Move, MoveRefused, Need, awaits_hours, move

LEARNT = ("notified_on", "starts_on")  # what a step may tell of the contract at the same time


@dataclass(frozen=True, slots=True)
class ClosingTotal:
    """The minutes somebody states at the end for each counter, with the document or person that says so."""

    minutes: Mapping[LeverCounts, int]
    source: str
    on: date


def move_contract(
    actor: Membership,
    pk: int,
    code: str,
    *,
    expected_revision: int,
    at: datetime,
    reason: str = "",
    abandon_reason: str = "",
    learnt: Mapping[str, date] | None = None,
    total: ClosingTotal | None = None,
) -> Contract:
    """Move a contract; what the move needs must be known. Raises MoveRefused, ContractRefused, EditedMeanwhile.

    ``learnt`` are days of LEARNT the contract did not know yet. ``reason`` is free text kept beside the contract; the
    journal keeps codes and figures only.
    """
    asked = move(code)
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        facts = apply_move(
            change.contract,
            asked,
            role=actor.role,
            at=at,
            reason=reason,
            abandon_reason=abandon_reason,
            total=total,
            learnt=learnt,
        )
        change.record("contract.moved", **facts)
    return change.contract


def apply_move(
    contract: Contract,
    asked: Move,
    *,
    role: str,
    at: datetime,
    reason: str = "",
    abandon_reason: str = "",
    total: ClosingTotal | None = None,
    learnt: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Move a contract held by a change that is open, for whoever ``role`` is; return what the journal says of it."""
    _check_source(asked, contract, role)
    facts: dict[str, Any] = {"from": contract.state, "to": asked.target.value, "move": asked.code}
    if asked.target is ContractState.ABANDONED:
        if abandon_reason not in AbandonReason.values:
            raise ContractRefused("abandon_reason", "Dites pourquoi le contrat est abandonné.", "abandon_reason")
        facts["abandon_reason"] = abandon_reason
        reason = reason.strip() or AbandonReason(abandon_reason).label
    facts |= _learn(contract, learnt or {})
    missing = [need for need in asked.needs if not _known(need, contract, reason, total)]
    if missing:
        raise ContractRefused("needs", f"Il manque\u00a0: {', '.join(need.label for need in missing)}.", missing[0])
    if Need.STATED_TOTAL in asked.needs and total is not None:
        _check_day(contract, total, at, "closed_on")
        if asked.target is ContractState.CLOSED_MET:
            _check_met(contract, total)
    _close_or_reopen(contract, asked, total, facts)
    contract.state, contract.state_since = asked.target.value, at
    contract.state_reason = reason.strip()
    contract.save()
    return facts


def state_total(actor: Membership, pk: int, total: ClosingTotal, *, expected_revision: int, at: datetime) -> Contract:
    """Write what was done so far on somebody's word, without closing: a shortfall shows, and what it would cost.

    Raises ContractRefused, EditedMeanwhile.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        contract = change.contract
        if not awaits_hours(contract.state):
            raise ContractRefused("not_signed", "Un total se constate une fois le marché notifié.")
        if not _complete(total, contract):
            raise ContractRefused("needs", f"Il manque\u00a0: {Need.STATED_TOTAL.label}.", "source")
        _check_day(contract, total, at, "stated_on")
        facts: dict[str, Any] = {}
        _write_total(contract, total, facts)
        contract.save()
        change.record("contract.total_stated", **facts)
    return contract


def _write_total(contract: Contract, total: ClosingTotal, facts: dict[str, Any]) -> None:
    for counts, minutes in total.minutes.items():
        setattr(contract, STATED[counts], minutes)
        facts[STATED[counts]] = minutes
    contract.stated_source, contract.stated_on = total.source.strip(), total.on


def _learn(contract: Contract, learnt: Mapping[str, date]) -> dict[str, str]:
    new = {name: learnt[name] for name in LEARNT if name in learnt and getattr(contract, name) is None}
    for name, day in new.items():
        setattr(contract, name, day)
    if contract.starts_on and contract.ends_on and contract.ends_on < contract.starts_on:
        raise ContractRefused("dates_reversed", "La fin de l’exécution précède son début.", "starts_on")
    if contract.notified_on and contract.ends_on and contract.ends_on < contract.notified_on:
        raise ContractRefused("notified_after_end", "La fin de l’exécution précède la notification.", "notified_on")
    return {name: day.isoformat() for name, day in new.items()}


def _check_source(asked: Move, contract: Contract, role: str) -> None:
    if role not in asked.recorded_by:
        raise MoveRefused("role", f"« {asked.label} »\u00a0: votre rôle ne permet pas ce changement d’état.")
    if contract.state not in asked.sources:
        state = ContractState(contract.state).label
        raise MoveRefused("source", f"« {asked.label} » n’est pas possible quand le contrat est « {state} ».")


def _known(need: Need, contract: Contract, reason: str, total: ClosingTotal | None) -> bool:
    match need:
        case Need.OBLIGATION:
            return contract.obligations.exists()
        case Need.HOLDER:
            return contract.holders.exists()
        case Need.BUYER:
            return contract.buyer_id is not None
        case Need.NOTIFIED_ON:
            return contract.notified_on is not None
        case Need.STARTS_ON:
            return contract.starts_on is not None
        case Need.REASON:
            return bool(reason.strip())
        case Need.STATED_TOTAL:
            return total is not None and _complete(total, contract)


def _complete(total: ClosingTotal, contract: Contract) -> bool:
    """Say whether every counter that is owed is stated, and by whom."""
    owed = {due.counts for due in dues_of(contract)}
    return bool(total.source.strip()) and owed <= set(total.minutes) and all(m >= 0 for m in total.minutes.values())


def is_met(contract: Contract, total: ClosingTotal) -> bool:
    """Say whether the total answers for all that is owed, with no order left whose hours are not fixed."""
    return all(not due.unsized_orders and total.minutes.get(due.counts, 0) >= due.owed for due in dues_of(contract))


def _check_met(contract: Contract, total: ClosingTotal) -> None:
    """Refuse to call met what is not: the closing is then the partial one, with its reason."""
    if is_met(contract, total):
        return
    for due in dues_of(contract):
        field = f"total-{due.counts.value}"
        if due.unsized_orders:
            raise ContractRefused(
                "orders_unsized",
                f"Un ou plusieurs bons de commande n’ont pas encore leurs heures ({due.unsized_orders})\u00a0: "
                "chiffrez-les avant de dire l’engagement tenu.",
                field,
            )
        stated = total.minutes.get(due.counts, 0)
        if stated < due.owed:
            raise ContractRefused(
                "below_owed",
                f"{due.counts.label.capitalize()}\u00a0: {_hours(due.owed)} dues, {_hours(stated)} constatées. "
                "L’engagement n’est pas tenu en entier\u00a0: choisissez « engagement partiel ».",
                field,
            )


def _check_day(contract: Contract, total: ClosingTotal, at: datetime, field: str) -> None:
    if total.on > timezone.localdate(at):
        raise ContractRefused("total_in_future", "Un total se constate au plus tard aujourd’hui.", field)
    if contract.notified_on and total.on < contract.notified_on:
        raise ContractRefused("total_before_notice", "Cette date précède la notification du marché.", field)


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{whole}\u00a0h\u00a0{rest:02d}" if rest else f"{whole}\u00a0h"


def _close_or_reopen(contract: Contract, asked: Move, total: ClosingTotal | None, facts: dict[str, Any]) -> None:
    if Need.STATED_TOTAL in asked.needs and total is not None:
        _write_total(contract, total, facts)
        contract.closed_on = total.on
    elif contract.closed_on is not None:
        # the totals once stated stay in the journal; the contract is open again
        for name in STATED.values():
            setattr(contract, name, None)
        contract.stated_source, contract.stated_on, contract.closed_on = "", None, None
