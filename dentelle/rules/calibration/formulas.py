"""The formulas of the trade, in exact fractions: each gives the hours before rounding and the sentences that lead there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.calibration.request import CalibrationRefused, CalibrationRequest, Lot
from dentelle.rules.dated import Parameters, ParameterUnknown, ParameterUnknownAt, ParameterValue
from dentelle.rules.wording import euros, euros_before_tax, hours, number, percent, years_in_full

Rounder = Callable[[Fraction], int]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its bounds; ``source`` is None when it was given with the request."""

    value: Fraction
    low: Fraction
    high: Fraction
    source: ParameterValue | None

    @property
    def ranged(self) -> bool:
        """Whether the bounds differ from the value."""
        return self.low != self.high


def given(value: Decimal) -> Coefficient:
    """Return a coefficient typed by the user: no range."""
    exact = Fraction(value)
    return Coefficient(exact, exact, exact, None)


def from_parameter(value: ParameterValue) -> Coefficient:
    """Return a coefficient read from a dated parameter, with its range."""
    return Coefficient(Fraction(value.number), Fraction(value.low_number), Fraction(value.high_number), value)


def labour_share(request: CalibrationRequest, parameters: Parameters, lot: Lot | None = None) -> Coefficient:
    """Return the labour share of a lot or of the request: typed, else that of the trade."""
    typed = lot.labour_share if lot is not None and lot.labour_share is not None else None
    trade = lot.trade if lot is not None else None
    if typed is None and trade is None:
        typed, trade = request.labour_share, request.trade
    if typed is not None:
        return given(typed)
    if trade is None:
        raise CalibrationRefused(
            "labour_share_missing",
            "labour_share",
            "La part de main-d'œuvre manque : donnez-la, ou choisissez un métier ou un code CPV.",
        )
    try:
        return from_parameter(parameters.get(f"trades.{trade}"))
    except ParameterUnknown as error:
        raise CalibrationRefused("trade_unknown", "trade", f"Le métier « {trade} » n'existe pas.") from error


def effort_rate(request: CalibrationRequest, parameters: Parameters) -> Coefficient:
    """Return the effort rate: typed, else that of the programme, else usual. Its range is a choice, not a doubt."""
    if request.effort_rate is not None:
        return given(request.effort_rate)
    path = f"programmes.{request.programme.value}" if request.programme else "clause.effort_rate"
    value = parameters.get(path)
    exact = Fraction(value.number)
    return Coefficient(exact, exact, exact, value)


def hourly_cost(request: CalibrationRequest, parameters: Parameters) -> Coefficient:
    """Return the hourly cost: typed, else the convention, bounded above by today's cost (to confirm)."""
    if request.hourly_cost is not None:
        return given(request.hourly_cost)
    value = parameters.get("clause.hourly_cost")
    coefficient = from_parameter(value)
    if value.override is not None:
        return coefficient
    try:
        today = Fraction(parameters.get("clause.hourly_cost_today").high_number)
    except ParameterUnknownAt:  # an older date: the range of the convention was the whole range then
        return coefficient
    return Coefficient(coefficient.value, coefficient.low, max(coefficient.high, today), value)


@dataclass(frozen=True, slots=True)
class Exact:
    """Hours before rounding: central, low, high."""

    central: Fraction
    low: Fraction
    high: Fraction


def by_amount(amount: Decimal, share: Coefficient, effort: Coefficient, cost: Coefficient) -> Exact:
    """F1: amount × labour share × effort ÷ hourly cost."""
    base = Fraction(amount) * effort.value
    return Exact(
        base * share.value / cost.value,
        base * share.low / cost.high,
        base * share.high / cost.low,
    )


def amount_sentences(amount: Decimal, share: Coefficient, effort: Coefficient, cost: Coefficient) -> list[str]:
    """Tell F1 step by step, as a facilitator would on paper."""
    labour = Fraction(amount) * share.value
    due = labour * effort.value
    return [
        f"Main-d'œuvre : {euros_before_tax(amount)} × {percent(share.value)} = {euros(labour)}.",
        f"Effort d'insertion : {euros(labour)} × {percent(effort.value)} = {euros(due)}.",
        f"Heures : {euros(due)} ÷ {euros(cost.value)}/h = {hours(due / cost.value)}.",
    ]


def by_hours_worked(worked: Fraction, effort: Coefficient) -> tuple[Fraction, list[str]]:
    """F2: hours of production × effort."""
    exact = worked * effort.value
    return exact, [f"Heures : {hours(worked)} travaillées × {percent(effort.value)} = {hours(exact)}."]


def by_staff_transfer(total: Fraction, transferred: Fraction, effort: Coefficient) -> tuple[Fraction, list[str]]:
    """F4: the effort bears on newly assigned staff only (cleaning, annexe 7)."""
    new = total - transferred
    exact = new * effort.value
    return exact, [
        f"Heures nouvelles : {hours(total)} − {hours(transferred)} reprises = {hours(new)}.",
        f"Heures : {hours(new)} × {percent(effort.value)} = {hours(exact)}.",
    ]


def by_posts(posts: Decimal, years: Decimal | int, per_post: ParameterValue) -> tuple[Fraction, list[str]]:
    """F3: posts × hours per year and per post × years."""
    exact = Fraction(posts) * Fraction(per_post.number) * Fraction(years)
    noun = "poste" if posts < 2 else "postes"
    span = f" × {years_in_full(years)}" if years != 1 else ""
    return exact, [f"Heures : {number(posts)} {noun} × {hours(per_post.number)} par an{span} = {hours(exact)}."]


def by_training_grid(amount: Decimal, parameters: Parameters) -> tuple[Fraction, list[str]]:
    """F5: the step of the training clause grid that the amount reaches; these are internship hours."""
    reached = 1
    for step in (2, 3, 4):
        if amount >= parameters.get(f"clause.training_grid.step_{step}_from").number:
            reached = step
    step_hours = parameters.get(f"clause.training_grid.step_{reached}_hours")
    return Fraction(step_hours.number), [
        f"Grille de la clause sociale de formation : {euros_before_tax(amount)} donnent {hours(step_hours.number)} de stage.",
        "Ces heures de stage ne sont pas des heures d'insertion : elles se comptent à part.",
    ]


def by_order_steps(cumulative: Fraction, step_eur: Decimal, hours_per_step: Decimal) -> Fraction:
    """F6, ratio: whole steps of cumulative orders × hours per step."""
    return (cumulative // Fraction(step_eur)) * Fraction(hours_per_step)
