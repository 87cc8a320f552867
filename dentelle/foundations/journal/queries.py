"""Timelines: what was done to an object, as the person who reads may know it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.sentences import prose_moment, told
from dentelle.foundations.organisations.models import Structure

PAGE_SIZE = 20
ELSEWHERE = "une autre structure"
BY_ITSELF = "Dentelle"
FROM_ABOVE = "l’administration du site"
OF_NETWORK = "la tête de réseau"
BY_PROGRAM = "un programme de"


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One act: when (in the site's time zone), who, what: together one French sentence."""

    at: datetime
    who: str
    what: str

    @property
    def moment(self) -> str:
        return prose_moment(self.at)

    @property
    def sentence(self) -> str:
        """« Le 12 mars 2026 à 10 h 04, Mme Durand a enregistré le calibrage. »"""
        return f"Le {self.moment}, {self.who} {self.what}."


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Acts, latest first; ``older`` is what to give as ``before`` for the next page, None at the end."""

    events: tuple[TimelineEvent, ...]
    older: int | None


def timeline(
    subject: Model,
    *,
    viewer: Any,
    also: Sequence[Model] = (),
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> TimelinePage:
    """Return what was done to ``subject`` (and to the objects of ``also``, told in the same list), latest first.

    ``viewer`` is who reads: a membership (has ``structure_id``) or a seat of a network (``network_id``), or None. The
    subject must come from its app's ``access``: reading it is allowed. An object owned by a structure shows the acts of the
    viewer's structure only; an object shared by all also shows those of others, without saying which, nor who.
    """
    known = _known_to(viewer)
    allowed = Q(pk__in=())
    for (label, owned), group in groupby(sorted((subject, *also), key=_sort_of), key=_sort_of):
        mine = Q(object_type=label, object_id__in=[str(item.pk) for item in group])
        allowed |= mine & known if owned else mine
    found = Entry.objects.filter(allowed)
    if before is not None:
        found = found.filter(pk__lt=before)
    entries = list(found.select_related("actor", "structure").order_by("-pk")[: size + 1])
    events = tuple(_event(entry, viewer) for entry in entries[:size])
    return TimelinePage(events, entries[size - 1].pk if len(entries) > size else None)


def name_of(actor: User, facts: Mapping[str, Any]) -> str:
    """Return who acted: a person, or a program that bears a token they made."""
    return f"{BY_PROGRAM} {actor.full_name}" if facts.get("api_token") else actor.full_name


def chosen_acts(
    subject: Model, acts: Collection[str], *, who: Callable[[Entry], str], size: int = PAGE_SIZE
) -> tuple[TimelineEvent, ...]:
    """Return the latest acts of ``acts`` done to ``subject``, latest first, each by whom ``who`` says.

    For readers outside the structure that owns the subject: their room chooses which acts they may know, and under what
    name people appear.
    """
    label = subject._meta.label_lower
    found = Entry.objects.filter(object_type=label, object_id=str(subject.pk), act__in=acts)
    return tuple(
        TimelineEvent(timezone.localtime(entry.at), who(entry), told(entry.act, entry.facts))
        for entry in found.select_related("actor", "structure").order_by("-pk")[:size]
    )


def _sort_of(subject: Model) -> tuple[str, bool]:
    owned = isinstance(subject, Structure) or any(field.name == "structure" for field in subject._meta.concrete_fields)
    return subject._meta.label_lower, owned


def _known_to(viewer: Any) -> Q:
    if getattr(viewer, "structure_id", None) is not None:
        return Q(structure_id=viewer.structure_id)
    if getattr(viewer, "network_id", None) is not None:
        return Q(structure__network_id=viewer.network_id) | Q(network_id=viewer.network_id)
    return Q(pk__in=())


def _knows(viewer: Any, entry: Entry) -> bool:
    structure = entry.structure
    if structure is None:
        return entry.network_id is not None and entry.network_id == getattr(viewer, "network_id", None)
    mine = getattr(viewer, "structure_id", None)
    return structure.pk == mine if mine is not None else structure.network_id == getattr(viewer, "network_id", 0)


def _event(entry: Entry, viewer: Any) -> TimelineEvent:
    if entry.actor is None:
        who = BY_ITSELF
    elif _knows(viewer, entry):
        who = name_of(entry.actor, entry.facts)
    elif entry.structure is not None:
        who = ELSEWHERE
    else:
        who = FROM_ABOVE if entry.network_id is None else OF_NETWORK
    return TimelineEvent(timezone.localtime(entry.at), who, told(entry.act, entry.facts))
