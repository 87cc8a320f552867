"""Who reads the papers of a contract, and whose templates are whose."""

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.access import READERS, contracts_visible_to, may_write
from dentelle.thread.contracts.models import Contract, ContractQuerySet
from dentelle.thread.papers.models import PaperTemplate

__all__ = ["READERS", "may_write"]


def papered_contracts(membership: Membership) -> ContractQuerySet:
    """Return the contracts whose papers the member reads: those the structure leads. Who only follows a part writes none."""
    return contracts_visible_to(membership).filter(structure_id=membership.structure_id)


def papered_contract(membership: Membership, pk: int) -> Contract:
    """Return one of them, or 404."""
    found = (
        papered_contracts(membership)
        .select_related("structure", "operation", "buyer", "facilitator")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def templates_visible_to(membership: Membership) -> QuerySet[PaperTemplate]:
    """Return the structure's own templates; none to roles that only see figures."""
    if membership.role not in READERS:
        return PaperTemplate.objects.none()
    return PaperTemplate.objects.filter(structure_id=membership.structure_id)


def template_visible_to(membership: Membership, paper: str, pk: int) -> PaperTemplate:
    """Return one of them, or 404."""
    found = templates_visible_to(membership).select_related("file", "author").filter(paper=paper, pk=pk).first()
    if found is None:
        raise Http404
    return found
