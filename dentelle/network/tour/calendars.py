"""Stages as calendars know them (RFC 5545): one stable UID per stage, a SEQUENCE that grows, a cancelled one says so.

Anyone reads the feed of a public Tour; a person of the network has one of their own, behind a secret address that is signed
rather than stored.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.core import signing
from icalendar import Calendar, Event
from icalendar.prop import vDuration

from dentelle.network.tour import letters
from dentelle.network.tour.models import CalendarFeed, Stage
from dentelle.network.tour.vocabulary import Audience, StageState

PRODUCT = "-//Dentelle//Tour//FR"
CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=12)
_SIGNER = signing.Signer(salt="tour.calendar")


def token_of(feed: CalendarFeed) -> str:
    """Return the secret part of the address of a personal feed."""
    return _SIGNER.sign(str(feed.pk))


def feed_key(token: str) -> int | None:
    """Return the key of the feed behind a secret address, None for one nobody was given."""
    try:
        return int(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def calendar_of(stages: Iterable[Stage], *, name: str, public: bool) -> bytes:
    """Return the calendar of stages, those without a day left out. ``public``: addresses lead to their public pages."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    # a property of its own kind is written as an hour of the day unless it is said to be a duration
    made.add("x-published-ttl", vDuration(REFRESH))
    for stage in stages:
        if stage.day is not None:
            made.add_component(event_of(stage, public=public))
    return bytes(made.to_ical())


def event_of(stage: Stage, *, public: bool) -> Event:
    """Return one stage as an event: at its hours when they are known, else the whole day."""
    event = Event()
    event.add("uid", f"{stage.uid}@tour.dentelle")
    event.add("dtstamp", _exact(stage.changed_at))
    event.add("last-modified", _exact(stage.changed_at))
    event.add("sequence", stage.sequence)
    starts, ends = stage.starts_at, stage.ends_at
    if starts is not None and ends is not None:
        event.add("dtstart", _exact(starts))
        event.add("dtend", _exact(ends))
    elif stage.day is not None:
        event.add("dtstart", stage.day)
        event.add("dtend", stage.day + timedelta(days=1))
    event.add("summary", f"{stage.title} ({stage.region})")
    where = ", ".join(filter(None, (stage.place, stage.address)))
    if where:
        event.add("location", where)
    address = letters.address(
        "tour:public-stage" if public and stage.audience == Audience.PUBLIC else "tour:stage", stage.pk
    )
    cancelled = stage.state == StageState.CANCELLED
    said = f"Annulée\u00a0: {stage.cancel_reason}" if cancelled else stage.summary
    event.add("description", "\n\n".join(filter(None, (said, address))))
    event.add("url", address)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _exact(moment: datetime) -> datetime:
    """The same moment in universal time, to the second: no calendar needs to know the clocks of the region."""
    return moment.astimezone(UTC).replace(microsecond=0)
