"""Runs the marts over a whole data set, for whoever stores the answers: the site's serving store, an export, a bench."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from dentelle.opendata.decp.dataset import Dataset
from dentelle.opendata.decp.schema import TABLES
from dentelle.opendata.engines import Frame, keep, session
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.hours import named_hours
from dentelle.opendata.marts.parameters import Foresight, HoursParameters
from dentelle.opendata.marts.renewals import renewals

HOURS_COLUMNS = [
    *("contract_key", "trade", "trade_name", "hours_low", "hours_central", "hours_high", "hours_status"),
    "hours_excluded",
]
MARTS = ("renewals", "located", "hours", "chain_report")


def write_marts(
    contracts: list[Path],
    ground: dict[str, pa.Table],
    foresight: Foresight,
    hours: HoursParameters,
    *,
    as_of: date,
    into: Path,
    memory: str | None = None,
) -> dict[str, Path]:
    """Write ``MARTS`` over every contract of the country as Parquet files of ``into``; return their paths.

    ``renewals`` holds one row per contract whatever its end (``schema.RENEWALS``, belongs_by for the whole country);
    ``located`` is ``schema.LOCATED``; ``hours`` has ``HOURS_COLUMNS``; ``chain_report`` is ``schema.CHAIN_REPORT``.
    ``ground`` is ``ground_frames.ground_tables``. DuckDB only, spilling into ``into`` beyond ``memory``.
    """
    into.mkdir(parents=True, exist_ok=True)
    with session("duckdb", scratch=into / "spill", memory=memory) as engine:
        frames = ground_frames(engine, ground)
        found = renewals(engine.parquet(contracts), frames, foresight, as_of=as_of)
        rows = keep(found.rows)
        written: dict[str, Frame] = {
            "renewals": rows.select(schema.RENEWALS.names),
            "located": rows.select(schema.LOCATED.names),
            "hours": named_hours(rows, hours).select(HOURS_COLUMNS),
            "chain_report": found.chain_report,
        }
        paths = {name: into / f"{name}.parquet" for name in MARTS}
        for name, frame in written.items():
            nw.to_native(frame).write_parquet(str(paths[name]), compression="zstd")
    return paths


@contextmanager
def serving_connection(
    dataset: Dataset,
    ground: dict[str, pa.Table],
    foresight: Foresight,
    hours: HoursParameters,
    *,
    as_of: date,
    scratch: Path,
    memory: str | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with one view per canonical table of ``dataset`` and per mart of ``MARTS``.

    The marts are computed first, in their own engine, so that their memory is given back before the store is laid out.
    ``scratch`` must outlive the connection.
    """
    contracts = [dataset.path("contracts")]
    marts = write_marts(contracts, ground, foresight, hours, as_of=as_of, into=scratch, memory=memory)
    sources = {**{name: dataset.path(name) for name in TABLES}, **marts}
    connection = duckdb.connect()
    try:
        connection.execute("SET preserve_insertion_order = false")
        if memory is not None:
            connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET temp_directory = '{scratch / 'spill'}'")
        for name, path in sources.items():
            connection.read_parquet(str(path)).create_view(name)
        yield connection
    finally:
        connection.close()
