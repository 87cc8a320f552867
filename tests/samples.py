"""One real object per address, so that every address can be walked as everybody.

A room writes ``tests/<room>/samples.py`` with ``samples(membership) -> dict[str, Sample]``: for each of its addresses that
takes arguments, the arguments of an object made for ``membership``'s structure.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from dentelle.foundations.organisations.models import Membership


@dataclass(frozen=True, slots=True)
class Sample:
    """``shared`` says why members of other structures may see the object too (open data); empty: they may not.

    ``network``: it is the network's, and its people's wherever they work; nobody else's.
    """

    kwargs: Mapping[str, Any]
    shared: str = ""
    network: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the site: its full name (``jobs:detail``), its view, the names of its arguments."""

    name: str
    view: Any
    arguments: frozenset[str]


def addresses() -> list[Address]:
    """Every address of the site, from the resolver."""
    return sorted(_walk(get_resolver().url_patterns, "", frozenset()), key=lambda address: address.name)


def _walk(patterns: list[Any], namespace: str, arguments: frozenset[str]) -> Iterator[Address]:
    for pattern in patterns:
        taken = arguments | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, taken)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name or pattern.pattern}", pattern.callback, frozenset(taken))


def all_samples(membership: Membership) -> dict[str, Sample]:
    """What the rooms' ``samples.py`` give together."""
    found: dict[str, Sample] = {}
    for room in _rooms():
        found |= _samples_of(room, membership)
    return found


def sample_of(membership: Membership, name: str) -> Sample:
    """The sample of one address; only its room is asked, as soon as it is known which one has it."""
    for room in [_ROOM_OF[name]] if name in _ROOM_OF else _rooms():
        found = _samples_of(room, membership)
        if name in found:
            return found[name]
    raise KeyError(f"{name}: no samples.py gives it")


_ROOM_OF: dict[str, str] = {}


def _samples_of(room: str, membership: Membership) -> dict[str, Sample]:
    found: dict[str, Sample] = importlib.import_module(f"tests.{room}.samples").samples(membership)
    _ROOM_OF.update(dict.fromkeys(found, room))
    return found


def _rooms() -> list[str]:
    here = Path(__file__).parent
    return [".".join(path.parent.relative_to(here).parts) for path in sorted(here.glob("*/**/samples.py"))]
