"""Tours of a network and their stages, in the order people look for them. As many queries at any length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.network.tour import access
from dentelle.network.tour.access import TOOK_PLACE, Viewer
from dentelle.network.tour.models import Registration, Stage, Tour
from dentelle.network.tour.regions import REGIONS
from dentelle.network.tour.vocabulary import RegistrationState, StageState
from dentelle.opendata.text import fold


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage in a list. ``is_next``: the first one to come. ``own``: whether the reader has a place there or waits for one
    (a ``RegistrationState``), empty when neither, or once it has begun.
    """

    stage: Stage
    registered: int
    came: int
    needs: int
    findings: int
    is_next: bool
    own: str = ""


@dataclass(frozen=True, slots=True)
class TourSheet:
    """One Tour. ``covered`` and ``left`` are names of regions: those a stage was held in, those without any stage so far.

    ``known``: the stages only the press told, and ``cited`` their regions.
    """

    tour: Tour
    coming: tuple[StageRow, ...]
    past: tuple[StageRow, ...]
    drafts: tuple[StageRow, ...]
    cancelled: tuple[StageRow, ...]
    covered: tuple[str, ...]
    planned: tuple[str, ...]
    left: tuple[str, ...]
    known: tuple[StageRow, ...] = ()
    cited: tuple[str, ...] = ()
    is_over: bool = False

    @property
    def held(self) -> int:
        """How many stages took place."""
        return sum(row.stage.state in TOOK_PLACE for row in self.past)

    @property
    def following(self) -> StageRow | None:
        return self.coming[0] if self.coming else None


def tours_of(viewer: Viewer) -> tuple[Tour, ...]:
    """Return the tours the person reads, latest first."""
    return tuple(access.tours_visible_to(viewer).order_by("-starts_on", "-pk")[:50])


def current(tours: Iterable[Tour], today: date) -> Tour | None:
    """Return the Tour under way, else the next to begin, else the latest."""
    listed = list(tours)
    running = [tour for tour in listed if tour.starts_on <= today <= tour.ends_on]
    coming = [tour for tour in listed if tour.starts_on > today]
    return next(iter(running or coming[-1:] or listed), None)


def tour_sheet(viewer: Viewer, pk: int, *, at: datetime) -> TourSheet:
    """Return one Tour with the stages the person may read, or 404."""
    tour = access.one(access.tours_visible_to(viewer).select_related("campaign", "network"), pk)
    return sheet_of(tour, access.stages_visible_to(viewer).filter(tour=tour), at=at, who=viewer)


def public_sheet(pk: int, *, at: datetime) -> TourSheet:
    """Return one Tour as anyone reads it, or 404."""
    tour = access.one(access.public_tours(), pk)
    return sheet_of(tour, access.public_stages().filter(tour=tour), at=at)


def sheet_of(tour: Tour, stages: QuerySet[Stage], *, at: datetime, who: Viewer | None = None) -> TourSheet:
    """Return a Tour made of ``stages``, with the places of ``who`` reads it."""
    rows = rows_of(stages, at, who)
    coming, past, drafts, cancelled, known = [], [], [], [], []
    for row in rows:
        state = row.stage.state
        if state == StageState.CANCELLED:
            cancelled.append(row)
        elif state == StageState.DRAFT:
            drafts.append(row)
        elif state == StageState.KNOWN:
            known.append(row)
        elif state in TOOK_PLACE or row.stage.has_come(at):
            past.append(row)
        else:
            coming.append(row)
    held = {row.stage.region_code for row in past if row.stage.state in TOOK_PLACE}
    planned = {row.stage.region_code for row in (*coming, *past)} - held
    cited = {row.stage.region_code for row in known} - held - planned
    return TourSheet(
        tour=tour,
        coming=tuple(coming),
        past=tuple(reversed(past)),
        drafts=tuple(drafts),
        cancelled=tuple(cancelled),
        covered=region_names(held),
        planned=region_names(planned),
        left=region_names(set(REGIONS) - held - planned - cited),
        known=tuple(known),
        cited=region_names(cited),
        is_over=tour.ends_on < timezone.localdate(at),
    )


def rows_of(stages: QuerySet[Stage], at: datetime, who: Viewer | Seat | None = None) -> list[StageRow]:
    """Return stages as they are listed, those without a day last, with the places of ``who`` reads them."""
    own = Registration.objects.filter(stage=OuterRef("pk"), user=who.user_id if who else None, user__isnull=False)
    counted = stages.annotate(
        registered=Count("registrations", filter=Q(registrations__state="confirmed"), distinct=True),
        came=Count("registrations", filter=Q(registrations__attended=True), distinct=True),
        need_count=Count("needs", distinct=True),
        finding_count=Count("findings", distinct=True),
        own=Coalesce(Subquery(own.exclude(state=RegistrationState.CANCELLED).values("state")[:1]), Value("")),
    ).order_by(F("day").asc(nulls_last=True), "begins", "pk")
    listed = list(counted)
    following = next((each.pk for each in listed if each.state == StageState.ANNOUNCED and not each.has_come(at)), None)
    return [
        StageRow(
            stage=each,
            registered=each.registered,
            came=each.came,
            needs=each.need_count,
            findings=each.finding_count,
            is_next=each.pk == following,
            own=each.own if each.state == StageState.ANNOUNCED and not each.has_come(at) else "",
        )
        for each in listed
    ]


def region_names(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the names of regions, in alphabetical order."""
    return tuple(sorted((REGIONS[code].name for code in codes), key=fold))
