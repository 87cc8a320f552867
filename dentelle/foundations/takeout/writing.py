"""Writes the export of a structure, a few thousand rows at a time, into a folder that appears whole or not at all."""

import csv
import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import ForeignKey, Model, Q, QuerySet

from dentelle.foundations.documents import storage
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.foundations.takeout.cells import written
from dentelle.foundations.takeout.package import PACKAGE, README, SUMS, package, readme
from dentelle.foundations.takeout.tables import FILES, FOLLOW, ONLY_NAMED, PACKAGE_PATH, SHARED, Table, tables

BATCH = 2_000
SNAPSHOT = "takeout"


class TakeoutRefused(Exception):
    """The export cannot be written there; the message is French, one line."""


@dataclass(slots=True)
class Taken:
    """What was written: rows by table, files, bytes, and what could not be copied, said in French."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.rows.values())


Told = Callable[[str, int, int], None]


def export(structure: Structure, into: Path, *, at: datetime, told: Told = lambda name, done, total: None) -> Taken:
    """Write all of a structure's data into ``into``, which must not exist or be empty. Raises TakeoutRefused, OSError.

    The rows are those of one moment, even while people write. ``told(table, tables done, tables)`` hears where it is.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise TakeoutRefused(f"{into} existe déjà et n’est pas un dossier vide\u00a0: choisissez un autre dossier.")
    into.parent.mkdir(parents=True, exist_ok=True)
    partial = into.with_name(into.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "data").mkdir(parents=True)
    try:
        with snapshot() as alias:
            taken = _Writer(structure, partial, alias).everything(told)
        document = package(structure, partial, tables(), taken.rows, at=at)
        (partial / PACKAGE).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (partial / README).write_text(readme(structure, taken.missing, at=at), encoding="utf-8")
        _write_sums(partial)
        if into.exists():
            into.rmdir()
        partial.replace(into)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return taken


@contextmanager
def snapshot() -> Iterator[str]:
    """Yield the database to read from, as it is at one moment; nobody else waits for it.

    Inside a transaction, that one is the moment. Else a second connection opens its own, read only in fact: SQLite reads the
    state its first query met, PostgreSQL is asked for a repeatable read.
    """
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        yield DEFAULT_DB_ALIAS
        return
    connection = connections[DEFAULT_DB_ALIAS].copy(SNAPSHOT)
    connections[SNAPSHOT] = connection
    try:
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        with transaction.atomic(using=SNAPSHOT):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield SNAPSHOT
    finally:
        connection.close()
        del connections[SNAPSHOT]


class _Writer:
    """One export being written. ``spoken`` are the keys of shared rows met so far, by label."""

    def __init__(self, structure: Structure, folder: Path, alias: str) -> None:
        self.structure = structure
        self.folder = folder
        self.alias = alias
        self.taken = Taken()
        self.spoken: defaultdict[str, set[Any]] = defaultdict(set)
        members = Membership.objects.using(alias).filter(structure_id=structure.pk)
        self.members = set(members.values_list("user_id", flat=True))
        self.spoken["organisations.Structure"].add(structure.pk)
        self.spoken["organisations.Network"].add(structure.network_id)
        self.spoken["accounts.User"] |= self.members | ({structure.approved_by_id} - {None})

    def everything(self, told: Told) -> Taken:
        every = tables()
        for done, table in enumerate(every):
            told(table.title, done, len(every))
            self._write(table, self._shared(table) if table.shared else self._owned(table))
        told("", len(every), len(every))
        return self.taken

    def _owned(self, table: Table) -> Iterator[Model]:
        yield from self._in_order(table, self._rows(table).filter(self._condition(table)))

    def _condition(self, table: Table) -> Q:
        if not table.model._meta.auto_created:
            return table.owned_by(self.structure.pk)
        source = next(each for each in table.model._meta.concrete_fields if isinstance(each, ForeignKey))
        return Q(**{f"{source.name}__structure_id": self.structure.pk})

    def _shared(self, table: Table) -> Iterator[Model]:
        by = FOLLOW.get(table.label, "")
        label = table.model._meta.get_field(by).related_model._meta.label if by else table.label  # type: ignore[union-attr]
        for keys in self._keys(label, table):
            yield from self._in_order(table, self._rows(table).filter(**{f"{by or 'pk'}__in": keys}))

    def _keys(self, label: str, table: Table) -> Iterator[list[Any]]:
        """Yield the keys spoken of, a few at a time; those a shared row itself speaks of are met on the way."""
        given: set[Any] = set()
        while following := sorted(self.spoken[label] - given)[:500]:
            given.update(following)
            yield following

    def _rows(self, table: Table) -> QuerySet[Model]:
        return table.model._base_manager.using(self.alias).order_by()

    def _in_order(self, table: Table, rows: QuerySet[Model]) -> Iterator[Model]:
        """Keyset batches rather than a cursor held open: memory stays that of a batch on both databases."""
        last: Any = None
        while True:
            found = rows if last is None else rows.filter(pk__gt=last)
            batch = list(found.order_by("pk")[:BATCH])
            yield from batch
            if len(batch) < BATCH:
                return
            last = batch[-1].pk

    def _write(self, table: Table, rows: Iterable[Model]) -> None:
        path = self.folder / "data" / f"{table.name}.csv"
        refers = [
            (each.attname, each.remote_field.model._meta.label)
            for each in table.model._meta.concrete_fields
            if isinstance(each, ForeignKey) and each.remote_field.model._meta.label in SHARED
        ]
        count = 0
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\r\n")
            writer.writerow([column.name for column in table.columns])
            for row in rows:
                for attname, label in refers:
                    if (value := getattr(row, attname)) is not None and self._tells(table, row):
                        self.spoken[label].add(value)
                writer.writerow(self._cells(table, row))
                count += 1
        self.taken.rows[table.name] = count

    def _tells(self, table: Table, row: Model) -> bool:
        """Whether a row of a shared table is shown whole: what is only named speaks of nothing else."""
        if table.label == "organisations.Structure":
            return bool(row.pk == self.structure.pk)
        return table.label != "accounts.User" or row.pk in self.members

    def _cells(self, table: Table, row: Model) -> list[str]:
        shown = ONLY_NAMED.get(table.label)
        whole = shown is None or self._tells(table, row)
        place = self._copy(row) if isinstance(row, StoredFile) else ""
        return [
            place
            if table.label == FILES and column.name == PACKAGE_PATH
            else written(getattr(row, column.name), column.kind)
            if whole or column.name in (shown or ())
            else ""
            for column in table.columns
        ]

    def _copy(self, stored: StoredFile) -> str:
        """Copy the bytes of a file and return its place; empty, with the reason said, when there is nothing to copy."""
        if stored.state != FileState.AVAILABLE or stored.is_takeout:  # with the former exports in it, each would double
            return ""
        suffix = PurePosixPath(stored.name).suffix[:12]
        place = f"files/{stored.pk}{suffix if suffix[1:].isalnum() and suffix.isascii() else ''}"
        target = self.folder / place
        target.parent.mkdir(exist_ok=True)
        digest = hashlib.sha256()
        try:
            with target.open("wb") as out:
                for chunk in storage.read_chunks(storage.full_path(stored.path)):
                    digest.update(chunk)
                    out.write(chunk)
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            self.taken.missing.append(f"{stored.pk}\u00a0: le fichier n’est plus sur le serveur.")
            return ""
        if digest.hexdigest() != stored.sha256:
            self.taken.missing.append(
                f"{stored.pk}\u00a0: le contenu n’est plus celui qui fut déposé (empreinte différente)."
            )
        self.taken.files += 1
        return place


def _write_sums(folder: Path) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with (folder / SUMS).open("w", encoding="utf-8") as out:
        for path in paths:
            out.write(f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n")
        out.flush()
        os.fsync(out.fileno())


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
