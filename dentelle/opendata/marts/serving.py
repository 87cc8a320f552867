"""Builds the serving store: the one file the site reads its purchases from.

Written aside and put in place by one rename: whoever reads the previous file keeps it whole, and a build that stops leaves
it untouched. Two builds from the same data at the same date give the same rows.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from dentelle.opendata.marts.serving_store import STORE_VERSION
from dentelle.opendata.marts.serving_tables import Statement, statements

# Called with the name of the step, the steps done and the steps to do.
Progress = Callable[[str, int, int], None]


class BuildCancelled(Exception):
    """The build was stopped on request; the previous store is untouched."""


def assemble(
    connection: duckdb.DuckDBPyConnection,
    into: Path,
    meta: Mapping[str, str],
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Write the store at ``into`` from the views of ``connection`` (see ``serving_tables``) and return its path.

    ``meta`` says what the data set is (as_of, digest, generated or real…); counts and freshness are added to it.
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
                raise BuildCancelled("Construction arrêtée : le jeu de données précédent reste en place.")
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
