"""Between the three shapes of a line: what a file says, what is stored, what the rules are given."""

from collections.abc import Mapping, Sequence
from typing import Any

from dentelle.opendata.text import fold
from dentelle.rules.thresholds import BuyerKind
from dentelle.thread.plans.models import NEVER, PlanLine, PurchasePlan
from dentelle.thread.plans.pricing import LineFacts, Priced

WRITTEN = (
    "reference", "lot", "subject", "kind", "cpv", "segment", "amount_cents", "annual_cents", "duration_months",
    "launched_on", "starts_on", "place", "service", "procedure", "social",
)  # fmt: skip
PRICED = (
    "trade", "trade_basis", "contract_kind", "total_cents", "judged_on", "required", "hours_low", "hours_central",
    "hours_high", "no_hours", "lever", "prepare_from", "act_month",
)  # fmt: skip
_TEXTS = {"place": 200, "service": 200, "procedure": 200, "social": 200, "segment": 200, "subject": 2000}


def line_keys(values: Mapping[str, Any], seen: dict[str, int]) -> tuple[str, ...]:
    """Return what a line of a file is found again by; ``seen`` counts the lines of the same object."""
    lot = fold(values.get("lot") or "")
    same = f"{fold(values.get('subject') or '')}|{lot}"
    seen[same] = seen.get(same, 0) + 1
    rank = seen[same]
    if values.get("reference"):
        return f"ref:{fold(values['reference'])}|{lot}", f"obj:{same}#{rank}"
    return (f"any:{same}#{rank}",)


def stored_keys(line: PlanLine) -> tuple[str, ...]:
    """Return every key a stored line answers to. A line that has a reference is never taken for one of another reference."""
    lot = fold(line.lot)
    same = f"{fold(line.subject)}|{lot}#{line.occurrence}"
    if line.reference:
        return f"ref:{fold(line.reference)}|{lot}", f"any:{same}"
    return f"obj:{same}", f"any:{same}"


def values_of(line: PlanLine) -> dict[str, Any]:
    """Return a stored line under the names of the fields, as a file would say it."""
    return {name: getattr(line, name) for name in WRITTEN}


def fill(line: PlanLine, values: Mapping[str, Any]) -> None:
    """Write what a file says into a line; what it does not say stays."""
    for name in WRITTEN:
        value = values.get(name)
        if value not in (None, ""):
            setattr(line, name, value[: _TEXTS[name]] if name in _TEXTS else value)
    line.search_text = fold(" ".join((line.subject, line.reference, line.lot, line.service, line.place)))


def own_cells(titles: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return a line's cells under their titles, each title once."""
    return {title: cell for title, cell in zip(unique_titles(titles), cells, strict=False) if cell}


def unique_titles(titles: Sequence[str]) -> list[str]:
    """Return titles that can be told apart: the second « Montant » is « Montant (2) »."""
    counts: dict[str, int] = {}
    found = []
    for title in titles:
        counts[title] = counts.get(title, 0) + 1
        found.append(title if counts[title] == 1 else f"{title} ({counts[title]})")
    return found


def merged_titles(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return the columns of the last file, then those only older ones had."""
    return [*now, *(title for title in before if title not in set(now))]


class Needs:
    """The lots of one reference together: what the law compares with the threshold."""

    def __init__(self, lines: Sequence[PlanLine]) -> None:
        self._totals: dict[str, list[int | None]] = {}
        for line in lines:
            if line.reference:
                self._totals.setdefault(fold(line.reference), []).append(_total(line))

    def of(self, line: PlanLine) -> tuple[int | None, bool, bool]:
        """Return the sum of the lots, whether one has no amount, and whether the line is a lot among others."""
        totals = self._totals.get(fold(line.reference), []) if line.reference else []
        if len(totals) < 2:
            return None, False, False
        known = [each for each in totals if each is not None]
        if len(known) < len(totals):
            return None, True, True
        return sum(known), False, True


def _total(line: PlanLine) -> int | None:
    if line.amount_cents is not None:
        return line.amount_cents
    if line.annual_cents is not None and line.duration_months:
        return (line.annual_cents * line.duration_months + 6) // 12
    return None


def facts_of(line: PlanLine, plan: PurchasePlan, needs: Needs) -> LineFacts:
    """Return what the rules are given of a line."""
    need, unpriced, is_lot = needs.of(line)
    return LineFacts(
        subject=line.subject,
        plan_year=plan.year,
        segment=line.segment,
        kind=line.kind,
        cpv=line.cpv,
        chosen_trade=line.chosen_trade,
        amount_cents=line.amount_cents,
        annual_cents=line.annual_cents,
        duration_months=line.duration_months,
        launched_on=line.launched_on,
        starts_on=line.starts_on,
        need_cents=need,
        lots_unpriced=unpriced,
        is_lot=is_lot,
        buyer_kind=BuyerKind(plan.buyer_kind) if plan.buyer_kind else None,
    )


def put(line: PlanLine, priced: Priced) -> bool:
    """Write what follows from the rules into a line; return whether anything changed."""
    before = tuple(getattr(line, name) for name in PRICED)
    hours = priced.hours
    line.trade, line.trade_basis = priced.trade.code, priced.trade.basis
    line.contract_kind = priced.contract_kind.value if priced.contract_kind else ""
    line.total_cents, line.judged_on, line.required = priced.total_cents, priced.judged_on, priced.required
    line.hours_low = hours.low if hours else None
    line.hours_central = hours.central if hours else None
    line.hours_high = hours.high if hours else None
    line.no_hours, line.lever, line.prepare_from = priced.no_hours, priced.lever, priced.prepare_from
    line.act_month = f"{priced.prepare_from:%Y-%m}" if priced.prepare_from else NEVER
    return before != tuple(getattr(line, name) for name in PRICED)
