"""What somebody sees when another person changed the contract meanwhile: who did what, and how both changes stand together."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import BY_ITSELF, TimelineEvent, name_of
from dentelle.foundations.journal.sentences import told
from dentelle.thread.contracts.forms.entry import ContractForm
from dentelle.thread.contracts.models import Contract


def changes_since(contract: Contract, revision: int) -> tuple[TimelineEvent, ...]:
    """Return what was done to the contract after ``revision``, oldest first; the contract comes from ``access``."""
    entries = Entry.objects.filter(
        object_type=contract._meta.label_lower, object_id=str(contract.pk), facts__revision__gt=revision
    )
    return tuple(
        TimelineEvent(
            timezone.localtime(entry.at),
            name_of(entry.actor, entry.facts) if entry.actor else BY_ITSELF,
            told(entry.act, entry.facts),
        )
        for entry in entries.select_related("actor").order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field somebody changed meanwhile, as people read it. ``typed`` is what this person wrote there, if they did."""

    label: str
    opened: str
    now: str
    typed: str | None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A form that keeps what this person typed and takes the rest as it is now, and what differs."""

    form: ContractForm
    changes: tuple[FieldChange, ...]


def reconcile(sent: ContractForm, now: dict[str, Any], revision: int) -> Reconciled:
    """Put what was typed over the contract as it is now.

    ``sent`` carries beside each field what its author opened; ``now`` are the present first values of the form. A field its
    author left alone takes its present value, so that sending the form again undoes nobody's change by accident.
    """
    present = type(sent)(initial=now, structure=sent.structure)
    merged = QueryDict(mutable=True)
    merged["revision"] = str(revision)
    changes = []
    for name in sent.fields:
        opened = sent.data.get(sent.add_initial_prefix(name), "")
        typed = _raw(sent[name].value())
        stored = _raw(present[name].value())
        mine = typed != opened
        if stored != opened:
            changes.append(
                FieldChange(
                    str(sent[name].label),
                    _read(sent.fields[name], opened),
                    _read(sent.fields[name], stored),
                    _read(sent.fields[name], typed) if mine and typed != stored else None,
                )
            )
        kept = typed if mine else stored
        if kept not in ("", "False"):
            merged[name] = kept
        merged[sent.add_initial_prefix(name)] = stored
    return Reconciled(type(sent)(merged, initial=now, structure=sent.structure), tuple(changes))


def _raw(value: object) -> str:
    # a browser sends line ends as \r\n
    return "" if value is None else str(value).replace("\r\n", "\n")


def _read(field: forms.Field, raw: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "oui" if raw == "True" else "non"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next((str(label) for key, label in choices if str(key) == raw), raw)
    if isinstance(field, forms.DateField) and raw:
        try:
            return f"{date.fromisoformat(raw):%d/%m/%Y}"
        except ValueError:
            return raw
    return raw or "rien"
