"""How sure a foreseen renewal is: a few written criteria, read from ``catalogues/renewal_confidence.yaml``.

One doubt makes a low confidence, all the signs together a high one, anything else a medium one. The marts say how each
criterion reads on a contract; the back-test counts what each level was worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dentelle.rules.dated import Status
from dentelle.rules.parameter_files import read_packaged


@dataclass(frozen=True, slots=True)
class Criterion:
    """A doubt or a sign; ``label`` is shown beside a contract, ``why`` is the reason of the trade."""

    code: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class ConfidenceCriteria:
    """``rhythm_months``: average straying from the duration a rhythm allows. ``short_months``: a duration under it is short."""

    doubts: tuple[Criterion, ...]
    signs: tuple[Criterion, ...]
    rhythm_months: int
    short_months: int
    status: Status

    @property
    def labels(self) -> dict[str, str]:
        """French label of every criterion by code."""
        return {criterion.code: criterion.label for criterion in (*self.doubts, *self.signs)}


@lru_cache(maxsize=1)
def confidence_criteria() -> ConfidenceCriteria:
    """Return the packaged criteria."""
    raw = read_packaged("catalogues/renewal_confidence.yaml")
    return ConfidenceCriteria(
        doubts=tuple(Criterion(code, **texts) for code, texts in raw["doubts"].items()),
        signs=tuple(Criterion(code, **texts) for code, texts in raw["signs"].items()),
        rhythm_months=raw["months"]["rhythm"],
        short_months=raw["months"]["short"],
        status=Status(raw["status"]),
    )
