"""Statements run beside others: in their order, their failures told, given up when the build is."""

import threading

import duckdb
import pyarrow as pa
import pytest

from dentelle.opendata.decp.beside import Beside


def test_statements_are_run_in_the_order_they_are_asked() -> None:
    connection = duckdb.connect()
    beside = Beside(connection)
    beside.register("given", pa.table({"n": [1, 2]}))
    beside.run("CREATE TABLE kept AS FROM given", "INSERT INTO kept VALUES (3)")
    beside.wait()
    assert connection.execute("SELECT sum(n) FROM kept").fetchone() == (6,)
    beside.close()


def test_what_goes_wrong_beside_is_raised_when_waited_for() -> None:
    beside = Beside(duckdb.connect())
    beside.run("SELECT * FROM nowhere", "SELECT 1")
    with pytest.raises(duckdb.CatalogException, match="nowhere"):
        beside.wait()
    beside.close()


def test_closing_gives_up_what_runs_and_what_waits() -> None:
    connection = duckdb.connect()
    beside = Beside(connection)
    beside.run("CREATE TABLE long AS SELECT count(*) FROM range(10000000000)", "CREATE TABLE after AS SELECT 1")
    closing = threading.Thread(target=beside.close)
    closing.start()
    closing.join(timeout=20)
    assert not closing.is_alive()
    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
