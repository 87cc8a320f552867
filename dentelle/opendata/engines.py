"""The engines a mart can run on, and the few things Narwhals does not say: one function per engine, the same test.

A mart takes and returns Narwhals lazy frames and never asks which engine is below. It needs this module for three acts
only: bring a table in, fix an intermediate result so that it is computed once, take the answer out.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol

import narwhals.stable.v2 as nw
import pyarrow as pa

Frame = nw.LazyFrame[Any]

ENGINES = ("duckdb", "spark")
MARTS_MEMORY = (
    "1GB"  # what DuckDB may hold for the marts before it spills: the process stays under a gigabyte and a half
)
_numbers = itertools.count(1)
_connection: ContextVar[Any] = ContextVar("connection of the DuckDB session at work")


class EngineMissingError(Exception):
    """The engine asked cannot run here; the message says what to install."""


class Session(Protocol):
    """One engine at work: brings tables in."""

    def parquet(self, paths: list[Path]) -> Frame:
        """Frame over Parquet files of one table, read lazily."""
        ...

    def arrow(self, table: pa.Table) -> Frame:
        """Frame over a table already in memory."""
        ...


class DuckDBSession:
    """DuckDB embedded: nothing to install, spills to ``scratch`` when memory runs short."""

    def __init__(self, *, scratch: Path | None = None, memory: str | None = None, threads: int | None = None) -> None:
        import duckdb

        self.connection = duckdb.connect()
        # order only comes from explicit sorts: the marts never rely on the order of rows in a file
        self.connection.execute("SET preserve_insertion_order = false")
        for setting, value in (("temp_directory", scratch), ("memory_limit", memory), ("threads", threads)):
            if value is not None:
                self.connection.execute(f"SET {setting} = '{value}'")

    def parquet(self, paths: list[Path]) -> Frame:
        return nw.from_native(self.connection.read_parquet([str(path) for path in paths], union_by_name=True))

    def arrow(self, table: pa.Table) -> Frame:
        return keep(nw.from_native(self.connection.from_arrow(table)))


class SparkSession:
    """Apache Spark, local unless a master is configured outside."""

    def __init__(self, *, scratch: Path | None = None) -> None:
        try:
            from pyspark.sql import SparkSession as Builder
        except ModuleNotFoundError as missing:
            raise EngineMissingError(
                "Spark n’est pas installé : « uv sync --group spark » l’ajoute (Java 17 est aussi nécessaire)."
            ) from missing
        import shutil

        if shutil.which("java") is None:
            raise EngineMissingError("Spark a besoin de Java 17 : installez « openjdk-17-jre-headless ».")
        builder = (
            Builder.builder.appName("dentelle")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        )
        if scratch is not None:
            builder = builder.config("spark.local.dir", str(scratch))
        self.spark = builder.getOrCreate()
        if (self.spark.sparkContext.master or "").startswith("local"):
            # on one machine, most of the time would go to scheduling 200 nearly empty partitions
            self.spark.conf.set("spark.sql.shuffle.partitions", "16")

    def parquet(self, paths: list[Path]) -> Frame:
        frame: Frame = nw.from_native(self.spark.read.parquet(*(str(path) for path in paths)))
        return frame

    def arrow(self, table: pa.Table) -> Frame:
        rows = [tuple(row.values()) for row in table.to_pylist()]
        frame: Frame = nw.from_native(self.spark.createDataFrame(rows, _spark_schema(table.schema)))
        return frame


@contextmanager
def session(engine: str, *, scratch: Path | None = None, memory: str | None = None) -> Iterator[Session]:
    """Open ``engine`` (``duckdb`` or ``spark``) and close it at the end.

    Raises ``EngineMissingError`` when Spark or Java is not installed.
    """
    if engine == "duckdb":
        opened = DuckDBSession(scratch=scratch, memory=memory)
        token = _connection.set(opened.connection)
        try:
            yield opened
        finally:
            _connection.reset(token)
            opened.connection.close()
    elif engine == "spark":
        spark = SparkSession(scratch=scratch)
        try:
            yield spark
        finally:
            spark.spark.stop()
    else:
        raise ValueError(f"moteur inconnu « {engine} » : {', '.join(ENGINES)}")


def keep(frame: Frame) -> Frame:
    """Compute ``frame`` once and hand back a frame over the result: what follows may read it several times."""
    native = nw.to_native(frame)
    kept = _keep_duckdb(native) if frame.implementation.is_duckdb() else _keep_spark(native)
    lazy: Frame = nw.from_native(kept)
    return lazy


def add_months(frame: Frame, name: str, date: str, months: str) -> Frame:
    """Add column ``name``: column ``date`` moved by column ``months`` (may be negative), the day clamped to the month.

    31 January + 1 month is the last day of February; null when either is null.
    """
    native: Any = nw.to_native(frame)
    if frame.implementation.is_duckdb():
        added = native.project(f'*, CAST("{date}" + to_months(CAST("{months}" AS INTEGER)) AS DATE) AS "{name}"')
    else:
        from pyspark.sql import functions

        added = native.withColumn(name, functions.expr(f"add_months(`{date}`, CAST(`{months}` AS INT))"))
    lazy: Frame = nw.from_native(added)
    return lazy


def release(*frames: Frame) -> None:
    """Forget what ``keep`` computed: nothing may read these frames, nor any frame made from them and not yet kept."""
    for frame in frames:
        native: Any = nw.to_native(frame)
        if frame.implementation.is_duckdb():
            _connection.get().execute(f'DROP TABLE "{native.alias}"')
        else:
            native.unpersist()


def _keep_duckdb(relation: Any) -> Any:
    # a table rather than relation.materialize(): the buffer manager can spill it, and the optimiser knows its statistics
    name = f"kept_{next(_numbers)}"
    relation.create(name)
    return _connection.get().table(name)


def _keep_spark(frame: Any) -> Any:
    # a checkpoint also cuts the plan, which otherwise doubles at each self-join of a chain
    return frame.localCheckpoint(eager=True)


def to_arrow(frame: Frame, schema: pa.Schema | None = None) -> pa.Table:
    """The rows of ``frame`` as an Arrow table, cast to ``schema`` (its columns, its order) when given."""
    if schema is not None:
        frame = frame.select(schema.names)
    table: pa.Table = frame.collect("pyarrow").to_native()
    return table if schema is None else table.cast(schema)


def _spark_schema(schema: pa.Schema) -> str:
    names = {
        pa.string(): "string",
        pa.int32(): "int",
        pa.int64(): "bigint",
        pa.bool_(): "boolean",
        pa.date32(): "date",
        pa.float64(): "double",
    }
    return ", ".join(f"`{field.name}` {names[field.type]}" for field in schema)
