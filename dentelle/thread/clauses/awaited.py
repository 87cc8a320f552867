"""What calibrations make people wait for: drafts nobody has finished."""

from datetime import datetime

from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.follow_up import delays
from dentelle.thread.clauses.access import calibrations_visible_to, may_write
from dentelle.thread.clauses.models import CalibrationStatus

KINDS = {"calibration.draft": "Calibrage à finir"}
MOST = 500


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the drafts of the member's structure, the oldest first."""
    if not may_write(membership):
        return []
    drafts = calibrations_visible_to(membership).filter(status=CalibrationStatus.DRAFT).order_by("created_at", "pk")
    lines = []
    for pk, title, buyer, in_charge, created_at in drafts.values_list(
        "pk", "title", "buyer_label", "in_charge_id", "created_at"
    )[:MOST]:
        since = timezone.localdate(created_at)
        lines.append(
            Awaiting(
                kind="calibration.draft",
                pk=pk,
                subject=title,
                about=buyer,
                sentence="Ce calibrage est resté en brouillon.",
                since=since,
                due=since + delays().calibration,
                action="Finir le calibrage",
                page="clauses:edit",
                arguments={"pk": pk},
                in_charge=in_charge,
            )
        )
    return lines


register("clauses", kinds=KINDS, awaits=awaits)
