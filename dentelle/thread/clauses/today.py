"""What today's parameters would change in a stored calibration: a comparison to read, nothing is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.rules.calibration.advice import shown
from dentelle.rules.wording import day, hours
from dentelle.thread.clauses.engine import with_parameters_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A parameter whose value is no longer the one stored."""

    label: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The stored hours beside those of another day's parameters."""

    on: str
    before: str
    after: str
    change: str
    moved: tuple[Moved, ...]


def compared_with_today(
    inputs: dict[str, Any], parameters: list[dict[str, Any]], result: dict[str, Any], *, on: date
) -> Comparison:
    """Compute again with the parameters of a day and tell what moved. ComputationRefused when that day has no value."""
    before, after = with_parameters_of(inputs, parameters, result, on)
    values = {value.path: value for value in after.parameters}
    moved = tuple(
        Moved(old.label, shown(old), shown(values[old.path]), values[old.path].reference.title)
        for old in before.parameters
        if old.path in values and old.override is None and values[old.path].value != old.value
    )
    difference = after.hours - before.hours
    sign = "+" if difference > 0 else "−"
    change = f"{sign}{hours(abs(difference))}" if difference else "identique"
    return Comparison(day(on), hours(before.hours), hours(after.hours), change, moved)
