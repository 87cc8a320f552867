"""The only way to what was put off: one's own, in the structure one acts for."""

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.awaiting.models import Snooze
from dentelle.foundations.organisations.models import Membership


def snoozes_of(membership: Membership) -> QuerySet[Snooze]:
    """Return what the member put off."""
    return Snooze.objects.filter(structure_id=membership.structure_id, user_id=membership.user_id)


def snooze_of(membership: Membership, pk: int) -> Snooze:
    """Return one line the member put off, or 404."""
    found = snoozes_of(membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
