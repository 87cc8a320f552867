"""Whose publications are whose: those of the contracts a structure leads."""

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.access import READERS, contracts_of_structure, may_write
from dentelle.thread.contracts.models import Contract, ContractQuerySet
from dentelle.thread.publications.models import Publication
from dentelle.thread.publications.standing import concerned

__all__ = ["READERS", "may_write"]


def published_contracts(membership: Membership) -> ContractQuerySet:
    """Return the contracts with something to publish that the member's structure leads."""
    return concerned(contracts_of_structure(membership))


def publications_of(membership: Membership) -> QuerySet[Publication]:
    """Return what was found published for them."""
    return Publication.objects.filter(structure_id=membership.structure_id)


def published_contract(membership: Membership, pk: int) -> Contract:
    """Return one of them, or 404."""
    found = published_contracts(membership).select_related("structure", "buyer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
