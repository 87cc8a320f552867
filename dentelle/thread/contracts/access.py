"""The only way to contracts: the lead structure and those associated see them, an organisation sees its own."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from dentelle.foundations.directory.models import Organisation, Seat, SeatRole
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Membership, StructureStatus
from dentelle.thread.contracts.models import (
    Contract,
    ContractQuerySet,
    Exchange,
    Holder,
    Obligation,
    Operation,
    PoolingAgreement,
    Subcontract,
)
from dentelle.thread.contracts.party import Party, Side
from dentelle.thread.contracts.states import SIGNED_STATES, WRITER_ROLES

READERS = (*WRITER_ROLES, "pathway_advisor", "reader", "auditor")


def may_write(membership: Membership) -> bool:
    """Say whether the member's role allows changing contracts."""
    return membership.role in WRITER_ROLES


def contracts_visible_to(membership: Membership) -> ContractQuerySet:
    """Return the contracts the member's structure leads or is associated with today; none to roles that only see figures."""
    if membership.role not in READERS:
        return Contract.objects.none()
    return Contract.objects.filter(
        Q(structure_id=membership.structure_id) | Q(pk__in=contracts_shared_with(membership).values("pk"))
    )


def contracts_of_structure(membership: Membership) -> ContractQuerySet:
    """Return those the member's structure leads: most of what it sees, and what an index gives in order."""
    if membership.role not in READERS:
        return Contract.objects.none()
    return Contract.objects.filter(structure_id=membership.structure_id)


def of_structure(membership: Membership, contract: str = "", *, roles: Collection[str] = READERS) -> Q:
    """Say the same of rows that hang from contracts (``contract``: the path to theirs, « obligation__contract__ »).

    One join, where « of these contracts » would read them twice. Such rows bear the structure of their contract too: the
    database starts from whichever are fewer. ``roles`` other than these see nothing.
    """
    if membership.role not in roles:
        return Q(pk__in=[])
    return Q(**{f"{contract}structure_id": membership.structure_id}, structure_id=membership.structure_id)


def contracts_shared_with(membership: Membership) -> ContractQuerySet:
    """Return those led by another structure, that the member's structure follows a part of today."""
    if membership.role not in READERS:
        return Contract.objects.none()
    return Contract.objects.filter(associations__structure_id=membership.structure_id, associations__until=None)


def contract_visible_to(membership: Membership, pk: int) -> Contract:
    """Return one contract, or 404 whether it does not exist or belongs to others."""
    return _one(contracts_visible_to(membership), pk)


def contracts_led_by(membership: Membership) -> ContractQuerySet:
    """Return the contracts the member may change: those the structure leads; none to roles that only read."""
    if not may_write(membership):
        return Contract.objects.none()
    return Contract.objects.filter(structure_id=membership.structure_id)


def contract_editable_by(membership: Membership, pk: int) -> Contract:
    """Return one contract the member may change: the lead structure's, by a facilitator or a manager; else 404."""
    return _one(contracts_led_by(membership), pk)


def contracts_seen_by(seat: Seat) -> ContractQuerySet:
    """Return what an outside organisation sees: a buyer its contracts, a company those it holds or works under, once signed.

    Of structures at work only. Before the notification a company sees nothing: who won is the buyer's to say.
    """
    if seat.role == SeatRole.BUYER:
        return _of_structures_at_work().filter(buyer_id=seat.organisation_id)
    return _worked_by(seat.organisation_id)


def contract_seen_by(seat: Seat, pk: int) -> Contract:
    """Return one contract of the organisation, or 404."""
    return _one(contracts_seen_by(seat), pk)


def party_of(seat: Seat, contract: Contract) -> Party:
    """Return how a seat stands on a contract that ``contract_seen_by`` gave."""
    side = Side.BUYER if seat.role == SeatRole.BUYER else _side_of_company(seat.organisation_id, contract)
    return Party(seat.organisation, side, user=seat.user)


def contract_behind(link: MagicLink) -> tuple[Contract, Party]:
    """Return the contract a company's link opens and how the company stands on it, or 404 when it has nothing to do there."""
    organisation = link.organisation
    if organisation is None:
        raise Http404
    contract = _one(_behind(link, organisation), int(link.subject_id))
    return contract, Party(organisation, _side_of_company(organisation.pk, contract), link=link)


def title_behind(link: MagicLink) -> str | None:
    """Return what a company's link opens, in words for an e-mail; None when it opens nothing any more."""
    if link.organisation is None:
        return None
    title = _behind(link, link.organisation).values_list("title", flat=True).first()
    return None if title is None else f"la clause sociale du marché « {title} »"


def contract_of_party(party: Party, pk: int) -> Contract:
    """Return the contract of a party read again, on the side it still stands on; else 404."""
    if party.side is Side.BUYER:
        return _one(_of_structures_at_work().filter(buyer=party.organisation), pk)
    contract = _one(_worked_by(party.organisation.pk), pk)
    if _side_of_company(party.organisation.pk, contract) is not party.side:
        raise Http404
    return contract


def exchanges_seen_by(party: Party, contract: Contract) -> QuerySet[Exchange]:
    """Return what was shared with the side of the party, and what its organisation asked."""
    return contract.exchanges.filter(Q(sharing__in=party.side.reads) | Q(asked_by=party.organisation))


def shared_with(seat: Seat) -> QuerySet[Exchange]:
    """Return the exchanges of every contract that the seat's organisation reads."""
    contracts = contracts_seen_by(seat).values("pk")
    asked = Q(asked_by_id=seat.organisation_id, contract__in=contracts)
    if seat.role == SeatRole.BUYER:
        return Exchange.objects.filter(Q(sharing__in=Side.BUYER.reads, contract__in=contracts) | asked)
    held = Holder.objects.filter(organisation_id=seat.organisation_id, contract__in=contracts).values("contract_id")
    return Exchange.objects.filter(Q(sharing__in=Side.HOLDER.reads, contract__in=held) | asked)


def file_seen_by(party: Party, contract: Contract, uuid: UUID) -> StoredFile:
    """Return a file joined to an exchange the party reads, once it left quarantine; else 404."""
    joined = exchanges_seen_by(party, contract).filter(attachment=uuid, attachment__state=FileState.AVAILABLE)
    found = joined.select_related("attachment").first()
    if found is None or found.attachment is None:
        raise Http404
    return found.attachment


def _of_structures_at_work() -> ContractQuerySet:
    return Contract.objects.filter(structure__status=StructureStatus.APPROVED)


def _worked_by(organisation_pk: int) -> ContractQuerySet:
    held = Holder.objects.filter(organisation_id=organisation_pk).values("contract_id")
    under = Subcontract.objects.filter(organisation_id=organisation_pk).values("holder__contract_id")
    return _of_structures_at_work().filter(Q(pk__in=held) | Q(pk__in=under), state__in=SIGNED_STATES)


def _behind(link: MagicLink, organisation: Organisation) -> ContractQuerySet:
    return _worked_by(organisation.pk).filter(pk=link.subject_id, structure=link.structure)


def _side_of_company(organisation_pk: int, contract: Contract) -> Side:
    holds = contract.holders.filter(organisation_id=organisation_pk).exists()
    return Side.HOLDER if holds else Side.SUBCONTRACTOR


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


def obligations_visible_to(membership: Membership) -> QuerySet[Obligation]:
    """Return what is owed by the contracts the member sees."""
    return Obligation.objects.filter(contract__in=contracts_visible_to(membership))


def obligation_visible_to(membership: Membership, pk: int) -> Obligation:
    """Return one obligation of a contract the member sees, or 404."""
    found = obligations_visible_to(membership).select_related("contract").filter(pk=pk).first()
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
