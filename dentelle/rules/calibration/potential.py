"""The same arithmetic seen from afar: coefficients per trade for whole tables, and variants side by side for one contract."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dentelle.rules.calibration import formulas
from dentelle.rules.calibration.engine import calibrate
from dentelle.rules.calibration.request import CalibrationRefused, CalibrationRequest, Method
from dentelle.rules.calibration.result import Calibration
from dentelle.rules.dated import Override, Parameters, ParameterValue, Status
from dentelle.rules.trades import trades
from dentelle.rules.wording import decimal_of, euros, percent, sentence


@dataclass(frozen=True, slots=True)
class PotentialCoefficients:
    """What turns an amount into hours for one trade: hours = amount × labour share × effort ÷ hourly cost.

    Low uses the lowest share and the highest cost, high the reverse. ``hours_per_100k_*`` are these already combined.
    ``status`` is to confirm as soon as one value behind is.
    """

    trade: str
    label: str
    share_low: Decimal
    share: Decimal
    share_high: Decimal
    effort: Decimal
    cost_low: Decimal
    cost: Decimal
    cost_high: Decimal
    hours_per_100k_low: Decimal
    hours_per_100k: Decimal
    hours_per_100k_high: Decimal
    status: Status
    parameters: tuple[ParameterValue, ...]


def potential_coefficients(trade: str, on: date, overrides: Iterable[Override] = ()) -> PotentialCoefficients:
    """Return the coefficients of one trade at a date, overrides applied."""
    parameters = Parameters(on, overrides)
    request = CalibrationRequest(trade=trade)
    share = formulas.labour_share(request, parameters)
    effort = formulas.effort_rate(request, parameters)
    cost = formulas.hourly_cost(request, parameters)
    exact = formulas.by_amount(Decimal(100_000), share, effort, cost)
    used = parameters.used
    shaky = any(value.status is Status.TO_CONFIRM for value in used)
    return PotentialCoefficients(
        trade=trade,
        label=share.source.label if share.source else trade,
        share_low=decimal_of(share.low, 4),
        share=decimal_of(share.value, 4),
        share_high=decimal_of(share.high, 4),
        effort=decimal_of(effort.value, 4),
        cost_low=decimal_of(cost.low, 2),
        cost=decimal_of(cost.value, 2),
        cost_high=decimal_of(cost.high, 2),
        hours_per_100k_low=decimal_of(exact.low, 6),
        hours_per_100k=decimal_of(exact.central, 6),
        hours_per_100k_high=decimal_of(exact.high, 6),
        status=Status.TO_CONFIRM if shaky else Status.LOCAL_PRACTICE,
        parameters=used,
    )


def potential_table(on: date, overrides: Iterable[Override] = ()) -> tuple[PotentialCoefficients, ...]:
    """Return the coefficients of every trade at a date, by trade code."""
    kept = tuple(overrides)
    return tuple(potential_coefficients(code, on, kept) for code in sorted(trade.code for trade in trades()))


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same contract calibrated otherwise, to set side by side."""

    label: str
    calibration: Calibration


def alternatives(request: CalibrationRequest, on: date, overrides: Iterable[Override] = ()) -> tuple[Alternative, ...]:
    """Return the calibration at the usual bounds of effort and at today's hourly cost (to confirm), where they differ."""
    kept = tuple(overrides)
    if request.method in (Method.TRAINING_GRID, Method.POSTS):
        return ()
    parameters = Parameters(on)
    usual = parameters.get("clause.effort_rate")
    current = formulas.effort_rate(request, Parameters(on, kept)).value
    efforts = dict.fromkeys(
        (usual.low_number, parameters.get("programmes.npnru_gup", latest=True).number, usual.high_number)
    )
    variants = [
        (f"Taux d'effort de {percent(effort)}", dataclasses.replace(request, effort_rate=effort))
        for effort in efforts
        if effort != current
    ]
    if request.method in (Method.AMOUNT, Method.ORDERS):
        cost = parameters.get("clause.hourly_cost_today", latest=True).number
        if cost != request.hourly_cost:
            label = f"Coût horaire actuel de {euros(cost)}/h (à confirmer)"
            variants.append((label, dataclasses.replace(request, hourly_cost=cost)))
    found = []
    for label, variant in variants:
        try:
            found.append(Alternative(sentence(label), calibrate(variant, on, kept)))
        except CalibrationRefused:
            continue
    return tuple(found)
