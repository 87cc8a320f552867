"""Whose publications are whose: those of the contracts a structure leads."""

from django.http import Http404

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.access import READERS, contracts_visible_to, may_write
from dentelle.thread.contracts.models import Contract, ContractQuerySet
from dentelle.thread.publications.standing import concerned

__all__ = ["READERS", "may_write"]


def published_contracts(membership: Membership) -> ContractQuerySet:
    """Return the contracts with something to publish that the member's structure leads."""
    return concerned(contracts_visible_to(membership).filter(structure_id=membership.structure_id))


def published_contract(membership: Membership, pk: int) -> Contract:
    """Return one of them, or 404."""
    found = published_contracts(membership).select_related("structure", "buyer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
