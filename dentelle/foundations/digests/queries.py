"""Who is to be written to, and on which days."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.digests.models import WORKING_DAYS, Digest, DigestPreference
from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.organisations.models import Membership, NetworkSeat, StructureStatus

# E-mails leave in the morning; a machine that was off sends them later, but not in the evening.
FROM, UNTIL = time(7), time(19)


def days_of(user: User) -> str:
    """Return the days a person gets the e-mail, as digits of ``weekday()``; empty: never."""
    chosen = DigestPreference.objects.filter(user=user).values_list("days", flat=True).first()
    return WORKING_DAYS if chosen is None else chosen


def due_people(at: datetime) -> Iterable[User]:
    """Return those to look after now: at work, or a partner of an agreement, who want the e-mail today and were not looked after yet."""
    local = timezone.localtime(at)
    if not FROM <= local.time() < UNTIL:
        return ()
    today, morning = local.date(), datetime.combine(local.date(), FROM, tzinfo=local.tzinfo)
    at_work = Membership.objects.filter(user=OuterRef("pk"), structure__status=StructureStatus.APPROVED)
    at_the_head = NetworkSeat.objects.filter(user=OuterRef("pk"))
    partners = Seat.objects.open().filter(user=OuterRef("pk"), role=SeatRole.PARTNER)
    people = User.objects.filter(
        Exists(at_work) | Exists(at_the_head) | Exists(partners), is_active=True, created_at__lt=morning
    )
    return people.filter(_wanted_on(today)).exclude(Exists(_looked_after(today))).order_by("pk")


def _wanted_on(day: date) -> Q:
    chosen = DigestPreference.objects.filter(user=OuterRef("pk"))
    wanted = Q(Exists(chosen.filter(days__contains=str(day.weekday()))))
    if str(day.weekday()) in WORKING_DAYS:
        wanted |= ~Q(Exists(chosen))
    return wanted


def _looked_after(day: date) -> QuerySet[Digest]:
    return Digest.objects.filter(user=OuterRef("pk"), day=day)
