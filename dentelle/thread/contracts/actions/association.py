"""Structures that follow part of a contract beside its lead: each sees its share, the hours stay counted once."""

from datetime import date, datetime

from dentelle.foundations.organisations.models import Membership, Structure, StructureStatus
from dentelle.foundations.search.actions import index
from dentelle.thread.contracts.actions.changing import changing
from dentelle.thread.contracts.dues import owed_minutes
from dentelle.thread.contracts.models import Association, Contract
from dentelle.thread.contracts.refusals import ContractRefused


def associate_structure(
    actor: Membership,
    pk: int,
    structure_pk: int,
    *,
    due_minutes: int,
    since: date,
    expected_revision: int,
    at: datetime,
) -> Association:
    """Let a structure of the same network follow its share of the contract, or change that share. Raises ContractRefused.

    The shares of all associated structures never exceed what the contract owes.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        contract = change.contract
        other = Structure.objects.filter(
            pk=structure_pk, network_id=contract.structure.network_id, status=StructureStatus.APPROVED
        ).first()
        if other is None or other.pk == contract.structure_id:
            raise ContractRefused("structure_unknown", "Choisissez une autre structure de votre réseau.", "structure")
        _check_share(contract, other, due_minutes)
        association, _ = Association.objects.update_or_create(
            contract=contract,
            structure=other,
            defaults={"due_minutes": due_minutes, "since": since, "until": None},
        )
        index(contract)
        change.record("contract.associated", association, to_structure=other.pk, minutes=due_minutes)
    return association


def end_association(
    actor: Membership, pk: int, association_pk: int, *, on: date, expected_revision: int, at: datetime
) -> Association:
    """End what an associated structure follows; it no longer sees the contract."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        association = change.contract.associations.filter(pk=association_pk, until=None).first()
        if association is None:
            raise ContractRefused("association_unknown", "Cette structure ne suit plus le contrat.", "association")
        if on < association.since:
            raise ContractRefused("dates_reversed", "La fin précède le début du suivi.", "on")
        association.until = on
        association.save()
        index(change.contract)
        change.record("contract.dissociated", association, to_structure=association.structure_id)
    return association


def _check_share(contract: Contract, other: Structure, minutes: int) -> None:
    owed = sum(owed_minutes(each) for each in contract.obligations.prefetch_related("orders", "amendments"))
    beside = contract.associations.filter(until=None).exclude(structure=other)
    left = owed - sum(each.due_minutes for each in beside)
    if not 0 < minutes <= left:
        raise ContractRefused(
            "share_too_large",
            f"Il reste {max(0, left) // 60}\u00a0h à répartir entre les structures associées.",
            "due_minutes",
        )
