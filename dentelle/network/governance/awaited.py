"""What governance makes people wait for: its head, concerns to gather, axes to have decided, minutes to settle; who sits in a body, its meetings; an
elected official, what became of their concerns.

A meeting is told to each in person: officials read their own, the team of a structure what the team sits at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.hats import NETWORK_SEAT, read_along
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.governance import access
from dentelle.network.governance.actions.concerns import outcome
from dentelle.network.governance.models import AxisVersion, BodyKind, ConcernNews, ConcernState, Office, Session
from dentelle.network.governance.queries.bodies import SEATED_ROLES
from dentelle.rules.wording import day, ended, plural, sentence, shortened

KINDS = {
    "concern.to_gather": "Préoccupations à ranger",
    "axis.to_decide": "Axe à faire valider",
    "session.to_hold": "Compte rendu à arrêter",
}
MEMBER = {"concern.told": "Suite à une préoccupation", "session.coming": "Séance à venir"}
MOST = 200
AHEAD = timedelta(days=30)  # before, nobody prepares a meeting yet
MOST_POINTS = 3
CALLED = "may_be_called"  # read with each membership


def awaits(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return what waits for the head of the network."""
    return [*_concerns(seat, at), *_axes(seat, at), *_sessions(seat, at)]


def _concerns(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """By mandate: those of a former one are carried over to who runs the network now, and say where they come from."""
    found = access.concerns_visible_to(seat).filter(state=ConcernState.WRITTEN)
    counted = found.values("mandate", "mandate__name", "mandate__ends_on").order_by("mandate__starts_on", "mandate")
    return [
        Awaiting(
            kind="concern.to_gather",
            pk=row["mandate"],
            subject=plural(row["count"], "préoccupation écrite", "préoccupations écrites"),
            about=_whence(row["mandate__name"], row["mandate__ends_on"], at),
            sentence="Des élus ont écrit ce qu’ils voient\u00a0: personne ne l’a encore rangé dans un thème.",
            since=timezone.localdate(row["first"]),
            due=None,
            action="Ranger dans un thème",
            page="governance:gathering",
        )
        for row in counted.annotate(count=Count("pk"), first=Min("written_at"))
    ]


def _whence(mandate: str, ended: date | None, at: datetime) -> str:
    return mandate if ended is not None and ended < timezone.localdate(at) else ""


def _axes(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    found = AxisVersion.objects.filter(network=seat.network_id, decided_on=None, axis__closed_on=None)
    return [
        Awaiting(
            kind="axis.to_decide",
            pk=version.pk,
            subject=version.name,
            sentence=_proposed(version, timezone.localdate(at)),
            since=timezone.localdate(version.proposed_at),
            due=None,
            action="Enregistrer la décision",
            page="governance:axis",
            arguments={"pk": version.axis_id},
            query="#decider",
        )
        for version in found.select_related("axis__mandate").annotate(next=_on_agenda(at)).order_by("pk")[:MOST]
    ]


def _on_agenda(at: datetime) -> Min:
    """The first session to come that has a version on its agenda."""
    coming = Q(items__session__starts_at__gt=at, items__session__cancelled_at=None)
    return Min("items__session__starts_at", filter=coming)


def _proposed(version: Any, today: date) -> str:
    mandate = version.axis.mandate
    if mandate.ends_on and mandate.ends_on < today:
        return (
            f"Cet axe était proposé dans « {mandate} », clos depuis\u00a0: enregistrez la décision prise alors, "
            "ou clôturez-le sans décision."
        )
    if version.next is not None:
        return f"Cet axe est proposé\u00a0: il est à l’ordre du jour du {day(timezone.localdate(version.next))}."
    return "Cet axe est proposé\u00a0: il attend la décision du conseil d’administration, et n’est à l’ordre du jour d’aucune séance à venir."


def _sessions(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    found = (
        access.sessions_visible_to(seat)
        .filter(held_at=None, cancelled_at=None, starts_at__lt=at)
        .select_related("body")
    )
    return [
        Awaiting(
            kind="session.to_hold",
            pk=session.pk,
            subject=session.body.name,
            sentence=f"La séance du {timezone.localdate(session.starts_at):%d/%m/%Y} est passée\u00a0: son compte rendu n’est pas arrêté.",
            since=timezone.localdate(session.starts_at),
            due=None,
            action="Compléter le compte rendu",
            page="governance:session",
            arguments={"pk": session.pk},
        )
        for session in found.order_by("starts_at", "pk")[:MOST]
    ]


def member_awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return what became of the concerns of officials and nobody read yet, then the meetings of the coming month."""
    return [*_told(membership), *_coming_meetings(membership, at)]


def _told(membership: Membership) -> list[Awaiting]:
    """One line per concern of an official of the structure: the last of what became of it, said at once."""
    if membership.role not in access.WRITERS:
        return []
    alike = Membership.objects.filter(structure=membership.structure_id, role__in=access.WRITERS)
    found = ConcernNews.objects.filter(
        structure=membership.structure_id, read_at=None, concern__author__in=alike.values("user")
    ).exclude(concern__state=ConcernState.WITHDRAWN)
    joined = found.select_related("concern", "theme", "axis__mandate", "version__body", "session__body")
    latest: dict[int, ConcernNews] = {}
    since: dict[int, datetime] = {}
    for news in joined.order_by("at", "pk")[:MOST]:
        latest[news.concern_id] = news
        since.setdefault(news.concern_id, news.at)
    return [
        Awaiting(
            kind="concern.told",
            pk=pk,
            subject=shortened(news.concern.text),
            sentence=sentence(outcome(news)),
            since=timezone.localdate(since[pk]),
            due=None,
            action="Lire ce qu’elle devient",
            page="governance:concern",
            arguments={"pk": pk},
            query="#devenir",
            in_charge=news.concern.author_id,
        )
        for pk, news in latest.items()
    ]


def _coming_meetings(membership: Membership, at: datetime) -> list[Awaiting]:
    """One line for each of the structure a meeting brings together."""
    if membership.role not in SEATED_ROLES or not getattr(membership, CALLED, True):
        return []
    meetings = _meetings(membership, at)
    people = _called(membership, meetings)
    return [_coming(each, person) for each in meetings for person in people[each.pk]]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A meeting to come, with the titles of its agenda."""

    pk: int
    body: int
    name: str
    is_assembly: bool
    mandate: int
    starts_at: datetime
    place: str
    points: tuple[str, ...]


def _meetings(membership: Membership, at: datetime) -> list[_Meeting]:
    coming = access.sessions_visible_to(membership).filter(
        held_at=None, cancelled_at=None, starts_at__gt=at, starts_at__lte=at + AHEAD
    )
    told = ("pk", "body", "body__name", "body__kind", "mandate", "starts_at", "place")
    rows = coming.order_by("starts_at", "pk", "items__rank").values_list(*told, "items__title")[:MOST]
    return [
        _Meeting(pk, body, name, kind == BodyKind.GENERAL_ASSEMBLY, mandate, starts_at, place, _titles(found))
        for (pk, body, name, kind, mandate, starts_at, place), found in groupby(rows, key=lambda row: row[:-1])
    ]


def _titles(rows: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    return tuple(row[-1] for row in rows if row[-1] is not None)


def _called(membership: Membership, meetings: Sequence[_Meeting]) -> dict[int, list[int]]:
    """Return, by meeting, the accounts of the structure it brings together: officials for an official, the team for the team."""
    if not meetings:
        return {}
    official = membership.role == Role.ELECTED_OFFICIAL
    roles = [role for role in SEATED_ROLES if (role == Role.ELECTED_OFFICIAL) == official]
    alike = Membership.objects.filter(structure=membership.structure_id, role__in=roles, user__is_active=True)
    held = list(Office.objects.filter(body__in={each.body for each in meetings}, user__in=alike.values("user")))
    found = {each.pk: _seated(each, held) for each in meetings}
    if not official and any(each.is_assembly for each in meetings):
        managing = set(alike.filter(role=Role.MANAGER).values_list("user", flat=True))
        found |= {each.pk: found[each.pk] | managing for each in meetings if each.is_assembly}
    return {pk: sorted(people) for pk, people in found.items()}


def _seated(meeting: _Meeting, held: Sequence[Office]) -> set[int]:
    """Return the accounts of those who sit in the body on the day of a meeting."""
    on = timezone.localdate(meeting.starts_at)
    return {
        office.user_id
        for office in held
        if office.user_id is not None
        and (office.body_id, office.mandate_id) == (meeting.body, meeting.mandate)
        and office.holds(on)
    }


def _coming(meeting: _Meeting, person: int) -> Awaiting:
    begins = timezone.localtime(meeting.starts_at)
    where = f", {meeting.place}" if meeting.place else ""
    return Awaiting(
        kind="session.coming",
        pk=meeting.pk,
        subject=meeting.name,
        sentence=f"Le {day(begins.date())} à {begins:%H:%M}{where}. {_agenda(meeting.points)}",
        since=None,
        due=begins.date(),
        action="Lire l’ordre du jour",
        page="governance:session",
        arguments={"pk": meeting.pk},
        in_charge=person,
    )


def _agenda(points: Sequence[str]) -> str:
    if not points:
        return "Son ordre du jour n’est pas encore écrit."
    first = [shortened(title, 60) for title in points[:MOST_POINTS]]
    more = len(points) - MOST_POINTS
    rest = [f"et {plural(more, 'autre point', 'autres points')}"] if more > 0 else []
    return ended("À l’ordre du jour\u00a0: " + "\u202f; ".join([*first, *rest]))


def _may_be_called() -> Exists:
    """Whether a body where somebody of the structure sits, or an assembly, has still to meet: most members read no further."""
    sits = Q(body__offices__user__memberships__structure=OuterRef("structure"))
    meets = Session.objects.filter(sits | Q(body__kind=BodyKind.GENERAL_ASSEMBLY), held_at=None, cancelled_at=None)
    return Exists(meets.filter(network=OuterRef("structure__network")))


read_along(CALLED, _may_be_called)
register("governance", kinds=KINDS, awaits=awaits, hat=NETWORK_SEAT)
register("governance_members", kinds=MEMBER, awaits=member_awaits)
