"""Dated, sourced parameters: ``parameter("clause.hourly_cost").at(day)`` gives a value and where it comes from.

A date before the first value, or after the last one ended, is an explicit error: never the nearest value in silence.
A structure may override local practices and values to confirm; the override travels with the value and shows itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from dentelle.rules.parameter_files import ParameterFileError, all_paths, raw_parameter
from dentelle.rules.wording import day as in_full
from dentelle.rules.wording import sentence

Value = int | Decimal | str | bool | date


class Status(StrEnum):
    """How far a value may be trusted."""

    CERTAIN = "certain"
    ANNOUNCED = "announced"
    LOCAL_PRACTICE = "local_practice"
    TO_CONFIRM = "to_confirm"

    @property
    def label(self) -> str:
        """French label shown beside the value."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    Status.CERTAIN: "certain",
    Status.ANNOUNCED: "annoncé",
    Status.LOCAL_PRACTICE: "usage local",
    Status.TO_CONFIRM: "à confirmer",
}
OVERRIDABLE = (Status.LOCAL_PRACTICE, Status.TO_CONFIRM)


class ParameterError(Exception):
    """A parameter cannot answer. ``code`` is stable; the message is French and meant to be shown."""

    code = "parameter_error"

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


class ParameterUnknown(ParameterError):
    """No parameter has this path."""

    code = "parameter_unknown"


class ParameterUnknownAt(ParameterError):
    """The parameter has no value at this date: the date precedes the first one known."""

    code = "parameter_unknown_at"


class ParameterEnded(ParameterUnknownAt):
    """The last value ended before this date and nothing replaced it."""

    code = "parameter_ended"


class OverrideRefused(ParameterError):
    """This value may not be replaced, or not like that."""

    code = "override_refused"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value was read."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A structure's own value in place of a local practice, signed and motivated."""

    path: str
    value: Value
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One value of one parameter at one date, with all that lets a reader judge it.

    ``low`` and ``high`` bound the value where the source gives a range. ``projected`` marks a last known value used after
    its end. ``override`` is the structure's decision when the value is its own; ``replaced`` is then the packaged value.
    """

    path: str
    label: str
    value: Value
    unit: str
    in_force_from: date
    reference: Reference
    status: Status
    last_checked: date
    published_on: date | None = None
    notes: str | None = None
    low: Value | None = None
    high: Value | None = None
    projected: bool = False
    override: Override | None = None
    replaced: Value | None = None

    @property
    def number(self) -> Decimal:
        """The value as an exact number; an error for a text, a date or a yes/no."""
        return _number(self.value, self.path)

    @property
    def low_number(self) -> Decimal:
        """Lower bound, or the value itself when no range is known."""
        return self.number if self.low is None else _number(self.low, self.path)

    @property
    def high_number(self) -> Decimal:
        """Upper bound, or the value itself when no range is known."""
        return self.number if self.high is None else _number(self.high, self.path)

    @property
    def whole(self) -> int:
        """The value as an integer; an error when it is not one."""
        number = self.number
        if number != number.to_integral_value():
            raise ParameterFileError(f"{self.path} : {number} n’est pas un entier")
        return int(number)

    @property
    def day(self) -> date:
        """The value as a date; an error when it is not one."""
        if not isinstance(self.value, date):
            raise ParameterFileError(f"{self.path} : une date est attendue")
        return self.value


def _number(value: Value, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ParameterFileError(f"{path} : un nombre est attendu")
    return Decimal(value)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter through time: its values by in-force date, None where it ended."""

    path: str
    label: str
    unit: str
    status: Status
    last_checked: date
    values: tuple[tuple[date, ParameterValue | None], ...]
    notes: str | None = None
    index_code: str | None = None

    def at(self, on: date) -> ParameterValue:
        """Return the value in force on a day, or raise ParameterUnknownAt / ParameterEnded."""
        found: ParameterValue | None = None
        started = False
        for in_force_from, value in self.values:
            if in_force_from > on:
                break
            started, found = True, value
        if found is not None:
            return found
        if started:
            raise ParameterEnded(
                f"{self.label} : aucune valeur connue au {in_full(on)} (la dernière valeur n’y est plus en vigueur)."
            )
        first = in_full(self.values[0][0])
        raise ParameterUnknownAt(f"{self.label} : aucune valeur connue au {in_full(on)} ; la première est du {first}.")

    def projected_at(self, on: date) -> ParameterValue:
        """Return the value in force, or the last known one marked ``projected`` and to confirm when it has ended."""
        try:
            return self.at(on)
        except ParameterEnded:
            last = [value for start, value in self.values if value is not None and start <= on][-1]
            return replace(last, projected=True, status=Status.TO_CONFIRM)

    def latest(self) -> ParameterValue:
        """Return the last known value whatever the day: for facts such as the date a law comes into force."""
        return self.known_values()[-1]

    def known_values(self) -> tuple[ParameterValue, ...]:
        """Return every known value, oldest first."""
        return tuple(value for _, value in self.values if value is not None)


@cache
def parameter(path: str) -> Parameter:
    """Return a packaged parameter by its path, such as ``clause.hourly_cost``."""
    raw = raw_parameter(path)
    if raw is None:
        raise ParameterUnknown(f"Le paramètre « {path} » n’existe pas.")
    return Parameter(
        path=path,
        label=raw["label"],
        unit=raw["unit"],
        status=Status(raw["status"]),
        last_checked=raw["last_checked"],
        values=tuple((start, _value(path, raw, start, entry)) for start, entry in raw["values"].items()),
        notes=raw.get("notes"),
        index_code=raw.get("index_code"),
    )


def _value(path: str, raw: Mapping[str, Any], start: date, entry: Mapping[str, Any] | None) -> ParameterValue | None:
    if entry is None or entry["value"] is None:
        return None
    reference = entry["reference"]
    return ParameterValue(
        path=path,
        label=raw["label"],
        value=entry["value"],
        unit=raw["unit"],
        in_force_from=start,
        reference=Reference(reference["title"], reference.get("url")),
        status=Status(entry.get("status", raw["status"])),
        last_checked=raw["last_checked"],
        published_on=entry.get("published_on"),
        notes=entry.get("notes", raw.get("notes")),
        low=entry.get("low"),
        high=entry.get("high"),
    )


def all_parameters() -> tuple[Parameter, ...]:
    """Return every packaged parameter, by path."""
    return tuple(parameter(path) for path in all_paths())


def overridden(base: ParameterValue, override: Override) -> ParameterValue:
    """Return the value replaced by a structure's own, or raise OverrideRefused with the reason."""
    if base.status not in OVERRIDABLE:
        raise OverrideRefused(
            f"{base.label} : valeur « {base.status.label} », fixée par {base.reference.title} ; elle ne se modifie pas."
        )
    if not override.author.strip() or not override.reason.strip():
        raise OverrideRefused(f"{base.label} : une modification doit être signée et motivée.")
    value = override.value
    numeric = isinstance(base.value, int | Decimal) and not isinstance(base.value, bool)
    if numeric:
        _refuse_bad_number(base, value)
    elif type(value) is not type(base.value):
        raise OverrideRefused(f"{base.label} : la valeur proposée n’est pas de la même nature que la valeur d’origine.")
    return replace(base, value=value, low=None, high=None, projected=False, override=override, replaced=base.value)


def _refuse_bad_number(base: ParameterValue, value: Value) -> None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise OverrideRefused(f"{base.label} : un nombre est attendu.")
    if value <= 0:
        raise OverrideRefused(f"{base.label} : la valeur doit être supérieure à zéro.")
    if base.unit == "share" and value > 1:
        raise OverrideRefused(f"{base.label} : une part ne dépasse pas 100\u00a0%.")


class Parameters:
    """The parameters as one computation sees them: one date, a structure's overrides, and a record of what was read.

    With ``stored`` values the packaged files are not consulted at all, so an old calibration recomputes after a change.
    """

    def __init__(
        self, on: date, overrides: Iterable[Override] = (), stored: Mapping[str, ParameterValue] | None = None
    ) -> None:
        self.on = on
        self._overrides: dict[str, Override] = {}
        for override in overrides:
            if override.path in self._overrides:
                raise OverrideRefused(f"Le paramètre « {override.path} » est modifié deux fois.")
            self._overrides[override.path] = override
        if stored is None:
            for path in self._overrides:
                parameter(path)
        self._stored = stored
        self._used: dict[str, ParameterValue] = {}

    def get(self, path: str, *, projected: bool = False, latest: bool = False) -> ParameterValue:
        """Return the value at the date of the computation.

        ``projected`` accepts a last known value, marked as such; ``latest`` takes the last known value whatever the date.
        """
        if path in self._used:
            return self._used[path]
        if self._stored is not None:
            if path not in self._stored:
                raise ParameterUnknownAt(f"Le calcul enregistré ne contient pas le paramètre « {path} ».")
            value = self._stored[path]
        else:
            known = parameter(path)
            value = known.latest() if latest else known.projected_at(self.on) if projected else known.at(self.on)
            if path in self._overrides:
                value = overridden(value, self._overrides[path])
        self._used[path] = value
        return value

    @property
    def used(self) -> tuple[ParameterValue, ...]:
        """Values read so far, in order of first use."""
        return tuple(self._used.values())


def value_to_json(value: Value | None) -> Any:
    """Encode a value without loss: a decimal is ``{"decimal": "0.05"}``, a date ``{"date": "2026-08-21"}``."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def value_from_json(data: Any) -> Any:
    """Read back what value_to_json wrote."""
    if isinstance(data, dict):
        return Decimal(data["decimal"]) if "decimal" in data else date.fromisoformat(data["date"])
    return data


def parameter_to_json(value: ParameterValue) -> dict[str, Any]:
    """Encode a parameter value completely, override included."""
    data: dict[str, Any] = {
        "path": value.path,
        "label": value.label,
        "value": value_to_json(value.value),
        "unit": value.unit,
        "in_force_from": value.in_force_from.isoformat(),
        "reference": {"title": value.reference.title, "url": value.reference.url},
        "status": value.status.value,
        "last_checked": value.last_checked.isoformat(),
        "published_on": value.published_on.isoformat() if value.published_on else None,
        "notes": value.notes,
        "low": value_to_json(value.low),
        "high": value_to_json(value.high),
        "projected": value.projected,
        "override": None,
        "replaced": value_to_json(value.replaced),
    }
    if value.override is not None:
        own = value.override
        data["override"] = {
            "path": own.path,
            "value": value_to_json(own.value),
            "author": own.author,
            "reason": own.reason,
        }
    return data


def parameter_from_json(data: Mapping[str, Any]) -> ParameterValue:
    """Read back what parameter_to_json wrote."""
    own = data["override"]
    return ParameterValue(
        path=data["path"],
        label=data["label"],
        value=value_from_json(data["value"]),
        unit=data["unit"],
        in_force_from=date.fromisoformat(data["in_force_from"]),
        reference=Reference(data["reference"]["title"], data["reference"]["url"]),
        status=Status(data["status"]),
        last_checked=date.fromisoformat(data["last_checked"]),
        published_on=date.fromisoformat(data["published_on"]) if data["published_on"] else None,
        notes=data["notes"],
        low=value_from_json(data["low"]),
        high=value_from_json(data["high"]),
        projected=data["projected"],
        override=Override(own["path"], value_from_json(own["value"]), own["author"], own["reason"]) if own else None,
        replaced=value_from_json(data["replaced"]),
    )


def digest(values: Iterable[ParameterValue]) -> str:
    """Return the sha256 of the canonical JSON of a parameter set, whatever the order it was read in."""
    rows = sorted((parameter_to_json(value) for value in values), key=lambda row: str(row["path"]))
    text = json.dumps(rows, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
