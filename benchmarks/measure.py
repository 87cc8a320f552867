"""One measured figure and what it is compared with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure in its unit; ``ratio`` is figure ÷ reference when there is a reference measured in the same run."""

    name: str
    figure: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    note: str = ""


def against(name: str, figure: float, unit: str, reference: float, note: str = "") -> Measure:
    """A figure with its ratio to a reference of the same unit."""
    return Measure(name, figure, unit, reference, figure / reference, note)
