"""The day's list of a person: what awaits, by urgency, without what they put off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.awaiting.access import snoozes_of
from dentelle.foundations.awaiting.registry import Awaiting, Cut, sources
from dentelle.foundations.organisations.hats import MEMBERSHIP, NETWORK_SEAT, SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat

SOON = timedelta(days=7)
_FAR = date.max


class Outside(Protocol):
    """A seat of an outside organisation, which the directory above keeps."""

    user_id: int
    organisation_id: int
    role: str


Viewer = Membership | NetworkSeat | Outside


class Urgency(StrEnum):
    """How a line presses, the most pressing first."""

    LATE = "late"
    SOON = "soon"
    UNDATED = "undated"
    LATER = "later"

    @property
    def label(self) -> str:
        """French label."""
        return _URGENCIES[self]


_URGENCIES = {
    Urgency.LATE: "En retard",
    Urgency.SOON: "Dans les sept jours",
    Urgency.UNDATED: "Sans date limite",
    Urgency.LATER: "Plus tard",
}


def urgency_of(line: Awaiting, today: date) -> Urgency:
    """Return how a line presses on a day: late the day after its last day, soon within seven days."""
    if line.due is None:
        return Urgency.UNDATED
    if line.due < today:
        return Urgency.LATE
    return Urgency.SOON if line.due <= today + SOON else Urgency.LATER


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one urgency, in the order to take them."""

    urgency: Urgency
    lines: tuple[Awaiting, ...]


@dataclass(frozen=True, slots=True)
class PutOff:
    """A line somebody put off, and until when. ``pk`` is the key of what keeps it away."""

    pk: int
    line: Awaiting
    until: date


@dataclass(frozen=True, slots=True)
class Load:
    """What one person of the structure has before them; ``user`` None: what nobody follows."""

    user: int | None
    name: str
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """What awaits somebody. ``mine`` and ``whole`` count the lines of each view; ``names`` tells who follows what.

    There may be more than what is counted: of all lines when ``is_cut``, of the viewer's own when ``mine_is_cut``, of those
    shown when ``shown_is_cut``.
    """

    groups: tuple[Group, ...]
    put_off: tuple[PutOff, ...]
    mine: int
    whole: int
    loads: tuple[Load, ...]
    names: Mapping[int, str]
    is_cut: bool = False
    mine_is_cut: bool = False
    shown_is_cut: bool = False

    @property
    def total(self) -> int:
        return sum(len(group.lines) for group in self.groups)

    def count(self, urgency: Urgency) -> int:
        """Return how many lines press so."""
        return sum(len(group.lines) for group in self.groups if group.urgency is urgency)

    @property
    def late(self) -> int:
        return self.count(Urgency.LATE)


def everything(viewer: Viewer, at: datetime) -> list[Awaiting]:
    """Return every line of the viewer's structure (of their network, at its head; of an outside person's organisation).

    As their role may act on them.

    A ``Cut`` when a source has more than it gives.
    """
    hat = MEMBERSHIP if isinstance(viewer, Membership) else NETWORK_SEAT if isinstance(viewer, NetworkSeat) else SEAT
    found = [source.awaits(viewer, at) for source in sources(hat)]
    lines = [line for each in found for line in each]
    cuts = [each for each in found if isinstance(each, Cut)]
    return Cut(lines, own=any(each.own for each in cuts)) if cuts else lines


def is_for(line: Awaiting, user_id: int) -> bool:
    """Say whether a line is a person's: they follow it, or nobody does."""
    return line.in_charge is None or line.in_charge == user_id


def agenda(viewer: Viewer, at: datetime, *, whole: bool = False, of: tuple[int | None, ...] = ()) -> Agenda:
    """Return what awaits the viewer: what they follow and what nobody does; the whole structure's with ``whole``.

    ``of`` narrows the whole to what some people follow (None: what nobody does).
    """
    return agenda_among(everything(viewer, at), viewer, at, whole=whole, of=of)


def agenda_among(
    lines: Sequence[Awaiting], viewer: Viewer, at: datetime, *, whole: bool = False, of: tuple[int | None, ...] = ()
) -> Agenda:
    """Same as ``agenda``, among the lines of the viewer's structure already asked for their role."""
    today = timezone.localdate(at)
    snoozes = _snoozes(viewer, today)
    away = {line.key for line in lines if line.key in snoozes} if snoozes else set()
    own = [line for line in lines if is_for(line, viewer.user_id)]
    asked = [line for line in lines if line.in_charge in of] if whole and of else lines if whole else own
    shown = [line for line in asked if line.key not in away] if away else asked
    put_off = [PutOff(snoozes[line.key][0], line, snoozes[line.key][1]) for line in asked if away and line.key in away]
    is_cut, mine_is_cut = isinstance(lines, Cut), isinstance(lines, Cut) and lines.own
    names = _names(line.in_charge for line in lines) if whole else {}
    return Agenda(
        groups=grouped(shown, today),
        put_off=tuple(sorted(put_off, key=lambda one: one.until)),
        mine=sum(line.key not in away for line in own) if away else len(own),
        whole=len(lines) - len(away),
        loads=_loads(lines, names, today) if whole else (),
        names=names,
        is_cut=is_cut,
        mine_is_cut=mine_is_cut,
        shown_is_cut=is_cut if whole else mine_is_cut,
    )


def grouped(lines: Iterable[Awaiting], today: date) -> tuple[Group, ...]:
    """Return lines by urgency, each group from the nearest date, then from the longest wait; empty groups left out."""
    found: dict[Urgency, list[Awaiting]] = {urgency: [] for urgency in Urgency}
    for line in lines:
        found[urgency_of(line, today)].append(line)
    return tuple(Group(urgency, tuple(sorted(kept, key=_rank))) for urgency, kept in found.items() if kept)


def _rank(line: Awaiting) -> tuple[date, date, str, int]:
    return line.due or _FAR, line.since or _FAR, line.kind, line.pk


def _snoozes(viewer: Viewer, today: date) -> dict[str, tuple[int, date]]:
    if not isinstance(viewer, Membership):
        return {}
    rows = snoozes_of(viewer).filter(until__gt=today).values_list("key", "pk", "until")
    return {key: (pk, until) for key, pk, until in rows}


def _names(keys: Iterable[int | None]) -> dict[int, str]:
    wanted = {key for key in keys if key is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "full_name"))


def _loads(lines: Sequence[Awaiting], names: Mapping[int, str], today: date) -> tuple[Load, ...]:
    counts: dict[Any, list[int]] = {}
    for line in lines:
        one = counts.setdefault(line.in_charge, [0, 0])
        one[0] += 1
        one[1] += urgency_of(line, today) is Urgency.LATE
    loads = [Load(key, names.get(key, "") if key else "", total, late) for key, (total, late) in counts.items()]
    return tuple(sorted(loads, key=lambda load: (-load.late, -load.total, load.name)))
