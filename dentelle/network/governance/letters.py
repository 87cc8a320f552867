"""What is written to those who sit in a body: that a session to come will not be held."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.network.governance.models import Office, Session
from dentelle.rules.wording import day


def reached(seated: Iterable[Office]) -> list[User]:
    """Return the people who can be written to, each once whatever the places they hold."""
    found = {office.user.pk: office.user for office in seated if office.user is not None and office.user.is_active}
    return list(found.values())


def unreached(seated: Iterable[Office]) -> list[str]:
    """Return the names of those who sit without an account, whom somebody has to call."""
    listed = list(seated)
    known = {user.pk for user in reached(listed)}
    return list(dict.fromkeys(office.full_name for office in listed if office.user_id not in known))


def tell_cancelled(session: Session, seated: Iterable[Office], *, at: datetime) -> int:
    """Write to those who sit that a session is cancelled, and why; return to how many. In the caller's act."""
    begins = timezone.localtime(session.starts_at)
    context = {
        "session": session,
        "when": f"le {day(begins.date())} à {begins:%H:%M}",
        "items": list(session.items.all()),
        "address": settings.DENTELLE_SITE.rstrip("/") + reverse("governance:session", args=[session.pk]),
    }
    people = reached(seated)
    for person in people:
        send(
            MessageKind.IMMEDIATE,
            person,
            f"Séance annulée\u00a0: {session.body.name}, {begins:%d/%m/%Y}",
            "governance/mail/cancelled.txt",
            {**context, "name": person.full_name},
            at=at,
            structure=None,
        )
    return len(people)
