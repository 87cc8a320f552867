"""Where bytes lie: MEDIA_ROOT/<two letters>/<random>. A file appears whole or not at all."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """What was put on disk: path relative to MEDIA_ROOT, size in bytes, SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


class TooLarge(Exception):
    """More bytes came than were allowed; nothing was kept."""


def write(chunks: Iterable[bytes], *, max_bytes: int | None = None) -> Written:
    """Write ``chunks`` under a new unguessable name, flushed to the disk before it is visible.

    Raises ``TooLarge`` beyond ``max_bytes``, whatever size was announced.
    """
    token = secrets.token_urlsafe(24)
    relative = f"{token[:2].lower()}/{token}"
    target = Path(settings.MEDIA_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            os.fchmod(out.fileno(), 0o600)
            for chunk in chunks:
                size += len(chunk)
                if max_bytes is not None and size > max_bytes:
                    raise TooLarge
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return Written(relative, size, digest.hexdigest())


def full_path(relative: str) -> Path:
    """The place of a stored file on this machine; raises ValueError when ``relative`` leaves MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / relative).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"path outside the files folder: {relative!r}")
    return path


def read_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def remove(relative: str) -> None:
    full_path(relative).unlink(missing_ok=True)


def all_paths() -> Iterator[Path]:
    """Every file on disk, half-written ones included."""
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir():
        yield from (path for path in root.rglob("*") if path.is_file())
