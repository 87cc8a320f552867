"""The only way to the Tour: its people read what is announced, its head all of it; anyone what is open to the public.

A draft is its head's. A person reads their own registration; the list of who comes is the head's alone. An organisation
that has an agreement with the network, or that its map names, finds what is open to the public from its own space.
"""

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.documents.models import FileState
from dentelle.foundations.organisations.models import Membership, Network, NetworkSeat, Role
from dentelle.network.agreements.access import agreements_of_party, naming
from dentelle.network.tour.models import Finding, Need, Registration, Stage, StageCorrection, StageDocument, Tour
from dentelle.network.tour.vocabulary import Audience, StageState

Viewer = Membership | NetworkSeat
Kept = TypeVar("Kept", bound=Model)
PARTNER = SeatRole.PARTNER.value
WRITERS = (Role.FACILITATOR.value, Role.PATHWAY_ADVISOR.value, Role.MANAGER.value)
OFFICIALS = (Role.ELECTED_OFFICIAL.value,)
TOLD = ~Q(state=StageState.DRAFT) & Q(announced_at__isnull=False)
READABLE = TOLD | Q(state=StageState.KNOWN)  # what its people read: the press told it to anyone
TOOK_PLACE = (StageState.HELD.value, StageState.REPORTED.value)


def network_of(viewer: Viewer) -> int:
    """Return the key of the network a person belongs to."""
    return viewer.network_id if isinstance(viewer, NetworkSeat) else viewer.structure.network_id


def may_run(viewer: Viewer) -> bool:
    """Say whether the person keeps the Tour: the head of the network alone."""
    return isinstance(viewer, NetworkSeat)


def may_note(viewer: Viewer) -> bool:
    """Say whether the person writes down needs that were voiced: those who work in a member, and the head."""
    return isinstance(viewer, NetworkSeat) or viewer.role in WRITERS


def may_carry(viewer: Viewer) -> bool:
    """Say whether the person makes a finding their concern: an elected official, in their own name."""
    return isinstance(viewer, Membership) and viewer.role in OFFICIALS


def tours_visible_to(viewer: Viewer) -> QuerySet[Tour]:
    """Return the tours of the network; those without a stage that is announced, or known, for its head alone."""
    found = Tour.objects.filter(network=network_of(viewer))
    readable = Stage.objects.filter(READABLE, tour=OuterRef("pk"))
    return found if may_run(viewer) else found.filter(Exists(readable))


def stages_visible_to(viewer: Viewer) -> QuerySet[Stage]:
    """Return the stages the person may read: drafts for the head alone."""
    found = Stage.objects.filter(network=network_of(viewer)).select_related("tour__network", "host")
    return found if may_run(viewer) else found.filter(READABLE)


def needs_visible_to(viewer: Viewer) -> QuerySet[Need]:
    return Need.objects.filter(stage__in=stages_visible_to(viewer).values("pk"))


def findings_visible_to(viewer: Viewer) -> QuerySet[Finding]:
    return Finding.objects.filter(stage__in=stages_visible_to(viewer).values("pk")).select_related("stage__tour")


def documents_visible_to(viewer: Viewer) -> QuerySet[StageDocument]:
    """Return the documents of stages the person may know of, whatever became of their bytes."""
    found = StageDocument.objects.filter(stage__in=stages_visible_to(viewer).values("pk")).select_related("file")
    return found if may_run(viewer) else found.exclude(audience=Audience.HEAD)


def served(found: QuerySet[StageDocument]) -> QuerySet[StageDocument]:
    """Keep the documents whose bytes may be handed over: not those in quarantine."""
    return found.filter(file__state=FileState.AVAILABLE)


def corrections_run_by(seat: NetworkSeat) -> QuerySet[StageCorrection]:
    """Return what was corrected of the stages of the head's network, with its former words."""
    return StageCorrection.objects.filter(stage__network=seat.network_id).select_related("stage")


def registrations_run_by(seat: NetworkSeat) -> QuerySet[Registration]:
    """Return who comes to the stages of the head's network."""
    return Registration.objects.filter(stage__network=seat.network_id).select_related("stage__tour")


def own_registration(member: Viewer | Seat, stage: Stage) -> Registration | None:
    """Return the person's own registration to a stage, cancelled ones too."""
    return Registration.objects.filter(stage=stage, user=member.user_id).first()


def public_tours() -> QuerySet[Tour]:
    """Return the tours anyone reads: those with a stage announced to the public."""
    return Tour.objects.filter(Exists(public_stages().filter(tour=OuterRef("pk")))).select_related("network")


def public_syntheses() -> QuerySet[Tour]:
    """Return the tours whose synthesis anyone reads: those whose head published it."""
    return public_tours().filter(synthesis_at__isnull=False)


def told_to_all() -> QuerySet[Stage]:
    """Return the stages anyone reads that are told: what a public synthesis adds up."""
    return public_stages().filter(state=StageState.REPORTED)


def public_stages() -> QuerySet[Stage]:
    """Return the stages anyone reads: announced, and open to the public; those cancelled once announced too."""
    return Stage.objects.filter(TOLD, audience=Audience.PUBLIC).select_related("tour__network", "host")


def stages_open_to(seat: Seat) -> QuerySet[Stage]:
    """Return the public stages of the networks the seat's organisation works with: by an agreement, or named on their map."""
    by_agreement = Q(network__in=agreements_of_party(seat).order_by().values("network"))
    by_name = Q(network__in=naming(seat).order_by().values("structure__network"))
    return public_stages().filter(by_agreement | by_name)


def works_with_a_network(seat: Seat) -> bool:
    """Say whether a network has an agreement with the seat's organisation, or names it on its map."""
    return agreements_of_party(seat).exists() or naming(seat).exists()


def public_documents() -> QuerySet[StageDocument]:
    """Return the documents anyone opens."""
    found = StageDocument.objects.filter(stage__in=public_stages().values("pk"), audience=Audience.PUBLIC)
    return served(found).select_related("file")


def run(viewer: Viewer) -> NetworkSeat:
    """Return the seat of who keeps the Tour, or 404."""
    if not isinstance(viewer, NetworkSeat):
        raise Http404
    return viewer


def one(found: QuerySet[Kept], pk: Any) -> Kept:
    """Return one of what a person may read, or 404 whether it does not exist or is not for them."""
    kept = found.filter(pk=pk).first()
    if kept is None:
        raise Http404
    return kept


def stages_of(network: Network | int) -> QuerySet[Stage]:
    """Return the stages of a network that took place."""
    return Stage.objects.filter(network=network, state__in=TOOK_PLACE)
