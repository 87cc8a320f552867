from datetime import date

import pytest

from dentelle.rules.advocacy import follow_up_due, reminder_from


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 11, 22), date(2027, 2, 22)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 9, 15), date(2026, 12, 15)),
    ],
)
def test_a_paper_awaits_a_follow_up_three_months_after_the_last(last, due):
    assert follow_up_due(last) == due


def test_a_member_is_reminded_two_weeks_before_a_call_closes():
    assert reminder_from(date(2026, 12, 5)) == date(2026, 11, 21)
