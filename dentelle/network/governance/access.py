"""The only way to governance: what is the network's is read by its people, run by its head.

A concern is read in full by its author, by the structure it speaks for and by the head of the network; by the other members once the
head has gathered it under a theme, without its author's name unless they allowed it.
"""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from dentelle.foundations.documents.models import FileState
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.governance.models import (
    Axis,
    Body,
    Concern,
    ConcernState,
    Mandate,
    MandateQuerySet,
    Office,
    OfficeQuerySet,
    Session,
    SessionDocument,
    Theme,
    ThemeQuerySet,
)

Viewer = Membership | NetworkSeat
WRITERS = (Role.ELECTED_OFFICIAL.value,)
Kept = TypeVar("Kept", bound=Model)


def network_of(viewer: Viewer) -> int:
    """Return the key of the network a person belongs to."""
    return viewer.network_id if isinstance(viewer, NetworkSeat) else viewer.structure.network_id


def may_run(viewer: Viewer) -> bool:
    """Say whether the person keeps mandates, bodies, axes and sessions: the head of the network alone."""
    return isinstance(viewer, NetworkSeat)


def may_write(viewer: Viewer) -> bool:
    """Say whether the person writes concerns: elected officials alone, in their own name."""
    return isinstance(viewer, Membership) and viewer.role in WRITERS


def mandates_visible_to(viewer: Viewer) -> MandateQuerySet:
    return Mandate.objects.filter(network=network_of(viewer))


def bodies_visible_to(viewer: Viewer) -> QuerySet[Body]:
    return Body.objects.filter(network=network_of(viewer))


def offices_visible_to(viewer: Viewer) -> OfficeQuerySet:
    return Office.objects.filter(network=network_of(viewer))


def themes_visible_to(viewer: Viewer) -> ThemeQuerySet:
    return Theme.objects.filter(network=network_of(viewer))


def axes_visible_to(viewer: Viewer) -> QuerySet[Axis]:
    return Axis.objects.filter(network=network_of(viewer))


def sessions_visible_to(viewer: Viewer) -> QuerySet[Session]:
    return Session.objects.filter(network=network_of(viewer))


def concerns_visible_to(viewer: Viewer) -> QuerySet[Concern]:
    """Return what one may read of the network's concerns; those withdrawn are their author's alone."""
    found = Concern.objects.filter(network=network_of(viewer))
    if isinstance(viewer, NetworkSeat):
        return found.exclude(state=ConcernState.WITHDRAWN)
    return found.filter(
        Q(author=viewer.user_id)
        | (~Q(state=ConcernState.WITHDRAWN) & (Q(structure=viewer.structure_id) | Q(theme__isnull=False)))
    )


def concerns_written_by(member: Membership) -> QuerySet[Concern]:
    """Return the person's own concerns in the network they now act in."""
    return Concern.objects.filter(network=network_of(member), author=member.user_id)


def knows_author(viewer: Viewer, concern: Concern) -> bool:
    """Say whether the author's name is shown to the person."""
    if may_run(viewer) or concern.shows_name:
        return True
    return isinstance(viewer, Membership) and (
        concern.author_id == viewer.user_id or concern.structure_id == viewer.structure_id
    )


def documents_visible_to(viewer: Viewer) -> QuerySet[SessionDocument]:
    """Return the documents of sessions whose bytes may be handed over: those in quarantine are not."""
    return SessionDocument.objects.filter(
        session__network=network_of(viewer), file__state=FileState.AVAILABLE
    ).select_related("file")


def one(found: QuerySet[Kept], pk: Any) -> Kept:
    """Return one of what a person may read, or 404 whether it does not exist or belongs to others."""
    kept = found.filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept


def run(viewer: Viewer) -> NetworkSeat:
    """Return the seat of who runs the network, or 404."""
    if not isinstance(viewer, NetworkSeat):
        raise Http404
    return viewer
