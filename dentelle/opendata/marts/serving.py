"""Builds the serving store: the one file the site reads its purchases from.

Written aside and put in place by one rename: whoever reads the previous file keeps it whole, and a build that stops leaves
it untouched. Two builds from the same data at the same date give the same rows.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import narwhals.stable.v2 as nw

from dentelle.opendata.decp.dataset import open_dataset
from dentelle.opendata.decp.schema import TABLES
from dentelle.opendata.engines import DuckDBSession, Frame, keep, session
from dentelle.opendata.ground import load_ground
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.ground_frames import ground_frames, ground_tables
from dentelle.opendata.marts.holders import holder_columns, known_names
from dentelle.opendata.marts.hours import named_hours
from dentelle.opendata.marts.legal_units import legal_units_of
from dentelle.opendata.marts.renewals import renewals
from dentelle.opendata.marts.rules_tables import foresight, hours_parameters
from dentelle.opendata.marts.serving_store import STORE_VERSION
from dentelle.opendata.marts.serving_tables import Statement, statements

HOURS = (
    "contract_key",
    "trade",
    "trade_name",
    "hours_low",
    "hours_central",
    "hours_high",
    "hours_low_parts",
    "hours_central_parts",
    "hours_high_parts",
    "hours_status",
    "hours_excluded",
)

LOCK = "serving.lock"
_SECONDS_BETWEEN_LOOKS = 0.5
_STOPPED = "Construction arrêtée : le jeu de données précédent reste en place."

# Called with the name of the step, the steps done and the steps to do.
Progress = Callable[[str, int, int], None]


class BuildCancelled(Exception):
    """The build was stopped on request; the previous store is untouched."""


def build_serving(
    dataset: Path,
    ground: Path,
    *,
    as_of: date,
    into: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    memory: str = "3GB",
) -> Path:
    """Foresee every contract of the data set as known at ``as_of``, and write the store the pages read at ``into``.

    One at a time: a second build waits for the first, then reads the data set as it is by then, so that the store left in
    place is never the older of two. Raises DatasetMissing or DatasetTooNew (``decp.dataset``), GroundMissing (``ground``), BuildCancelled.
    """
    open_dataset(dataset)  # nothing to foresee from is said before any folder is made
    places = load_ground(ground)
    into.parent.mkdir(parents=True, exist_ok=True)
    with (
        _one_at_a_time(into.parent, cancelled),
        TemporaryDirectory(prefix=".serving-", dir=into.parent) as scratch,
        session("duckdb", scratch=Path(scratch), memory=memory) as work,
    ):
        if not isinstance(work, DuckDBSession):
            raise TypeError("the serving store is a DuckDB file")
        opened = open_dataset(dataset)
        if progress is not None:
            progress("prévision", 0, 1)
        tables = {name: work.parquet([opened.path(name)]) for name in TABLES}
        frames = ground_frames(work, ground_tables(places, legal_units_of(places, opened)))
        rows = keep(renewals(tables["contracts"], frames, foresight(), as_of=as_of, names=tables["names"]).rows)
        parameters = hours_parameters(as_of)
        hours = named_hours(rows, parameters).select(*HOURS)
        views: dict[str, Frame] = {
            **tables,
            "holders": holder_columns(tables["holders"], known_names(tables["names"], frames)),
            "renewals": rows,
            "located": rows.select(*schema.LOCATED.names),
            "hours": hours,
        }
        for name, frame in views.items():
            nw.to_native(frame).create_view(name)
        # the file is read by the order its rows lie in
        work.connection.execute("SET preserve_insertion_order = true")
        meta = {
            "as_of": as_of.isoformat(),
            "digest": opened.digest,
            "data_as_of": "" if opened.manifest.as_of is None else opened.manifest.as_of.isoformat(),
            "duplicates": str(opened.manifest.duplicates),
            "ground_vintage": places.vintage,
            "hours_parts": str(parameters.parts),
            "uids": str(opened.manifest.uids),
        }
        return assemble(work.connection, into, meta, progress=progress, cancelled=cancelled)


@contextmanager
def _one_at_a_time(folder: Path, cancelled: Callable[[], bool] | None) -> Iterator[None]:
    with (folder / LOCK).open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if cancelled is not None and cancelled():
                    raise BuildCancelled(_STOPPED) from None
                time.sleep(_SECONDS_BETWEEN_LOOKS)
        yield


def assemble(
    connection: duckdb.DuckDBPyConnection,
    into: Path,
    meta: Mapping[str, str],
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Write the store at ``into`` from the views of ``connection`` (see ``serving_tables``) and return its path.

    ``meta`` says what the data set is (as_of, digest, generated or real…) and how many parts make an hour (``hours_parts``, 1
    when the parts of ``hours`` are hours); counts and freshness are added to it.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    aside = into.with_name(f".{into.name}.{os.getpid()}.tmp")
    aside.unlink(missing_ok=True)
    quoted = str(aside).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS store")
    steps: list[tuple[str, Statement]] = [*statements(), *_meta_statements()]
    try:
        for done, (name, sql) in enumerate(steps):
            if cancelled is not None and cancelled():
                raise BuildCancelled(_STOPPED)
            if progress is not None:
                progress(name, done, len(steps))
            connection.execute(sql if isinstance(sql, str) else sql(connection))
        connection.executemany(
            "INSERT INTO store.meta VALUES (?, ?)",
            [["store_version", STORE_VERSION], *([k, v] for k, v in meta.items())],
        )
        connection.execute("CHECKPOINT store")
    except BaseException:
        connection.execute("DETACH store")
        aside.unlink(missing_ok=True)
        raise
    connection.execute("DETACH store")
    with aside.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(aside, into)
    if progress is not None:
        progress("en place", len(steps), len(steps))
    return into


def _meta_statements() -> list[tuple[str, Statement]]:
    """Counts and freshness of the whole data set, kept as text."""
    figures = {
        "contracts": "(SELECT count(*) FROM store.purchases)",
        "buyers": "(SELECT count(*) FROM store.buyers)",
        "without_end": "(SELECT count(*) FROM store.purchases WHERE estimated_end IS NULL)",
        "rejected": "(SELECT count(*) FROM store.rejects)",
        "files": "(SELECT count(*) FROM store.sources)",
        "read": "(SELECT coalesce(sum(read), 0) FROM store.sources)",
        "last_published_on": "(SELECT max(published_on) FROM store.purchases)",
        "first_effective_on": "(SELECT min(effective_on) FROM store.purchases)",
        "last_effective_on": "(SELECT max(effective_on) FROM store.purchases)",
    }
    rows = " UNION ALL ".join(f"SELECT '{key}', CAST({sql} AS VARCHAR)" for key, sql in figures.items())
    return [
        ("bilan", "CREATE TABLE store.meta (key VARCHAR, value VARCHAR)"),
        ("bilan", f"INSERT INTO store.meta {rows}"),
    ]
