"""Variants side by side: the same contract at other efforts and at today's hourly cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dentelle.rules.calibration import formulas
from dentelle.rules.calibration.engine import calibrate
from dentelle.rules.calibration.request import CalibrationRefused, CalibrationRequest, Method
from dentelle.rules.calibration.result import Calibration
from dentelle.rules.dated import Override, Parameters
from dentelle.rules.wording import euros, percent, sentence


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
