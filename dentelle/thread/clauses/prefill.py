"""What a calibration already knows when it starts from a contract of the territory."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dentelle.rules.launch import judged_launch
from dentelle.rules.obligation import WholeUnknown
from dentelle.rules.trades import CpvMalformed, trade_of_cpv
from dentelle.thread.clauses.launch import UNKNOWN_LAUNCH
from dentelle.thread.clauses.models import CalibrationMethod
from dentelle.thread.purchases.queries import KnownContract
from dentelle.thread.purchases.wording import named


def initial_of(contract: KnownContract | None, *, today: date) -> dict[str, Any]:
    """Return the first values of the form: those of a contract, else an empty one launched today."""
    initial: dict[str, Any] = {"method": CalibrationMethod.AMOUNT.value, "launched_on": today.isoformat()}
    if contract is None:
        return initial
    launch = contract.estimated_launch
    initial |= {
        "contract_key": contract.contract_key,
        "title": (contract.object or "").strip()[:200],
        "subject": (contract.object or "").strip()[:1000],
        "buyer_label": (named(contract.buyer_name, contract.buyer_id) or "")[:200],
        "buyer_kind": _known(contract.buyer_kind),
        "contract_kind": _known(contract.contract_kind),
        "cpv": contract.cpv or "",
        "trade": _trade(contract.cpv),
        "launched_on": judged_launch(launch, today).isoformat(),
        "expected_launch": launch.isoformat() if launch else UNKNOWN_LAUNCH,
    }
    initial["proposed_launch"] = initial["launched_on"]
    if contract.duration_months:
        initial["duration_months"] = str(contract.duration_months)
    if contract.amount_cents:
        initial["amount"] = _euros(contract.amount_cents)
        initial["published_amount"] = initial["amount"]
        initial["published_kind"] = "ceiling" if contract.amount_kind == "ceiling" else "award"
    return initial | _whole(contract)


# What an address may fill of the form: facts of a purchase, as a plan of purchases gives them. Coefficients are never among
# them: a link would put words in somebody's mouth.
_FROM_AN_ADDRESS = (
    "title", "subject", "buyer_label", "contract_key", "amount", "need_amount", "whole_unknown", "contract_kind",
    "buyer_kind", "launched_on", "expected_launch", "proposed_launch", "duration_months", "cpv", "trade",
)  # fmt: skip


def typed_in_address(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the facts an address gives (``?amount=…&cpv=…``), as if they had been typed; nothing is kept by reading them."""
    return {name: asked[name][:2000] for name in _FROM_AN_ADDRESS if asked.get(name)}


def _whole(contract: KnownContract) -> dict[str, str]:
    """The amount of all the lots, as the list compares it; or why the amount of the contract is not the one to compare."""
    if contract.is_subsequent:
        return {"whole_unknown": WholeUnknown.FRAMEWORK_ORDER.value}
    whole = contract.need_amount_cents
    if whole is None:
        return {"whole_unknown": WholeUnknown.UNPRICED_LOTS.value} if (contract.need_lots or 1) > 1 else {}
    if whole == contract.amount_cents:
        return {}
    return {"need_amount": _euros(whole), "published_need": _euros(whole)}


def _known(kind: str | None) -> str:
    return "" if kind in (None, "unknown") else str(kind)


def _trade(cpv: str | None) -> str:
    try:
        line = trade_of_cpv(cpv or "")
    except CpvMalformed:
        return ""
    return (line.trade or "") if line else ""


def _euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    text = f"{whole:,}".replace(",", "\u202f")
    return f"{text},{rest:02d}" if rest else text
