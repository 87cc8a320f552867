"""What the page of invitations shows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Model
from django.db.models.functions import Coalesce

from dentelle.foundations.invitations.access import Inviter, invitations_visible_to, links_to
from dentelle.foundations.invitations.actions import role_label
from dentelle.foundations.invitations.models import Invitation, MagicLink
from dentelle.foundations.organisations.models import Membership, NetworkSeat

PAGE = 200


@dataclass(frozen=True, slots=True)
class InvitationLine:
    pk: int
    email: str
    role: str
    place: str  # for whom, when it is not the structure whose list this is
    invited_by: str
    sent_at: datetime
    state: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One address the structure gave access to; ``opened_at`` is the last time, whichever of its links was used."""

    pk: int
    email: str
    sent_by: str
    sent_at: datetime
    open_until: datetime
    opened_at: datetime | None
    state: str
    open: bool


def invitations(actor: Inviter, *, at: datetime) -> list[InvitationLine]:
    """Return the invitations of the structure or of the network, the latest first."""
    known = invitations_visible_to(actor).select_related("organisation", "structure", "network", "invited_by")
    return [
        InvitationLine(
            pk=row.pk,
            email=row.email,
            role=role_label(row),
            place=row.place if row.organisation or isinstance(actor, NetworkSeat) else "",
            invited_by=row.invited_by.full_name,
            sent_at=row.created_at,
            state=_state(row, at),
            waiting=row.accepted_at is None and row.revoked_at is None,
        )
        for row in known[:PAGE]
    ]


def links(subject: Model, membership: Membership, *, at: datetime) -> list[LinkLine]:
    """Return the addresses the structure gave access to ``subject``, the latest first."""
    rows = (
        links_to(subject, membership)
        .select_related("sent_by")
        .annotate(renewed_and_used=Max("renewals__used_at"))
        .annotate(last_used=Coalesce("renewed_and_used", "used_at"))[:PAGE]
    )
    return [
        LinkLine(
            pk=row.pk,
            email=row.email,
            sent_by=row.sent_by.full_name,
            sent_at=row.created_at,
            open_until=row.open_until,
            opened_at=row.last_used,
            state=_link_state(row, at),
            open=row.revoked_at is None and at < row.open_until,
        )
        for row in rows
    ]


def _state(row: Invitation, at: datetime) -> str:
    if row.accepted_at:
        return "acceptée"
    if row.revoked_at:
        return "retirée"
    return "en attente" if at < row.expires_at else "expirée"


def _link_state(row: MagicLink, at: datetime) -> str:
    if row.revoked_at:
        return "fermé"
    return "ouvert" if at < row.open_until else "terminé"
