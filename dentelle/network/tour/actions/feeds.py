"""The personal calendar of somebody of the network: opened, given another address, closed; read by its secret address."""

from datetime import datetime

from django.db import transaction
from django.http import Http404

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.network.tour import access
from dentelle.network.tour.calendars import feed_key
from dentelle.network.tour.models import CalendarFeed


def feed_of(viewer: access.Viewer) -> CalendarFeed | None:
    """Return the open feed of a person, None while they have none."""
    return CalendarFeed.objects.filter(**_place(viewer), closed_at=None).first()


@transaction.atomic
def open_feed(viewer: access.Viewer, *, at: datetime) -> CalendarFeed:
    """Give the person's calendar an address; asked again, another one, and the former stops answering."""
    close_feed(viewer, at=at)
    feed = CalendarFeed.objects.create(**_place(viewer), made_at=at)
    record("calendar.opened", feed, at=at, actor=viewer.user, structure=_structure(viewer))
    return feed


@transaction.atomic
def close_feed(viewer: access.Viewer, *, at: datetime) -> bool:
    """Stop answering at the address of the person's calendar; False when there was none."""
    feed = CalendarFeed.objects.select_for_update().filter(**_place(viewer), closed_at=None).first()
    if feed is None:
        return False
    feed.closed_at = at
    feed.save(update_fields=["closed_at"])
    record("calendar.closed", feed, at=at, actor=viewer.user, structure=_structure(viewer))
    return True


def reader_behind(token: str) -> access.Viewer:
    """Return who reads by a secret address, or 404: closed, or the person no longer has their place."""
    key = feed_key(token)
    feed = (
        CalendarFeed.objects.filter(pk=key, closed_at=None)
        .select_related("membership__user", "membership__structure", "seat__user", "seat__network")
        .first()
        if key
        else None
    )
    held = (feed.membership or feed.seat) if feed else None
    if held is None or not held.user.is_active:
        raise Http404
    if isinstance(held, Membership) and not Structure.objects.approved().filter(pk=held.structure_id).exists():
        raise Http404
    return held


def _place(viewer: access.Viewer) -> dict[str, access.Viewer]:
    return {"membership": viewer} if isinstance(viewer, Membership) else {"seat": viewer}


def _structure(viewer: access.Viewer) -> Structure | None:
    return viewer.structure if isinstance(viewer, Membership) else None
