"""The only way to plans: a structure sees those it follows, a seated buyer sees its own, whoever dropped them."""

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.intake.targets import Where
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses.access import READERS, WRITERS
from dentelle.thread.plans.models import PlanLine, PurchasePlan

Viewer = Membership | Seat


def may_write(viewer: Viewer) -> bool:
    """Say whether the person may change what a plan says: the structure's writers, and the buyer whose plan it is."""
    return viewer.role == SeatRole.BUYER if isinstance(viewer, Seat) else viewer.role in WRITERS


def may_drop(where: Where) -> bool:
    """Say whether a file may be written where it was dropped: by a writer of the structure, or by the buyer itself."""
    if where.seat is not None:
        return (
            may_write(where.seat)
            and where.organisation is not None
            and (where.seat.organisation_id == where.organisation.pk)
        )
    member = where.membership
    return member is not None and may_write(member) and member.structure_id == where.structure.pk


def plans_visible_to(viewer: Viewer) -> QuerySet[PurchasePlan]:
    """Return the plans a person reads; none to roles that only see figures, nor to seats other than buyers'."""
    if isinstance(viewer, Seat):
        own = PurchasePlan.objects.filter(buyer_id=viewer.organisation_id)
        return own if viewer.role == SeatRole.BUYER else own.none()
    found = PurchasePlan.objects.filter(structure_id=viewer.structure_id)
    return found if viewer.role in READERS else found.none()


def plan_visible_to(viewer: Viewer, pk: int) -> PurchasePlan:
    """Return one plan, or 404 whether it does not exist or belongs to others."""
    found = plans_visible_to(viewer).select_related("buyer", "structure").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def plan_editable_by(viewer: Viewer, pk: int) -> PurchasePlan:
    """Return one plan the person may change, or 404."""
    if not may_write(viewer):
        raise Http404
    return plan_visible_to(viewer, pk)


def line_visible_to(viewer: Viewer, pk: int) -> PlanLine:
    """Return one line of a plan the person reads, or 404."""
    found = (
        PlanLine.objects.filter(plan__in=plans_visible_to(viewer).values("pk"))
        .select_related("plan__buyer", "plan__structure")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def line_editable_by(viewer: Viewer, pk: int) -> PlanLine:
    """Return one line the person may change, or 404."""
    if not may_write(viewer):
        raise Http404
    return line_visible_to(viewer, pk)
