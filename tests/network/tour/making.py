"""Situations of the Tour, each a few lines to set up."""

from datetime import date, time, timedelta

from django.utils import timezone

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.tour.actions.registrations import Guest, register_guest
from dentelle.network.tour.actions.stages import StageWords
from dentelle.network.tour.models import Finding, Need, Registration, Stage, Tour
from dentelle.network.tour.vocabulary import StageState
from tests.factories import NOW

TODAY = timezone.localdate(NOW)


def tour_starts() -> date:
    return date(2026, 9, 1)


def tour(seat: NetworkSeat, name: str = "Tour de la clause sociale") -> Tour:
    found = Tour.objects.filter(network=seat.network, name=name).first()
    return found or Tour.objects.create(
        network=seat.network,
        name=name,
        aim="Que la clause soit choisie plutôt que subie.",
        starts_on=tour_starts(),
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


def need(of: Stage, words: str = "Des exemples de clauses hors bâtiment.", kind: str = "buyer", **more) -> Need:
    return Need.objects.create(stage=of, kind=kind, words=words, noted_at=NOW, **more)


def guest(of: Stage, name: str = "Ana Ruiz", email: str = "ana@achats.example", kind: str = "buyer", **more):
    """Somebody without account who has a place."""
    at = more.pop("at", NOW)
    return register_guest(of.pk, Guest(name, email, more.pop("organisation", "Ville d’essai"), kind), at=at)


def came(of: Stage, **kinds: int) -> None:
    """People who came, so many of each kind."""
    Registration.objects.bulk_create(
        Registration(stage=of, kind=kind, attended=True) for kind, count in kinds.items() for _ in range(count)
    )


def words(**more) -> StageWords:
    """A stage as its head types it, ready to be announced."""
    typed = {
        "region_code": "32",
        "title": "Étape des Hauts-de-France",
        "day": TODAY + timedelta(days=10),
        "begins": time(9, 30),
        "place": "Maison de la région",
    }
    return StageWords(**(typed | more))
