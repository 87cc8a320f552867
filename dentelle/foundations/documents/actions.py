"""Acts on files: keep a result, receive an upload, purge. Callers have checked who acts; rows go with a journal entry."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.documents import antivirus, images, sniff, storage
from dentelle.foundations.documents.models import FileState, Scan, StoredFile
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Network, Structure


class UploadRefused(Exception):
    """The file cannot be taken; the message says why and what to do, in French. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def store_file(
    source: Path,
    *,
    name: str,
    media_type: str,
    structure: Structure | None,
    actor: User | None,
    at: datetime,
    purge_after: datetime | None = None,
    is_takeout: bool = False,
    network: Network | None = None,
) -> StoredFile:
    """Keep a copy of ``source``, a file the programme itself made: available at once, not scanned.

    It is kept for ``structure``, or for ``network`` when that is None.
    """
    written = storage.write(storage.read_chunks(source))
    return _keep(
        written,
        name=name,
        media_type=media_type,
        structure=structure,
        actor=actor,
        at=at,
        purge_after=purge_after,
        state=FileState.AVAILABLE,
        scan=Scan.NOT_SCANNED,
        is_takeout=is_takeout,
        network=network,
    )


def receive_upload(
    upload: UploadedFile[bytes],
    *,
    accept: Collection[str],
    max_bytes: int,
    structure: Structure | None,
    actor: User | None,
    at: datetime,
    purge_after: datetime | None = None,
    network: Network | None = None,
) -> StoredFile:
    """Keep what a person sent (``actor`` None: without account), if its bytes are of a kind in ``accept`` (constants of ``sniff``) and the antivirus agrees.

    It is kept for ``structure``, or for ``network`` when that is None. Of an image, only what draws it is kept: neither the place nor
    the hour it was taken.

    Raises ``UploadRefused`` (codes ``too_large``, ``empty``, ``kind``, ``infected``, ``broken``). When the antivirus is configured but
    silent the file is kept in quarantine: it is not readable until ``scan_quarantined`` has had an answer.
    """
    name = _clean_name(upload.name or "fichier")
    try:
        written = storage.write(upload.chunks(storage.CHUNK), max_bytes=max_bytes)
    except storage.TooLarge:
        limit = max_bytes // (1024 * 1024)
        raise UploadRefused(
            "too_large",
            f"« {name} » dépasse {limit} Mo, la taille acceptée ici. Compressez-le (gzip ou zip), ou découpez-le.",
        ) from None
    path = storage.full_path(written.path)
    try:
        media_type = _accepted_kind(path, name, written.size, accept)
        state, verdict = _judge(path, name)
        if media_type in sniff.IMAGES:
            written = _without_metadata(written, media_type, name)
    except UploadRefused:
        storage.remove(written.path)
        raise
    return _keep(
        written,
        name=name,
        media_type=media_type,
        structure=structure,
        actor=actor,
        at=at,
        purge_after=purge_after,
        state=state,
        scan=verdict,
        network=network,
    )


def scan_quarantined(at: datetime) -> int:
    """Ask the antivirus again about files in quarantine; return how many left it (served or purged)."""
    settled = 0
    for stored in StoredFile.objects.filter(state=FileState.QUARANTINED).order_by("pk"):
        try:
            verdict = antivirus.scan(storage.read_chunks(storage.full_path(stored.path)), settings.CLAMD_SOCKET)
        except (antivirus.ScannerUnavailable, FileNotFoundError):
            continue
        if verdict == Scan.INFECTED:
            _purge(stored, at=at, scan=verdict)
        else:
            with transaction.atomic():
                StoredFile.objects.filter(pk=stored.pk).update(state=FileState.AVAILABLE, scan=verdict)
                record("file.released", stored, at=at, actor=None, structure=stored.structure, scan=verdict)
        settled += 1
    return settled


def purge_expired(at: datetime) -> int:
    """Remove the bytes of the files whose time has passed; return how many. Safe to repeat."""
    expired = StoredFile.objects.exclude(state=FileState.PURGED).filter(purge_after__lte=at).order_by("pk")
    count = 0
    for stored in expired.select_related("structure"):
        _purge(stored, at=at, scan=stored.scan)
        count += 1
    return count


def sweep_orphans(at: datetime, *, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove bytes no row speaks of (an act rolled back, a machine stopped while writing); return how many."""
    known = set(StoredFile.objects.exclude(state=FileState.PURGED).values_list("path", flat=True))
    root, limit, count = Path(settings.MEDIA_ROOT), (at - older_than).timestamp(), 0
    for path in storage.all_paths():
        if path.relative_to(root).as_posix() not in known and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _accepted_kind(path: Path, name: str, size: int, accept: Collection[str]) -> str:
    if size == 0:
        raise UploadRefused("empty", f"« {name} » est vide. Vérifiez le fichier choisi, puis recommencez.")
    media_type = sniff.sniff(path)
    if media_type is None or media_type not in accept:
        wanted = ", ".join(sniff.NAMES[kind] for kind in accept)
        seen = sniff.NAMES.get(media_type or "", "d’un type inconnu")
        raise UploadRefused("kind", f"« {name} » est un fichier {seen}. Formats acceptés ici : {wanted}.")
    return media_type


def _without_metadata(written: storage.Written, media_type: str, name: str) -> storage.Written:
    try:
        content = images.cleaned(storage.full_path(written.path).read_bytes(), media_type)
    except images.Unreadable:
        raise UploadRefused(
            "broken", f"« {name} » ne se lit pas jusqu’au bout\u00a0: enregistrez l’image de nouveau, puis renvoyez-la."
        ) from None
    cleaned = storage.write([content])
    storage.remove(written.path)
    return cleaned


def _judge(path: Path, name: str) -> tuple[FileState, Scan]:
    try:
        verdict = antivirus.scan(storage.read_chunks(path), settings.CLAMD_SOCKET)
    except antivirus.ScannerUnavailable:
        return FileState.QUARANTINED, Scan.NOT_SCANNED
    if verdict == Scan.INFECTED:
        raise UploadRefused("infected", f"« {name} » a été refusé par l’antivirus. Il n’a pas été gardé.")
    return FileState.AVAILABLE, verdict


@transaction.atomic
def _keep(
    written: storage.Written,
    *,
    name: str,
    media_type: str,
    structure: Structure | None,
    actor: User | None,
    at: datetime,
    purge_after: datetime | None,
    state: FileState,
    scan: Scan,
    is_takeout: bool = False,
    network: Network | None = None,
) -> StoredFile:
    stored = StoredFile.objects.create(
        structure=structure,
        network=network,
        name=_clean_name(name),
        media_type=media_type,
        size=written.size,
        sha256=written.sha256,
        path=written.path,
        state=state,
        scan=scan,
        created_by=actor,
        created_at=at,
        purge_after=purge_after,
        is_takeout=is_takeout,
    )
    record("file.stored", stored, at=at, actor=actor, structure=structure, size=written.size, sha256=written.sha256)
    return stored


@transaction.atomic
def _purge(stored: StoredFile, *, at: datetime, scan: str) -> None:
    StoredFile.objects.filter(pk=stored.pk).update(state=FileState.PURGED, scan=scan)
    record("file.purged", stored, at=at, actor=None, structure=stored.structure, scan=scan)
    transaction.on_commit(lambda: storage.remove(stored.path))


def _clean_name(name: str) -> str:
    """The last part of a path, without control characters, at most 200 characters, its extension kept."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(letter for letter in last if letter.isprintable()).strip(" .") or "fichier"
    if len(printable) <= 200:
        return printable
    suffix = PurePosixPath(printable).suffix[:20]
    return printable[: 200 - len(suffix)] + suffix
