"""What pages, PDF and Word show of a calibration: one frozen sheet of French texts, kept as it was when it was saved."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Factor:
    """One coefficient or threshold with all that lets a reader judge it."""

    path: str
    label: str
    value: str
    range: str
    source: str
    url: str
    dated: str
    status: str
    status_label: str
    notes: str
    override: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic; a sentence alone has no formula."""

    label: str
    formula: str
    value: str


@dataclass(frozen=True, slots=True)
class Measure:
    """The volume in another unit."""

    code: str
    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class BuyerFigure:
    """One figure for a buyer: weeks, jobs, hours."""

    value: str
    unit: str
    counts: str


@dataclass(frozen=True, slots=True)
class Variant:
    """The same contract under another hypothesis, beside the calculation kept."""

    label: str
    hours: str
    change: str
    weeks: str
    fte: str
    per_100k: str
    notice: str


@dataclass(frozen=True, slots=True)
class ObligationView:
    """Is a social condition mandatory, and how sure is that."""

    code: str
    answer: str
    status: str
    because: tuple[str, ...]
    unknowns: tuple[str, ...]
    parameters: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class LeverView:
    """One way of asking for social performance, with how well it fits. At most one is ``recommended``."""

    code: str
    short: str
    label: str
    article: str
    fits: str
    asks: str
    written_in: str
    counts: str
    fit: str
    fit_label: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    status: str
    source: str
    recommended: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A calibration as it is read. ``hours`` and the bounds are numbers for the page's figures; the rest is text."""

    hours: int
    low_hours: int | None
    high_hours: int | None
    conditional_hours: int
    counts: str
    answer: str
    answer_range: str
    plain: str
    method: str
    method_label: str
    amount_origin: str
    facts: tuple[tuple[str, str], ...]
    factors: tuple[Factor, ...]
    conversions: tuple[Factor, ...]
    arithmetic: tuple[Step, ...]
    parts: tuple[tuple[str, ...], ...]
    measures: tuple[Measure, ...]
    buyer: tuple[BuyerFigure, ...]
    below_minimum: bool
    notices: tuple[str, ...]
    variants: tuple[Variant, ...]
    more: tuple[str, ...]
    less: tuple[str, ...]
    obligation: ObligationView
    levers: tuple[LeverView, ...]
    unknowns: tuple[str, ...]
    on: str
