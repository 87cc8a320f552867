"""From staging to the canonical tables, in sets: deduplicate, apply modifications, name the defects that show only from afar.

The rules, and why:

* Records are compared inside one kind (contract or concession) and one uid (buyer + number). Two of them are the same contract when they have
  the same holders, the same initial amount and the same lot mark (« lot 2 »), and the same notification date, an undated copy being that of the
  earliest dated one. Where the amount proves nothing (missing, zero, placeholder), the objects must also be the same. Whatever differs in one of
  these is a lot, or one contract told several times: ``republications`` says which, and what is done when nothing proves it.
* Without a uid (no buyer or no number) only a full repetition is merged.
* The row kept is the last published, then the fullest, then the first in the order of sources, of content and of position: a total order.
* A modification gives new totals; the current value of a field is the last one given, in the order of notification date (publication date
  when missing, undated ones first), then number, then place in the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from dentelle.opendata.decp.beside import Beside
from dentelle.opendata.decp.check import DEFECTS
from dentelle.opendata.decp.republications import APPLIED, DOUBTED, LOTS, REPUBLISHED, VERSIONS
from dentelle.opendata.decp.schema import TABLES
from dentelle.opendata.decp.sources import Refusal
from dentelle.opendata.decp.staged import STAGED, staged_rows
from dentelle.opendata.decp.staging import Staged, source_key
from dentelle.opendata.decp.statements import (
    CONTRACTS,
    HOLDERS,
    LINEAGE,
    NAMES,
    PLACED,
    SOURCES,
    SUBCONTRACTS,
    copy,
    joined,
    quoted,
)

MEMORY_LIMIT: Final = "450MB"
FREED: Final = f"SET memory_limit = '{MEMORY_LIMIT}'"
# Records given their keys at a time: what sorting them takes does not depend on how many there are.
KEYED_AT_ONCE: Final = 200_000
KEYS: Final = pa.schema([("row_id", pa.int64()), ("core", pa.binary()), ("family", pa.uint64())])
# A publication date that far from all the others is a typing error, not the date of the data: half a year where a thousand records make a
# continuous flow, two years where there are few.
LARGEST_SILENCE_DAYS: Final = 184
LARGEST_SILENCE_OF_FEW_DAYS: Final = 731
FEW: Final = 1000


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """A staged source and where its tables are."""

    staged: Staged
    folder: Path


@dataclass(frozen=True, slots=True)
class Built:
    """What the build counted."""

    rows: dict[str, int]
    contracts: int
    uids: int
    duplicates: int
    as_of: date | None


class Build:
    """One build of the canonical tables into a folder."""

    def __init__(
        self, sources: list[SourceFolder], refused: list[Refusal], into: Path, scratch: Path, as_of: date | None
    ) -> None:
        # the order of sources is that of their digests: it does not depend on the order of imports
        self.sources = sorted(sources, key=lambda source: source.staged.sha256)
        self.refused = sorted(refused, key=lambda refusal: (refusal.name, refusal.reason))
        self.into, self.scratch, self.as_of = into, scratch, as_of
        self.connection = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(scratch),
                "preserve_insertion_order": "false",
                "threads": "2",
                "autoinstall_known_extensions": "false",
            }
        )
        # what it needs is made without TEMP, which only one connection sees
        self.beside = Beside(self.connection)

    def run(self, step: Callable[[str, int, int], None]) -> Built:
        """Build every table; ``step`` hears the name of each step, its rank and how many there are, and may raise."""
        steps: list[tuple[str, Callable[[], None]]] = [
            ("inventaire", self.inventory),
            ("date de référence", self.reference_date),
            ("rapprochement", self.compare),
            ("republications", self.republish),
            ("modifications", self.apply_modifications),
            ("contrats", self.write_contracts),
            ("titulaires, traçabilité", self.beside.wait),
        ]
        try:
            for rank, (name, act) in enumerate(steps):
                step(name, rank, len(steps))
                act()
            return self.counted()
        finally:
            self.beside.close()
            self.connection.close()

    def sql(self, statement: str) -> None:
        """Run a statement, then give back what it freed: DuckDB keeps it otherwise, as much as the file is large, until its limit is set."""
        self.connection.execute(statement)
        self.connection.execute(FREED)

    def write(self, statement: str, table: str) -> None:
        """Write a canonical table beside what goes on."""
        self.beside.run(copy(statement, self.into, table), FREED)

    def register(self, name: str, rows: pa.Table) -> None:
        """Give rows a name in the statements of both connections."""
        self.connection.register(name, rows)
        self.beside.register(name, rows)

    def one(self, query: str) -> tuple[object, ...]:
        rows = self.connection.execute(query).fetchall()
        return tuple(rows[0]) if rows else ()

    # ------------------------------------------------------------------ inventory

    def inventory(self) -> None:
        """Views over all staged files, and where each block stands in the whole."""
        for table, schema in STAGED.items():
            rows = [rows for source in self.sources for rows in staged_rows(source.folder, table)]
            given = pa.concat_tables(rows) if rows else schema.empty_table()
            self.register(f"staged_{table}", given)
            if table == "records":
                self.records = given
        keys, numbers, bases, indexes, lines = [], [], [], [], []
        described: list[tuple[object, ...]] = []
        base = 0
        for rank, source in enumerate(self.sources):
            told = source.staged
            for part in told.parts:
                keys.append(source_key(told))
                numbers.append(part.number)
                bases.append(base + part.first_index)
                indexes.append(part.first_index)
                lines.append(part.first_line)
            described.append((
                source_key(told), rank, told.sha256, told.name, told.bytes, told.format, told.generation, told.read, told.rejected,
            ))  # fmt: skip
            base += told.read
        parts = pa.table(
            {
                "source_key": pa.array(keys, pa.int64()),
                "part": pa.array(numbers, pa.int32()),
                "base": pa.array(bases, pa.int64()),
                "first_index": pa.array(indexes, pa.int64()),
                "first_line": pa.array(lines, pa.int64()),
            }
        )
        self.connection.register("parts_given", parts)
        self.sql("CREATE TABLE parts AS SELECT * FROM parts_given")
        self.sql(
            "CREATE TABLE described (source_key BIGINT, source_rank INT, source_sha256 VARCHAR, source_name VARCHAR, bytes BIGINT,"
            " format VARCHAR, generation VARCHAR, read BIGINT, rejected BIGINT)"
        )
        if described:
            self.connection.executemany("INSERT INTO described VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", described)
        self.write(SOURCES, "sources")
        self.write(self.rejects(), "rejects")
        self.write(NAMES, "names")

    def reference_date(self) -> None:
        """The date beyond which another is « future »: given, else the newest publication that is no typing error."""
        if self.as_of is None:
            row = self.one(
                f"""
                WITH days AS (
                    SELECT published_on AS day, count(*) AS weight FROM (
                        SELECT published_on FROM staged_records UNION ALL SELECT published_on FROM staged_modifications
                    ) WHERE published_on IS NOT NULL GROUP BY 1
                ), allowed AS (
                    SELECT CASE WHEN sum(weight) < {FEW} THEN {LARGEST_SILENCE_OF_FEW_DAYS} ELSE {LARGEST_SILENCE_DAYS} END AS silence FROM days
                ), gaps AS (
                    SELECT days.*, CASE WHEN day - lag(day) OVER (ORDER BY day) > silence THEN 1 ELSE 0 END AS gap FROM days, allowed
                ), runs AS (SELECT *, sum(gap) OVER (ORDER BY day) AS run FROM gaps)
                SELECT max(day) FROM runs GROUP BY run ORDER BY sum(weight) DESC, max(day) DESC LIMIT 1
                """
            )
            found = row[0] if row else None
            self.as_of = found if isinstance(found, date) else None
        self.limit = f"DATE '{self.as_of.isoformat()}'" if self.as_of is not None else "DATE '9999-12-31'"

    # ------------------------------------------------------------------ compare

    def compare(self) -> None:
        """The contract each record belongs to, and whether it is the row kept for it.

        A record that shares its number with no other is its contract: only the others are in the table ``places``, and of them only those that
        are not the row kept for the key they came with end in ``moved``.
        """
        same = (
            "kind, buyer_id, number, holders_key, lot_mark, CASE WHEN amount_flag = 'ok' THEN amount_cents END,"
            " CASE WHEN amount_flag <> 'ok' THEN concat_ws('\x1f', amount_published, object_words) END"
        )
        whole = "kind, buyer_id, number, holders_key, amount_published, object_words, notified_on, published_on, cpv, place_code"
        numbered = "buyer_id IS NOT NULL AND number IS NOT NULL"
        self.key(
            f"CASE WHEN {numbered} THEN concat('=', {joined(same)}) ELSE concat('?', {joined(whole)}) END",
            # ``family`` only groups rows within this build: 64 bits that need not last are enough, a contract's key takes 80 of a digest
            f"CASE WHEN {numbered} THEN hash(kind, buyer_id, number) ELSE hash(core) END",
        )
        self.sql(
            f"""
            CREATE TEMP TABLE compared AS
            SELECT base + local AS row_id, r.source_key, record_hash, CASE WHEN {numbered} THEN family END AS block, core,
                   CASE WHEN notified_on <= {self.limit} THEN notified_on END AS notified_on,
                   CASE WHEN published_on <= {self.limit} THEN published_on END AS published_on,
                   filled, r.flags, modified
            FROM keyed_records r JOIN parts USING (source_key, part)
            SEMI JOIN (SELECT family FROM keyed_records GROUP BY family HAVING count(*) > 1) USING (family)
            """
        )
        self.sql(
            """
            CREATE TEMP TABLE ranked AS
            WITH repeated AS (
                SELECT core, min(notified_on) AS first_notified FROM compared GROUP BY core HAVING count(*) > 1
            ), dated AS (
                SELECT c.*, source_rank,
                       CASE WHEN coalesce(c.notified_on, first_notified) IS NOT DISTINCT FROM first_notified THEN core
                            ELSE unhex(substr(md5(concat_ws('|', lower(hex(core)), c.notified_on::VARCHAR)), 1, 20)) END AS contract_key
                FROM compared c JOIN repeated USING (core) JOIN described USING (source_key)
            )
            SELECT row_id, contract_key, block, source_key, flags,
                   row_number() OVER (
                       PARTITION BY contract_key
                       ORDER BY published_on DESC NULLS LAST, filled DESC, source_rank, record_hash, row_id
                   ) AS rank
            FROM dated
            """
        )
        self.sql(
            """
            CREATE TEMP TABLE merged AS
            SELECT contract_key, count(*) AS copies, count(DISTINCT source_key) AS sources, count(*) > count(DISTINCT source_key) AS inside,
                   array_to_string(list_sort(list_distinct(flatten(list(string_split(flags, '|')) FILTER (flags IS NOT NULL)))), '|') AS flags
            FROM ranked GROUP BY contract_key HAVING count(*) > 1
            """
        )
        self.sql(
            """
            CREATE TEMP TABLE places AS
            SELECT row_id, core, core AS contract_key, true AS kept, block, modified FROM compared c
            WHERE NOT EXISTS (SELECT 1 FROM ranked r WHERE r.row_id = c.row_id)
            UNION ALL
            SELECT r.row_id, core, r.contract_key, rank = 1, r.block, modified FROM ranked r JOIN compared USING (row_id)
            """
        )
        self.sql("DROP TABLE ranked")
        self.sql("DROP TABLE compared")

    def key(self, told: str, family: str) -> None:
        """``keyed_records``: the staged records with the digest of what makes each a contract (``core``) and what it is compared within.

        The keys of millions of records are a mapped file beside the rows they are for, out of anonymous memory, where a table to be joined is not.
        They are ten bytes, which DuckDB compares without following a pointer; ``copy`` writes them as text.
        """
        path = str(self.scratch / "keys.arrow")
        with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, KEYS) as writer:
            for start in range(0, len(self.records), KEYED_AT_ONCE):
                self.connection.register("stretch", self.records.slice(start, KEYED_AT_ONCE))
                keys = self.connection.sql(
                    f"""
                    SELECT row_id, core, {family} AS family FROM (
                        SELECT kind, buyer_id, number, base + local AS row_id, unhex(substr(md5({told}), 1, 20)) AS core
                        FROM stretch JOIN parts USING (source_key, part)
                    )
                    """
                ).to_arrow_table()
                writer.write_table(
                    keys.sort_by("row_id").combine_chunks()
                )  # as the records are: by source, block and place in it
        keys = pa.ipc.open_file(pa.memory_map(path)).read_all()
        keyed, chunks = self.records, self.records.column("local").chunks
        for name in ("core", "family"):
            column, at, pieces = keys.column(name), 0, []
            for chunk in chunks:
                pieces += column.slice(at, len(chunk)).chunks
                at += len(chunk)
            keyed = keyed.append_column(name, pa.chunked_array(pieces, column.type))
        self.register("keyed_records", keyed)

    def republish(self) -> None:
        """``placed`` (every record, its contract, whether it is kept) and ``merged``, once corrections and co-holders sent apart are brought together."""
        for statement in (VERSIONS.replace("{limit}", self.limit), REPUBLISHED, *APPLIED):
            self.sql(statement)
        self.sql(
            "CREATE TABLE moved AS SELECT row_id, contract_key, kept FROM places WHERE NOT kept OR contract_key <> core"
        )
        self.sql("DROP TABLE places")
        self.sql(PLACED)
        self.beside.run(PLACED)
        self.write(LINEAGE, "lineage")
        self.write(SUBCONTRACTS.replace("{limit}", self.limit), "subcontracts")

    # ------------------------------------------------------------------ modifications

    def apply_modifications(self) -> None:
        """Distinct modifications of each contract in order of application, and what they make of it."""
        self.sql(
            """
            CREATE TEMP TABLE changes AS
            WITH given AS (
                SELECT contract_key, row_id, m.*, m.rank AS given_rank, kept FROM staged_modifications m JOIN placed USING (source_key, part, local)
            ), distinct_ones AS (
                SELECT * FROM given
                QUALIFY row_number() OVER (
                    PARTITION BY contract_key, number, notified_on, published_on, amount_cents, duration_months, holders_key
                    ORDER BY kept DESC, row_id, given_rank
                ) = 1
            )
            SELECT * EXCLUDE (rank), row_number() OVER (
                PARTITION BY contract_key
                ORDER BY coalesce(notified_on, published_on) NULLS FIRST, try_cast(number AS BIGINT) NULLS FIRST, number NULLS FIRST,
                         given_rank, row_id
            )::INT AS rank
            FROM distinct_ones
            """
        )
        self.sql(
            f"""
            CREATE TABLE changed AS
            SELECT contract_key, count(*)::INT AS modification_count,
                   max(CASE WHEN notified_on <= {self.limit} THEN notified_on END) AS modified_on,
                   count(*) FILTER (notified_on > {self.limit}) > 0 AS has_future,
                   arg_max({{'cents': amount_cents, 'published': amount_published, 'flag': amount_flag}}, rank)
                       FILTER (amount_flag <> 'missing') AS amount,
                   arg_max(duration_months, rank) FILTER (duration_months IS NOT NULL) AS duration_months,
                   max(rank) FILTER (holders_key <> '') AS holders_rank
            FROM changes GROUP BY contract_key
            """
        )
        self.sql(
            """
            CREATE TABLE changed_holders AS
            SELECT c.contract_key, c.rank AS modification_rank, h.rank, h.holder_id, h.holder_id_kind, h.holder_id_valid, h.holder_name,
                   c.rank = g.holders_rank AS current
            FROM changes c JOIN changed g USING (contract_key)
            JOIN staged_holders h ON h.source_key = c.source_key AND h.part = c.part AND h.local = c.local AND h.modification = c.given_rank
            WHERE c.holders_key <> ''
            """
        )
        self.write(HOLDERS, "holders")
        statement = f"""
            SELECT contract_key, rank, number, CASE WHEN notified_on <= {self.limit} THEN notified_on END AS notified_on,
                   CASE WHEN published_on <= {self.limit} THEN published_on END AS published_on, amount_cents, amount_published,
                   duration_months, holders_key <> '' AS replaces_holders, reason
            FROM changes
        """
        self.sql(copy(statement, self.into, "modifications"))
        self.sql("DROP TABLE changes")

    # ------------------------------------------------------------------ contracts

    def write_contracts(self) -> None:
        self.sql(LOTS)
        self.sql(DOUBTED)
        self.sql("DROP TABLE versions")
        self.sql("DROP TABLE republished")
        self.sql(
            """
            CREATE TEMP TABLE shared_by_kinds AS
            SELECT DISTINCT buyer_id, number FROM staged_records
            SEMI JOIN (SELECT buyer_id, number FROM staged_records WHERE kind = 'concession') USING (buyer_id, number)
            WHERE kind = 'contract'
            """
        )
        self.sql(
            """
            CREATE TEMP TABLE reissued AS
            SELECT buyer_id, left(number, length(number) - 2) AS stem, object_words FROM staged_records
            WHERE generation = '2019' AND buyer_id IS NOT NULL AND object_words IS NOT NULL AND regexp_full_match(number, '.{5,}[0-9]{2}')
            GROUP BY 1, 2, 3 HAVING count(DISTINCT number) > 1
            """
        )
        self.sql(copy(CONTRACTS.replace("{limit}", self.limit), self.into, "contracts"))

    def rejects(self) -> str:
        """Unreadable records, then the cuts outside records, then the files refused."""
        sentences = pa.table({"defect": list(DEFECTS), "sentence": [defect.sentence for defect in DEFECTS.values()]})
        self.register("sentences", sentences)
        others = [
            (source.staged.sha256, source.staged.name, "truncated", sentence)
            for source in self.sources
            for sentence in source.staged.breaks
        ] + [(None, refusal.name, refusal.defect, refusal.reason) for refusal in self.refused]
        columns = list(zip(*others, strict=True)) if others else [(), (), (), ()]
        names = ("source_sha256", "source_name", "defect", "reason")
        self.register(
            "other_rejects",
            pa.table({name: pa.array(list(column), pa.string()) for name, column in zip(names, columns, strict=True)}),
        )
        outside = """
            SELECT source_sha256, source_name, NULL::BIGINT AS record_index, NULL::BIGINT AS byte_offset, NULL::BIGINT AS line, defect, reason,
                   NULL::VARCHAR AS excerpt FROM other_rejects"""
        return f"""
            SELECT source_sha256, source_name, (local + first_index)::BIGINT AS record_index, byte_offset,
                   (line + first_line + 1)::BIGINT AS line, defect, sentence AS reason, excerpt
            FROM staged_rejects JOIN parts USING (source_key, part) JOIN described USING (source_key) LEFT JOIN sentences USING (defect)
            UNION ALL {outside}"""

    def counted(self) -> Built:
        rows = {}
        for table in TABLES:
            rows[table] = int(
                str(self.one(f"SELECT count(*) FROM read_parquet({quoted(str(self.into / (table + '.parquet')))})")[0])
            )
        uids = self.one(
            "SELECT count(DISTINCT uid) FROM read_parquet(" + quoted(str(self.into / "contracts.parquet")) + ")"
        )[0]
        duplicates = self.one("SELECT count(*) FROM moved WHERE NOT kept")[0]
        return Built(rows, rows["contracts"], int(str(uids)), int(str(duplicates)), self.as_of)
