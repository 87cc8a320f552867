"""The panel « related practices » of pages up the thread: they leave a place, the browser asks this room to fill it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.trades import CpvMalformed, trade_of_cpv
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.contracts.queries import ContractSheet


def on_contract(sheet: ContractSheet, membership: Membership, *, on: date) -> dict[str, Any]:
    """Return what the page of a contract needs for its panel."""
    contract = sheet.contract
    return _place(f"{contract.title} {contract.subject} clause sociale", _trade_of(contract.cpv))


def on_calibration(calibration: Calibration, membership: Membership, *, on: date) -> dict[str, Any]:
    """Return what the page of a calibration needs for its panel."""
    typed = calibration.inputs.get("typed", {})
    trade = str(typed.get("trade") or "") or _trade_of(str(typed.get("cpv") or ""))
    return _place(f"{calibration.title} {calibration.subject} clause sociale", trade)


def _place(text: str, trade: str) -> dict[str, Any]:
    asked = urlencode({"texte": " ".join(text.split())[:300], "metier": trade})
    return {"near_url": f"{reverse('practices:near')}?{asked}", "list_url": reverse("practices:list")}


def _trade_of(cpv: str) -> str:
    try:
        found = trade_of_cpv(cpv) if cpv else None
    except CpvMalformed:
        return ""
    return (found.trade if found else "") or ""
