"""A line as the calibration form would have it typed: what the line's page computes with, and what « Calibrer » opens."""

from datetime import date
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from dentelle.rules.obligation import WholeUnknown
from dentelle.thread.clauses.launch import PLANNED, UNKNOWN_LAUNCH
from dentelle.thread.plans.models import PlanLine
from dentelle.thread.plans.pricing import LineFacts, Priced, doubt_of


def typed_of(line: PlanLine, facts: LineFacts, priced: Priced, *, today: date) -> dict[str, str]:
    """Return the fields of the calibration form a line fills; what it does not say is absent."""
    doubt = doubt_of(facts, today=today)
    expected = "" if doubt is None else doubt.on.isoformat() if doubt.on else UNKNOWN_LAUNCH
    known = {
        "title": line.subject[:200],
        "subject": line.subject[:1000],
        "buyer_label": line.plan.buyer.name[:200],
        "contract_key": key_of(line),
        "method": "amount",
        "amount": _euros(priced.total_cents),
        "need_amount": "" if facts.lots_unpriced else _euros(facts.need_cents),
        "whole_unknown": WholeUnknown.UNPRICED_LOTS.value if facts.lots_unpriced else "",
        "contract_kind": priced.contract_kind.value if priced.contract_kind else "",
        "buyer_kind": facts.buyer_kind.value if facts.buyer_kind else "",
        "launched_on": priced.judged_on.isoformat(),
        "expected_launch": expected,
        "proposed_launch": priced.judged_on.isoformat(),
        "duration_months": str(facts.duration_months or ""),
        "cpv": facts.cpv,
        "trade": priced.trade.code,
    }
    return {name: value for name, value in known.items() if value}


def calibrate_url(typed: dict[str, str]) -> str:
    """Return where the line is calibrated: the form opens with its facts."""
    return f"{reverse('clauses:new')}?{urlencode({name: value for name, value in typed.items() if name != 'method'})}"


def register_url(line: PlanLine) -> str:
    """Return where the line becomes a contract; empty where the register, which comes after this room, is absent."""
    try:
        return f"{reverse('contracts:new')}?programmation={line.pk}"
    except NoReverseMatch:
        return ""


def key_of(line: PlanLine) -> str:
    """Return what a calibration made from this line is found by."""
    return f"{PLANNED}{line.pk}"


def _euros(cents: int | None) -> str:
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)
