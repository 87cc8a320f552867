"""What a line of a plan carries: obligation, trade, hours, lever, month to act. Pure: facts and a day in, answers out.

The rules are those of calibrations and renewals (``rules.obligation``, ``rules.launch``, ``rules.calibration.rates``,
``rules.levers``): this only chooses the facts they are given, and says what is missing. Nothing unknown is replaced.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from dentelle.rules.calibration import HoursRange, HoursRate, hours_rate
from dentelle.rules.dated import ParameterUnknownAt, parameter
from dentelle.rules.launch import (
    ExpectedLaunch,
    consultation_months,
    judged_launch,
    months_before,
    preparation_months,
)
from dentelle.rules.levers import Fit, LeverFacts, Suggestion, suggest_levers
from dentelle.rules.obligation import BuyerKind, ContractKind, Obligation, WholeUnknown, is_required, social_obligation
from dentelle.rules.parameter_files import all_paths
from dentelle.rules.trade_words import TradeOfWords, trade_of_words
from dentelle.rules.trades import CpvMalformed, contract_kind_of_cpv, trade_of_cpv

SUPPLIES_OR_SERVICES = "supplies_services"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the buyer wrote of one purchase. Cents before tax; unknown is None or empty.

    ``need_cents`` is the sum of the lots of the same reference, None when the line has no other lot; ``lots_unpriced``
    says that one of them has no amount.
    """

    subject: str
    plan_year: int
    segment: str = ""
    kind: str = ""
    cpv: str = ""
    chosen_trade: str = ""
    amount_cents: int | None = None
    annual_cents: int | None = None
    duration_months: int | None = None
    launched_on: date | None = None
    starts_on: date | None = None
    need_cents: int | None = None
    lots_unpriced: bool = False
    is_lot: bool = False
    buyer_kind: BuyerKind | None = None


@dataclass(frozen=True, slots=True)
class TradeFound:
    """The trade and where it comes from (chosen, cpv, words); without one, ``why`` is a code of ``models.NO_HOURS``."""

    code: str = ""
    basis: str = ""
    why: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """What follows from the facts on a day. ``expected`` is the launch the plan says or lets deduce, None when it does not."""

    trade: TradeFound
    contract_kind: ContractKind | None
    total_cents: int | None
    expected: date | None
    judged_on: date
    required: str
    hours: HoursRange | None
    no_hours: str
    lever: str
    prepare_from: date | None


def price(facts: LineFacts, *, today: date) -> Priced:
    """Return what a purchase carries, judged on ``today``."""
    trade = trade_of(facts)
    kind = kind_of(facts)
    total = total_of(facts)
    expected = expected_launch(facts)
    judged = judged_on(facts, today=today)
    required = is_required(**_judged(facts, today, kind))
    hours = rate_of(trade.code, judged).hours(total) if trade.code and total is not None else None
    return Priced(
        trade=trade,
        contract_kind=kind,
        total_cents=total,
        expected=expected,
        judged_on=judged,
        required={True: "yes", False: "no", None: "to_check"}[required],
        hours=hours,
        no_hours="" if hours else _why_no_hours(facts, trade),
        lever=_lever(facts, kind, trade, hours, judged),
        prepare_from=months_before(expected, preparation_months()) if expected else None,
    )


def trade_of(facts: LineFacts) -> TradeFound:
    """Return the trade: chosen by a person, else of the CPV, else of the words of the object."""
    if facts.chosen_trade:
        return TradeFound(facts.chosen_trade, "chosen")
    if facts.cpv:
        try:
            line = trade_of_cpv(facts.cpv)
        except CpvMalformed:
            line = None
        if line is not None:
            return TradeFound(line.trade, "cpv") if line.trade else TradeFound(why="no_share")
    words = _words(facts)
    if words.trade and facts.kind != ContractKind.SUPPLIES:
        return TradeFound(words.trade, "words")
    if words.is_supply or facts.kind == ContractKind.SUPPLIES:
        return TradeFound(why="supply")
    if len(words.candidates) > 1:
        return TradeFound(why="several_trades", candidates=words.candidates)
    return TradeFound(why="no_trade")


def kind_of(facts: LineFacts) -> ContractKind | None:
    """Return works, supplies, services or concession: as the buyer says, else by the CPV, else by the trade of the words."""
    if facts.kind == SUPPLIES_OR_SERVICES:
        return ContractKind.SERVICES  # same threshold
    if facts.kind:
        return ContractKind(facts.kind)
    if facts.cpv:
        try:
            return contract_kind_of_cpv(facts.cpv)
        except CpvMalformed:
            return None
    return _words(facts).kind


def total_of(facts: LineFacts) -> int | None:
    """Return the amount of the whole duration: as written, else a year's amount over the months."""
    if facts.amount_cents is not None:
        return facts.amount_cents
    if facts.annual_cents is not None and facts.duration_months:
        return (facts.annual_cents * facts.duration_months + 6) // 12
    return None


def expected_launch(facts: LineFacts) -> date | None:
    """Return when the consultation starts: as written, else the months of a consultation before the contract begins."""
    if facts.launched_on is not None:
        return facts.launched_on
    return months_before(facts.starts_on, consultation_months()) if facts.starts_on else None


def judged_on(facts: LineFacts, *, today: date) -> date:
    """Return the day the obligation is judged at: the launch expected, never before today.

    Where the plan gives no date, the first day it can be: the first of its year, or today.
    """
    return judged_launch(expected_launch(facts) or date(facts.plan_year, 1, 1), today)


def doubt_of(facts: LineFacts, *, today: date) -> ExpectedLaunch | None:
    """Return the launch the plan speaks of when it may have gone by; None when it is still to come.

    A plan of a year to come cannot have been launched yet, even without a date.
    """
    expected = expected_launch(facts)
    earliest = expected or date(facts.plan_year, 1, 1)
    return ExpectedLaunch(expected, planned=True) if earliest <= today else None


def obligation_of(facts: LineFacts, *, today: date, kind: ContractKind | None) -> Obligation:
    """Return the obligation of a line, explained."""
    return social_obligation(**_judged(facts, today, kind))


def _judged(facts: LineFacts, today: date, kind: ContractKind | None) -> dict[str, Any]:
    return {
        "launched_on": judged_on(facts, today=today),
        "amount": _euros(total_of(facts)),
        "need_amount": None if facts.lots_unpriced else _euros(facts.need_cents),
        "whole_unknown": WholeUnknown.UNPRICED_LOTS if facts.lots_unpriced else None,
        "buyer_kind": facts.buyer_kind,
        "contract_kind": kind,
        "duration_months": facts.duration_months,
        "expected_launch": doubt_of(facts, today=today),
    }


@lru_cache(maxsize=4096)
def rate_of(trade: str, on: date) -> HoursRate:
    """Return hours per euro of a trade on a day: the rates of the lists and of the calibrations."""
    return hours_rate(trade, on)


def suggestions_of(
    facts: LineFacts, kind: ContractKind | None, trade: TradeFound, hours: HoursRange | None, judged: date
) -> tuple[Suggestion, ...]:
    """Return every lever with its fit for a line, best first."""
    return suggest_levers(_lever_facts(facts, kind, trade, hours.central if hours else None, judged))


def recommended(suggestions: Iterable[Suggestion]) -> str:
    """Return the code of the lever advised first, empty when none is advised: the same choice as a calibration's."""
    first = next(iter(suggestions))
    return first.lever.code.value if first.fit is Fit.ADVISED else ""


def _lever(
    facts: LineFacts, kind: ContractKind | None, trade: TradeFound, hours: HoursRange | None, judged: date
) -> str:
    """The fit of a lever only asks on which side of the minimum the volume falls: lines alike share one answer."""
    central = None
    if hours is not None:
        minimum = _minimum(judged)
        central = minimum if hours.central >= minimum else 0
    return _recommended(replace(_lever_facts(facts, kind, trade, central, judged), on=_advice_period(judged)))


@lru_cache(maxsize=4096)
def _recommended(facts: LeverFacts) -> str:
    return recommended(suggest_levers(facts))


def _advice_period(on: date) -> date:
    """The first of the days that share a day's values of every parameter the levers read."""
    return max((start for start in _advice_changes() if start <= on), default=on)


@cache
def _advice_changes() -> tuple[date, ...]:
    paths = ("clause.minimum_hours", *(path for path in all_paths() if path.startswith("levers.")))
    return tuple(sorted({start for path in paths for start, _ in parameter(path).values}))


@lru_cache(maxsize=512)
def _minimum(on: date) -> int:
    known = parameter("clause.minimum_hours")
    try:
        return int(known.at(on).number)
    except ParameterUnknownAt:  # advice is given today, as the levers do
        return int(known.latest().number)


def _lever_facts(
    facts: LineFacts, kind: ContractKind | None, trade: TradeFound, hours: int | None, judged: date
) -> LeverFacts:
    share = None
    if trade.code:
        share = next(v.number for v in rate_of(trade.code, judged).parameters if v.path == f"trades.{trade.code}")
    return LeverFacts(
        on=judged,
        contract_kind=kind,
        hours=hours,
        labour_share=share,
        duration_months=Decimal(facts.duration_months) if facts.duration_months else None,
        has_lots=True if facts.is_lot else None,
    )


def _why_no_hours(facts: LineFacts, trade: TradeFound) -> str:
    if not trade.code:
        return trade.why
    return "annual_only" if facts.annual_cents is not None else "no_amount"


def _words(facts: LineFacts) -> TradeOfWords:
    # the object says more than the family it was filed under
    found = _words_of(facts.subject)
    return found if found.trade or found.is_supply or not facts.segment else _words_of(facts.segment)


@lru_cache(maxsize=16_384)
def _words_of(text: str) -> TradeOfWords:
    return trade_of_words(text)


def _euros(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100
