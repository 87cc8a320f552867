"""The archive: a zip whose ``manifest.json`` says the size and SHA-256 of every member."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024


class ArchiveRefused(Exception):
    """The archive cannot be used; the message says why and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: ``path`` is relative, with ``/``."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``vendor`` is the database the dump can be given back to; ``made_at`` an ISO date and time."""

    vendor: str
    made_at: str
    version: str
    members: tuple[Member, ...]
    format: int = FORMAT


def write(target: Path, sources: Iterable[tuple[str, Path]], *, vendor: str, version: str, at: datetime) -> Manifest:
    """Write ``sources`` (name in the archive, file on disk) into ``target``: whole or not at all.

    A file that vanishes while it is read (purged meanwhile) is left out.
    """
    partial = target.with_name(target.name + ".partial")
    members = []
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            for name, path in sources:
                try:
                    source = path.open("rb")
                except FileNotFoundError:
                    continue
                with source:
                    members.append(_add(archive, name, source))
            manifest = Manifest(vendor, at.isoformat(), version, tuple(members))
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        _flush_to_disk(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def verify(path: Path) -> Manifest:
    """Read every byte of the archive and compare with its manifest.

    Raises ``ArchiveRefused`` naming the first member that is missing, added, altered, or whose name leaves the archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            names = [name for name in archive.namelist() if name != MANIFEST]
            if len(names) != len(set(names)) or set(names) != {member.path for member in manifest.members}:
                odd = set(names) ^ {member.path for member in manifest.members}
                raise ArchiveRefused(
                    f"{path.name} : son contenu n’est pas celui annoncé ({', '.join(sorted(odd)[:3])})."
                )
            for member in manifest.members:
                _check(archive, member, path.name)
            return manifest
    except FileNotFoundError:
        raise ArchiveRefused(f"{path} n’existe pas.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as failure:
        raise ArchiveRefused(f"{path.name} est abîmée ({failure}) ; prenez une autre sauvegarde.") from failure


def extract(path: Path, prefix: str, into: Path) -> int:
    """Copy the members under ``prefix`` into ``into``; return how many. Call ``verify`` first."""
    count = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith(prefix):
                continue
            target = into / name.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as out:
                os.fchmod(out.fileno(), 0o600)
                while chunk := source.read(CHUNK):
                    out.write(chunk)
            count += 1
    return count


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> Member:
    digest, size = hashlib.sha256(), 0
    with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return Member(name, size, digest.hexdigest())


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        read = json.loads(archive.read(MANIFEST))
        if read["format"] != FORMAT:
            raise ArchiveRefused(
                f"cette sauvegarde est au format {read['format']}, ce programme lit le format {FORMAT} : "
                "restaurez-la avec la version qui l’a faite."
            )
        members = tuple(Member(**member) for member in read.pop("members"))
        manifest = Manifest(**read, members=members)
    except (KeyError, TypeError, ValueError) as failure:
        raise ArchiveRefused(
            "ce fichier n’est pas une sauvegarde de Dentelle (manifeste absent ou illisible)."
        ) from failure
    for member in manifest.members:
        place = PurePosixPath(member.path)
        if place.is_absolute() or ".." in place.parts or "\\" in member.path:
            raise ArchiveRefused(f"nom interdit dans l’archive : {member.path!r}.")
    return manifest


def _check(archive: zipfile.ZipFile, member: Member, archive_name: str) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(member.path) as source:
        # a member that claims less than it holds is not read past its word
        while size <= member.size and (chunk := source.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
    if (size, digest.hexdigest()) != (member.size, member.sha256):
        raise ArchiveRefused(f"{archive_name} est abîmée : « {member.path} » n’a pas l’empreinte annoncée.")


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())
