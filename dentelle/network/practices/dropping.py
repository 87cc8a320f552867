"""Drafts nobody wants any more: one, by those who wrote it; those of a spreadsheet, by the head that took it. Never what was
published, submitted, or gone on with by those whose sheet it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Min, QuerySet
from django.http import Http404

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.practices import agreeing
from dentelle.network.practices.access import Viewer, is_head, is_owned_by, may_write, practice_edited_by
from dentelle.network.practices.models import Origin, Practice, PracticeVersion, VersionState
from dentelle.network.practices.refusals import PracticeRefused

SHOWN = 5


def may_drop(viewer: Viewer, version: PracticeVersion) -> bool:
    """Say whether the person may abandon a version: a draft, last written on their side."""
    return (
        may_write(viewer)
        and is_owned_by(viewer, version.practice)
        and version.state == VersionState.DRAFT
        and version.by_head == is_head(viewer)
    )


@transaction.atomic
def drop(viewer: Viewer, pk: int, *, at: datetime) -> bool:
    """Abandon the draft of a sheet, what was published stays; return whether the sheet is gone with it. Raises PracticeRefused."""
    practice = practice_edited_by(viewer, pk)
    version = practice.versions.select_for_update().filter(state=VersionState.DRAFT).first()
    if version is None:
        raise PracticeRefused("state", "Il n’y a pas de brouillon à abandonner.")
    if not may_drop(viewer, version):
        raise Http404
    agreeing.forget(version, actor=viewer.user, at=at)
    record("practice.dropped", practice, at=at, actor=viewer.user, structure=practice.structure, version=version.number)
    if practice.versions.exclude(pk=version.pk).exists():
        version.delete()
        return False
    practice.delete()
    return True


@dataclass(frozen=True, slots=True)
class Batch:
    """Sheets taken from one spreadsheet: one of their keys, when, how many are as the file said."""

    pk: int
    taken_at: datetime
    count: int


def batches(seat: NetworkSeat) -> tuple[Batch, ...]:
    """Return the latest spreadsheets the head took, as long as some of their drafts were not touched: one query."""
    found = _untouched(seat).values("created_at").annotate(first=Min("pk"), count=Count("pk"))
    latest = found.order_by("-created_at").values_list("first", "created_at", "count")[:SHOWN]
    return tuple(Batch(*each) for each in latest)


@transaction.atomic
def drop_taken(seat: NetworkSeat, pk: int, *, at: datetime) -> int:
    """Abandon the drafts taken with one of them (``pk``) that nobody touched since; return how many, or 404."""
    one = _untouched(seat).filter(pk=pk).first()
    if one is None:
        raise Http404
    gone = list(_untouched(seat).filter(created_at=one.created_at).select_related("structure").order_by("pk"))
    for practice in gone:
        record("practice.dropped", practice, at=at, actor=seat.user, structure=practice.structure, version=1)
    Practice.objects.filter(pk__in=[each.pk for each in gone]).delete()
    record("practice.untaken", seat.network, at=at, actor=seat.user, structure=None, count=len(gone))
    return len(gone)


def _untouched(seat: NetworkSeat) -> QuerySet[Practice]:
    """What the head took from a spreadsheet and nobody wrote, submitted or published since."""
    return Practice.objects.filter(
        network=seat.network_id,
        by_head=True,
        origin=Origin.IMPORTED,
        published=None,
        versions__state=VersionState.DRAFT,
        versions__by_head=True,
        versions__updated_at=F("created_at"),
    )
