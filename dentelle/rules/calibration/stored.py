"""A calibration on its way to and from storage: inputs, parameter values, digest, so that it recomputes identically."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.rules.calibration.engine import calibrate_with
from dentelle.rules.calibration.request import (
    CalibrationRequest,
    Lot,
    Member,
    Method,
    Order,
    Programme,
    Rounding,
    Tranche,
    TrancheKind,
    check,
)
from dentelle.rules.calibration.result import Calibration
from dentelle.rules.dated import (
    Parameters,
    digest,
    parameter_from_json,
    parameter_to_json,
    value_from_json,
    value_to_json,
)

SCHEMA = 1


class StoredCalibrationBroken(Exception):
    """What was stored is not what was written: unknown schema, missing field, or values that do not match their digest."""


def to_json(calibration: Calibration) -> dict[str, Any]:
    """Return all that is needed to recompute a calibration, as plain JSON values without loss."""
    return {
        "schema": SCHEMA,
        "on": calibration.on.isoformat(),
        "request": request_to_json(calibration.request),
        "parameters": [parameter_to_json(value) for value in calibration.parameters],
        "digest": calibration.digest,
        "hours": calibration.hours,
        "conditional_hours": calibration.conditional_hours,
    }


def recompute(stored: Mapping[str, Any]) -> Calibration:
    """Compute again from the stored inputs and the stored parameter values, never from the packaged files.

    Raises StoredCalibrationBroken when the values do not match their digest or the result is not the stored one.
    """
    try:
        if stored["schema"] != SCHEMA:
            raise StoredCalibrationBroken(f"Version de calcul inconnue : {stored['schema']}.")
        values = [parameter_from_json(row) for row in stored["parameters"]]
        request = request_from_json(stored["request"])
        on = date.fromisoformat(stored["on"])
        kept, due, conditional = stored["digest"], stored["hours"], stored["conditional_hours"]
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise StoredCalibrationBroken(f"Calcul enregistré illisible ({type(error).__name__} : {error}).") from error
    if digest(values) != kept:
        raise StoredCalibrationBroken("Les valeurs enregistrées ne correspondent pas à leur empreinte.")
    check(request)
    again = calibrate_with(request, Parameters(on, stored={value.path: value for value in values}))
    if (again.hours, again.conditional_hours) != (due, conditional):
        raise StoredCalibrationBroken(f"Le calcul donne {again.hours} h et non les {due} h enregistrées.")
    return again


from_json = recompute


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    return value_to_json(value)


def request_to_json(request: CalibrationRequest) -> dict[str, Any]:
    """Encode a request without loss, for a form kept or a link shared."""
    encoded: dict[str, Any] = _encode(request)
    return encoded


def request_from_json(data: Mapping[str, Any]) -> CalibrationRequest:
    """Read back what request_to_json wrote. Nothing is checked here: ``calibrate`` refuses what is impossible."""
    plain = {key: value_from_json(value) for key, value in data.items() if key not in _SHAPES}
    shaped = {key: shape(data[key]) for key, shape in _SHAPES.items() if key in data}
    return CalibrationRequest(**plain, **shaped)


def _amount(row: Mapping[str, Any]) -> Decimal:
    return Decimal(value_from_json(row["amount"]))


def _lots(rows: list[Mapping[str, Any]]) -> tuple[Lot, ...]:
    return tuple(Lot(row["label"], _amount(row), value_from_json(row["labour_share"]), row["trade"]) for row in rows)


def _tranches(rows: list[Mapping[str, Any]]) -> tuple[Tranche, ...]:
    return tuple(Tranche(row["label"], _amount(row), TrancheKind(row["kind"])) for row in rows)


def _members(rows: list[Mapping[str, Any]]) -> tuple[Member, ...]:
    return tuple(Member(row["label"], Decimal(value_from_json(row["weight"]))) for row in rows)


def _orders(rows: list[Mapping[str, Any]]) -> tuple[Order, ...]:
    return tuple(Order(value_from_json(row["ordered_on"]), _amount(row)) for row in rows)


_SHAPES: dict[str, Any] = {
    "method": Method,
    "programme": lambda code: None if code is None else Programme(code),
    "rounding": Rounding,
    "lots": _lots,
    "tranches": _tranches,
    "members": _members,
    "orders": _orders,
}
