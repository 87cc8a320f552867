"""A disk that refuses, told in French: full, read-only, forbidden, in the wrong place."""

import errno
import re
from pathlib import Path

SAID = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota du disque est atteint",
    errno.EROFS: "le disque est en lecture seule",
    errno.EACCES: "le droit d’écrire manque",
    errno.EPERM: "le droit d’écrire manque",
    errno.ENOTDIR: "un fichier est là où un dossier est attendu",
    errno.ENOENT: "ce dossier ne peut pas être créé",
}
_DUCKDB_ERRNO = re.compile(r'"errno":"(\d+)"')


def _number(failure: Exception) -> int | None:
    if isinstance(failure, OSError):
        return failure.errno
    # DuckDB writes files by itself and tells the system's number in its message
    told = _DUCKDB_ERRNO.search(str(failure))
    return int(told[1]) if told else None


def is_disk(failure: Exception) -> bool:
    """Say whether an error of Python or of DuckDB comes from the file system."""
    return isinstance(failure, OSError) or _number(failure) is not None


def disk_said(failure: Exception, place: str | Path) -> str:
    """Return one sentence on what could not be written; ``place`` is named when the error names none."""
    number = _number(failure)
    reason = SAID.get(number or 0) or getattr(failure, "strerror", None) or "le système refuse"
    return f"{getattr(failure, 'filename', None) or place} : {reason}."
