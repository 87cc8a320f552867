"""Back up and restore an installation."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from dentelle.foundations.backup import archive, databases
from dentelle.foundations.backup.archive import ArchiveRefused

DATABASE, FILES, GROUND, DECP = "database/dump", "files/", "open-data/ground/", "open-data/decp/"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: ``files`` and ``open_data`` are counts of files, ``size`` the archive's bytes."""

    path: Path
    size: int
    files: int
    open_data: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; ``set_aside`` is where the former files now are, when there were any."""

    made_at: str
    files: int
    open_data: int
    set_aside: tuple[Path, ...]


def back_up(target: Path, *, at: datetime, open_data: bool = False, force: bool = False) -> Saved:
    """Write one archive of the installation; the site may go on working. Raises ``ArchiveRefused``."""
    if target.exists() and not force:
        raise ArchiveRefused(f"{target} existe déjà ; choisissez un autre nom, ou --force pour le remplacer.")
    if not target.parent.is_dir():
        raise ArchiveRefused(f"le dossier {target.parent} n’existe pas.")
    database = connection.settings_dict
    if databases.is_empty(database):
        raise ArchiveRefused("il n’y a rien à sauvegarder : la base de données n’existe pas, ou n’a aucun compte.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sauvegarde-") as scratch:
        dump = Path(scratch) / "dump"
        databases.dump(database, dump)  # before the files: a row never speaks of a file copied too early
        manifest = archive.write(
            target, _sources(dump, open_data), vendor=databases.vendor_of(database), version=version("dentelle"), at=at
        )
    return Saved(
        target,
        target.stat().st_size,
        sum(member.path.startswith(FILES) for member in manifest.members),
        sum(member.path.startswith("open-data/") for member in manifest.members),
    )


def restore(source: Path, *, at: datetime, force: bool = False) -> Restored:
    """Put an archive back; the site, the worker and the clock must be stopped.

    Everything is verified before anything is touched: checksums, readability, vendor. Raises ``ArchiveRefused``; without
    ``force``, also when this installation already holds accounts or files. Files already there are set aside, not deleted.
    """
    manifest = archive.verify(source)
    database = connection.settings_dict
    vendor = databases.vendor_of(database)
    if manifest.vendor != vendor:
        raise ArchiveRefused(
            f"cette sauvegarde vient de {manifest.vendor}, cette installation utilise {vendor} : "
            f"donnez un DATABASE_URL de {manifest.vendor}, ou restaurez là d’où elle vient."
        )
    if not force and not (databases.is_empty(database) and _is_empty(Path(settings.MEDIA_ROOT))):
        raise ArchiveRefused(
            "cette installation contient déjà des comptes ou des fichiers ; --force les remplace "
            "(faites d’abord une sauvegarde : dentelle backup --to FICHIER)."
        )
    home = Path(settings.DENTELLE_HOME)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restauration-") as scratch:
        room = Path(scratch)
        archive.extract(source, DATABASE, room / "dump")
        places = {FILES: Path(settings.MEDIA_ROOT), GROUND: settings.DENTELLE_GROUND, DECP: settings.DENTELLE_DECP}
        counts = {prefix: archive.extract(source, prefix, room / prefix) for prefix in places}
        databases.check(vendor, room / "dump")
        connections.close_all()
        databases.load(database, room / "dump", room)
        aside = [
            kept
            for prefix, place in places.items()
            if (counts[prefix] or prefix == FILES) and (kept := _replace(place, room / prefix, at))
        ]
    return Restored(manifest.made_at, counts[FILES], counts[GROUND] + counts[DECP], tuple(aside))


def _sources(dump: Path, open_data: bool) -> Iterator[tuple[str, Path]]:
    yield DATABASE, dump
    folders = [(FILES, Path(settings.MEDIA_ROOT))]
    if open_data:
        folders += [(GROUND, settings.DENTELLE_GROUND), (DECP, settings.DENTELLE_DECP)]
    for prefix, folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.endswith(".partial"):
                yield prefix + path.relative_to(folder).as_posix(), path


def _replace(place: Path, restored: Path, at: datetime) -> Path | None:
    """Put ``restored`` (maybe absent: an empty folder) where ``place`` is; what was there gets a dated name beside."""
    aside = None
    if not _is_empty(place):
        aside = place.with_name(f"{place.name}.avant-restauration-{at:%Y%m%d-%H%M%S}")
        place.rename(aside)
    elif place.exists():
        place.rmdir()
    restored.mkdir(parents=True, exist_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(restored, place)
    return aside


def _is_empty(folder: Path) -> bool:
    return not folder.is_dir() or not any(folder.iterdir())
