"""The stages an outside organisation finds from its space, those of its own regions first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.network.tour import access
from dentelle.network.tour.access import TOOK_PLACE
from dentelle.network.tour.models import Tour
from dentelle.network.tour.queries.stages import StageSheet, sheet_for
from dentelle.network.tour.queries.tours import StageRow, region_names, rows_of
from dentelle.network.tour.regions import REGIONS
from dentelle.network.tour.vocabulary import StageState
from dentelle.network.tour.whereabouts import regions_of_party

MOST_PAST = 30


@dataclass(frozen=True, slots=True)
class SeatStages:
    """What an organisation finds. ``here``: to come in ``regions``, its own; ``told``: the latest that took place.

    ``tours``: those with a public page, whose calendar tells the next stage. ``is_known``: a network works with it.
    """

    here: tuple[StageRow, ...]
    elsewhere: tuple[StageRow, ...]
    cancelled: tuple[StageRow, ...]
    told: tuple[StageRow, ...]
    tours: tuple[Tour, ...]
    codes: frozenset[str]
    is_known: bool

    @property
    def regions(self) -> tuple[str, ...]:
        """The names of its regions."""
        return region_names(self.codes & REGIONS.keys())

    @property
    def coming(self) -> int:
        return len(self.here) + len(self.elsewhere)


def seat_stages(seat: Seat, *, at: datetime) -> SeatStages:
    """Return the stages open to the seat's organisation."""
    today = timezone.localdate(at)
    rows = rows_of(access.stages_open_to(seat), at, seat)
    regions = regions_of_party(seat, today)
    coming = [row for row in rows if row.stage.state == StageState.ANNOUNCED and not row.stage.has_come(at)]
    told = [row for row in reversed(rows) if row.stage.state in TOOK_PLACE]
    off = [row for row in rows if row.stage.state == StageState.CANCELLED]
    return SeatStages(
        here=tuple(row for row in coming if row.stage.region_code in regions),
        elsewhere=tuple(row for row in coming if row.stage.region_code not in regions),
        cancelled=tuple(row for row in off if row.stage.day and row.stage.day >= today),
        told=tuple(told[:MOST_PAST]),
        tours=tuple({row.stage.tour_id: row.stage.tour for row in rows if row.stage.tour.ends_on >= today}.values()),
        codes=regions,
        is_known=bool(rows) or access.works_with_a_network(seat),
    )


def stage_for_seat(seat: Seat, pk: int, *, at: datetime) -> StageSheet:
    """Return one stage open to the seat's organisation, with the person's own registration, or 404."""
    return sheet_for(seat, access.one(access.stages_open_to(seat), pk), at=at)
