"""The calibration form at work: read what was typed, compute what can be, say what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.calibration import Neighbours
from dentelle.rules.trades import trade
from dentelle.thread.clauses import queries
from dentelle.thread.clauses.actions import Content
from dentelle.thread.clauses.coefficients import CoefficientRow, chosen_trade, coefficient_rows
from dentelle.thread.clauses.engine import ComputationRefused, Computed, compute
from dentelle.thread.clauses.forms import CalibrationForm
from dentelle.thread.clauses.models import Calibration

# Below, a median would tell a buyer what another one asked.
FEWEST_NEIGHBOURS = 3


@dataclass(slots=True)
class Workbench:
    """A form with its computation, when its facts allow one. ``read`` is the form as read, ``form`` the one shown."""

    form: CalibrationForm
    read: CalibrationForm
    computed: Computed | None
    coefficients: list[CoefficientRow]

    @property
    def sheet(self) -> dict[str, Any] | None:
        return self.computed.sheet if self.computed else None


def open_form(
    initial: Mapping[str, Any], membership: Membership, *, today: date, editing: Calibration | None = None
) -> Workbench:
    """Return a form showing ``initial`` (first values, or a calibration as it was typed), computed when it can be."""
    bench = read_form(
        {name: value for name, value in initial.items() if value}, membership, today=today, editing=editing
    )
    form = CalibrationForm(initial=dict(initial))
    return Workbench(form, bench.read, bench.computed, coefficient_rows(form, form.paths, _on(initial, today)))


def read_form(
    data: Mapping[str, Any],
    membership: Membership,
    *,
    today: date,
    editing: Calibration | None = None,
    named: bool = False,
) -> Workbench:
    """Read a form as typed and compute it. ``named`` asks for what keeping it needs: a title."""
    form = CalibrationForm(data)
    form.fields["title"].required = named
    computed = None
    # a calibration without a title is not kept, but its arithmetic is shown
    if form.is_valid() or set(form.errors) == {"title"}:
        try:
            computed = compute(
                form.cleaned_data,
                author=membership.user.full_name,
                authors=_authors(editing),
                neighbours=_neighbours(form, membership, editing),
            )
        except ComputationRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return Workbench(form, form, computed, coefficient_rows(form, form.paths, _on(data, today)))


def content_of(bench: Workbench) -> Content:
    """Return what is kept of a valid form; of a draft, what was typed."""
    cleaned = bench.read.cleaned_data
    computed = bench.computed
    inputs: dict[str, Any] = {"typed": bench.read.typed()}
    if computed is not None:
        inputs["request"] = computed.request
    return Content(
        title=cleaned.get("title") or "",
        buyer_label=cleaned.get("buyer_label") or "",
        subject=cleaned.get("subject") or "",
        contract_key=cleaned.get("contract_key") or "",
        method=bench.read.chosen,
        inputs=inputs,
        computed=computed,
    )


def _on(data: Mapping[str, Any], today: date) -> date:
    try:
        return date.fromisoformat(str(data.get("launched_on") or ""))
    except ValueError:
        return today


def _authors(editing: Calibration | None) -> dict[tuple[str, Decimal, str], str]:
    """Who signed each coefficient already kept: saving again does not change hands."""
    if editing is None:
        return {}
    rows = editing.overrides.select_related("author")
    return {(row.path, row.value, row.reason): row.author.full_name for row in rows}


def _neighbours(form: CalibrationForm, membership: Membership, editing: Calibration | None) -> Neighbours | None:
    code = chosen_trade(form.cleaned_data)
    if code is None:
        return None
    family = None if editing is None else editing.family_id or editing.pk
    found = queries.hours_per_100k_of_trade(membership, code, except_family=family)
    if len(found) < FEWEST_NEIGHBOURS:
        return None
    return Neighbours(scope=f"calibrages de la même structure, {trade(code).label.lower()}", hours_per_100k=found)
