"""Hours: the published example, one rounding, ceilings apart, exclusions counted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.opendata.engines import Session, session, to_arrow
from dentelle.opendata.marts import schema, wording
from dentelle.opendata.marts.hours import HoursPotential, hours_potential, named_hours
from dentelle.opendata.marts.parameters import CpvTrade, HoursParameters, HoursPeriod, TradeWeight
from dentelle.opendata.marts.rules_tables import hours_parameters as packaged
from tests.opendata.marts.frames import hours_parameters


def renewal(key: str, **changes: Any) -> dict[str, Any]:
    row = {
        "contract_key": key,
        "estimated_end_month": "2027-03",
        "buyer_siren": "216901231",
        "buyer_name": "Lyon",
        "cpv": "45000000",
        "amount_cents": 1_000_000_00,
        "amount_flag": "ok",
        "amount_kind": "price",
        "is_last_of_chain": True,
        "is_subsequent": False,
        **changes,
    }
    return {name: row.get(name) for name in schema.RENEWALS.names}


def potential(engine: Session, rows: list[dict[str, Any]]) -> HoursPotential:
    table = pa.Table.from_pylist(rows, schema=schema.RENEWALS)
    return hours_potential(engine.arrow(table), hours_parameters())


def lines(found: HoursPotential) -> list[dict[str, Any]]:
    return to_arrow(found.rows, schema.HOURS_POTENTIAL).sort_by("amount_kind").to_pylist()


def test_the_published_example_gives_its_hours(engine: Session) -> None:
    (row,) = lines(potential(engine, [renewal("a")]))
    assert row["hours_central"] == 833
    assert (row["trade"], row["month"], row["contracts"]) == ("building_all_trades", "2027-03", 1)


def test_the_low_figure_takes_the_dearest_hour_and_the_high_one_the_cheapest(engine: Session) -> None:
    (row,) = lines(potential(engine, [renewal("a")]))
    assert row["hours_low"] == 625  # 1 M€ × 50 % × 5 % ÷ 40 €
    assert row["hours_high"] == 1000  # 1 M€ × 50 % × 5 % ÷ 25 €: the effort is a choice, it does not widen the range


def test_amounts_are_summed_before_the_one_rounding(engine: Session) -> None:
    (row,) = lines(potential(engine, [renewal(key, amount_cents=600_00) for key in "abc"]))
    assert row["hours_central"] == 2  # 3 × 0,5 h = 1,5 h → 2 h, and not 3 × 1 h


def test_a_framework_ceiling_is_never_summed_with_prices(engine: Session) -> None:
    found = lines(potential(engine, [renewal("a"), renewal("b", amount_kind="ceiling", amount_cents=9_000_000_00)]))
    assert [(row["amount_kind"], row["amount_cents"]) for row in found] == [
        ("ceiling", 9_000_000_00),
        ("price", 1_000_000_00),
    ]


def test_what_gives_no_hours_is_counted_with_its_reason(engine: Session) -> None:
    found = potential(
        engine,
        [
            renewal("replaced", is_last_of_chain=False, cpv=None),
            renewal("order", is_subsequent=True),
            renewal("absurd", amount_flag="placeholder"),
            renewal("twice", amount_flag="repeated"),
            renewal("doubt", amount_flag="in_doubt"),
            renewal("mute", cpv=None),
            renewal("granted", cpv=None, contract_kind="concession"),
            renewal("furniture", cpv="39130000"),
            renewal("nothing", cpv="99000000"),
        ],
    )
    assert lines(found) == []
    counts = {row["reason"]: row["contracts"] for row in to_arrow(found.excluded, schema.HOURS_EXCLUDED).to_pylist()}
    assert counts == {
        "already_replaced": 1, "subsequent": 1, "amount_unusable": 1, "amount_repeated": 2, "concession_without_cpv": 1, "no_cpv": 1, "no_trade": 2,
    }  # fmt: skip
    assert set(counts) == set(wording.HOURS_EXCLUDED)


def test_the_weakest_parameter_gives_the_status(engine: Session) -> None:
    (recalled,) = lines(potential(engine, [renewal("a", cpv="77310000")]))
    (practice,) = lines(potential(engine, [renewal("a")]))
    assert (recalled["status"], practice["status"]) == ("to_confirm", "local_practice")


def test_contract_by_contract_an_excluded_one_has_a_reason_and_no_hours(engine: Session) -> None:
    table = pa.Table.from_pylist([renewal("a"), renewal("b", cpv="39130000")], schema=schema.RENEWALS)
    rows = {
        row["contract_key"]: row for row in to_arrow(named_hours(engine.arrow(table), hours_parameters())).to_pylist()
    }
    assert (rows["a"]["hours_central"], rows["a"]["hours_status"], rows["a"]["hours_excluded"]) == (
        833,
        "local_practice",
        None,
    )
    assert (rows["b"]["hours_central"], rows["b"]["hours_status"], rows["b"]["hours_excluded"]) == (
        None,
        None,
        "no_trade",
    )


def test_the_packaged_parameters_say_that_they_are_to_confirm() -> None:
    parameters = packaged(date(2026, 11, 21))
    assert {row.status for row in parameters.trades} == {"to_confirm"}


@pytest.mark.parametrize(("low", "central", "high"), [(-1, 0, 0), (2, 1, 3), (1, 2, 10**9)])
def test_weights_out_of_order_or_too_heavy_to_add_are_refused(low: int, central: int, high: int) -> None:
    period = HoursPeriod(date(2026, 1, 1), {"t": TradeWeight(low, central, high, "certain")})
    with pytest.raises(ValueError, match="hors limites"):
        HoursParameters((CpvTrade("45", "t", "T", "certain"),), 1, (period,))


def test_the_launch_decides_the_period_of_the_parameters(engine: Session) -> None:
    plain = hours_parameters()
    dearer = HoursPeriod(date(2027, 1, 1), {"building_all_trades": TradeWeight(10, 10, 10, "to_confirm")})
    parameters = replace(plain, periods=(*plain.periods, dearer))
    table = pa.Table.from_pylist(
        [
            renewal("before", estimated_launch=date(2026, 12, 31)),
            renewal("after", estimated_launch=date(2027, 1, 1)),
            renewal("unknown"),
        ],
        schema=schema.RENEWALS,
    )
    rows = {row["contract_key"]: row for row in to_arrow(named_hours(engine.arrow(table), parameters)).to_pylist()}
    found = {key: (row["hours_central"], row["hours_status"]) for key, row in rows.items()}
    assert found == {
        "before": (833, "local_practice"),
        "after": (417, "to_confirm"),
        "unknown": (833, "local_practice"),
    }
    (total,) = to_arrow(hours_potential(engine.arrow(table), parameters, ()).rows, schema.HOURS_POTENTIAL).to_pylist()
    assert total["hours_central"] == 2083  # 833,33 + 416,67 + 833,33


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 1_000_000_000_00), min_size=1, max_size=20))
def test_hours_are_the_exact_amount_rounded_half_up(amounts: list[int]) -> None:
    rows = [renewal(str(rank), amount_cents=cents, buyer_siren=f"{rank:09d}") for rank, cents in enumerate(amounts)]
    with session("duckdb") as engine:
        found = {row["buyer_siren"]: row["hours_central"] for row in lines(potential(engine, rows))}
    for rank, cents in enumerate(amounts):
        # 50 % × 5 % ÷ 3 000 cents per hour = 1 hour per 120 000 cents
        assert found[f"{rank:09d}"] == (2 * cents + 120_000) // 240_000
