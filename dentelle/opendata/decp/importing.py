"""The whole import: sources → staging → canonical tables → manifest, interrupted without harm at any moment.

What is on disk under the folder: ``staging/<digest>/`` (one folder a source, kept so that importing more reads only what is new),
``tables-<digest>/`` (the canonical tables) and ``manifest.json``, replaced last and in one step: until then the former data set is whole, and
afterwards the new one is.
"""

import fcntl
import hashlib
import os
import resource
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import msgspec

from dentelle.opendata.decp.dataset import (
    MANIFEST,
    SCHEMA_VERSION,
    Dataset,
    DatasetMissing,
    DatasetTooNew,
    Manifest,
    RefusedEntry,
    SourceEntry,
    TableFile,
    encode_manifest,
    open_dataset,
)
from dentelle.opendata.decp.durable import replace_file, sync_folder
from dentelle.opendata.decp.republications import RULES_VERSION
from dentelle.opendata.decp.sources import Refusal, Source, SourceRefused, files_under, open_sources
from dentelle.opendata.decp.staging import STAGING_VERSION, Staged, stage, staged
from dentelle.opendata.decp.workers import Crew, crew

if TYPE_CHECKING:
    from dentelle.opendata.decp.build import Built

LOCK: Final = "import.lock"
# Seconds the readers of an import killed outright may take to leave, and its lock with them.
LEAVING: Final = 1.0


class ImportCancelled(Exception):
    """The user gave up: the former data set is as it was."""


class ImportBusy(Exception):
    """Another import is writing into the same folder: one French sentence."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an import is. ``step`` is lecture, assemblage or écriture; the last two count steps, the first bytes."""

    step: str
    detail: str
    done: int
    total: int
    records: int


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What the data set holds after an import, and what this import met. ``read`` = ``kept`` + ``duplicates`` + ``rejected``."""

    files: int
    read: int
    kept: int
    rejected: int
    duplicates: int
    contracts: int
    uids: int
    sources: int
    new_sources: int
    already_imported: int
    unchanged: bool
    as_of: date | None
    digest: str
    refused: tuple[Refusal, ...] = ()
    breaks: tuple[str, ...] = ()
    defects: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    peak_mb: float = 0.0


def _silent(_: Progress) -> None:
    return None


def _never() -> bool:
    return False


def import_files(
    paths: Sequence[Path | str],
    into: Path | str,
    *,
    progress: Callable[[Progress], None] = _silent,
    cancelled: Callable[[], bool] = _never,
    as_of: date | None = None,
    workers: int | None = None,
) -> ImportSummary:
    """Import files and folders into the data set of a folder, adding to what it holds.

    ``as_of`` is the date beyond which another is « future »; without it, the newest plausible publication date of the data. ``workers`` is the
    number of reading processes (by default 2 for large files, 0 for small ones). Raise ImportBusy, ImportCancelled, or DatasetTooNew; the
    data set is then what it was. When nothing could be read and nothing was there, no data set is made.
    """
    folder = Path(into)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        return _Import(folder, progress, cancelled, as_of, workers).run([Path(path) for path in paths])


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    patience = time.monotonic() + LEAVING
    with (folder / LOCK).open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > patience:
                    raise ImportBusy(f"un autre import écrit déjà dans « {folder} » ; attendez sa fin.") from error
                time.sleep(0.05)
        yield


class _Import:
    def __init__(
        self,
        folder: Path,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        as_of: date | None,
        workers: int | None,
    ) -> None:
        self.folder, self.progress, self.cancelled, self.as_of, self.workers = (
            folder,
            progress,
            cancelled,
            as_of,
            workers,
        )
        self.staging, self.scratch = folder / "staging", folder / "scratch"
        self.bytes_done = self.bytes_total = self.records = 0
        self.detail = ""
        self.refused: list[Refusal] = []
        self.found: dict[str, Staged] = {}
        self.new_sources = self.already = 0
        self.last_heard = 0.0

    def run(self, paths: list[Path]) -> ImportSummary:
        started = time.perf_counter()
        former = self.former()
        self.sweep(former)
        self.staging.mkdir(exist_ok=True)
        self.scratch.mkdir(exist_ok=True)
        try:
            files = self.readable(paths)
            self.bytes_total = sum(path.stat().st_size for path in files)
            with crew(self.bytes_total, self.workers) as readers:
                if readers.size:  # Arrow and DuckDB load while the first blocks are read
                    Thread(target=import_module, args=("dentelle.opendata.decp.build",), daemon=True).start()
                for path in files:
                    self.take(path, readers)
            dataset, unchanged = self.assemble(former)
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)
        return self.summary(len(files), dataset, unchanged, time.perf_counter() - started)

    def former(self) -> Dataset | None:
        try:
            return open_dataset(self.folder)
        except DatasetMissing:
            return None

    def sweep(self, former: Dataset | None) -> None:
        """Remove what an interrupted import left behind."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        current = {Path(table.file).parts[0] for table in former.manifest.tables.values()} if former else set()
        for left in self.folder.glob("tables-*"):
            if left.name not in current:
                shutil.rmtree(left, ignore_errors=True)
        for left in self.staging.glob("*.partial-*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in self.folder.glob("*.new"):
            left.unlink(missing_ok=True)

    def readable(self, paths: list[Path]) -> list[Path]:
        for path in paths:
            if not path.exists():
                self.refused.append(Refusal(str(path), "not_decp", "ce fichier n’existe pas."))
        found = list(files_under([path for path in paths if path.exists()]))
        self.refused += [item for item in found if isinstance(item, Refusal)]
        return [item for item in found if isinstance(item, Path)]

    def stopped(self) -> None:
        if self.cancelled():
            raise ImportCancelled("import annulé ; le jeu de données précédent est intact.")

    def heard(self, size: int, records: int = 0) -> None:
        self.bytes_done += size
        self.records += records
        now = time.monotonic()
        if now - self.last_heard >= 0.1 or self.bytes_done >= self.bytes_total:
            self.last_heard = now
            self.progress(
                Progress("lecture", self.detail, min(self.bytes_done, self.bytes_total), self.bytes_total, self.records)
            )

    def take(self, path: Path, readers: Crew) -> None:
        """Stage every source of one file."""
        before = self.bytes_done
        size = path.stat().st_size
        self.detail = path.name
        for source in open_sources(path, self.scratch, lambda _: None, self.stopped):
            if isinstance(source, Refusal):
                self.refused.append(source)
                continue
            try:
                self.take_source(source, size, before, readers)
            except SourceRefused as refusal:
                self.refused.append(Refusal(source.name, refusal.defect, refusal.reason))
            finally:
                if source.temporary:
                    source.path.unlink(missing_ok=True)
        self.heard(before + size - self.bytes_done)

    def take_source(self, source: Source, size: int, before: int, readers: Crew) -> None:
        known = None
        if readers.size and source.bytes not in self.sizes:
            source.digest.begin()  # nothing of that size was ever read: it is new, whatever its digest
        else:
            sha256 = source.digest.sha256(self.stopped)
            known = self.found.get(sha256) or staged(self.staging / sha256)
        if known is not None:
            if known.sha256 not in self.found:
                self.already += 1
                self.records += known.read
            self.found[known.sha256] = known
            return
        # an archive is heard in compressed bytes: its share of the total, not what it inflates to
        share = size / source.bytes if source.temporary and source.bytes else 1.0

        def told(read: int, records: int) -> None:
            room = before + size - self.bytes_done
            self.heard(min(int(read * share), max(room, 0)), records)

        try:
            found = stage(source, secrets.randbits(63), self.staging, readers, told, self.stopped)
        finally:
            source.digest.give_up()
        self.found[found.sha256] = found
        self.sizes.add(found.bytes)
        self.new_sources += 1

    @cached_property
    def sizes(self) -> set[int]:
        """The sizes of all sources read so far, in this import and before."""
        return {source.bytes for source in map(staged, self.staging.iterdir()) if source is not None}

    def assemble(self, former: Dataset | None) -> tuple[Dataset | None, bool]:
        """Build the tables of everything staged and make them the data set, unless nothing changes."""
        sources = dict(self.found)
        for entry in former.manifest.sources if former else ():
            kept = sources.get(entry.sha256) or staged(self.staging / entry.sha256)
            if kept is None:
                raise DatasetMissing(
                    f"la lecture de « {entry.name} » n’est plus dans « {self.staging} » ou date d’une autre version : redonnez ce fichier à importer."
                )
            sources[entry.sha256] = kept
        if not sources:
            return former, True
        refused = {(entry.name, entry.reason): entry for entry in former.manifest.refused} if former else {}
        refused |= {
            (entry.name, entry.reason): RefusedEntry(entry.name, entry.defect, entry.reason) for entry in self.refused
        }
        as_of = self.as_of
        if as_of is None and former and former.manifest.as_of_given:
            as_of = former.manifest.as_of
        digest = self.digest(sources, refused, as_of)
        if former and former.digest == digest:
            return former, True
        return self.build(sources, list(refused.values()), as_of, digest, former), False

    def digest(
        self, sources: dict[str, Staged], refused: dict[tuple[str, str], RefusedEntry], as_of: date | None
    ) -> str:
        told = [
            SCHEMA_VERSION,
            STAGING_VERSION,
            RULES_VERSION,
            sorted(sources),
            sorted(refused),
            as_of.isoformat() if as_of else None,
        ]
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()

    def build(
        self,
        sources: dict[str, Staged],
        refused: list[RefusedEntry],
        as_of: date | None,
        digest: str,
        former: Dataset | None,
    ) -> Dataset:
        from dentelle.opendata.decp.build import Build, SourceFolder

        target = self.folder / f"tables-{digest[:16]}"
        fresh = self.folder / f"tables-{digest[:16]}.{os.getpid()}.building"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()

        def step(name: str, rank: int, total: int) -> None:
            self.stopped()
            self.progress(Progress("assemblage", name, rank, total, self.records))

        folders = [SourceFolder(found, self.staging / sha256) for sha256, found in sources.items()]
        building = Build(
            folders, [Refusal(entry.name, entry.defect, entry.reason) for entry in refused], fresh, self.scratch, as_of
        )
        try:
            built = building.run(step)
            self.stopped()
            self.progress(Progress("écriture", "mise à l’abri", 0, 1, self.records))
            sync_folder(fresh)
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        manifest = self.manifest(target, built, list(sources.values()), refused, as_of, digest)
        replace_file(self.folder / MANIFEST, encode_manifest(manifest))
        dataset = Dataset(self.folder, manifest)
        self.sweep(dataset)
        self.progress(Progress("écriture", "terminé", 1, 1, self.records))
        return dataset

    def manifest(
        self,
        target: Path,
        built: "Built",
        sources: list[Staged],
        refused: list[RefusedEntry],
        as_of: date | None,
        digest: str,
    ) -> Manifest:
        tables = {}
        for table, rows in built.rows.items():
            path = target / f"{table}.parquet"
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            tables[table] = TableFile(f"{target.name}/{path.name}", rows, path.stat().st_size, sha256)
        read, rejected = sum(source.read for source in sources), sum(source.rejected for source in sources)
        if read != built.contracts + built.duplicates + rejected:
            raise AssertionError(
                f"{read} lus ≠ {built.contracts} gardés + {built.duplicates} répétés + {rejected} rejetés"
            )
        return Manifest(
            SCHEMA_VERSION, STAGING_VERSION, digest, built.as_of, as_of is not None, read, built.contracts, built.duplicates, rejected,
            built.contracts, built.uids, tables,
            [
                SourceEntry(source.sha256, source.name, source.bytes, source.format, source.generation, source.read, source.rejected)
                for source in sorted(sources, key=lambda source: source.sha256)
            ],
            sorted(refused, key=lambda entry: (entry.name, entry.reason)),
        )  # fmt: skip

    def summary(self, files: int, dataset: Dataset | None, unchanged: bool, seconds: float) -> ImportSummary:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        breaks = tuple(f"{source.name} : {sentence}" for source in self.found.values() for sentence in source.breaks)
        defects: dict[str, int] = {}
        for source in self.found.values():
            for code, count in source.defects.items():
                defects[code] = defects.get(code, 0) + count
        common = {
            "refused": tuple(self.refused), "breaks": breaks, "defects": defects, "seconds": round(seconds, 3), "peak_mb": round(peak, 1),
        }  # fmt: skip
        if dataset is None:
            return ImportSummary(files, 0, 0, 0, 0, 0, 0, 0, 0, 0, unchanged, None, "", **common)  # type: ignore[arg-type]
        told = dataset.manifest
        return ImportSummary(
            files, told.read, told.kept, told.rejected, told.duplicates, told.contracts, told.uids, len(told.sources), self.new_sources,
            self.already, unchanged, told.as_of, told.digest, **common,  # type: ignore[arg-type]
        )  # fmt: skip


__all__ = ["DatasetTooNew", "ImportBusy", "ImportCancelled", "ImportSummary", "Progress", "import_files"]
