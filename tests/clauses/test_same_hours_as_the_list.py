"""The hours of a contract are one figure: on the list, on its page, and in the calibration prefilled from it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.opendata.engines import session, to_arrow
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.hours import named_hours
from dentelle.opendata.marts.renewals import renewals
from dentelle.opendata.marts.rules_tables import foresight, hours_parameters
from dentelle.rules.calibration import CalibrationRequest, calibrate
from dentelle.rules.launch import judged_launch
from dentelle.rules.trades import cpv_trade_table
from tests.clauses.test_same_answer_as_the_list import calibrated
from tests.opendata.marts.frames import contract, contracts, ground_tables

AS_OF = date(2026, 11, 21)
CODES = [row.prefix.ljust(8, "0") for row in cpv_trade_table()]


def listed(published: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rows of the list with their hours, by key, with the rules' own parameters."""
    facts = contracts(contract(key, f"besoin {key}", **changes) for key, changes in published.items())
    with session("duckdb") as engine:
        found = renewals(
            engine.arrow(facts), ground_frames(engine, ground_tables()), foresight(), as_of=AS_OF, keep_replaced=True
        )
        rows = to_arrow(named_hours(found.rows, hours_parameters(AS_OF))).to_pylist()
    return {row["contract_key"]: row for row in rows}


def test_the_list_and_the_prefilled_calibration_give_the_same_three_figures() -> None:
    published = {
        f"{code}-{cents}": {"cpv": code, "amount_cents": cents, "amount_kind": kind}
        for code in CODES
        for cents, kind in ((150_000_00, "price"), (7_654_321_09, "ceiling"))
    }
    with_hours = {key: row for key, row in listed(published).items() if row["hours_excluded"] is None}
    assert len(with_hours) >= 40
    for row in with_hours.values():
        result = calibrated(row, AS_OF)
        assert (result.sheet["low_hours"], result.hours, result.sheet["high_hours"]) == (
            row["hours_low"],
            row["hours_central"],
            row["hours_high"],
        ), row["cpv"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(CODES),
            st.integers(1, 1_000_000_000_00),
            st.none() | st.dates(date(2015, 1, 1), date(2035, 1, 1)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_mart_and_rule_agree_on_any_contract(drawn: list[tuple[str, int, date | None]]) -> None:
    rows = [
        {
            "contract_key": str(rank),
            "cpv": cpv,
            "amount_cents": cents,
            "estimated_launch": launch,
            "amount_flag": "ok",
            "amount_kind": "price",
            "is_last_of_chain": True,
            "is_subsequent": False,
        }
        for rank, (cpv, cents, launch) in enumerate(drawn)
    ]
    with session("duckdb") as engine:
        facts = engine.arrow(pa.Table.from_pylist(rows, schema=schema.RENEWALS))
        found = to_arrow(named_hours(facts, hours_parameters(AS_OF))).to_pylist()
    for row in found:
        request = CalibrationRequest(amount=Decimal(row["amount_cents"]) / 100, cpv=row["cpv"])
        result = calibrate(request, judged_launch(row["estimated_launch"], AS_OF))
        if row["hours_excluded"] == "no_trade":
            assert (result.hours, row["hours_central"]) == (0, None)
            continue
        seen = (result.low_hours, result.hours, result.high_hours)
        assert seen == (row["hours_low"], row["hours_central"], row["hours_high"])
