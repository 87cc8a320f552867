"""One DuckDB session per test: tables in, rows out."""

from collections.abc import Iterator

import pytest

from dentelle.opendata.engines import Session, session


@pytest.fixture
def engine() -> Iterator[Session]:
    with session("duckdb") as opened:
        yield opened
