"""The only way to the library: read by all the people of its network, written by its head and by who answers for an item."""

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.accounts.models import User
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.organisations.models import READ_ONLY_ROLES, Membership, Role
from dentelle.network.governance.access import Viewer, may_run, network_of
from dentelle.network.library.models import LibraryItem, PathStep, StepDone

OWNERS = tuple(role for role in Role.values if role not in READ_ONLY_ROLES)


def items_visible_to(viewer: Viewer) -> QuerySet[LibraryItem]:
    """Return what the library of the network holds; what was retired is the head's and its owner's to read."""
    found = LibraryItem.objects.filter(network=network_of(viewer))
    return found if may_run(viewer) else found.filter(retired_on=None)


def steps_visible_to(viewer: Viewer) -> QuerySet[PathStep]:
    return PathStep.objects.filter(network=network_of(viewer))


def done_by(member: Membership) -> QuerySet[StepDone]:
    """Return the person's own ticks in the structure they act for."""
    return StepDone.objects.filter(user=member.user_id, structure=member.structure_id)


def may_keep(viewer: Viewer, item: LibraryItem) -> bool:
    """Say whether the person may change an item: the head of the network, and who answers for it, not as a mere reader."""
    if item.retired_on or network_of(viewer) != item.network_id:
        return False
    return may_run(viewer) or (viewer.role in OWNERS and item.owner_id == viewer.user_id)  # type: ignore[union-attr]


def one(found: QuerySet[LibraryItem], pk: int) -> LibraryItem:
    """Return one item of what a person may read, or 404."""
    kept = found.filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept


def item_kept_by(viewer: Viewer, pk: int) -> LibraryItem:
    """Return one item the person may change, or 404."""
    item = one(items_visible_to(viewer).select_related("owner", "file"), pk)
    if not may_keep(viewer, item):
        raise Http404
    return item


def file_readable_by(viewer: Viewer, pk: int) -> StoredFile:
    """Return the file of an item, or 404 while it is in quarantine."""
    item = one(items_visible_to(viewer).select_related("file"), pk)
    if item.file is None or item.file.state != FileState.AVAILABLE:
        raise Http404
    return item.file


def owners_of(network_id: int) -> QuerySet[User]:
    """Return who may answer for an item: people who act for a member at work, and the head of the network."""
    members = User.objects.filter(
        is_active=True,
        memberships__role__in=OWNERS,
        memberships__structure__network=network_id,
        memberships__structure__status="approved",
    )
    heads = User.objects.filter(is_active=True, network_seats__network=network_id)
    return User.objects.filter(pk__in=members.values("pk").union(heads.values("pk"))).order_by("full_name", "pk")


__all__ = [
    "OWNERS",
    "Viewer",
    "done_by",
    "file_readable_by",
    "item_kept_by",
    "items_visible_to",
    "may_keep",
    "may_run",
    "network_of",
    "one",
    "owners_of",
    "steps_visible_to",
]
