"""Calibrations for tests, made the way people make them: through the form and the actions."""

from datetime import date, datetime
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses import actions
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.clauses.workbench import content_of, read_form
from tests.factories import NOW

TODAY = date(2026, 11, 21)
# One million of masonry: the sourced example that gives 833 h.
TYPED = {
    "title": "Réfection du groupe scolaire",
    "buyer_label": "Commune de Saint-Élan",
    "subject": "Maçonnerie et reprise des façades",
    "method": "amount",
    "amount": "1 000 000",
    "trade": "masonry",
    "contract_kind": "works",
    "buyer_kind": "local",
    "launched_on": "2026-12-01",
    "duration_months": "18",
    "rounding": "1",
}


def typed(**changes: Any) -> dict[str, str]:
    """The form as typed; dashes of field names are written with a dict: ``typed(**{"lots-0-amount": "5"})``."""
    return {name: str(value) for name, value in {**TYPED, **changes}.items() if value is not None}


def saved(membership: Membership, *, at: datetime = NOW, **changes: Any) -> Calibration:
    """A saved calibration."""
    bench = read_form(typed(**changes), membership, today=TODAY, named=True)
    assert bench.computed is not None, bench.form.errors.as_json()
    return actions.create_calibration(membership, content_of(bench), at=at)


def draft(membership: Membership, *, at: datetime = NOW, **changes: Any) -> Calibration:
    """A draft."""
    bench = read_form(typed(**changes), membership, today=TODAY, named=True)
    bench.computed = None
    return actions.create_calibration(membership, content_of(bench), at=at)


OVERRIDDEN = {
    "own-clause.hourly_cost": "42",
    "why-clause.hourly_cost": "Devis de trois entreprises du bassin, octobre 2026",
}
