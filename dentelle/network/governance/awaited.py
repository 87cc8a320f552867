"""What governance makes the head of a network wait for: concerns to gather, axes to have decided, minutes to settle."""

from datetime import date, datetime

from django.db.models import Count, Min
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance import access
from dentelle.network.governance.models import AxisVersion, ConcernState
from dentelle.rules.wording import plural

KINDS = {
    "concern.to_gather": "Préoccupations à ranger",
    "axis.to_decide": "Axe à faire valider",
    "session.to_hold": "Compte rendu à arrêter",
}
MOST = 200


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
        for version in found.select_related("axis__mandate").order_by("pk")[:MOST]
    ]


def _proposed(version: AxisVersion, today: date) -> str:
    mandate = version.axis.mandate
    if mandate.ends_on and mandate.ends_on < today:
        return (
            f"Cet axe était proposé dans « {mandate} », clos depuis\u00a0: enregistrez la décision prise alors, "
            "ou clôturez-le sans décision."
        )
    return "Cet axe est proposé\u00a0: il attend la décision du conseil d’administration."


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


register("governance", kinds=KINDS, awaits=awaits, hat=NETWORK_SEAT)
