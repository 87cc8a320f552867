"""Where a sheet comes from, as its page says it. The room it comes from registers how, in its ``apps.ready``."""

from collections.abc import Callable
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


def register(origin: Origin, reader: Reader) -> None:
    """Say how to tell where the sheets of an origin come from; None when the person may not know."""
    _readers[str(origin)] = reader


def came_from(viewer: Viewer, practice: Practice) -> CameFrom | None:
    """Return where a sheet comes from, None when its origin says it all."""
    reader = _readers.get(practice.origin)
    return reader(viewer, practice) if reader else None
