"""What is written to those a session brings together: that it will not be held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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


def tell_cancelled(session: Session, seated: Iterable[Office], *, at: datetime) -> int:
    """Write to those a session brings together that it is cancelled, and why; return to how many. In the caller's act."""
    begins = timezone.localtime(session.starts_at)
    context = {
        "session": session,
        "when": f"le {day(begins.date())} à {begins:%H:%M}",
        "items": list(session.items.all()),
        "address": settings.DENTELLE_SITE.rstrip("/") + reverse("governance:session", args=[session.pk]),
    }
    people = called(session, seated).people
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
