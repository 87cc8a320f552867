"""Two people on one form: what the second typed is put over what the first saved, and both are shown where they differ."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Generic, TypeVar

from django import forms
from django.forms.widgets import DateTimeBaseInput
from django.http import HttpRequest, QueryDict
from django.utils.choices import flatten_choices
from django.utils.html import format_html
from django.utils.safestring import SafeString

Sent = TypeVar("Sent", bound=forms.Form)
MULTIPLE = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
SEVERAL, NOTHING = ",", "rien"
SAVED_MEANWHILE = (
    "Quelqu’un a enregistré pendant que vous écriviez, et vous avez écrit tous les deux au même endroit\u00a0: rien n’est "
    "remplacé pour l’instant. Gardez ci-dessous ce qui doit rester, puis enregistrez de nouveau."
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field somebody changed meanwhile, as people read it. ``typed`` is what this person wrote there, if they did."""

    label: str
    opened: str
    now: str
    typed: str | None
    tied: bool = False  # this person wrote another field, that has no meaning without this one


@dataclass(frozen=True, slots=True)
class Reconciled(Generic[Sent]):
    """A form that keeps what this person typed and takes the rest as it is now, and what differs."""

    form: Sent
    changes: tuple[FieldChange, ...]

    @property
    def disputed(self) -> bool:
        """Whether both wrote the same field, each otherwise: to be shown before anything is saved. The rest goes together."""
        return any(change.typed is not None or change.tied for change in self.changes)


@dataclass(frozen=True, slots=True)
class Saved(Generic[Sent]):
    """What came of a form that writes over what is kept. ``changes``: what others changed, when both wrote one field."""

    done: Any
    form: Sent
    changes: tuple[FieldChange, ...] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """What the page of the form is given; ``over``: it writes over what is kept (``components/opened.html``)."""
        return {"form": self.form, "over": True, "meanwhile": bool(self.changes), "changes": self.changes}

    @property
    def status(self) -> int:
        """The status of the page of the form, when nothing was saved."""
        return 409 if self.changes else 422 if self.form.errors else 200


def opened_with(form: forms.Form) -> list[SafeString]:
    """The first value of each field, hidden beside it: what tells a person's own changes from those of others."""
    return [format_html('<input type="hidden" name="{}" value="{}">', *_opened(bound)) for bound in form]


def reconcile(
    sent: Sent, now: dict[str, Any], build: Callable[..., Sent], tied: Collection[str] = ()
) -> Reconciled[Sent]:
    """Put what was typed over what is kept now.

    ``sent`` carries beside each field what its author opened (``opened_with``); ``now`` are the present first values of the form;
    ``build`` makes such a form. A field its author left alone takes its present value, so that sending the form again undoes
    nobody's change by accident. ``tied``: fields with no meaning apart (the kind of a question, its answers): when each of the
    two people changed one of them, both are to be looked at.
    """
    present = build(initial=now)
    wrote_tied = any(_is_changed(sent, name) for name in tied if name in sent.fields)
    merged = QueryDict(mutable=True)
    changes = []
    for name, field in sent.fields.items():
        typed, stored = _shown(sent[name]), _shown(present[name])
        opened = _raw(sent.data.get(sent.add_initial_prefix(name), ""))
        mine = typed != opened
        if stored != opened:
            changes.append(
                FieldChange(
                    str(sent[name].label),
                    _read(field, opened),
                    _read(field, stored),
                    _read(field, typed) if mine and typed != stored else None,
                    tied=name in tied and wrote_tied and typed != stored,
                )
            )
        kept = typed if mine else stored
        if kept not in ("", "False"):
            # line ends as a browser sends them: an act that compares words finds no other ones
            merged.setlist(name, _several(field, kept) if isinstance(field, MULTIPLE) else [kept.replace("\n", "\r\n")])
        merged[sent.add_initial_prefix(name)] = stored
    return Reconciled(build(merged, initial=now), tuple(changes))


def together(
    sent: Sent, now: dict[str, Any], build: Callable[..., Sent], tied: Collection[str] = ()
) -> Reconciled[Sent]:
    """``reconcile``, for what bears no revision: save its form unless it is ``disputed``.

    A form that does not say what its author opened (no page sent it) is taken as it is.
    """
    if not any(sent.add_initial_prefix(name) in sent.data for name in sent.fields):
        return Reconciled(sent, ())
    return reconcile(sent, now, build, tied)


def save_together(
    request: HttpRequest,
    build: Callable[..., Sent],
    now: dict[str, Any],
    act: Callable[[Sent], Any],
    accepted: Callable[[Sent, Callable[[], Any]], Any],
    *,
    tied: Collection[str] = (),
) -> Saved[Sent]:
    """Open the form of what bears no revision, or save it over what others saved meanwhile (``together``).

    ``accepted`` does an act when a form is right, and puts a refusal at its field. Nothing is done while both wrote one field:
    the form then holds what is typed, what is kept now is beside it, and sending it again is done knowingly.
    """
    if request.method != "POST":
        return Saved(None, build(initial=now))
    both = together(build(request.POST, initial=now), now, build, tied)
    if both.disputed:
        both.form.add_error(None, SAVED_MEANWHILE)
        return Saved(None, both.form, both.changes)
    return Saved(accepted(both.form, lambda: act(both.form)), both.form)


def when_valid(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Do an act that refuses nothing, when its form is right: the ``accepted`` of ``save_together``."""
    if not form.is_valid():
        return False
    act()
    return True


def ticked_together(opened: Iterable[int], typed: Iterable[int], now: Iterable[int]) -> list[int]:
    """Return the boxes ticked once both people’s are kept: what one ticked or unticked, over what is ticked now.

    >>> ticked_together(opened=[1, 2], typed=[2, 3], now=[1, 2, 4])
    [2, 3, 4]
    """
    mine, first = set(typed), set(opened)
    return sorted((set(now) | (mine - first)) - (first - mine))


def digest(rows: Iterable[object]) -> str:
    """Return a short mark of rows saved together, hidden in their form: it moves when any of them does."""
    return sha256(repr(list(rows)).encode()).hexdigest()[:24]


def _opened(bound: forms.BoundField) -> tuple[str, str]:
    name = bound.html_initial_name
    if name in bound.form.data:
        return name, str(bound.form.data[name])
    return name, _raw(_formatted(bound, bound.field.prepare_value(bound.initial)))


def _shown(bound: forms.BoundField) -> str:
    # the value of a box of files never is the file sent
    sent = bound.data if isinstance(bound.field, forms.FileField) else None
    return _raw(sent or _formatted(bound, bound.value()))


def _formatted(bound: forms.BoundField, value: Any) -> Any:
    """Return a day, an hour or a number as its box shows it, which is what a browser sends back of it untouched."""
    widget = bound.field.widget
    return widget.format_value(value) if isinstance(widget, DateTimeBaseInput) or widget.is_localized else value


def _is_changed(sent: forms.Form, name: str) -> bool:
    return _shown(sent[name]) != _raw(sent.data.get(sent.add_initial_prefix(name), ""))


def _several(field: forms.Field, kept: str) -> list[str]:
    """Return ticked values in the order of their boxes, as a browser sends them."""
    values = kept.split(SEVERAL)
    if not isinstance(field, forms.MultipleChoiceField):
        return values
    ranks = {key: rank for rank, key in enumerate(_labels(field))}
    return sorted(values, key=lambda value: ranks.get(value, len(ranks)))


def _raw(value: object) -> str:
    """The text of a value: one, so that typing found again puts it back whole."""
    if isinstance(value, (list, tuple)):
        return SEVERAL.join(sorted(str(each) for each in value))
    # a browser sends line ends as \r\n
    return "" if value is None else str(value).replace("\r\n", "\n")


def _labels(field: forms.ChoiceField) -> dict[str, str]:
    """The words of each choice, in order, whatever groups they are in."""
    choices: Any = field.choices
    flat: Iterable[tuple[Any, Any]] = flatten_choices(choices)
    return {str(key): str(label) for key, label in flat}


def _read(field: forms.Field, raw: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "oui" if raw == "True" else "non"
    if isinstance(field, forms.ChoiceField):
        labels = _labels(field)
        asked = raw.split(SEVERAL) if isinstance(field, MULTIPLE) else [raw]
        return ", ".join(labels.get(each, each) for each in asked) or NOTHING
    if isinstance(field, forms.DateField) and raw:
        try:
            return f"{date.fromisoformat(raw):%d/%m/%Y}"
        except ValueError:
            return raw
    if isinstance(field, forms.DateTimeField) and raw:
        try:
            return f"{datetime.fromisoformat(raw):%d/%m/%Y à %H:%M}"
        except ValueError:
            return raw
    return raw or NOTHING
