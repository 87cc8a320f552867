"""What a Tour adds up to: regions, people, needs, findings and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q

from dentelle.network.surveys.models import Invitee
from dentelle.network.tour import access
from dentelle.network.tour.access import TOOK_PLACE, Viewer
from dentelle.network.tour.models import Finding, Need, Registration, Tour
from dentelle.network.tour.queries.fates import Fate, fates_of
from dentelle.network.tour.queries.stages import Attendance, added, told_as
from dentelle.network.tour.queries.tours import StageRow, TourSheet, sheet_of
from dentelle.network.tour.queries.voices import Across, across
from dentelle.network.tour.vocabulary import Audience, StageState
from dentelle.rules.disclosure import network_minimum, shown_counts, shown_totals


@dataclass(frozen=True, slots=True)
class Synthesis:
    """A Tour added up. Counts of people tell of nobody, so that the paper may go anywhere.

    ``survey``: how many were asked before the Tour, how many answered. ``is_public``: anyone reads its page. ``is_open``:
    this synthesis is the one anyone reads, of the stages told to all; it says nothing that their pages do not.
    """

    sheet: TourSheet
    held: tuple[tuple[StageRow, int | None], ...]
    attendance: Attendance
    needs: Across
    fates: tuple[Fate, ...]
    survey: tuple[int, int] = (0, 0)
    is_public: bool = False
    is_open: bool = False

    @property
    def regions(self) -> int:
        """How many regions its stages were held in."""
        return len({row.stage.region_code for row, _ in self.held})

    @property
    def told_to_all(self) -> int:
        """How many of its stages a public synthesis adds up."""
        return sum(
            row.stage.state == StageState.REPORTED and row.stage.audience == Audience.PUBLIC for row, _ in self.held
        )

    @property
    def sheets(self) -> int:
        return sum(fate.sheets for fate in self.fates)

    @property
    def published(self) -> int:
        return sum(fate.published for fate in self.fates)

    @property
    def concerns(self) -> int:
        return sum(fate.concerns for fate in self.fates)

    @property
    def alone(self) -> int:
        """How many findings nothing came of yet."""
        return sum(not fate.sheets and not fate.concerns for fate in self.fates)


def synthesis_of(viewer: Viewer, pk: int, *, at: datetime) -> Synthesis:
    """Return a Tour added up, over the stages that took place; or 404."""
    tour = access.one(access.tours_visible_to(viewer).select_related("campaign", "network"), pk)
    sheet = sheet_of(tour, access.stages_visible_to(viewer).filter(tour=tour), at=at)
    held = [row for row in reversed(sheet.past) if row.stage.state in TOOK_PLACE]
    tables = _came([row.stage.pk for row in held])
    found = _added_up(sheet, held, viewer, tables)
    return replace(
        found,
        attendance=told_as(shown_totals(list(tables.values()), network_minimum())),
        survey=_survey(tour),
        is_public=access.public_tours().filter(pk=tour.pk).exists(),
    )


def public_synthesis(pk: int, *, at: datetime) -> Synthesis:
    """Return what the told stages of a Tour add up to, as anyone reads it once its head published it; or 404."""
    tour = access.one(access.public_syntheses(), pk)
    sheet = sheet_of(tour, access.public_stages().filter(tour=tour), at=at)
    held = [row for row in reversed(sheet.past) if row.stage.state == StageState.REPORTED]
    return replace(_added_up(sheet, held, None, _came([row.stage.pk for row in held])), is_public=True, is_open=True)


def _added_up(
    sheet: TourSheet, held: Sequence[StageRow], viewer: Viewer | None, tables: Mapping[int, Mapping[str, int]]
) -> Synthesis:
    """What stages add up to; of people, only what each of them shows."""
    keys = [row.stage.pk for row in held]
    shown = {key: shown_counts(tables[key], network_minimum()) for key in keys}
    needs = Need.objects.filter(stage__in=keys).order_by("pk").values_list("kind", "theme")
    findings = list(
        Finding.objects.filter(stage__in=keys).select_related("stage").order_by("stage__day", "stage_id", "pk")
    )
    return Synthesis(
        sheet=sheet,
        held=tuple((row, shown[row.stage.pk].total) for row in held),
        attendance=added(list(shown.values())),
        needs=across(list(needs)),
        fates=fates_of(findings, viewer),
    )


def _survey(tour: Tour) -> tuple[int, int]:
    if tour.campaign_id is None:
        return 0, 0
    counted = Invitee.objects.filter(campaign=tour.campaign_id).aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(answered_on__isnull=False))
    )
    return counted["asked"], counted["answered"]


def _came(keys: Sequence[int]) -> dict[int, dict[str, int]]:
    tables: dict[int, dict[str, int]] = {key: {} for key in keys}
    came = Registration.objects.filter(stage__in=keys, attended=True).order_by()
    for stage, kind, count in came.values_list("stage", "kind").annotate(Count("pk")):
        tables[stage][kind] = count
    return tables
