"""The sessions of the demonstration are held when people work, whatever the moment it is loaded."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dentelle.demo.accounts import NETWORK, create_demo_accounts
from dentelle.demo.governance import SATURDAY, load_governance, meeting_time
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance.models import Session

PARIS = ZoneInfo("Europe/Paris")


def on(day: int, hour: int) -> datetime:
    """A moment of November 2026, whose 21st is a Saturday."""
    return datetime(2026, 11, day, hour, 6, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "later", "day"), [(on(20, 3), False, 20), (on(22, 23), False, 20), (on(21, 3), True, 23)]
)
def test_a_meeting_falls_on_a_working_day_at_its_hour(moment, later, day):
    assert meeting_time(moment, 14, later=later) == datetime(2026, 11, day, 14, tzinfo=PARIS)


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [0, 1, 2])
def test_sessions_of_the_demonstration_are_held_in_working_hours(ahead):
    at = on(20, 3) + timedelta(days=ahead)
    create_demo_accounts(at=at)
    assert load_governance(NetworkSeat.objects.filter(network__name=NETWORK)[0], at=at)
    begins = [timezone.localtime(session.starts_at) for session in Session.objects.all()]
    assert len(begins) == 4
    assert {each.weekday() < SATURDAY and each.hour in range(9, 18) for each in begins} == {True}
