"""What was imported, file by file, and taking one out again.

A data set is what its sources make of it: nothing is edited, the tables are built again from the others, so the result is the one that importing
the others alone would have given. As for an import, the manifest is replaced last and in one step: a crash or a Ctrl-C leaves the former data set
whole. The reading of the file removed is deleted after that.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dentelle.opendata.decp.dataset import MANIFEST, Dataset, DatasetMissing, SourceEntry, open_dataset
from dentelle.opendata.decp.durable import sync_folder
from dentelle.opendata.decp.importing import Progress, _Import, _locked, _never, _silent
from dentelle.opendata.decp.staging import Staged, staged


class SourceUnknown(Exception):
    """No file of the data set answers to what was asked, or several do: one French sentence."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One file of the data set. ``only_here`` counts the contracts or lots no other file tells: those that leave with it."""

    sha256: str
    name: str
    read_at: datetime | None  # when it was read first, UTC; None when its reading is no longer on disk
    bytes: int
    read: int
    rejected: int
    only_here: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken out and what is left; ``digest`` is empty and counts are 0 when nothing is left."""

    removed: tuple[SourceEntry, ...]
    contracts: int
    uids: int
    sources: int
    digest: str


def imported_files(folder: Path | str) -> list[ImportedFile]:
    """The files of the data set of a folder, the last read first. Raise DatasetMissing or DatasetTooNew."""
    dataset = open_dataset(folder)
    alone = dict(
        duckdb.execute(
            """SELECT source, count(*) FROM (
                   SELECT contract_key, min(source_sha256) AS source FROM read_parquet(?)
                   GROUP BY contract_key HAVING min(source_sha256) = max(source_sha256))
               GROUP BY source""",
            [str(dataset.path("lineage"))],
        ).fetchall()
    )
    files = [
        ImportedFile(
            entry.sha256,
            entry.name,
            _read_at(dataset.directory / "staging" / entry.sha256),
            entry.bytes,
            entry.read,
            entry.rejected,
            alone.get(entry.sha256, 0),
        )
        for entry in dataset.manifest.sources
    ]
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(files, key=lambda file: (-(file.read_at or oldest).timestamp(), file.name, file.sha256))


def _read_at(reading: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(reading.stat().st_mtime, UTC)
    except OSError:
        return None


def undo_import(
    asked: Sequence[str],
    into: Path | str,
    *,
    progress: Callable[[Progress], None] = _silent,
    cancelled: Callable[[], bool] = _never,
) -> Undone:
    """Take files out of the data set of a folder; ``asked`` holds digests, their first 6 digits or more, or file names.

    Raise SourceUnknown, ImportBusy, ImportCancelled, DatasetMissing or DatasetTooNew; the data set is then what it was. When no file is left,
    neither is the data set.
    """
    folder = Path(into)
    open_dataset(folder)
    with _locked(folder):
        former = open_dataset(folder)
        removed = _chosen(former, asked)
        gone = {entry.sha256 for entry in removed}
        left = {entry.sha256: _reading(former, entry) for entry in former.manifest.sources if entry.sha256 not in gone}
        work = _Import(folder, progress, cancelled, None, None)
        work.sweep(former)
        dataset = _rebuilt(work, former, left) if left else None
        if dataset is None:
            work.stopped()
            (folder / MANIFEST).unlink()
            sync_folder(folder)
            work.sweep(None)
        for sha256 in gone:
            shutil.rmtree(folder / "staging" / sha256, ignore_errors=True)
    if dataset is None:
        return Undone(removed, 0, 0, 0, "")
    told = dataset.manifest
    return Undone(removed, told.contracts, told.uids, len(told.sources), told.digest)


def _chosen(dataset: Dataset, asked: Sequence[str]) -> tuple[SourceEntry, ...]:
    """The sources meant, each once, in the order of the manifest."""
    chosen: set[str] = set()
    for words in asked:
        found = [
            entry
            for entry in dataset.manifest.sources
            if entry.name == words or (len(words) >= 6 and entry.sha256.startswith(words.lower()))
        ]
        if not found:
            raise SourceUnknown(
                f"« {words} » n’est ni un fichier ni le début (6 signes au moins) d’une empreinte de ce jeu de données."
            )
        if len(found) > 1:
            digests = ", ".join(entry.sha256[:12] for entry in found)
            raise SourceUnknown(f"« {words} » désigne {len(found)} fichiers ({digests}) : donnez l’empreinte.")
        chosen.add(found[0].sha256)
    return tuple(entry for entry in dataset.manifest.sources if entry.sha256 in chosen)


def _reading(dataset: Dataset, entry: SourceEntry) -> Staged:
    kept = staged(dataset.directory / "staging" / entry.sha256)
    if kept is None:
        raise DatasetMissing(
            f"la lecture de « {entry.name} » n’est plus dans « {dataset.directory / 'staging'} » ou date d’une autre version :"
            " redonnez d’abord ce fichier à importer."
        )
    return kept


def _rebuilt(work: _Import, former: Dataset, left: dict[str, Staged]) -> Dataset:
    manifest = former.manifest
    as_of = manifest.as_of if manifest.as_of_given else None
    refused = {(entry.name, entry.reason): entry for entry in manifest.refused}
    work.scratch.mkdir(exist_ok=True)
    try:
        return work.build(left, manifest.refused, as_of, work.digest(left, refused, as_of), former)
    finally:
        shutil.rmtree(work.scratch, ignore_errors=True)
