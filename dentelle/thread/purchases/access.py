"""The only way to what belongs to someone in this room. Contracts belong to nobody: they are public data."""

from django.db.models import QuerySet

from dentelle.foundations.organisations.models import Membership, Role
from dentelle.thread.purchases.models import ColumnChoice, SavedView

IMPORTERS = (Role.FACILITATOR.value, Role.MANAGER.value)
# What was loaded and what was refused is the kitchen of the figures: for those who work with them or check them.
DATA_READERS = (*IMPORTERS, Role.PATHWAY_ADVISOR.value, Role.READER.value, Role.AUDITOR.value)


def saved_views_visible_to(membership: Membership) -> QuerySet[SavedView]:
    """The views this person saved while acting for this structure."""
    return SavedView.objects.filter(structure=membership.structure_id, user=membership.user_id)


def column_choices_visible_to(membership: Membership) -> QuerySet[ColumnChoice]:
    return ColumnChoice.objects.filter(structure=membership.structure_id, user=membership.user_id)


def may_import(membership: Membership) -> bool:
    """Whether this person may change the data set everybody reads."""
    return membership.role in IMPORTERS
