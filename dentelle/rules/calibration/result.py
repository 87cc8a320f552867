"""What a calibration gives back: whole hours, how they were found, what they mean, what to watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dentelle.rules.calibration.request import CalibrationRequest, Counts
from dentelle.rules.dated import ParameterValue
from dentelle.rules.explained import Explained


@dataclass(frozen=True, slots=True)
class Part:
    """Hours of a lot, a tranche or an order. ``kind`` is lot, firm, optional or order."""

    label: str
    kind: str
    amount: Decimal
    exact_hours: Decimal
    hours: int


@dataclass(frozen=True, slots=True)
class MemberHours:
    """Hours of one co-contractor; the parts sum to the hours due."""

    label: str
    share: Decimal
    hours: int


@dataclass(frozen=True, slots=True)
class Equivalents:
    """The hours in other units: full-time weeks and months, full-time equivalents (1 600 h), hours per year and per 100 k€."""

    weeks: Decimal
    months: Decimal
    fte: Decimal
    hours_per_year: Decimal
    hours_per_100k: Decimal | None


@dataclass(frozen=True, slots=True)
class Feasibility:
    """How many people at once the hours ask for, over the weeks of the contract."""

    weeks: Decimal
    people_at_once: Decimal
    share_of_workforce: Decimal | None


@dataclass(frozen=True, slots=True)
class CalibrationWarning:
    """Something to look at before writing the clause; ``code`` is stable."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibrated volume. ``hours`` are due; ``conditional_hours`` become due when optional tranches are affirmed.

    ``arithmetic`` tells the steps, ``sources`` where each value comes from (overrides with author and reason).
    ``low_hours`` and ``high_hours`` bound the volume where a coefficient came from a parameter with a range, else None.
    """

    request: CalibrationRequest
    on: date
    counts: Counts
    hours: int
    exact_hours: Decimal
    conditional_hours: int
    low_hours: int | None
    high_hours: int | None
    parts: tuple[Part, ...]
    members: tuple[MemberHours, ...]
    equivalents: Equivalents
    feasibility: Feasibility | None
    warnings: tuple[CalibrationWarning, ...]
    arithmetic: tuple[str, ...]
    sources: tuple[str, ...]
    parameters: tuple[ParameterValue, ...]
    digest: str

    @property
    def explanation(self) -> tuple[str, ...]:
        """The steps, then the sources."""
        return (*self.arithmetic, *self.sources)

    @property
    def minutes(self) -> int:
        """The hours due, in minutes: the unit of the ledger."""
        return self.hours * 60

    @property
    def explained(self) -> Explained[int]:
        """The result in the common shape of explained results."""
        return Explained(self.hours, self.explanation, self.parameters)
