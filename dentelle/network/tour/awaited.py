"""What the Tour makes people wait for: its head, to announce and to tell; those who work in a region, to come to its stage."""

from datetime import datetime, timedelta

from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.tour import access, letters
from dentelle.network.tour.models import Registration, Stage
from dentelle.network.tour.vocabulary import RegistrationState, StageState
from dentelle.network.tour.whereabouts import regions_of

HEAD_KINDS = {"stage.to_announce": "Étape à annoncer", "stage.to_tell": "Étape à raconter"}
MEMBER_KINDS = {"stage.to_come": "Étape du Tour"}
INVITED = (Role.FACILITATOR.value, Role.MANAGER.value)
BEFORE = timedelta(days=45)  # a stage is announced that long before at the latest
MOST = 50


def awaits_head(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the stages to announce, then those that took place and are not told."""
    today = timezone.localdate(at)
    mine = Stage.objects.filter(network=seat.network_id).order_by("day", "pk")
    drafts = mine.filter(state=StageState.DRAFT, day__gte=today, day__lte=today + BEFORE)
    past = mine.filter(state__in=[StageState.DRAFT, StageState.ANNOUNCED, StageState.HELD], day__lte=today)
    return [*map(_to_announce, drafts[:MOST]), *(_to_tell(each) for each in past[:MOST] if each.has_come(at))]


def _to_announce(stage: Stage) -> Awaiting:
    return Awaiting(
        kind="stage.to_announce",
        pk=stage.pk,
        subject=stage.title,
        sentence=f"Elle aura lieu {letters.when(stage)}\u00a0: personne ne peut encore s’y inscrire.",
        since=timezone.localdate(stage.changed_at),
        due=stage.day,
        action="Annoncer l’étape",
        page="tour:stage",
        arguments={"pk": stage.pk},
        about=stage.region,
    )


def _to_tell(stage: Stage) -> Awaiting:
    noted = stage.attendance_at is not None
    return Awaiting(
        kind="stage.to_tell",
        pk=stage.pk,
        subject=stage.title,
        sentence="Les présences sont notées\u00a0: il reste à dire ce qu’elle a appris."
        if noted
        else "Elle a eu lieu\u00a0: il reste à noter qui est venu, puis à dire ce qu’elle a appris.",
        since=stage.day,
        due=None,
        action="Raconter l’étape" if noted else "Noter les présences",
        page="tour:stage" if noted else "tour:attendance",
        arguments={"pk": stage.pk},
        query="#raconter" if noted else "",
        about=stage.region,
    )


def awaits_member(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the stages to come in the regions of the structure, while nobody of the structure has registered."""
    if membership.role not in INVITED:
        return []
    today = timezone.localdate(at)
    answered = Registration.objects.filter(structure=membership.structure_id).exclude(state=RegistrationState.CANCELLED)
    stages = (
        access.stages_visible_to(membership)
        .filter(state=StageState.ANNOUNCED, day__gte=today)
        .exclude(pk__in=answered.values("stage"))
        .order_by("day", "pk")
    )
    coming = [stage for stage in stages[:MOST] if stage.takes_registrations(at)]
    if not coming:
        return []
    regions = regions_of(membership, today)
    return [
        Awaiting(
            kind="stage.to_come",
            pk=stage.pk,
            subject=stage.title,
            sentence=f"Le Tour passe dans votre région {letters.when(stage)}\u00a0: personne de votre structure n’est inscrit.",
            since=timezone.localdate(stage.announced_at) if stage.announced_at else None,
            due=stage.last_day or stage.day,
            action="S’inscrire",
            page="tour:stage",
            arguments={"pk": stage.pk},
            query="#inscription",
            about=stage.region,
        )
        for stage in coming
        if stage.region_code in regions
    ]


register("tour", kinds=HEAD_KINDS, awaits=awaits_head, hat=NETWORK_SEAT)
register("tour-members", kinds=MEMBER_KINDS, awaits=awaits_member)
