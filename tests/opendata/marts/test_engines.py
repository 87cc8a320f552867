"""The engines: what Narwhals lacks does the same on each, and the marts give the same rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest

from dentelle.opendata.engines import EngineMissingError, Session, keep, session, to_arrow
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.backtest import backtest
from dentelle.opendata.marts.buyers import buyer_columns, buyer_facts
from dentelle.opendata.marts.clause_rate import RATE_AREAS, clause_rate
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.hours import hours_potential
from dentelle.opendata.marts.location import areas_of, located
from dentelle.opendata.marts.renewals import renewals
from tests.opendata.marts.frames import (
    LYON,
    contract,
    contracts,
    foresight,
    ground_tables,
    hours_parameters,
    modifications,
)
from tests.opendata.marts.test_renewals import AS_OF, COUNTRY

BOTH = [pytest.param("duckdb"), pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="module", params=BOTH)
def any_engine(request: pytest.FixtureRequest) -> Iterator[Session]:
    with session(request.param) as opened:
        yield opened


def test_a_table_comes_back_as_it_went_in(any_engine: Session) -> None:
    table = pa.table(
        {
            "text": pa.array(["é", None], pa.string()),
            "day": pa.array([date(2026, 1, 31), None], pa.date32()),
            "cents": pa.array([2**53 + 1, None], pa.int64()),
            "small": pa.array([1, None], pa.int32()),
            "said": pa.array([True, None], pa.bool_()),
            "share": pa.array([0.5, None], pa.float64()),
        }
    )
    assert to_arrow(any_engine.arrow(table), table.schema).sort_by("small").equals(table)


def test_a_kept_frame_can_be_read_twice(any_engine: Session) -> None:
    kept = keep(any_engine.arrow(pa.table({"n": pa.array([1, 2, 3], pa.int64())})).filter(nw.col("n") > 1))
    assert sorted(to_arrow(kept)["n"].to_pylist()) == [2, 3]
    assert to_arrow(kept.select(nw.col("n").sum()))["n"].to_pylist() == [5]


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="moteur inconnu"), session("hadoop"):
        pass


def test_spark_without_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineMissingError, match=r"Java 17|uv sync --group spark"), session("spark"):
        pass


def everything(engine: Session) -> dict[str, pa.Table]:
    """Every mart over the hand-made country and a few chains."""
    chains = [
        contract(f"{year}-{lot}", f"maintenance chaudieres lot {lot}", cpv="50720000", notified_on=date(year, 3, 31), published_on=date(year, 4, 15), duration_months=12)
        for year in range(2019, 2026)
        for lot in (1, 2)
    ]  # fmt: skip
    table = engine.arrow(contracts([*COUNTRY, *chains]))
    tables = ground_tables()
    ground = ground_frames(engine, tables)
    areas = engine.arrow(areas_of(frozenset({LYON}), tables["communes"], tables["postal_codes"]))
    whole = renewals(table, ground, foresight(), as_of=AS_OF)
    local = renewals(table, ground, foresight(), as_of=AS_OF, areas=areas)
    kept = keep(whole.rows)
    hours = hours_potential(kept, hours_parameters())
    facts = keep(buyer_facts(table, ground.communes, ground.epcis, ground.legal_units))
    places = located(buyer_columns(table, facts), ground.communes, ground.postal_codes, ground.former_codes)
    rate_areas = pa.Table.from_pylist(
        [{"territory": "commune:69123", "territory_name": "Lyon", "role": "asked", "area": "commune:69123"}],
        schema=RATE_AREAS,
    )
    judged = backtest(table, engine.arrow(modifications()), at=date(2022, 6, 30), months=24)
    return {
        "renewals": to_arrow(kept, schema.RENEWALS),
        "local": to_arrow(local.rows, schema.RENEWALS),
        "report": to_arrow(whole.chain_report, schema.CHAIN_REPORT),
        "located": to_arrow(places, schema.LOCATED),
        "hours": to_arrow(hours.rows, schema.HOURS_POTENTIAL),
        "excluded": to_arrow(hours.excluded, schema.HOURS_EXCLUDED),
        "rates": to_arrow(clause_rate(table, places, facts, engine.arrow(rate_areas)), schema.CLAUSE_RATE),
        "backtest": to_arrow(judged.rows, schema.BACKTEST),
    }


def _sorted(table: pa.Table) -> list[tuple[Any, ...]]:
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


def test_two_runs_give_the_same_rows() -> None:
    answers = []
    for _ in range(2):
        with session("duckdb") as engine:
            answers.append({name: _sorted(table) for name, table in everything(engine).items()})
    assert answers[0] == answers[1]


@pytest.mark.spark
def test_duckdb_and_spark_give_the_same_rows() -> None:
    answers = {}
    for name in ("duckdb", "spark"):
        with session(name) as engine:
            answers[name] = {mart: _sorted(table) for mart, table in everything(engine).items()}
    for mart, rows in answers["duckdb"].items():
        assert answers["spark"][mart] == rows, mart
        assert rows, mart
