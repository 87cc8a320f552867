"""The only way to invitations and links: by their structure, or by their token. Every way of not opening is the same None."""

from datetime import datetime

from django.db.models import Model, QuerySet
from django.http import Http404

from dentelle.foundations.invitations.models import Invitation, MagicLink
from dentelle.foundations.invitations.purposes import title_of
from dentelle.foundations.invitations.tokens import fingerprint
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role

SESSION_KEY = "magic_link"
MAY_INVITE = (Role.MANAGER.value,)
Inviter = Membership | NetworkSeat


def invitations_visible_to(actor: Inviter) -> QuerySet[Invitation]:
    """Return the invitations to the member's structure, for those who may invite; to a head, those the network sent."""
    if isinstance(actor, NetworkSeat):
        return Invitation.objects.filter(network=actor.network_id)
    if actor.role not in MAY_INVITE:
        return Invitation.objects.none()
    return Invitation.objects.filter(structure=actor.structure_id)


def invitation_of(actor: Inviter, pk: int) -> Invitation:
    """Return one invitation the person may act on, or 404."""
    known = invitations_visible_to(actor).select_related("structure", "organisation", "network", "invited_by")
    found = known.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def invitation_opened_by(token: str, *, at: datetime) -> Invitation | None:
    """Return the invitation a token opens, None when it is unknown, accepted, withdrawn or too old."""
    found = (
        Invitation.objects.select_related("structure", "organisation", "network", "invited_by")
        .filter(token_hash=fingerprint(token))
        .first()
    )
    if found is None or not found.is_open(at):
        return None
    return found if found.structure is None or found.structure.is_approved else None


def links_to(subject: Model, membership: Membership) -> QuerySet[MagicLink]:
    """Return the links the member's structure sent to ``subject``, renewals left out."""
    return MagicLink.objects.filter(
        structure_id=membership.structure_id,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        origin=None,
    )


def link_known_by(token: str) -> MagicLink | None:
    """Return the link of a token whatever its state, for renewal only."""
    found = MagicLink.objects.select_related(
        "structure", "network", "organisation", "origin__structure", "origin__network", "sent_by"
    )
    return found.filter(token_hash=fingerprint(token)).first()


def link_opened_by(token: str, *, at: datetime) -> MagicLink | None:
    """Return the link a token would open, None when it is unknown, used, too old, closed, or leads to nothing any more."""
    link = link_known_by(token)
    if link is None or link.used_at is not None or link.expires_at <= at:
        return None
    return link if gives_access(link, at=at) else None


def gives_access(link: MagicLink, *, at: datetime) -> bool:
    """Say whether the structure (or the network) still gives what the link is for."""
    if link.revoked_at is not None or link.open_until <= at:
        return False
    if link.structure is not None and not link.structure.is_approved:
        return False
    return title_of(link) is not None


def link_in_session(pk: int, *, at: datetime) -> MagicLink | None:
    """Return the link a session was opened by, as long as it gives access: closing it ends the session at once."""
    link = (
        MagicLink.objects.select_related("structure", "network", "organisation")
        .filter(pk=pk)
        .exclude(used_at=None)
        .first()
    )
    return link if link is not None and gives_access(link, at=at) else None
