"""The clock: duties nobody asks for, run at their time, once, even with two clocks.

A room declares a duty in its ``tasks.py``::

    @every("daily 03:00")          # or @every(minutes=5)
    def purge_old_drafts(at: datetime) -> str:
        return "3 brouillons supprimés"

``@every("daily 03:40", label="Refaire les prévisions")`` also tells it to people, on the page of background work: only for
a duty whose sentence says nothing of any one structure. A duty missed while the machine was off runs at the next tick. A duty must be safe to repeat.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.utils import timezone

from dentelle.foundations.jobs.models import DutyRun

logger = logging.getLogger("dentelle.clock")
_DAILY = re.compile(r"daily (\d\d):(\d\d)\Z")


@dataclass(frozen=True, slots=True)
class Duty:
    """``daily_at`` is a local time of day, ``period`` an interval: exactly one of them is set.

    ``label`` is its French name on the page of background work, empty when it is not told there.
    """

    name: str
    run: Callable[[datetime], str]
    daily_at: time | None = None
    period: timedelta | None = None
    label: str = ""

    @property
    def when(self) -> str:
        """« chaque jour à 03:40 », « toutes les 5 minutes »."""
        if self.daily_at:
            return f"chaque jour à {self.daily_at:%H:%M}"
        minutes = int((self.period or timedelta()).total_seconds()) // 60
        return "chaque minute" if minutes == 1 else f"toutes les {minutes} minutes"

    def due_since(self, at: datetime, zone: tzinfo) -> datetime:
        """The latest moment, not after ``at``, when this duty should have started."""
        if self.period:
            return at - self.period + timedelta.resolution
        local = at.astimezone(zone)
        today = datetime.combine(local.date(), self.daily_at or time(), tzinfo=zone)
        return (
            today if today <= local else datetime.combine(local.date() - timedelta(days=1), today.time(), tzinfo=zone)
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one duty did; ``failed`` is set when it raised."""

    name: str
    text: str
    failed: bool = False


DUTIES: dict[str, Duty] = {}


def every(
    when: str = "", *, minutes: int = 0, label: str = ""
) -> Callable[[Callable[[datetime], str]], Callable[[datetime], str]]:
    """Declare a duty: ``"daily HH:MM"`` (local time) or ``minutes=N``. The function takes the moment, returns a sentence."""
    match = _DAILY.match(when)
    if bool(match) == bool(minutes):
        raise ValueError(f"say either 'daily HH:MM' or minutes=N, not {when!r} with minutes={minutes}")
    daily_at = time(int(match[1]), int(match[2])) if match else None
    period = timedelta(minutes=minutes) if minutes else None

    def declare(run: Callable[[datetime], str]) -> Callable[[datetime], str]:
        name = f"{run.__module__}.{run.__qualname__}"
        DUTIES[name] = Duty(name, run, daily_at, period, label)
        return run

    return declare


def run_due(at: datetime) -> list[Outcome]:
    """Run every duty whose time has come and that no other clock has taken. One that fails does not stop the others."""
    zone = timezone.get_current_timezone()
    return [_run(duty, at) for duty in DUTIES.values() if _take(duty, at, zone)]


def _take(duty: Duty, at: datetime, zone: tzinfo) -> bool:
    row, _ = DutyRun.objects.get_or_create(name=duty.name)
    if row.started_at is not None and row.started_at >= duty.due_since(at, zone) and row.started_at <= at:
        return False
    # compare and set: of two clocks that read the same row, one changes it
    return DutyRun.objects.filter(pk=row.pk, started_at=row.started_at).update(started_at=at) == 1


def _run(duty: Duty, at: datetime) -> Outcome:
    try:
        outcome = Outcome(duty.name, duty.run(at))
    except Exception as failure:
        logger.exception("duty %s failed", duty.name)
        outcome = Outcome(duty.name, f"échec : {type(failure).__name__}", failed=True)
    DutyRun.objects.filter(name=duty.name).update(finished_at=timezone.now(), outcome=outcome.text[:200])
    return outcome
