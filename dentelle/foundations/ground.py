"""The ground of this installation (communes, intercommunalities, zonings), read once for the whole process."""

import threading
from pathlib import Path

from django.conf import settings

from dentelle.opendata.cog.build import FILE_NAME
from dentelle.opendata.ground.store import Ground, load_ground

_lock = threading.Lock()
_loaded: dict[Path, tuple[tuple[int, ...], Ground]] = {}


def ground() -> Ground:
    """Return the ground of this installation, loaded once per process and again when its files change.

    Raises ``GroundMissing`` (its message names the command to run) when it has never been built.
    """
    directory = Path(settings.DENTELLE_GROUND)
    stamp = tuple(
        stat.st_mtime_ns for path in (directory / FILE_NAME, directory) if path.exists() for stat in (path.stat(),)
    )
    with _lock:
        held = _loaded.get(directory)
        if held is None or held[0] != stamp:
            _loaded[directory] = held = (stamp, load_ground(directory))
        return held[1]
