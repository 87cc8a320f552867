"""The sessions of a person: where they are signed in, and signing out elsewhere.

What is shown is kept in the session itself, and goes with it: nothing is written when a page is read, no address is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.signin.browsers import UNKNOWN, browser_words

_OPENED = "opened"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser somebody is signed in with. ``since`` is None for a session opened before this was kept."""

    browser: str
    since: datetime | None
    until: datetime
    is_this_one: bool


def remember_browser(session: SessionBase, agent: str, *, at: datetime) -> None:
    """Keep in a session which browser opened it, and when."""
    session[_OPENED] = {"at": at.isoformat(), "browser": browser_words(agent)}


def open_sessions(user: User, *, this: str | None, at: datetime) -> list[OpenSession]:
    """Return the browsers ``user`` is signed in with, that of this page first, then the latest opened."""
    found = []
    for session in _living(user, at):
        opened = session.get_decoded().get(_OPENED, {})
        since = datetime.fromisoformat(opened["at"]) if "at" in opened else None
        found.append(
            OpenSession(opened.get("browser", UNKNOWN), since, session.expire_date, session.session_key == this)
        )
    return sorted(found, key=lambda one: (not one.is_this_one, -(one.since or one.until).timestamp()))


@transaction.atomic
def end_other_sessions(user: User, *, keep: str | None, at: datetime) -> int:
    """Sign ``user`` out everywhere but in the session whose key is ``keep``; return how many sessions ended."""
    theirs = [session.session_key for session in _living(user, at) if session.session_key != keep]
    Session.objects.filter(session_key__in=theirs).delete()
    record("account.sessions_ended", user, at=at, actor=user, structure=None, sessions=len(theirs))
    return len(theirs)


def _living(user: User, at: datetime) -> Iterator[Session]:
    for session in Session.objects.filter(expire_date__gt=at).order_by("pk").iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session
