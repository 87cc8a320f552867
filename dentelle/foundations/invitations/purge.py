"""What is kept of invitations and links once they have ended: nothing, after a while. The journal tells what was done."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from dentelle.foundations.invitations.models import Invitation, MagicLink

KEPT = timedelta(days=90)


@transaction.atomic
def forget_ended(at: datetime) -> tuple[int, int]:
    """Delete the invitations answered, withdrawn or expired, and the links closed, for longer than ``KEPT``; return how many.

    A link goes with its renewals, once the access it gave has ended: until then, its address may ask for another one.
    """
    before = at - KEPT
    invitations = Invitation.objects.filter(
        Q(accepted_at__lt=before)
        | Q(revoked_at__lt=before)
        | Q(accepted_at=None, revoked_at=None, expires_at__lt=before)
    )
    families = MagicLink.objects.filter(origin=None).filter(Q(open_until__lt=before) | Q(revoked_at__lt=before))
    ended = MagicLink.objects.filter(Q(pk__in=families.values("pk")) | Q(origin__in=families.values("pk")))
    links = ended.count()
    families.delete()
    return invitations.delete()[0], links
