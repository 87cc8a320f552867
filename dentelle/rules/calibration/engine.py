"""The calibration itself: inputs checked, coefficients read, formula applied, total rounded once, result explained."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.calibration import formulas
from dentelle.rules.calibration.advice import feasibility, sources, warnings_for
from dentelle.rules.calibration.request import (
    CalibrationRefused,
    CalibrationRequest,
    Counts,
    Lot,
    Member,
    Method,
    TrancheKind,
    check,
)
from dentelle.rules.calibration.result import Calibration, Equivalents, MemberHours, Part
from dentelle.rules.calibration.rounding import largest_remainder, round_hours
from dentelle.rules.dated import Override, Parameters, digest
from dentelle.rules.trades import CpvMalformed, trade_of_cpv
from dentelle.rules.wording import decimal_of, hours, number, plural, sentence, years_in_full


def calibrate(request: CalibrationRequest, on: date, overrides: Iterable[Override] = ()) -> Calibration:
    """Compute the hours of a clause at a date.

    The total is rounded half up, once, at the end; each tranche is due on its own, so it is rounded on its own; lots and
    co-contractors share the rounded total exactly. Raises CalibrationRefused for impossible inputs, and ParameterError
    when a coefficient has no value at that date or an override is refused.
    """
    check(request)
    return calibrate_with(_with_trade(request), Parameters(on, overrides))


@dataclass(slots=True)
class _Work:
    """What a method found, before rounding."""

    exact: Fraction = Fraction(0)
    low: Fraction | None = None
    high: Fraction | None = None
    sentences: list[str] = field(default_factory=list)
    parts: list[tuple[str, str, Decimal, Fraction]] = field(default_factory=list)
    amount: Fraction | None = None
    counts: Counts = Counts.INSERTION_HOURS


def calibrate_with(request: CalibrationRequest, parameters: Parameters) -> Calibration:
    """Compute with parameters already chosen (packaged, overridden or stored); the request has been checked."""
    work = _METHODS[request.method](request, parameters)
    weekly = parameters.get("clause.weekly_hours").number
    monthly = parameters.get("clause.monthly_hours").number

    def rounded(exact: Fraction) -> int:
        if work.counts is Counts.INTERNSHIP_HOURS:
            return int(exact)
        return round_hours(exact, request.rounding, weekly, monthly)

    parts, due, conditional = _parts(request, work, rounded)
    members = _members(request.members, due)
    equivalents = _equivalents(request, work, due, weekly, monthly, parameters)
    feasible = feasibility(request, due, weekly)
    warnings = warnings_for(request, due, parts, feasible, work.counts, parameters)
    low = rounded(work.low) if work.low is not None else None
    high = rounded(work.high) if work.high is not None else None
    arithmetic = [*work.sentences, _rounding_sentence(work.exact, due, conditional, request)]
    if low is not None and high is not None:
        arithmetic.append(_range_sentence(low, high, parameters))
    used = parameters.used
    return Calibration(
        request=request,
        on=parameters.on,
        counts=work.counts,
        hours=due,
        exact_hours=decimal_of(work.exact, 4),
        conditional_hours=conditional,
        low_hours=low,
        high_hours=high,
        parts=parts,
        members=members,
        equivalents=equivalents,
        feasibility=feasible,
        warnings=warnings,
        arithmetic=tuple(sentence(text) for text in arithmetic if text),
        sources=tuple(sentence(text) for text in sources(used)),
        parameters=used,
        digest=digest(used),
    )


def _with_trade(request: CalibrationRequest) -> CalibrationRequest:
    """Put the trade of the CPV into the request, so that a stored calibration does not depend on the table."""
    if request.cpv is None or request.labour_share is not None or request.trade is not None:
        return request
    try:
        row = trade_of_cpv(request.cpv)
    except CpvMalformed as error:
        raise CalibrationRefused("cpv_malformed", "cpv", str(error)) from error
    if row is None:
        raise CalibrationRefused("cpv_unknown", "cpv", f"La division CPV « {request.cpv[:2]} » n'existe pas.")
    if row.trade is None:
        return dataclasses.replace(request, no_labour_reason=row.note)
    return dataclasses.replace(request, trade=row.trade)


def _factor(request: CalibrationRequest) -> Decimal:
    return Decimal(request.years if request.per_year else 1)


def _amount(request: CalibrationRequest, parameters: Parameters) -> _Work:
    if request.no_labour_reason is not None and not request.lots:
        return _no_labour(request)
    factor = _factor(request)
    rows: list[tuple[str, str, Decimal, Lot | None]]
    if request.lots:
        rows = [(lot.label, "lot", lot.amount, lot) for lot in request.lots]
    elif request.tranches:
        rows = [(tranche.label, tranche.kind.value, tranche.amount, None) for tranche in request.tranches]
    else:
        rows = [("", "", request.amount or Decimal(0), None)]
    shares = [formulas.labour_share(request, parameters, lot) for _, _, _, lot in rows]
    effort = formulas.effort_rate(request, parameters)
    cost = formulas.hourly_cost(request, parameters)
    work = _Work()
    low = high = total = Fraction(0)
    ranged = cost.ranged
    for (label, kind, per_period, _), share in zip(rows, shares, strict=True):
        amount = per_period * factor
        exact = formulas.by_amount(amount, share, effort, cost)
        work.sentences.extend(_named(label, formulas.amount_sentences(amount, share, effort, cost)))
        ranged = ranged or share.ranged
        total += Fraction(amount)
        if kind:
            work.parts.append((label, kind, amount, exact.central))
        if kind == TrancheKind.OPTIONAL.value:
            continue
        work.exact += exact.central
        low += exact.low
        high += exact.high
    work.amount = total
    if factor != 1:
        work.sentences.insert(0, f"Montants annuels multipliés par {years_in_full(factor)}, avant le calcul.")
    if ranged:
        work.low, work.high = low, high
    return work


def _named(label: str, sentences: list[str]) -> list[str]:
    return [f"{label} — {text}" for text in sentences] if label else sentences


def _no_labour(request: CalibrationRequest) -> _Work:
    work = _Work(amount=Fraction(request.amount or 0) * Fraction(_factor(request)))
    work.sentences = [
        str(request.no_labour_reason),
        "Aucune heure n'est calculée : calibrez par les heures de production ou par les postes si vous les connaissez, ou choisissez un autre levier.",
    ]
    return work


def _hours_worked(request: CalibrationRequest, parameters: Parameters) -> _Work:
    worked = Fraction(request.hours_worked or 0) * Fraction(_factor(request))
    exact, sentences = formulas.by_hours_worked(worked, formulas.effort_rate(request, parameters))
    return _Work(exact=exact, sentences=sentences, amount=_known_amount(request))


def _staff_transfer(request: CalibrationRequest, parameters: Parameters) -> _Work:
    factor = Fraction(_factor(request))
    total = Fraction(request.hours_worked or 0) * factor
    transferred = Fraction(request.transferred_hours or 0) * factor
    exact, sentences = formulas.by_staff_transfer(total, transferred, formulas.effort_rate(request, parameters))
    return _Work(exact=exact, sentences=sentences, amount=_known_amount(request))


def _posts(request: CalibrationRequest, parameters: Parameters) -> _Work:
    per_post = parameters.get("clause.hours_per_post")
    exact, sentences = formulas.by_posts(request.posts or Decimal(0), request.years, per_post)
    return _Work(exact=exact, sentences=sentences, amount=_known_amount(request))


def _training_grid(request: CalibrationRequest, parameters: Parameters) -> _Work:
    amount = (request.amount or Decimal(0)) * _factor(request)
    exact, sentences = formulas.by_training_grid(amount, parameters)
    return _Work(exact=exact, sentences=sentences, amount=Fraction(amount), counts=Counts.INTERNSHIP_HOURS)


def _orders(request: CalibrationRequest, parameters: Parameters) -> _Work:
    orders = sorted(request.orders, key=lambda order: order.ordered_on)
    total = Fraction(sum(order.amount for order in orders))
    work = _Work(amount=total)
    if request.step_eur is not None and request.hours_per_step is not None:
        step, per_step = request.step_eur, request.hours_per_step
        steps = total // Fraction(step)
        work.exact = formulas.by_order_steps(total, step, per_step)
        work.sentences = [
            f"Commandes cumulées : {number(total)} € HT, soit {plural(steps, 'pas entier', 'pas entiers')} de {number(step)} €.",
            f"Heures : {number(steps)} × {hours(per_step)} = {hours(work.exact)}.",
        ]
        cumulated = [
            formulas.by_order_steps(reached, step, per_step)
            for reached in _running([Fraction(order.amount) for order in orders])
        ]
    else:
        share = formulas.labour_share(request, parameters)
        effort = formulas.effort_rate(request, parameters)
        cost = formulas.hourly_cost(request, parameters)
        ordered = Decimal(sum(order.amount for order in orders))
        exact = formulas.by_amount(ordered, share, effort, cost)
        work.exact = exact.central
        if share.ranged or cost.ranged:
            work.low, work.high = exact.low, exact.high
        work.sentences = ["Calcul repris sur le cumul des commandes."]
        work.sentences.extend(formulas.amount_sentences(ordered, share, effort, cost))
        rate = share.value * effort.value / cost.value
        cumulated = [reached * rate for reached in _running([Fraction(order.amount) for order in orders])]
    for order, reached in zip(orders, cumulated, strict=True):
        work.parts.append((order.ordered_on.isoformat(), "order", order.amount, reached))
    return work


def _running(values: list[Fraction]) -> list[Fraction]:
    total, sums = Fraction(0), []
    for value in values:
        total += value
        sums.append(total)
    return sums


def _known_amount(request: CalibrationRequest) -> Fraction | None:
    return None if request.amount is None else Fraction(request.amount) * Fraction(_factor(request))


_METHODS = {
    Method.AMOUNT: _amount,
    Method.HOURS_WORKED: _hours_worked,
    Method.POSTS: _posts,
    Method.STAFF_TRANSFER: _staff_transfer,
    Method.TRAINING_GRID: _training_grid,
    Method.ORDERS: _orders,
}


def _parts(request: CalibrationRequest, work: _Work, rounded: formulas.Rounder) -> tuple[tuple[Part, ...], int, int]:
    """Return the parts, the hours due and the conditional hours, each rounded by its own rule."""
    exacts = [exact for _, _, _, exact in work.parts]
    if request.tranches:
        whole = [rounded(exact) for exact in exacts]
        firm = sum(hours_ for row, hours_ in zip(work.parts, whole, strict=True) if row[1] == TrancheKind.FIRM.value)
        due, conditional = firm, sum(whole) - firm
    elif request.orders:
        reached = [rounded(exact) for exact in exacts]
        whole = [now - before for before, now in zip([0, *reached], reached, strict=False)]
        exacts = [now - before for before, now in zip([Fraction(0), *exacts], exacts, strict=False)]
        due, conditional = sum(whole), 0
    else:
        due, conditional = rounded(work.exact), 0
        whole = list(largest_remainder(due, exacts)) if exacts else []
    parts = tuple(
        Part(label, kind, amount, decimal_of(exact, 4), part_hours)
        for (label, kind, amount, _), exact, part_hours in zip(work.parts, exacts, whole, strict=True)
    )
    return parts, due, conditional


def _members(members: tuple[Member, ...], due: int) -> tuple[MemberHours, ...]:
    if not members:
        return ()
    weights = [Fraction(member.weight) for member in members]
    total = sum(weights, Fraction(0))
    return tuple(
        MemberHours(member.label, decimal_of(weight / total, 6), part)
        for member, weight, part in zip(members, weights, largest_remainder(due, weights), strict=True)
    )


def _equivalents(
    request: CalibrationRequest, work: _Work, due: int, weekly: Decimal, monthly: Decimal, parameters: Parameters
) -> Equivalents:
    fte = parameters.get("clause.fte_hours").number
    firm = work.amount
    if request.tranches:
        firm = Fraction(sum(row.amount for row in request.tranches if row.kind is TrancheKind.FIRM)) * Fraction(
            _factor(request)
        )
    return Equivalents(
        weeks=decimal_of(due / Fraction(weekly), 1),
        months=decimal_of(due / Fraction(monthly), 1),
        fte=decimal_of(due / Fraction(fte), 2),
        hours_per_year=decimal_of(due / Fraction(request.years), 2),
        hours_per_100k=decimal_of(due * 100_000 / firm, 1) if firm else None,
    )


def _rounding_sentence(exact: Fraction, due: int, conditional: int, request: CalibrationRequest) -> str:
    if request.tranches:
        text = f"Chaque tranche est due pour elle-même, donc arrondie pour elle-même : {plural(due, 'h ferme', 'h fermes')}"
        return f"{text}, {hours(conditional)} si les tranches optionnelles sont affermies."
    if exact == due:
        return ""
    step = {"35": "à la semaine de 35 h supérieure", "151.67": "au mois de 151,67 h supérieur"}.get(
        request.rounding.value, "" if request.rounding.value == "1" else f"au multiple de {request.rounding.value} h"
    )
    place = f" {step}" if step else ""
    return f"{hours(decimal_of(exact, 2))} arrondies{place} : {hours(due)}, une seule fois et à la fin."


def _range_sentence(low: int, high: int, parameters: Parameters) -> str:
    today = any(value.path == "clause.hourly_cost_today" for value in parameters.used)
    bound = " ; le coût actuel, à confirmer, sert de borne haute" if today else ""
    return (
        f"Fourchette : de {hours(low)} à {hours(high)}, selon les bornes connues de la part de main-d'œuvre et du coût "
        f"horaire{bound}."
    )
