"""Acts on publications: confirm or refuse a match, look again. Each in one transaction, with one journal entry."""

from datetime import datetime

from django.db import transaction
from django.http import Http404

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications import access
from dentelle.thread.publications.looking import look
from dentelle.thread.publications.models import Publication, PublicationState, RefusedMatch
from dentelle.thread.territory.queries import store


class MatchRefused(Exception):
    """The match cannot be decided; the message says why, in French."""


@transaction.atomic
def confirm_match(membership: Membership, pk: int, *, contract_key: str, at: datetime) -> Publication:
    """Say that the award shown is this contract. Raises MatchRefused when another one is proposed by now."""
    contract, publication = _proposed(membership, pk, contract_key)
    publication.state = PublicationState.MATCHED
    publication.decided_by, publication.decided_at = membership.user, at
    publication.save(update_fields=["state", "decided_by", "decided_at"])
    record(
        "publication.confirmed",
        contract,
        at=at,
        actor=membership.user,
        structure=contract.structure,
        reason=publication.reason,
    )
    return publication


@transaction.atomic
def refuse_match(membership: Membership, pk: int, *, contract_key: str, at: datetime) -> None:
    """Say that the award shown is another contract: it is not proposed again, the next candidate is. Raises MatchRefused."""
    contract, publication = _proposed(membership, pk, contract_key)
    RefusedMatch.objects.get_or_create(
        contract=contract,
        contract_key=publication.contract_key,
        defaults={"structure": contract.structure, "author": membership.user, "refused_at": at},
    )
    publication.delete()
    record("publication.refused", contract, at=at, actor=membership.user, structure=contract.structure)
    try:
        look(Contract.objects.filter(pk=contract.pk), store(), at=at)
    except StoreMissing:
        return  # nothing to propose from: the night will, once data are loaded


@transaction.atomic
def reopen_match(membership: Membership, pk: int, *, at: datetime) -> None:
    """Take a confirmation back: the award is proposed again, and a person decides anew. Raises MatchRefused."""
    contract = _writable(membership, pk)
    publication = Publication.objects.select_for_update().filter(contract=contract, decided_at__isnull=False).first()
    if publication is None:
        raise MatchRefused("Il n’y a pas de rapprochement confirmé à rouvrir.")
    publication.state = PublicationState.PROPOSED
    publication.decided_by, publication.decided_at = None, None
    publication.save(update_fields=["state", "decided_by", "decided_at"])
    record("publication.reopened", contract, at=at, actor=membership.user, structure=contract.structure)


def _proposed(membership: Membership, pk: int, contract_key: str) -> tuple[Contract, Publication]:
    contract = _writable(membership, pk)
    publication = Publication.objects.select_for_update().filter(contract=contract).first()
    if publication is None or publication.contract_key != contract_key:
        raise MatchRefused("La publication proposée a changé entre-temps\u00a0: relisez-la avant de décider.")
    if publication.state != PublicationState.PROPOSED:
        raise MatchRefused("Ce rapprochement est déjà établi.")
    return contract, publication


def _writable(membership: Membership, pk: int) -> Contract:
    if not access.may_write(membership):
        raise Http404
    return access.published_contract(membership, pk)
