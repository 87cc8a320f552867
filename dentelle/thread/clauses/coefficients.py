"""Which coefficients a calculation uses, so that the page can show each with its source and let it be changed with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from dentelle.rules.dated import OVERRIDABLE, Parameter, ParameterError, ParameterUnknown, parameter
from dentelle.rules.trades import CpvMalformed, trade_of_cpv
from dentelle.thread.clauses.fields import AmountField, HoursField, NumberField, PercentField
from dentelle.thread.clauses.models import CalibrationMethod
from dentelle.thread.clauses.sheet import Factor
from dentelle.thread.clauses.sheet_factors import factor

_BY_AMOUNT = (
    CalibrationMethod.AMOUNT,
    CalibrationMethod.LOTS,
    CalibrationMethod.TRANCHES,
    CalibrationMethod.ORDERS,
)


def coefficient_paths(raw: Mapping[str, Any], method: str) -> tuple[str, ...]:
    """Return the parameters a method reads, in the order of the calculation. ``raw`` is the form as typed."""
    paths: list[str] = []
    if method in _BY_AMOUNT:
        paths += [f"trades.{code}" for code in _trades(raw, method)]
    if method not in (CalibrationMethod.POSTS, CalibrationMethod.TRAINING_GRID):
        paths.append(f"programmes.{raw['programme']}" if raw.get("programme") else "clause.effort_rate")
    if method in _BY_AMOUNT:
        paths.append("clause.hourly_cost")
    if method == CalibrationMethod.POSTS:
        paths.append("clause.hours_per_post")
    paths += ["clause.fte_hours", "clause.minimum_hours"]
    return tuple(dict.fromkeys(paths))


def chosen_trade(raw: Mapping[str, Any]) -> str | None:
    """Return the trade chosen, else the one the CPV points to, else None."""
    if raw.get("trade"):
        return str(raw["trade"])
    try:
        line = trade_of_cpv(str(raw.get("cpv") or ""))
    except CpvMalformed:
        return None
    return line.trade if line else None


def _trades(raw: Mapping[str, Any], method: str) -> list[str]:
    if method != CalibrationMethod.LOTS:
        common = chosen_trade(raw)
        return [common] if common else []
    own = [str(raw[key]) for key in raw if key.startswith("lots-") and key.endswith("-trade") and raw[key]]
    by_cpv = chosen_trade({"cpv": raw.get("cpv")})
    return [*own, *([by_cpv] if by_cpv else [])]


@dataclass(frozen=True, slots=True)
class CoefficientRow:
    """A coefficient as the form shows it: the value in force, and the two boxes to replace it (None: it is the law's)."""

    shown: Factor | None
    label: str
    problem: str
    own: forms.BoundField | None
    why: forms.BoundField | None


def coefficient_rows(form: forms.Form, paths: tuple[str, ...], on: date) -> list[CoefficientRow]:
    """Return the coefficients of the chosen method with their packaged value at a date."""
    rows = []
    for path in paths:
        try:
            known = parameter(path)
        except ParameterUnknown:
            continue
        shown, problem = None, ""
        try:
            shown = factor(known.at(on))
        except ParameterError as error:
            problem = str(error)
        own = form[f"own-{path}"] if f"own-{path}" in form.fields else None
        why = form[f"why-{path}"] if f"why-{path}" in form.fields else None
        rows.append(CoefficientRow(shown, known.label, problem, own, why))
    return rows


def overridable(path: str) -> Parameter | None:
    """Return a parameter a structure may replace with a reason, None when it may not."""
    try:
        known = parameter(path)
    except ParameterUnknown:
        return None
    return known if known.status in OVERRIDABLE else None


def own_field(known: Parameter) -> forms.CharField:
    """Return the box in which a coefficient is replaced, in its unit."""
    if known.unit == "share":
        return PercentField(label=known.label, required=False)
    if known.unit == "euro_per_hour":
        return AmountField(label=known.label, required=False, unit="€/h")
    if known.unit == "hour":
        return HoursField(label=known.label, required=False)
    return NumberField(label=known.label, required=False, unit=known.unit)
