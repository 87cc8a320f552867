"""What is written to those a session brings together: that it will be at another time or place, or not be held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.foundations.organisations.models import Membership, Role, Structure
from dentelle.network.governance.models import BodyKind, Office, Session
from dentelle.rules.wording import day


@dataclass(frozen=True, slots=True)
class Called:
    """Those a session brings together: accounts to write to, each once, and names without one, whom somebody has to call."""

    people: tuple[User, ...]
    others: tuple[str, ...]


def called(session: Session, seated: Iterable[Office]) -> Called:
    """Return those ``seated`` in the body and, for a general assembly, those who manage each member structure."""
    offices = list(seated)
    found = {office.user.pk: office.user for office in offices if office.user is not None and office.user.is_active}
    others = [office.full_name for office in offices if office.user_id not in found]
    if session.body.kind == BodyKind.GENERAL_ASSEMBLY:
        members = Structure.objects.approved().filter(network=session.network_id)
        managing = (
            Membership.objects.filter(structure__in=members, role=Role.MANAGER, user__is_active=True)
            .select_related("user")
            .order_by("user__full_name", "pk")
        )
        found |= {each.user.pk: each.user for each in managing}
        without = members.exclude(pk__in={each.structure_id for each in managing})
        others += without.order_by("name", "pk").values_list("name", flat=True)
    return Called(tuple(found.values()), tuple(dict.fromkeys(others)))


def together(*calls: Called) -> Called:
    """Return those of several calls, each once."""
    people = {person.pk: person for each in calls for person in each.people}
    return Called(tuple(people.values()), tuple(dict.fromkeys(name for each in calls for name in each.others)))


def tell_moved(before: Session, session: Session, people: Iterable[User], *, at: datetime) -> int:
    """Write to people when and where a session now is, and was; return to how many. In the caller's act."""
    begins = timezone.localtime(session.starts_at)
    subject = f"Séance déplacée\u00a0: {session.body.name}, {begins:%d/%m/%Y à %H:%M}"
    context = {**_told(session), "was": _when(before), "was_at": before.place}
    return _write(people, subject, "governance/mail/moved.txt", context, at=at)


def tell_cancelled(session: Session, seated: Iterable[Office], *, at: datetime) -> int:
    """Write to those a session brings together that it is cancelled, and why; return to how many. In the caller's act."""
    begins = timezone.localtime(session.starts_at)
    subject = f"Séance annulée\u00a0: {session.body.name}, {begins:%d/%m/%Y}"
    people = called(session, seated).people
    return _write(people, subject, "governance/mail/cancelled.txt", _told(session), at=at)


def _told(session: Session) -> dict[str, Any]:
    return {
        "session": session,
        "when": _when(session),
        "items": list(session.items.all()),
        "address": settings.DENTELLE_SITE.rstrip("/") + reverse("governance:session", args=[session.pk]),
    }


def _when(session: Session) -> str:
    begins = timezone.localtime(session.starts_at)
    return f"le {day(begins.date())} à {begins:%H:%M}"


def _write(people: Iterable[User], subject: str, template: str, context: dict[str, Any], *, at: datetime) -> int:
    written = list(people)
    for person in written:
        told = {**context, "name": person.full_name}
        send(MessageKind.IMMEDIATE, person, subject, template, told, at=at, structure=None)
    return len(written)
