from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from dentelle.foundations.jobs import clock
from dentelle.foundations.jobs.models import DutyRun

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=PARIS)


@pytest.fixture
def duties(monkeypatch):
    """A clock with no duty of the house: the test declares its own."""
    monkeypatch.setattr(clock, "DUTIES", {})
    return clock.DUTIES


def counting(ran):
    def duty(at):
        ran.append(at)
        return "fait"

    return duty


@pytest.mark.django_db
def test_a_daily_duty_runs_once_a_day(duties):
    ran = []
    clock.every("daily 03:00")(counting(ran))
    for hours in (0, 1, 14, 15, 16, 38):  # noon … 2 h, 3 h, 4 h next day … 2 h the day after
        clock.run_due(NOON + timedelta(hours=hours))
    assert ran == [NOON, NOON + timedelta(hours=15)]


@pytest.mark.django_db
def test_a_periodic_duty_waits_for_its_period(duties):
    ran = []
    clock.every(minutes=5)(counting(ran))
    for minutes in (0, 4, 5, 9, 10):
        clock.run_due(NOON + timedelta(minutes=minutes))
    assert [at - NOON for at in ran] == [timedelta(), timedelta(minutes=5), timedelta(minutes=10)]


@pytest.mark.django_db
def test_two_clocks_that_read_the_same_row_run_the_duty_once(duties, monkeypatch):
    ran = []
    clock.every(minutes=5)(counting(ran))
    [duty] = duties.values()
    row = DutyRun.objects.create(name=duty.name, started_at=NOON - timedelta(hours=1))
    # the other clock takes the duty between our reading of the row and our writing
    monkeypatch.setattr(
        DutyRun.objects, "get_or_create", lambda **_: (DutyRun(pk=row.pk, started_at=row.started_at), False)
    )
    assert len(clock.run_due(NOON)) == 1
    assert clock.run_due(NOON) == []
    assert len(ran) == 1


@pytest.mark.django_db
def test_a_duty_that_fails_does_not_stop_the_others_and_is_written_down(duties):
    ran = []

    def broken(at):
        raise OSError("disk full")

    clock.every(minutes=5)(broken)
    clock.every(minutes=5)(counting(ran))
    outcomes = clock.run_due(NOON)
    assert [outcome.failed for outcome in outcomes] == [True, False]
    assert len(ran) == 1
    assert DutyRun.objects.get(name__endswith="broken").outcome == "échec : OSError"


@pytest.mark.django_db
def test_a_clock_set_back_does_not_block_the_duties(duties):
    ran = []
    clock.every(minutes=5)(counting(ran))
    clock.run_due(NOON + timedelta(days=300))
    clock.run_due(NOON)
    assert len(ran) == 2


def test_three_in_the_morning_stays_three_when_the_hour_changes():
    duty = clock.Duty("x", lambda at: "", daily_at=time(3, 0))
    after_change = datetime(2026, 10, 25, 12, 0, tzinfo=PARIS)  # the night of 24 to 25 October has 25 hours
    assert duty.due_since(after_change, PARIS).astimezone(UTC) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(("when", "minutes"), [("", 0), ("daily 3h", 0), ("daily 03:00", 5)])
def test_a_duty_must_say_when(when, minutes):
    with pytest.raises(ValueError, match="daily HH:MM"):
        clock.every(when, minutes=minutes)


@pytest.mark.django_db
def test_the_command_runs_the_house_duties(capsys):
    Session.objects.create(session_key="old", session_data="", expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    call_command("duties", "--once")
    assert "1\u00a0session expirée effacée" in capsys.readouterr().out
    assert not Session.objects.exists()
    call_command("duties", "--list")
    assert "prune_finished_tasks : chaque jour à 03:20" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_asks_what_it_must_do_and_fails_when_a_duty_fails(duties):
    with pytest.raises(CommandError, match="--once"):
        call_command("duties")

    def broken(at):
        raise OSError

    clock.every(minutes=5)(broken)
    with pytest.raises(CommandError, match="échoué"):
        call_command("duties", "--once")
