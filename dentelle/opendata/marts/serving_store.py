"""Reads the serving store: one file, read-only, many threads, always the newest version of the file.

The file is attached to a private in-memory database, so that replacing it on disk never disturbs whoever is reading the
previous one; the change is noticed at the next call. What reads cost on 1.6 M contracts is in
docs/decisions/0040-serving-store.md.
"""

import os
import threading
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from dentelle.opendata.marts.serving_filters import Clause, Keyset, PurchaseFilters, Sort, plain_clauses, words_of
from dentelle.rules.wording import half_up

STORE_FILE = "serving.duckdb"  # beside the tables of the data set it was made from
STORE_VERSION = "3"
_COUNTS_KEPT = 512
_STORED_BATCH = 5_000
_SORTED_BATCH = 8_000  # rows of a sorted list lie anywhere: each batch reads the whole file, so they are larger

Record = dict[str, Any]


class StoreMissing(Exception):
    """No data set has been loaded yet, or it was written by another version of the programme."""


class StoreReplaced(Exception):
    """The data set changed while a list was being read from end to end: what was read so far is of the former one."""

    def __init__(self) -> None:
        super().__init__("Le jeu de données a été remplacé pendant la lecture ; recommencez.")


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One line of a list. Codes are as in ``marts/schema.py``; amounts are cents before tax."""

    row_id: int
    contract_key: str
    object: str | None
    buyer_siren: str | None
    buyer_id: str | None
    buyer_name: str | None
    buyer_name_source: str | None
    holder_name: str | None
    holder_name_source: str | None
    holder_id: str | None
    holder_count: int | None
    cpv: str | None
    contract_kind: str | None
    amount_cents: int | None
    amount_published: str | None
    amount_kind: str | None
    amount_flag: str | None
    notified_on: date | None
    effective_on: date | None
    effective_source: str | None
    duration_months: int | None
    duration_source: str | None
    duration_level: str | None
    estimated_end: date | None
    prepare_from: date | None
    chain_length: int | None
    is_last_of_chain: bool | None
    confidence: str | None
    required: str | None
    threshold_status: str | None
    obligation_basis: str | None
    social_status: str | None
    social_clause: bool | None
    social_criterion: bool | None
    reserved: bool | None
    place_precision: str | None
    place_area: str | None
    hours_low: int | None
    hours_central: int | None
    hours_high: int | None
    hours_status: str | None


_ROW_NUMBER = itemgetter(0)
ROW_COLUMNS = tuple(field.name for field in fields(PurchaseRow))
_TERMS_FROM = """SELECT min(term_id), max(term_id), CAST(sum(rows) AS BIGINT), count(*) FILTER (WHERE bit IS NULL),
    coalesce(bit_or(CAST(1 AS BIGINT) << bit), 0) FROM terms WHERE word >= ? AND word < ?"""
_SQL_OF = {"cpv": "lpad(CAST(cpv AS VARCHAR), 8, '0') AS cpv"}


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive rows of a list, and the places from which the pages before and after are read (None at the ends)."""

    rows: tuple[PurchaseRow, ...]
    before: Keyset | None
    after: Keyset | None
    rank: int  # how many rows of the list precede the first of this page


class ServingStore:
    """A read-only store at ``path``; safe to share between threads and to keep for the life of a process."""

    def __init__(self, path: Path, *, threads: int = 2, memory: str = "768MB") -> None:
        self.path = path
        self._threads, self._memory = threads, memory
        self._lock = threading.Lock()
        self._local = threading.local()
        self._opened: _Opened | None = None

    # ---- connection ------------------------------------------------------------------------------------------------

    def _current(self) -> "_Opened":
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            raise StoreMissing("Aucun jeu de données n’est chargé.") from None
        stamp = (os.getpid(), stat.st_ino, stat.st_mtime_ns, stat.st_size)
        with self._lock:
            if self._opened is None or self._opened.stamp != stamp:
                self._opened = _Opened(self.path, stamp, self._threads, self._memory)
            return self._opened

    def _run(self, sql: str, parameters: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        opened = self._current()
        if getattr(self._local, "opened", None) is not opened:
            cursor = opened.root.cursor()
            cursor.execute("USE store")
            self._local.opened, self._local.cursor = opened, cursor
        cursor = self._local.cursor
        cursor.execute(sql, list(parameters))
        return cursor  # type: ignore[no-any-return]

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a read written by this package (never by a user) and return its rows."""
        return self._run(sql, parameters).fetchall()

    def records(self, sql: str, parameters: Sequence[object] = ()) -> list[Record]:
        """Same, each row as a mapping from column to value."""
        cursor = self._run(sql, parameters)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def whole_hours(self, parts: int | None) -> int | None:
        """Return a sum of parts of an hour as hours, rounded half up: the one rounding of a total."""
        return None if parts is None else half_up(self.exact_hours(parts))

    def exact_hours(self, parts: int) -> Fraction:
        """Return a sum of parts of an hour as hours, not rounded."""
        return Fraction(parts, int(self.meta().get("hours_parts", "1")))

    def meta(self) -> dict[str, str]:
        """Return what was written about the data set: date it was foreseen at, digest, counts, freshness."""
        return self._current().meta

    # ---- conditions ------------------------------------------------------------------------------------------------

    def where(self, filters: PurchaseFilters) -> Clause:
        """Turn filters into SQL over ``purchases``."""
        clauses = plain_clauses(filters)
        if filters.areas is not None:
            known = self._current().areas
            ids = sorted(known[area] for area in filters.areas if area in known)
            # an IN over a sub-query is a hash look-up; a list of constants is compared one by one
            inside = "(SELECT unnest(CAST(? AS INTEGER[])))"
            clauses.append((f"(place_area_id IN {inside} OR seat_area_id IN {inside})", [ids, ids]))
        if filters.buyer is not None:
            found = self.rows("SELECT buyer_no FROM buyers WHERE buyer_key = ?", [filters.buyer])
            clauses.append(("buyer_no = ?", [found[0][0]]) if found else ("FALSE", []))
        clauses.extend(self._word_clauses(filters.words))
        return Clause(
            " AND ".join(sql for sql, _ in clauses) or "TRUE", tuple(value for _, values in clauses for value in values)
        )

    def _word_clauses(self, text: str) -> list[tuple[str, list[object]]]:
        found: list[tuple[int, str, list[object]]] = []
        for word in words_of(text):
            least, greatest, rows, rare, bits = self.rows(_TERMS_FROM, [word, word + "~"])[0]
            listed = "row_id IN (SELECT row_id FROM postings WHERE term_id BETWEEN ? AND ?)"
            if least is None:
                return [("FALSE", [])]
            if not bits:
                found.append((rows, listed, [least, greatest]))
            elif not rare:
                found.append((rows, "common_words & ? <> 0", [bits]))
            else:
                found.append((rows, f"(common_words & ? <> 0 OR {listed})", [bits, least, greatest]))
        return [(sql, parameters) for _, sql, parameters in sorted(found, key=lambda item: item[0])]

    # ---- lists -----------------------------------------------------------------------------------------------------

    def count(self, filters: PurchaseFilters) -> int:
        """Return exactly how many purchases the filters keep; remembered until the store changes."""
        counts = self._current().counts
        if filters in counts:
            return counts[filters]
        where = self.where(filters)
        total = int(self.rows(f"SELECT count(*) FROM purchases WHERE {where.sql}", where.parameters)[0][0])  # noqa: S608
        counts[filters] = total
        if len(counts) > _COUNTS_KEPT:
            counts.popitem(last=False)
        return total

    def search(
        self, filters: PurchaseFilters, sort: Sort | None = None, at: Keyset | None = None, limit: int = 50
    ) -> Page:
        """Return one page of the list. The order is total: no row is skipped or shown twice, whatever ties."""
        sort = sort or Sort()
        where = self.where(filters)
        found = self._places(where, sort, at, limit + 1)
        more = len(found) > limit
        found = found[:limit]
        if at is not None and at.backwards:
            if not more:  # the start was reached: show a full first page
                return self.search(filters, sort, None, limit) if at is not None else Page((), None, None, 0)
            found.reverse()
        rows = self._fetch([row_id for row_id, _ in found])
        has_before = at is not None and (more if at.backwards else True)
        has_after = more if at is None or not at.backwards else True
        first, last = (found[0], found[-1]) if found else (None, None)
        return Page(
            rows,
            Keyset(first[1], rows[0].contract_key, backwards=True) if has_before and first else None,
            Keyset(last[1], rows[-1].contract_key) if has_after and last else None,
            self._rank(where, sort, first) if has_before and first else 0,
        )

    def _places(self, where: Clause, sort: Sort, at: Keyset | None, limit: int) -> list[tuple[int, int]]:
        """Return (row_id, value ordered by) of the rows that follow ``at`` in its direction."""
        backwards = at is not None and at.backwards
        down = sort.descending != backwards
        ties = "DESC" if backwards else "ASC"
        condition, parameters = where.sql, list(where.parameters)
        if at is not None:
            row_id = self._row_id(at.contract_key)
            edge = row_id if row_id is not None else (2**31 - 1 if backwards else -1)
            condition += (
                f" AND ({sort.expression} {'<' if down else '>'} ?"
                f" OR ({sort.expression} = ? AND row_id {'<' if backwards else '>'} ?))"
            )
            parameters += [at.value, at.value, edge]
            if row_id is not None and sort == Sort():  # rows lie in this order: skip the blocks already read
                condition += f" AND row_id {'<' if backwards else '>'} ?"
                parameters.append(row_id)
        # rows are stored by estimated end: the default order is the row number itself
        order = f"row_id {ties}" if sort == Sort() else f"key {'DESC' if down else 'ASC'}, row_id {ties}"
        sql = f"SELECT row_id, {sort.expression} AS key FROM purchases WHERE {condition} ORDER BY {order} LIMIT {int(limit)}"  # noqa: S608
        return [(row[0], row[1]) for row in self.rows(sql, parameters)]

    def _rank(self, where: Clause, sort: Sort, first: tuple[int, int]) -> int:
        row_id, value = first
        condition = (
            "row_id < ?"
            if sort == Sort()
            else f"({sort.expression} {'>' if sort.descending else '<'} ? OR ({sort.expression} = ? AND row_id < ?))"
        )
        parameters = [row_id] if sort == Sort() else [value, value, row_id]
        sql = f"SELECT count(*) FROM purchases WHERE {where.sql} AND {condition}"  # noqa: S608
        return int(self.rows(sql, [*where.parameters, *parameters])[0][0])

    def _row_id(self, contract_key: str) -> int | None:
        sql = "SELECT row_id FROM keys WHERE key = md5_number_lower(?)"
        for (row_id,) in self.rows(sql, [contract_key]):
            if self.rows("SELECT contract_key FROM purchases WHERE row_id = ?", [row_id])[0][0] == contract_key:
                return int(row_id)
        return None

    def _fetch(self, row_ids: Sequence[int]) -> tuple[PurchaseRow, ...]:
        columns = ", ".join(_SQL_OF.get(name, name) for name in ROW_COLUMNS)
        sql = f"SELECT {columns} FROM purchases WHERE rowid IN (SELECT unnest(CAST(? AS BIGINT[])))"  # noqa: S608
        found = {row[0]: PurchaseRow(*row) for row in self.rows(sql, [list(row_ids)])} if row_ids else {}
        return tuple(found[row_id] for row_id in row_ids)

    def stream(
        self, filters: PurchaseFilters, columns: Sequence[str], sort: Sort | None = None, batch: int | None = None
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield every row of the list in its order, at most ``batch`` at a time, in memory that does not grow with texts.

        In order of estimated end, it reads one stretch of row numbers after the other. In any other order, it sorts the row
        numbers alone (four bytes each), then fetches the rows a stretch of the list at a time. Raises ``StoreReplaced``.
        """
        unknown = set(columns) - set(self._current().columns)
        if unknown:
            raise ValueError(f"Colonne inconnue : {', '.join(sorted(unknown))}.")
        chosen = ", ".join(_SQL_OF.get(name, f'"{name}"') for name in columns)
        if sort in (None, Sort()):
            return self._stream_as_stored(self.where(filters), chosen, batch or _STORED_BATCH)
        return self._stream_sorted(self.where(filters), chosen, sort or Sort(), batch or _SORTED_BATCH)

    def _stream_as_stored(self, where: Clause, chosen: str, batch: int) -> Iterator[list[tuple[Any, ...]]]:
        sql = f"SELECT row_id, {chosen} FROM purchases WHERE row_id >= ? AND row_id < ? AND {where.sql}"  # noqa: S608
        opened = self._current()
        for start in range(0, self.count(PurchaseFilters()), batch):
            self._still(opened)
            rows = self.rows(sql, [start, start + batch, *where.parameters])
            if rows:
                rows.sort(key=_ROW_NUMBER)
                yield [row[1:] for row in rows]

    def _stream_sorted(self, where: Clause, chosen: str, sort: Sort, batch: int) -> Iterator[list[tuple[Any, ...]]]:
        way = "DESC" if sort.descending else "ASC"
        order = f"SELECT row_id FROM purchases WHERE {where.sql} ORDER BY {sort.expression} {way}, row_id"  # noqa: S608
        opened, numbers = self._current(), array("i")
        cursor = self._run(order, where.parameters)
        while some := cursor.fetchmany(_STORED_BATCH):
            numbers.extend(row[0] for row in some)
        sql = f"SELECT row_id, {chosen} FROM purchases WHERE rowid IN (SELECT unnest(CAST(? AS BIGINT[])))"  # noqa: S608
        for start in range(0, len(numbers), batch):
            self._still(opened)
            wanted = numbers[start : start + batch].tolist()
            found = {row[0]: row[1:] for row in self.rows(sql, [wanted])}
            yield [found[number] for number in wanted]

    def _still(self, opened: "_Opened") -> None:
        if self._current() is not opened:
            raise StoreReplaced

    # ---- one contract ----------------------------------------------------------------------------------------------

    def contract(self, contract_key: str) -> Record | None:
        """Return every column of one contract, or None when the data set does not hold it."""
        row_id = self._row_id(contract_key)
        if row_id is None:
            return None
        columns = ", ".join(_SQL_OF.get(name, f'"{name}"') for name in self._current().columns)
        return self.records(f"SELECT {columns} FROM purchases WHERE row_id = ?", [row_id])[0]  # noqa: S608

    def chain(self, contract: Record) -> list[PurchaseRow]:
        """Return the contracts of the same need, oldest first, the one given included."""
        first = self._row_id(str(contract["chain_id"])) if contract["chain_id"] else None
        if first is None or (contract["chain_length"] or 1) <= 1:
            return []
        members = self.rows("SELECT row_id FROM chains WHERE first_row = ? ORDER BY chain_rank, row_id", [first])
        return list(self._fetch([row[0] for row in members]))

    def holders(self, contract: Record) -> list[Record]:
        """Return all the holders, current ones first."""
        return self.records(
            'SELECT * FROM holders WHERE row_id = ? ORDER BY "current" DESC, rank', [contract["row_id"]]
        )

    def modifications(self, contract: Record) -> list[Record]:
        """Return the modifications in the order they were applied; amounts are new totals."""
        return self.records("SELECT * FROM modifications WHERE row_id = ? ORDER BY rank", [contract["row_id"]])

    def subcontracts(self, contract: Record) -> list[Record]:
        """Return the declared subcontracting acts."""
        return self.records("SELECT * FROM subcontracts WHERE row_id = ? ORDER BY rank", [contract["row_id"]])

    def source_lines(self, contract: Record) -> list[Record]:
        """Return the records of the files this contract comes from: file, its SHA-256, position, kept or duplicate."""
        sql = """SELECT l.*, s.source_name, s.format, s.generation FROM source_lines l LEFT JOIN sources s USING (source_sha256)
                 WHERE l.row_id = ? ORDER BY l.outcome <> 'kept', l.outcome, s.source_name, l.record_index"""
        return self.records(sql, [contract["row_id"]])


class _Opened:
    """One version of the file, attached to a private database."""

    def __init__(self, path: Path, stamp: tuple[int, ...], threads: int, memory: str) -> None:
        self.stamp = stamp
        self.root = duckdb.connect(
            ":memory:", config={"threads": threads, "memory_limit": memory, "temp_directory": ""}
        )
        quoted = str(path).replace("'", "''")
        try:
            self.root.execute(f"ATTACH '{quoted}' AS store (READ_ONLY)")
            self.root.execute("SET enable_external_access = false; SET lock_configuration = true; USE store")
            self.meta: dict[str, str] = dict(self.root.execute("SELECT key, value FROM meta").fetchall())
        except duckdb.Error as error:
            raise StoreMissing(f"Le fichier de consultation est illisible ; relancez l’import. ({error})") from error
        if self.meta.get("store_version") != STORE_VERSION:
            raise StoreMissing("Le fichier de consultation vient d’une autre version ; relancez l’import.")
        self.areas: dict[str, int] = dict(self.root.execute("SELECT area, area_id FROM areas").fetchall())
        described = self.root.execute("SELECT * FROM purchases LIMIT 0").description or []
        self.columns = tuple(column[0] for column in described)
        self.counts: OrderedDict[PurchaseFilters, int] = OrderedDict()
