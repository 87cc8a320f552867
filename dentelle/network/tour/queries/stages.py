"""One stage whole, as the person may read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.documents.models import FileState
from dentelle.network.tour import access
from dentelle.network.tour.access import TOOK_PLACE, Viewer
from dentelle.network.tour.models import ProgrammeItem, Registration, Stage, StageCorrection, StageDocument
from dentelle.network.tour.queries.fates import Fate, fates_of
from dentelle.network.tour.queries.voices import Voices, by_kind, by_theme
from dentelle.network.tour.vocabulary import RegistrationState, StageState, Stakeholder
from dentelle.opendata.text import fold
from dentelle.rules.disclosure import Shown, network_minimum, shown_counts

FEW = 10  # under it the number of places left is said


@dataclass(frozen=True, slots=True)
class Places:
    """How full a stage is. ``left`` is None without a limit; ``confirmed`` and ``waiting`` are for its head."""

    capacity: int | None
    confirmed: int
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.confirmed + self.waiting >= self.capacity

    @property
    def left(self) -> int | None:
        """How many places are left, told only when they are few."""
        if self.capacity is None or self.is_full:
            return None
        left = self.capacity - self.confirmed - self.waiting
        return left if left <= FEW else None


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came, by what they are; what could tell who somebody is is kept quiet.

    ``floors``: the rows that are « at least », ``is_floor`` whether the total is; both in sums of what stages show.
    """

    rows: tuple[tuple[str, int | None], ...]
    total: int | None
    minimum: int
    floors: frozenset[str] = frozenset()
    is_floor: bool = False

    @property
    def hidden(self) -> int:
        return sum(count is None for _, count in self.rows)


@dataclass(frozen=True, slots=True)
class StageSheet:
    """One stage. ``own``: the person's registration while the stage is to come; ``documents``: with whether their bytes may be handed over."""

    stage: Stage
    programme: tuple[ProgrammeItem, ...]
    places: Places
    own: Registration | None
    documents: tuple[tuple[StageDocument, bool], ...]
    kinds: tuple[Voices, ...]
    themes: tuple[Voices, ...]
    need_count: int
    fates: tuple[Fate, ...]
    attendance: Attendance | None
    corrections: tuple[StageCorrection, ...]
    is_open: bool
    has_come: bool


def stage_sheet(viewer: Viewer, pk: int, *, at: datetime) -> StageSheet:
    """Return a stage as somebody of the network reads it, or 404."""
    stage = access.one(access.stages_visible_to(viewer), pk)
    documents = access.documents_visible_to(viewer).filter(stage=stage)
    return _sheet(stage, viewer, documents, at=at)


def public_stage(pk: int, *, at: datetime) -> StageSheet:
    """Return a stage as anyone reads it, or 404. What was learned shows once it is reported."""
    return sheet_for(None, access.one(access.public_stages(), pk), at=at)


def sheet_for(seat: Seat | None, stage: Stage, *, at: datetime) -> StageSheet:
    """Return a public stage that was looked for, as anyone reads it; with their own registration for somebody outside."""
    return _sheet(stage, None, access.public_documents().filter(stage=stage), at=at, comes=seat)


def _sheet(  # type: ignore[no-untyped-def]
    stage: Stage, viewer: Viewer | None, documents, *, at: datetime, comes: Viewer | Seat | None = None
) -> StageSheet:
    who = viewer or comes
    told = viewer is not None or stage.state == StageState.REPORTED
    needs = list(stage.needs.all()) if told else []
    coming = stage.state == StageState.ANNOUNCED and not stage.has_come(at)
    findings = list(stage.findings.all()) if told else []
    return StageSheet(
        stage=stage,
        programme=tuple(stage.programme.all()),
        places=places_of(stage),
        # asked while it may still be given back: a page of what was told has no use for it
        own=access.own_registration(who, stage) if who is not None and coming else None,
        documents=tuple((each, each.file.state == FileState.AVAILABLE) for each in documents),
        kinds=by_kind(needs),
        themes=by_theme(needs),
        need_count=len(needs),
        fates=fates_of(findings, viewer),
        attendance=attendance_of(stage) if told and stage.state in TOOK_PLACE else None,
        corrections=tuple(stage.corrections.all()) if stage.state in TOOK_PLACE else (),
        is_open=stage.takes_registrations(at),
        has_come=stage.has_come(at),
    )


def places_of(stage: Stage) -> Places:
    """Return how full a stage is."""
    counted = stage.registrations.exclude(registered_at=None).aggregate(
        confirmed=Count("pk", filter=Q(state=RegistrationState.CONFIRMED)),
        waiting=Count("pk", filter=Q(state=RegistrationState.WAITING)),
    )
    return Places(stage.capacity, counted["confirmed"], counted["waiting"])


def came_by_kind(stage: Stage) -> dict[str, int]:
    """Return how many people of each kind came."""
    came = stage.registrations.filter(attended=True).order_by().values_list("kind").annotate(Count("pk"))
    return {kind: count for kind, count in came}  # noqa: C416 (a pair is not a mapping for mypy)


def attendance_of(stage: Stage) -> Attendance:
    """Return who came to a stage as it may be shown."""
    return told_as(shown_counts(came_by_kind(stage), network_minimum()))


def told_as(shown: Shown) -> Attendance:
    """Return counts by kind in the order of the list of kinds, with their words."""
    labels: Mapping[str, str] = dict(Stakeholder.choices)
    rows = tuple((label, shown.counts[code]) for code, label in labels.items() if code in shown.counts)
    return Attendance(rows, shown.total, network_minimum())


def added(stages: Sequence[Shown]) -> Attendance:
    """Return the sums of what stages show each, and of nothing they keep quiet: they tell no more than the pages of stages."""
    codes = [code for code, _ in Stakeholder.choices if any(code in each.counts for each in stages)]
    sums = {code: _shown_sum([each.counts[code] for each in stages if code in each.counts]) for code in codes}
    total, is_floor = _shown_sum([each.total for each in stages])
    labels = dict(Stakeholder.choices)
    return Attendance(
        rows=tuple((str(labels[code]), count) for code, (count, _) in sums.items()),
        total=total,
        minimum=network_minimum(),
        floors=frozenset(str(labels[code]) for code, (_, is_least) in sums.items() if is_least),
        is_floor=is_floor,
    )


def _shown_sum(counts: Sequence[int | None]) -> tuple[int | None, bool]:
    """The sum of the counts that are shown, and whether it leaves some out; no sum when all are kept quiet."""
    known = sum(count for count in counts if count is not None)
    is_partial = None in counts
    return (None, False) if is_partial and not known else (known, is_partial)


def people_of(stage: Stage) -> tuple[Registration, ...]:
    """Return those who registered or came, by name as French readers look for it, then those who wait, in the order places
    are given to them; for the head alone.
    """
    listed = stage.registrations.exclude(state=RegistrationState.CANCELLED).select_related("structure")
    ranked = list(listed.order_by("registered_at", "pk"))
    waiting = [each for each in ranked if each.state == RegistrationState.WAITING]
    placed = [each for each in ranked if each.state != RegistrationState.WAITING]
    placed.sort(key=lambda each: (not each.full_name, fold(each.full_name), each.pk))
    return (*placed, *waiting)
