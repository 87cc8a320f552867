"""The only way to structures and their people: one's own for members, those of one's network for its head."""

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.organisations.models import (
    Coverage,
    Device,
    Membership,
    NetworkSeat,
    Role,
    Structure,
    StructureQuerySet,
)

MANAGERS = (Role.MANAGER.value,)
# Elected officials read what their structure does, not who does what in it.
SEE_PEOPLE = tuple(role for role in Role.values if role != Role.ELECTED_OFFICIAL)
CARRIERS = (Role.FACILITATOR.value, Role.PATHWAY_ADVISOR.value, Role.MANAGER.value)  # those who carry a portfolio


def may_manage(membership: Membership) -> bool:
    """Whether this person may change the structure itself: who it is, what it covers, who works there."""
    return membership.role in MANAGERS


def people_visible_to(membership: Membership) -> QuerySet[Membership]:
    people = Membership.objects.filter(structure=membership.structure_id)
    return people if membership.role in SEE_PEOPLE else people.none()


def person_managed_by(membership: Membership, pk: int) -> Membership:
    """Return somebody of the same structure, or 404."""
    if not may_manage(membership):
        raise Http404
    found = people_visible_to(membership).select_related("user", "structure").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def devices_visible_to(membership: Membership) -> QuerySet[Device]:
    return Device.objects.filter(structure=membership.structure_id)


def coverages_visible_to(membership: Membership) -> QuerySet[Coverage]:
    return Coverage.objects.filter(structure=membership.structure_id)


def structures_of(seat: NetworkSeat) -> StructureQuerySet:
    """Return the structures of the head's network, whatever their status."""
    return Structure.objects.filter(network=seat.network_id)


def structure_of(seat: NetworkSeat, pk: int) -> Structure:
    """Return one structure of the head's network, or 404 whether it does not exist or belongs to another network."""
    found = structures_of(seat).select_related("approved_by", "network").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
