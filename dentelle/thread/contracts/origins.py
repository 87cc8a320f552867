"""What a new contract already knows when it comes from a calibration or from a renewal of the open data."""

import re
from collections.abc import Mapping
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses.access import calibrations_visible_to
from dentelle.thread.clauses.models import Calibration, CalibrationStatus
from dentelle.thread.contracts.actions.contract import Origin
from dentelle.thread.contracts.models import KINDS
from dentelle.thread.purchases.queries import KnownContract, contract

_KEY = re.compile(r"[0-9a-f]{20}")


def initial_entry(actor: Membership, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the first values of the entry screen; nothing that is unknown or of another structure."""
    calibration = _calibration(actor, asked.get("calibrage", ""))
    if calibration is not None:
        known = _from_renewal(calibration.contract_key)
        return {**known, **_from_calibration(calibration)}
    return _from_renewal(asked.get("achat", "")[:200])


def origin_of(actor: Membership, *, calibration: int | None, renewal_key: str) -> Origin:
    """Return where the contract comes from, checked against what the actor may see."""
    key = renewal_key if _KEY.fullmatch(renewal_key) else ""
    return Origin(_calibration(actor, str(calibration or "")), key)


def _calibration(actor: Membership, key: str) -> Calibration | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return calibrations_visible_to(actor).filter(pk=int(key), status=CalibrationStatus.SAVED).first()


def _from_calibration(calibration: Calibration) -> dict[str, Any]:
    typed = calibration.inputs.get("typed", {})
    known = {
        "title": calibration.title,
        "subject": calibration.subject,
        "calibration": calibration.pk,
        "renewal_key": calibration.contract_key,
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
