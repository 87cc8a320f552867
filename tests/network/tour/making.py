"""Situations of the Tour, each a few lines to set up."""

from datetime import date, time, timedelta

from django.utils import timezone

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.tour.models import Finding, Stage, Tour
from dentelle.network.tour.vocabulary import StageState
from tests.factories import NOW

TODAY = timezone.localdate(NOW)


def tour(seat: NetworkSeat, name: str = "Tour de la clause sociale") -> Tour:
    found = Tour.objects.filter(network=seat.network, name=name).first()
    return found or Tour.objects.create(
        network=seat.network,
        name=name,
        aim="Que la clause soit choisie plutôt que subie.",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 12, 31),
        created_at=NOW,
        created_by=seat.user,
    )


def stage(seat: NetworkSeat, *, state: str = StageState.ANNOUNCED, days: int = 10, **more) -> Stage:
    """A stage ``days`` from today, at 9 h 30 there."""
    told = {} if state == StageState.DRAFT else {"announced_at": NOW - timedelta(days=30)}
    if state == StageState.REPORTED:
        told |= {"attendance_at": NOW, "reported_at": NOW, "lessons": "Les acheteurs veulent des exemples."}
    if state == StageState.HELD:
        told |= {"attendance_at": NOW}
    made = {
        "network": seat.network,
        "tour": tour(seat),
        "region_code": "32",
        "title": "Étape des Hauts-de-France",
        "day": TODAY + timedelta(days=days),
        "begins": time(9, 30),
        "finishes": time(17, 0),
        "place": "Maison de la région",
        "state": state,
        "changed_at": NOW,
    }
    return Stage.objects.create(**(made | told | more))


def finding(of: Stage, text: str = "Sans réunion avant l’achat, la clause arrive trop tard.", **more) -> Finding:
    return Finding.objects.create(network=of.network, stage=of, text=text, stated_at=NOW, **more)
