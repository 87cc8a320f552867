"""The sources of the day's list. A room registers its own in its ``awaited.py``::

    def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
        ...

    register("contracts", kinds={"contract.order": "Bon de commande"}, awaits=awaits)

A source asks a fixed number of queries whatever the portfolio, and gives nothing to a role that may not act on it. It
answers for the whole structure: ``in_charge`` says whose each line is, and the viewer's own name changes nothing, but in a
list too long to be read: there, what is the viewer's comes first and the source says that it keeps some back (``Cut``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from dentelle.foundations.organisations.hats import MEMBERSHIP, NETWORK_SEAT, SEAT


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One thing to do. ``kind`` and ``pk`` name it for as long as its cause lasts.

    ``subject``: what it is about, ``about`` what tells it from others (its number, its buyer). ``sentence``: why, in French. ``since``: when it began to wait. ``due``: the last day to do
    it, None without one. ``action`` is the label of the one next act, at the address named ``page`` (with ``arguments`` and
    ``query``). ``in_charge``: the key of the person who follows it, None when nobody does. None of its texts names a
    participant: they are also sent by e-mail.
    """

    kind: str
    pk: int
    subject: str
    sentence: str
    since: date | None
    due: date | None
    action: str
    page: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    in_charge: int | None = None
    about: str = ""

    @property
    def key(self) -> str:
        """The text that finds this line again: « contract.order:12 »."""
        return f"{self.kind}:{self.pk}"

    @property
    def url(self) -> str:
        """The address of the next act."""
        return reverse(self.page, kwargs=dict(self.arguments)) + self.query

    @property
    def label(self) -> str:
        """What sort of thing it is: « Bon de commande »."""
        return kind_label(self.kind)


class Cut(list[Awaiting]):
    """Lines of a source that has more of them than anybody reads. ``own``: some it keeps back are the viewer's."""

    def __init__(self, lines: Iterable[Awaiting], *, own: bool) -> None:
        super().__init__(lines)
        self.own = own


Awaits = Callable[[Any, datetime], list[Awaiting]]


@dataclass(frozen=True, slots=True)
class Source:
    """What one room makes people wait for. ``kinds``: code → label; ``hat``: the kind of hat it is asked for."""

    code: str
    kinds: Mapping[str, str]
    awaits: Awaits
    hat: str


_sources: dict[str, Source] = {}


def register(code: str, *, kinds: Mapping[str, str], awaits: Awaits, hat: str = MEMBERSHIP) -> None:
    """Have ``awaits(viewer, at)`` asked for the day's list.

    ``viewer`` is a membership, by ``hat`` a seat of a network, or that of an outside organisation: told by its daily e-mail,
    it has no page of the day.
    """
    if hat not in {MEMBERSHIP, NETWORK_SEAT, SEAT}:
        raise ValueError(f"nobody has a list under the hat {hat!r}")
    taken = {kind for other in _sources.values() if other.code != code for kind in other.kinds} & set(kinds)
    if taken:
        raise ValueError(f"two sources give lines of {sorted(taken)}")
    _sources[code] = Source(code, dict(kinds), awaits, hat)


def sources(hat: str | None = None) -> tuple[Source, ...]:
    """Return every source, in the order of their codes; those of one kind of hat when it is named."""
    return tuple(one for code, one in sorted(_sources.items()) if hat in {None, one.hat})


def kind_label(kind: str) -> str:
    """Return the label of a kind of line. Raises KeyError for one nobody registered."""
    return next(one.kinds[kind] for one in _sources.values() if kind in one.kinds)
