"""Where a sheet comes from, as its page says it and as sheets are sorted. The room it comes from registers how, in its ``apps.ready``."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from dentelle.network.practices.access import Viewer
from dentelle.network.practices.models import Origin, Practice


@dataclass(frozen=True, slots=True)
class CameFrom:
    """What a sheet was made of: « l’étape Bretagne du Tour », and its page for whoever may open it."""

    label: str
    url: str


Reader = Callable[[Viewer, Practice], CameFrom | None]
_readers: dict[str, Reader] = {}


@dataclass(frozen=True, slots=True)
class Stages:
    """The meetings sheets come from: the key of a sheet's own (empty: none), and what keys are called.

    ``names``: those the person may read, in the order they took place; one query whatever their number.
    """

    of: Callable[[Practice], str]
    names: Callable[[Viewer, Collection[str]], Mapping[str, str]]


_stages: dict[str, Stages] = {}


def register(origin: Origin, reader: Reader, stages: Stages | None = None) -> None:
    """Say how to tell where the sheets of an origin come from; None when the person may not know."""
    _readers[str(origin)] = reader
    if stages is not None:
        _stages[str(origin)] = stages


def came_from(viewer: Viewer, practice: Practice) -> CameFrom | None:
    """Return where a sheet comes from, None when its origin says it all."""
    reader = _readers.get(practice.origin)
    return reader(viewer, practice) if reader else None


def stage_of(practice: Practice) -> str:
    """Return the key of the meeting a sheet comes from, empty when it comes from none."""
    known = _stages.get(practice.origin)
    return known.of(practice) if known else ""


def stage_names(viewer: Viewer, keys: Collection[str]) -> dict[str, str]:
    """Return what the meetings among ``keys`` are called, those the person may read."""
    return {key: name for stages in _stages.values() for key, name in stages.names(viewer, keys).items()}
