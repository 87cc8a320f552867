"""What the pages of calibrations read: lists, links. Frozen rows, no write."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses.access import calibrations_visible_to
from dentelle.thread.clauses.models import Calibration, CalibrationMethod, CalibrationShare, CalibrationStatus
from dentelle.thread.clauses.text import searchable

PAGE_SIZE = 50
MOST_NEIGHBOURS = 200


@dataclass(frozen=True, slots=True)
class CalibrationFilters:
    """What the list shows: words, state, method, only mine, versions of one calibration."""

    text: str = ""
    status: str = ""
    method: str = ""
    mine: bool = False
    family: int | None = None

    @property
    def active(self) -> bool:
        return bool(self.text or self.status or self.method or self.mine or self.family)


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One line of the list."""

    pk: int
    title: str
    buyer_label: str
    method_label: str
    status: str
    status_label: str
    edition: int
    hours: int | None
    author: str
    in_charge: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CalibrationPage:
    """A page of the list; ``after`` opens the next one, None on the last."""

    rows: tuple[CalibrationRow, ...]
    total: int
    after: str | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A read-only link as its owners see it; ``state`` is open, expired or revoked."""

    pk: int
    created_by: str
    created_at: datetime
    expires_at: datetime
    state: str
    state_label: str


def list_calibrations(
    membership: Membership, filters: CalibrationFilters, *, after: str | None = None, size: int = PAGE_SIZE
) -> CalibrationPage:
    """Return a page of the structure's calibrations, latest first; an unreadable ``after`` starts from the beginning."""
    found = _filtered(calibrations_visible_to(membership), membership, filters)
    total = found.count()
    cursor = after_of(after)
    if cursor:
        at, pk = cursor
        found = found.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=pk))
    kept = list(found.select_related("author", "in_charge").order_by("-updated_at", "-pk")[: size + 1])
    rows = tuple(_row(calibration) for calibration in kept[:size])
    following = cursor_of(kept[size - 1].updated_at, kept[size - 1].pk) if len(kept) > size else None
    return CalibrationPage(rows, total, following)


def _filtered(
    found: QuerySet[Calibration], membership: Membership, filters: CalibrationFilters
) -> QuerySet[Calibration]:
    for word in searchable(filters.text).split()[:8]:
        found = found.filter(search_text__contains=word)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.method:
        found = found.filter(method=filters.method)
    if filters.mine:
        found = found.filter(in_charge_id=membership.user_id)
    if filters.family:
        found = found.filter(Q(pk=filters.family) | Q(family_id=filters.family))
    return found


def _row(calibration: Calibration) -> CalibrationRow:
    return CalibrationRow(
        pk=calibration.pk,
        title=calibration.title,
        buyer_label=calibration.buyer_label,
        method_label=CalibrationMethod(calibration.method).label,
        status=calibration.status,
        status_label=calibration.get_status_display(),
        edition=calibration.edition,
        hours=calibration.hours,
        author=calibration.author.full_name,
        in_charge=calibration.in_charge.full_name,
        updated_at=calibration.updated_at,
    )


def editions(calibration: Calibration, membership: Membership) -> tuple[CalibrationRow, ...]:
    """Return every version of a calibration, oldest first."""
    first = calibration.family_id or calibration.pk
    found = (
        calibrations_visible_to(membership)
        .filter(Q(pk=first) | Q(family_id=first))
        .select_related("author", "in_charge")
    )
    return tuple(_row(row) for row in found.order_by("edition"))


def hours_per_100k_of_trade(
    membership: Membership, trade: str, *, except_family: int | None = None
) -> tuple[Decimal, ...]:
    """Return the hours for 100 000 € of the structure's latest saved calibrations of a trade, one family left out."""
    found = calibrations_visible_to(membership).filter(
        status=CalibrationStatus.SAVED, inputs__request__trade=trade, result__hours_per_100k__isnull=False
    )
    if except_family is not None:
        found = found.exclude(pk=except_family).exclude(family_id=except_family)
    values = found.latest_first().values_list("result__hours_per_100k", flat=True)[:MOST_NEIGHBOURS]
    # SQLite hands JSON texts that look like numbers back as floats
    return tuple(Decimal(str(value)) for value in values if value)


def shares_of(calibration: Calibration, *, at: datetime) -> tuple[ShareRow, ...]:
    """Return the links of a calibration, latest first, with what they are at a moment."""
    return tuple(_share_row(share, at) for share in calibration.shares.select_related("created_by"))


def _share_row(share: CalibrationShare, at: datetime) -> ShareRow:
    if share.revoked_at:
        state, label = "revoked", "fermé"
    elif share.expires_at <= at:
        state, label = "expired", "expiré"
    else:
        state, label = "open", "ouvert"
    return ShareRow(share.pk, share.created_by.full_name, share.created_at, share.expires_at, state, label)
