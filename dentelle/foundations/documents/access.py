"""The only way to files: what a structure keeps is seen by its members and by nobody else."""

from django.db.models import QuerySet

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.organisations.models import Membership, Role


def files_visible_to(membership: Membership) -> QuerySet[StoredFile]:
    """The files of the structure this person acts for, purged ones included; an elected official's are their own.

    An export of the whole structure is for its managers.
    """
    files = StoredFile.objects.filter(structure=membership.structure_id)
    if membership.role != Role.MANAGER:
        files = files.filter(is_takeout=False)
    return files.filter(created_by=membership.user_id) if membership.role == Role.ELECTED_OFFICIAL else files


def files_readable_by(membership: Membership) -> QuerySet[StoredFile]:
    """Those whose bytes may be handed over."""
    return files_visible_to(membership).filter(state=FileState.AVAILABLE)
