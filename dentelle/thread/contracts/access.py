"""The only way to contracts: the lead structure and those associated see them, an organisation sees its own."""

from django.db.models import Q, QuerySet
from django.http import Http404

from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract, ContractQuerySet, Operation, PoolingAgreement
from dentelle.thread.contracts.states import WRITER_ROLES

READERS = (*WRITER_ROLES, "pathway_advisor", "reader", "auditor")


def may_write(membership: Membership) -> bool:
    """Say whether the member's role allows changing contracts."""
    return membership.role in WRITER_ROLES


def contracts_visible_to(membership: Membership) -> ContractQuerySet:
    """Return the contracts the member's structure leads or is associated with today; none to roles that only see figures."""
    if membership.role not in READERS:
        return Contract.objects.none()
    mine = Q(structure_id=membership.structure_id)
    shared = Q(
        pk__in=Contract.objects.filter(
            associations__structure_id=membership.structure_id, associations__until=None
        ).values("pk")
    )
    return Contract.objects.filter(mine | shared)


def contracts_of_structure(membership: Membership) -> ContractQuerySet:
    """Return those the member's structure leads: most of what it sees, and what an index gives in order."""
    if membership.role not in READERS:
        return Contract.objects.none()
    return Contract.objects.filter(structure_id=membership.structure_id)


def contract_visible_to(membership: Membership, pk: int) -> Contract:
    """Return one contract, or 404 whether it does not exist or belongs to others."""
    return _one(contracts_visible_to(membership), pk)


def contract_editable_by(membership: Membership, pk: int) -> Contract:
    """Return one contract the member may change: the lead structure's, by a facilitator or a manager; else 404."""
    if not may_write(membership):
        raise Http404
    return _one(Contract.objects.filter(structure_id=membership.structure_id), pk)


def contracts_seen_by(seat: Seat) -> ContractQuerySet:
    """Return what an outside organisation sees: a buyer its contracts, a company those it holds or works under."""
    if seat.role == SeatRole.BUYER:
        return Contract.objects.filter(buyer_id=seat.organisation_id)
    held = Q(holders__organisation_id=seat.organisation_id)
    under = Q(holders__subcontracts__organisation_id=seat.organisation_id)
    return Contract.objects.filter(pk__in=Contract.objects.filter(held | under).values("pk"))


def contract_seen_by(seat: Seat, pk: int) -> Contract:
    """Return one contract of the organisation, or 404."""
    return _one(contracts_seen_by(seat), pk)


def operations_visible_to(membership: Membership) -> QuerySet[Operation]:
    """Return the operations of the member's structure; none to roles that only see figures."""
    if membership.role not in READERS:
        return Operation.objects.none()
    return Operation.objects.filter(structure_id=membership.structure_id)


def operation_visible_to(membership: Membership, pk: int) -> Operation:
    """Return one operation of the member's structure, or 404."""
    found = operations_visible_to(membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def poolings_visible_to(membership: Membership) -> QuerySet[PoolingAgreement]:
    """Return the pooling agreements of the member's structure; none to roles that only see figures."""
    if membership.role not in READERS:
        return PoolingAgreement.objects.none()
    return PoolingAgreement.objects.filter(structure_id=membership.structure_id)


def pooling_visible_to(membership: Membership, pk: int) -> PoolingAgreement:
    """Return one pooling agreement of the member's structure, or 404."""
    found = poolings_visible_to(membership).select_related("company").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _one(contracts: ContractQuerySet, pk: int) -> Contract:
    found = (
        contracts.select_related("structure", "operation", "buyer", "facilitator", "calibration").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found
