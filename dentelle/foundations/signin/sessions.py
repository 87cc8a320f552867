"""The sessions of a person, in other browsers."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record


@transaction.atomic
def end_other_sessions(user: User, *, keep: str | None, at: datetime) -> int:
    """Sign ``user`` out everywhere but in the session whose key is ``keep``; return how many sessions ended."""
    living = Session.objects.filter(expire_date__gt=at).exclude(session_key=keep or "")
    theirs = [
        session.session_key for session in living.iterator() if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(session_key__in=theirs).delete()
    record("account.sessions_ended", user, at=at, actor=user, structure=None, sessions=len(theirs))
    return len(theirs)
