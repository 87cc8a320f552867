"""Month arithmetic against a slow reference."""

import calendar
from datetime import date

import narwhals.stable.v2 as nw
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.opendata.engines import add_months, session, to_arrow
from dentelle.opendata.marts.months import floor_divide, month_index, month_label


def slow_plus_months(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


DATES = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(DATES, st.integers(-400, 400)), min_size=1, max_size=40))
def test_moving_by_months_agrees_with_counting_them_one_by_one(moves: list[tuple[date, int]]) -> None:
    table = pa.table(
        {
            "day": pa.array([day for day, _ in moves], pa.date32()),
            "months": pa.array([months for _, months in moves], pa.int32()),
            "at": pa.array(range(len(moves)), pa.int32()),
        }
    )
    with session("duckdb") as engine:
        frame = add_months(engine.arrow(table), "end", "day", "months")
        found = to_arrow(frame).sort_by("at")["end"].to_pylist()
    assert found == [slow_plus_months(day, months) for day, months in moves]


def test_the_end_of_a_month_is_clamped_to_the_shorter_month() -> None:
    moves = [(date(2026, 1, 31), 1), (date(2028, 1, 31), 1), (date(2026, 10, 31), -8), (date(2024, 2, 29), 12)]
    table = pa.table({"day": [day for day, _ in moves], "months": [months for _, months in moves], "at": range(4)})
    with session("duckdb") as engine:
        frame = engine.arrow(table.cast(pa.schema([("day", pa.date32()), ("months", pa.int32()), ("at", pa.int32())])))
        moved = add_months(frame, "end", "day", "months")
        ends = to_arrow(moved).sort_by("at")["end"].to_pylist()
    assert ends == [date(2026, 2, 28), date(2028, 2, 29), date(2026, 2, 28), date(2025, 2, 28)]


def test_a_missing_date_or_duration_has_no_end() -> None:
    table = pa.table(
        {"day": pa.array([None, date(2026, 1, 1)], pa.date32()), "months": pa.array([3, None], pa.int32())}
    )
    with session("duckdb") as engine:
        frame = engine.arrow(table).with_columns(label=month_label(nw.col("day")))
        rows = to_arrow(add_months(frame, "end", "day", "months"))
    assert rows["end"].to_pylist() == [None, None]
    assert set(rows["label"].to_pylist()) == {None, "2026-01"}


def test_month_indexes_subtract_to_calendar_months() -> None:
    table = pa.table({"day": pa.array([date(2025, 12, 31), date(2026, 1, 1)], pa.date32())})
    with session("duckdb") as engine:
        frame = engine.arrow(table).with_columns(index=month_index(nw.col("day")))
        low, high = sorted(to_arrow(frame)["index"].to_pylist())
    assert high - low == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**17), st.integers(1000, 10**9)), min_size=1, max_size=40))
def test_integer_division_stays_exact_beyond_what_a_double_holds(pairs: list[tuple[int, int]]) -> None:
    kept = [(top, bottom) for top, bottom in pairs if top // bottom < 2**50]
    table = pa.table(
        {
            "top": pa.array([top for top, _ in kept], pa.int64()),
            "bottom": pa.array([bottom for _, bottom in kept], pa.int64()),
            "at": pa.array(range(len(kept)), pa.int32()),
        }
    )
    with session("duckdb") as engine:
        frame = engine.arrow(table).with_columns(found=floor_divide(nw.col("top"), nw.col("bottom")))
        found = to_arrow(frame).sort_by("at")["found"].to_pylist()
    assert found == [top // bottom for top, bottom in kept]
