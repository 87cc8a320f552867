"""A data set on disk: what its manifest says, where its tables are."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

# Changes with any column of ``schema``.
SCHEMA_VERSION: Final = 1
MANIFEST: Final = "manifest.json"


class DatasetMissing(Exception):
    """There is no readable data set in a folder: one French sentence."""


class DatasetTooNew(Exception):
    """The data set was written by a later version of Dentelle: one French sentence."""


class TableFile(msgspec.Struct, frozen=True):
    """One table of the data set: its file (relative to the folder), rows and digest."""

    file: str
    rows: int
    bytes: int
    sha256: str


class SourceEntry(msgspec.Struct, frozen=True):
    """One source of the data set, by the digest of its plain content."""

    sha256: str
    name: str
    bytes: int
    format: str
    generation: str | None
    read: int
    rejected: int


class RefusedEntry(msgspec.Struct, frozen=True):
    """A file that was given and could not be read as DECP."""

    name: str
    defect: str
    reason: str


class Manifest(msgspec.Struct, frozen=True):
    """What a data set holds; it depends on its sources and reference date only, never on when it was made."""

    schema_version: int
    staging_version: int
    digest: str
    as_of: date | None
    as_of_given: bool
    read: int
    kept: int
    duplicates: int
    rejected: int
    contracts: int
    uids: int
    tables: dict[str, TableFile]
    sources: list[SourceEntry]
    refused: list[RefusedEntry]


@dataclass(frozen=True, slots=True)
class Dataset:
    """An open data set: read-only, whole."""

    directory: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """What changes when the sources, the reference date or the rules change, and only then."""
        return self.manifest.digest

    def path(self, table: str) -> Path:
        """The Parquet file of a table of ``schema.TABLES``; KeyError when there is no such table."""
        return self.directory / self.manifest.tables[table].file


class _Version(msgspec.Struct):
    schema_version: int = 0


def open_dataset(directory: Path | str) -> Dataset:
    """The data set of a folder; raise DatasetMissing or DatasetTooNew with a sentence fit for the screen."""
    folder = Path(directory)
    try:
        content = (folder / MANIFEST).read_bytes()
    except FileNotFoundError as error:
        raise DatasetMissing(
            f"aucun jeu de données dans « {folder} » ; créez-le avec « dentelle decp import FICHIERS… --into {folder} »."
        ) from error
    except OSError as error:
        raise DatasetMissing(
            f"le dossier « {folder} » ne peut pas être lu : "
            + ("le droit de le lire manque." if isinstance(error, PermissionError) else f"{error.strerror}.")
        ) from error
    try:
        version = msgspec.json.decode(content, type=_Version).schema_version
        if version > SCHEMA_VERSION:
            raise DatasetTooNew(
                f"le jeu de données de « {folder} » est en version {version}, celle-ci de Dentelle lit la version {SCHEMA_VERSION} : mettez Dentelle à jour."
            )
        if version < SCHEMA_VERSION:
            raise DatasetMissing(
                f"le jeu de données de « {folder} » est d’une version antérieure ({version}) : importez de nouveau les fichiers."
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise DatasetMissing(
            f"le manifeste de « {folder} » est illisible : importez de nouveau les fichiers."
        ) from error
    for table in manifest.tables.values():
        if not (folder / table.file).is_file():
            raise DatasetMissing(
                f"il manque « {table.file} » au jeu de données de « {folder} » : importez de nouveau les fichiers."
            )
    return Dataset(folder, manifest)


def encode_manifest(manifest: Manifest) -> bytes:
    """The manifest as JSON a person can read."""
    plain: Any = msgspec.to_builtins(manifest)
    return msgspec.json.format(msgspec.json.encode(plain), indent=2)
