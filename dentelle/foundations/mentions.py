"""What rooms further down say of an object on its own page: « cited by these proposals ». The page knows none of them.

A page asks ``mentions_of("practice", viewer, pk, on=today)``; a room registers when Django starts.
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
_SOURCES: dict[str, dict[str, Source]] = {}


def register(kind: str, code: str, source: Source) -> None:
    """Have ``source`` asked for objects of a kind; the same code replaces it."""
    _SOURCES.setdefault(kind, {})[code] = source


def mentions_of(kind: str, viewer: Any, pk: int, *, on: date) -> list[Mentions]:
    """Return what each room says of an object, in the order of their codes."""
    found = (source(viewer, pk, on=on) for _, source in sorted(_SOURCES.get(kind, {}).items()))
    return [each for each in found if each is not None]
