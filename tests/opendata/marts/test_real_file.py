"""The marts over the real shared file, re-nested as 2022: figures recounted by hand in SQL."""

from collections.abc import Iterator
from datetime import date

import duckdb
import narwhals.stable.v2 as nw
import pytest

from dentelle.opendata.decp.dataset import Dataset, open_dataset
from dentelle.opendata.decp.importing import import_files
from dentelle.opendata.engines import DuckDBSession, keep, session
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.hours import named_hours
from dentelle.opendata.marts.renewals import renewals
from tests.opendata.marts.frames import foresight, ground_tables, hours_parameters
from tests.shared import shared_path


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("real")
    import_files([shared_path("data/decp/real_2022_shape.json")], folder, as_of=date(2019, 6, 1))
    return open_dataset(folder)


@pytest.fixture(scope="module")
def views(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    with session("duckdb") as work:
        assert isinstance(work, DuckDBSession)
        contracts = work.parquet([dataset.path("contracts")])
        frames = ground_frames(work, ground_tables())
        rows = keep(renewals(contracts, frames, foresight(), as_of=date(2019, 6, 1)).rows)
        nw.to_native(rows).create_view("renewals")
        nw.to_native(named_hours(rows, hours_parameters())).create_view("hours")
        yield work.connection


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchall()[0]
    return tuple(row)


def test_every_contract_is_foreseen_once(views: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    sql = "SELECT count(*), count(DISTINCT contract_key) FROM renewals"
    assert one(views, sql) == (dataset.manifest.contracts, dataset.manifest.contracts)


def test_an_end_is_missing_only_where_no_date_is_known(views: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT count(*) FILTER (effective_on IS NULL), count(*) FILTER (estimated_end IS NULL) FROM renewals"
    undated, endless = one(views, sql)
    assert undated == endless


def test_ends_agree_with_an_independent_computation(views: duckdb.DuckDBPyConnection) -> None:
    sql = """
        SELECT count(*) FROM renewals
        WHERE estimated_end <> CAST(effective_on + to_months(duration_months) AS DATE)
    """
    assert one(views, sql) == (0,)


def test_a_successor_takes_effect_after_its_predecessor(views: duckdb.DuckDBPyConnection) -> None:
    sql = """
        SELECT count(*), count(*) FILTER (a.effective_on >= b.effective_on),
               count(*) FILTER (a.buyer_siren IS DISTINCT FROM b.buyer_siren), count(DISTINCT b.contract_key)
        FROM renewals a JOIN renewals b ON a.chain_next_key = b.contract_key
    """
    links, backwards, strangers, successors = one(views, sql)
    assert links > 0
    assert (backwards, strangers) == (0, 0)
    assert successors == links


def test_no_hours_rest_on_an_unusable_amount(views: duckdb.DuckDBPyConnection) -> None:
    sql = """
        SELECT count(*) FROM hours
        WHERE hours_central IS NOT NULL AND amount_flag <> 'ok'
    """
    assert one(views, sql) == (0,)
