"""What anyone may read without an account, shown where people sign in. A room registers its own in its ``visited.py``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page for anyone: what it is called, where it is."""

    label: str
    address: str


_sources: dict[str, Callable[[], Iterable[OpenPage]]] = {}


def register(room: str, pages: Callable[[], Iterable[OpenPage]]) -> None:
    """Say what a room opens to anyone; asked again each time the page of signing in is shown."""
    _sources[room] = pages


def pages_for_visitors() -> list[OpenPage]:
    """Return what every room opens to anyone."""
    return [page for pages in _sources.values() for page in pages()]
