"""Two people on one sheet: field by field, and the results as a whole, for their rows move up when one is taken out."""

from collections.abc import Callable
from typing import Any

from dentelle.foundations.conflicts import NOTHING, FieldChange, Reconciled, together
from dentelle.network.practices.content import FIELDS
from dentelle.network.practices.forms import RESULT_BOXES, SheetForm

BOTH_WROTE = (
    "Quelqu’un d’autre a enregistré cette fiche pendant que vous écriviez, et vous avez écrit les mêmes champs\u00a0: "
    "comparez ci-dessous, puis enregistrez de nouveau."
)
Rows = list[list[str]]


def bring_together(sent: SheetForm, now: dict[str, Any], build: Callable[..., SheetForm]) -> Reconciled[SheetForm]:
    """Put what was typed over what is kept ``now``; to be shown before anything is saved when ``disputed``.

    Results both wrote keep the rows of this person whole: a part of one's row never joins another's.
    """
    both = together(sent, now, build)
    if both.form is sent:
        return both
    present = build(initial=now)
    typed, stored = _rows(lambda name: sent[name].value()), _rows(lambda name: present[name].value())
    opened = _rows(lambda name: sent.data.get(sent.add_initial_prefix(name)))
    if stored == opened:
        return both
    boxes = {sent[name].label for row in RESULT_BOXES for name in row}
    disputed = typed not in (opened, stored)
    rows = FieldChange(FIELDS["results"].label, _read(opened), _read(stored), _read(typed) if disputed else None)
    changes = (*(change for change in both.changes if change.label not in boxes), rows)
    return Reconciled(_with_rows(both.form, typed, now, build) if disputed else both.form, changes)


def _with_rows(form: SheetForm, rows: Rows, now: dict[str, Any], build: Callable[..., SheetForm]) -> SheetForm:
    known: Any = form.data
    data = known.copy()
    for names, row in zip(RESULT_BOXES, rows, strict=True):
        for name, value in zip(names, row, strict=True):
            data[name] = value
    return build(data, initial=now)


def _rows(of: Callable[[str], Any]) -> Rows:
    return [[str(of(name) or "") for name in row] for row in RESULT_BOXES]


def _read(rows: Rows) -> str:
    return "\n".join(" · ".join(filter(None, row)) for row in rows if any(row)) or NOTHING
