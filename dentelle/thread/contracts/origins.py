"""What a new contract already knows when it comes from a calibration, a line of a purchase plan, or a renewal of the open data."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers import lever as lever_of
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.clauses.access import calibrations_visible_to
from dentelle.thread.clauses.launch import PLANNED, is_planned
from dentelle.thread.clauses.models import Calibration, CalibrationStatus
from dentelle.thread.contracts.access import contracts_led_by
from dentelle.thread.contracts.actions.contract import Origin
from dentelle.thread.contracts.models import KINDS, Contract
from dentelle.thread.contracts.states import ContractState
from dentelle.thread.plans.access import plans_visible_to
from dentelle.thread.plans.models import PlanLine
from dentelle.thread.purchases.queries import KnownContract, contract

MOST_RECALLED = 5
_KEY = re.compile(r"[0-9a-f]{20}")


def initial_entry(actor: Membership, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the first values of the entry screen; nothing that is unknown or of another structure."""
    calibration = _calibration(actor, asked.get("calibrage", ""))
    if calibration is not None:
        line = _line(actor, _planned(calibration.contract_key))
        known = _from_line(line) if line is not None else _from_renewal(calibration.contract_key)
        known.pop("due_minutes", None)  # the calibration says the hours, even when it finds none
        return {**known, **_from_calibration(calibration)}
    line = _line(actor, asked.get("programmation", ""))
    if line is not None:
        return _from_line(line)
    return _from_renewal(asked.get("achat", "")[:200])


def origin_of(actor: Membership, *, calibration: int | None, renewal_key: str, plan_line: int | None = None) -> Origin:
    """Return where the contract comes from, checked against what the actor may see."""
    key = renewal_key if _KEY.fullmatch(renewal_key) else ""
    return Origin(_calibration(actor, str(calibration or "")), key, _line(actor, str(plan_line or "")))


def already_entered(actor: Membership, origin: Origin) -> list[Contract]:
    """Return the contracts of the structure that come from the same place, abandoned ones left out: lots may be several."""
    same = Q()
    if origin.calibration is not None:
        same |= Q(calibration=origin.calibration)
    if origin.plan_line is not None:
        same |= Q(plan_line=origin.plan_line)
    if origin.renewal_key:
        same |= Q(renewal_key=origin.renewal_key)
    if not same:
        return []
    found = contracts_led_by(actor).filter(same).exclude(state=ContractState.ABANDONED)
    return list(found.order_by("pk")[:MOST_RECALLED])


def _calibration(actor: Membership, key: str) -> Calibration | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return calibrations_visible_to(actor).filter(pk=int(key), status=CalibrationStatus.SAVED).first()


def _line(actor: Membership, key: str) -> PlanLine | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    found = PlanLine.objects.filter(plan__in=plans_visible_to(actor).values("pk"), pk=int(key))
    return found.select_related("plan__buyer").first()


def _planned(key: str) -> str:
    """The line of a plan a calibration was made from, empty for another origin."""
    return key.removeprefix(PLANNED) if is_planned(key) else ""


def _from_line(line: PlanLine) -> dict[str, Any]:
    # hours and type go together, as the plan judged them; the person corrects them before they are written
    hours = line.hours_central or 0
    counts_nothing = bool(line.lever) and lever_of(line.lever).counts is LeverCounts.NOTHING
    known = {
        "title": line.subject[:200],
        "subject": line.subject[:2000],
        "plan_line": line.pk,
        "buyer_siret": line.plan.buyer.identifier,
        "buyer_name": line.plan.buyer.name,
        "cpv": line.cpv[:10],
        "kind": line.contract_kind if line.contract_kind in KINDS else "",
        "procedure": line.procedure[:100],
        "amount_cents": _euros(line.total_cents),
        "launched_on": line.launched_on.isoformat() if line.launched_on else "",
        "clause_type": line.lever if hours or counts_nothing else "",
        "due_minutes": "" if counts_nothing else str(hours or ""),
    }
    return {name: value for name, value in known.items() if value}


def _from_calibration(calibration: Calibration) -> dict[str, Any]:
    typed = calibration.inputs.get("typed", {})
    known = {
        "title": calibration.title,
        "subject": calibration.subject,
        "calibration": calibration.pk,
        "renewal_key": "" if is_planned(calibration.contract_key) else calibration.contract_key,
        "due_minutes": str(calibration.hours or ""),
        "cpv": typed.get("cpv", ""),
        "kind": typed.get("contract_kind", ""),
        "launched_on": typed.get("launched_on", ""),
        "amount_cents": typed.get("amount", ""),
    }
    return {name: value for name, value in known.items() if value}


def _from_renewal(key: str) -> dict[str, Any]:
    found: KnownContract | None = contract(key) if key else None
    if found is None:
        return {}
    subject = (found.object or "").strip()
    known = {
        "title": subject[:200],
        "subject": subject[:2000],
        "renewal_key": found.contract_key,
        "buyer_siret": found.buyer_id,
        "buyer_name": found.buyer_name or "",
        "cpv": found.cpv or "",
        "kind": found.contract_kind if found.contract_kind in KINDS else "",
    }
    return {name: value for name, value in known.items() if value}


def _euros(cents: int | None) -> str:
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)
