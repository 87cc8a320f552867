"""The only way to saved territories: those of one's own structure."""

from django.db.models import QuerySet

from dentelle.foundations.organisations.models import Membership, Role
from dentelle.thread.territory.models import Territory, TerritoryVersion

EDITORS = (Role.FACILITATOR.value, Role.MANAGER.value)


def territories_visible_to(membership: Membership) -> QuerySet[Territory]:
    return Territory.objects.filter(structure=membership.structure_id)


def versions_visible_to(membership: Membership) -> QuerySet[TerritoryVersion]:
    return TerritoryVersion.objects.filter(structure=membership.structure_id)


def territories_editable_by(membership: Membership) -> QuerySet[Territory]:
    """Facilitators and managers draw the territory; others read it."""
    visible = territories_visible_to(membership)
    return visible if membership.role in EDITORS else visible.none()
