"""Two people on one form: what the second typed is put over what the first saved, and both are shown where they differ."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

Sent = TypeVar("Sent", bound=forms.Form)
MULTIPLE = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
SEVERAL, NOTHING = ",", "rien"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field somebody changed meanwhile, as people read it. ``typed`` is what this person wrote there, if they did."""

    label: str
    opened: str
    now: str
    typed: str | None


@dataclass(frozen=True, slots=True)
class Reconciled(Generic[Sent]):
    """A form that keeps what this person typed and takes the rest as it is now, and what differs."""

    form: Sent
    changes: tuple[FieldChange, ...]

    @property
    def disputed(self) -> bool:
        """Whether both wrote the same field, each otherwise: to be shown before anything is saved. The rest goes together."""
        return any(change.typed is not None for change in self.changes)


def opened_with(form: forms.Form) -> list[SafeString]:
    """The first value of each field, hidden beside it: what tells a person's own changes from those of others."""
    return [format_html('<input type="hidden" name="{}" value="{}">', *_opened(bound)) for bound in form]


def reconcile(sent: Sent, now: dict[str, Any], build: Callable[..., Sent]) -> Reconciled[Sent]:
    """Put what was typed over what is kept now.

    ``sent`` carries beside each field what its author opened (``opened_with``); ``now`` are the present first values of the form;
    ``build`` makes such a form. A field its author left alone takes its present value, so that sending the form again undoes
    nobody's change by accident.
    """
    present = build(initial=now)
    merged = QueryDict(mutable=True)
    changes = []
    for name, field in sent.fields.items():
        typed, stored = _raw(sent[name].value()), _raw(present[name].value())
        opened = _raw(sent.data.get(sent.add_initial_prefix(name), ""))
        mine = typed != opened
        if stored != opened:
            changes.append(
                FieldChange(
                    str(sent[name].label),
                    _read(field, opened),
                    _read(field, stored),
                    _read(field, typed) if mine and typed != stored else None,
                )
            )
        kept = typed if mine else stored
        if kept not in ("", "False"):
            merged.setlist(name, kept.split(SEVERAL) if isinstance(field, MULTIPLE) else [kept])
        merged[sent.add_initial_prefix(name)] = stored
    return Reconciled(build(merged, initial=now), tuple(changes))


def together(sent: Sent, now: dict[str, Any], build: Callable[..., Sent]) -> Reconciled[Sent]:
    """``reconcile``, for what bears no revision: save its form unless it is ``disputed``.

    A form that does not say what its author opened (no page sent it) is taken as it is.
    """
    if not any(sent.add_initial_prefix(name) in sent.data for name in sent.fields):
        return Reconciled(sent, ())
    return reconcile(sent, now, build)


def _opened(bound: forms.BoundField) -> tuple[str, str]:
    name = bound.html_initial_name
    if name in bound.form.data:
        return name, str(bound.form.data[name])
    return name, _raw(bound.field.prepare_value(bound.initial))


def _raw(value: object) -> str:
    """The text of a value: one, so that typing found again puts it back whole."""
    if isinstance(value, (list, tuple)):
        return SEVERAL.join(sorted(str(each) for each in value))
    # a browser sends line ends as \r\n
    return "" if value is None else str(value).replace("\r\n", "\n")


def _read(field: forms.Field, raw: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "oui" if raw == "True" else "non"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(key): str(label) for key, label in choices}
        asked = raw.split(SEVERAL) if isinstance(field, MULTIPLE) else [raw]
        return ", ".join(labels.get(each, each) for each in asked) or NOTHING
    if isinstance(field, forms.DateField) and raw:
        try:
            return f"{date.fromisoformat(raw):%d/%m/%Y}"
        except ValueError:
            return raw
    return raw or NOTHING
