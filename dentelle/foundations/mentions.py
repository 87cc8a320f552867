"""What rooms further down say of an object on its own page: « cited by these proposals ». The page knows none of them.

A page asks ``mentions_of("practice", viewer, pk, on=today)``; a room registers when Django starts. Before words are taken back,
``kept_by("concern", pk)`` says why a room still stands on them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One place where the object is spoken of; ``url`` empty when the person may not open it."""

    title: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What one room says, and the one thing it proposes to do with the object, if any."""

    title: str
    lines: tuple[Line, ...] = ()
    act: str = ""
    act_url: str = ""


Source = Callable[..., Mentions | None]  # (viewer, pk, *, on: date)
Keeper = Callable[[int], str]  # why it stays, empty when nothing keeps it
_SOURCES: dict[str, dict[str, Source]] = {}
_KEEPERS: dict[str, dict[str, Keeper]] = {}


def register(kind: str, code: str, source: Source) -> None:
    """Have ``source`` asked for objects of a kind; the same code replaces it."""
    _SOURCES.setdefault(kind, {})[code] = source


def mentions_of(kind: str, viewer: Any, pk: int, *, on: date) -> list[Mentions]:
    """Return what each room says of an object, in the order of their codes."""
    found = (source(viewer, pk, on=on) for _, source in sorted(_SOURCES.get(kind, {}).items()))
    return [each for each in found if each is not None]


def keep(kind: str, code: str, keeper: Keeper) -> None:
    """Have ``keeper`` asked before an object of a kind is taken back; the same code replaces it."""
    _KEEPERS.setdefault(kind, {})[code] = keeper


def kept_by(kind: str, pk: int) -> str:
    """Return the first reason why an object is not taken back, in French; empty when no room stands on it."""
    found = (keeper(pk) for _, keeper in sorted(_KEEPERS.get(kind, {}).items()))
    return next(filter(None, found), "")
