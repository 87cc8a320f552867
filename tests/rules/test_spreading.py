from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules.spreading import MonthlyMinutes, SpreadingRefused, allocate, expected_by, spread_by_month

WEIGHTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=30).filter(any)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(st.integers(0, 10**9), WEIGHTS)
def test_shared_minutes_always_add_up(minutes: int, weights: list[int]) -> None:
    assert sum(allocate(minutes, weights)) == minutes


@given(st.integers(0, 10**9), WEIGHTS)
def test_no_part_is_a_minute_away_from_its_due(minutes: int, weights: list[int]) -> None:
    total = sum(weights)
    for part, weight in zip(allocate(minutes, weights), weights, strict=True):
        assert abs(part * total - minutes * weight) < total


def test_the_odd_minute_goes_to_the_first_of_equals() -> None:
    assert allocate(100, (1, 1, 1)) == (34, 33, 33)


def test_a_part_of_weight_zero_receives_nothing() -> None:
    assert allocate(61, (0, 2, 1)) == (0, 41, 20)


@pytest.mark.parametrize(
    ("minutes", "weights", "code"), [(-1, (1,), "negative"), (1, (-1, 2), "negative"), (1, (0, 0), "no_weight")]
)
def test_an_impossible_share_says_why(minutes: int, weights: tuple[int, ...], code: str) -> None:
    with pytest.raises(SpreadingRefused) as refused:
        allocate(minutes, weights)
    assert refused.value.code == code


@given(st.integers(0, 10**8), DAYS, st.integers(0, 2000))
def test_a_plan_covers_every_month_of_the_period_and_adds_up(minutes: int, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    plan = spread_by_month(minutes, start, end)
    assert sum(line.minutes for line in plan) == minutes
    assert plan[0].month == start.replace(day=1)
    assert plan[-1].month == end.replace(day=1)
    assert len(plan) == (end.year - start.year) * 12 + end.month - start.month + 1


def test_a_month_begun_late_carries_less() -> None:
    plan = spread_by_month(3_000, date(2026, 1, 22), date(2026, 2, 28))
    assert [line.minutes for line in plan] == [789, 2_211]


def test_a_period_ending_before_it_starts_is_refused() -> None:
    with pytest.raises(SpreadingRefused):
        spread_by_month(60, date(2026, 2, 1), date(2026, 1, 31))


def test_a_month_is_expected_once_it_is_over() -> None:
    plan = (MonthlyMinutes(date(2026, 1, 1), 100), MonthlyMinutes(date(2026, 2, 1), 50))
    assert [expected_by(plan, day) for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1))] == [0, 100, 150]
