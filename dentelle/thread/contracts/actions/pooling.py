"""Pooling agreements: which contracts share the hours of one company, with the written consent of each buyer."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index
from dentelle.rules.spreading import allocate
from dentelle.thread.contracts.access import contract_editable_by, may_write, pooling_visible_to
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import Contract, PooledContract, PoolingAgreement, PoolingKey
from dentelle.thread.contracts.refusals import ContractRefused


@transaction.atomic
def create_pooling(
    actor: Membership,
    company: Organisation,
    *,
    title: str,
    key: str = PoolingKey.DUE,
    signed_on: date | None = None,
    ends_on: date | None = None,
    at: datetime,
) -> PoolingAgreement:
    """Open an agreement for one company. Raises ContractRefused."""
    _writer(actor)
    if not title.strip():
        raise ContractRefused("title_missing", "Donnez un intitulé à la convention.", "title")
    if key not in PoolingKey.values:
        raise ContractRefused("key_unknown", "Choisissez la clé de répartition dans la liste.", "key")
    if signed_on and ends_on and ends_on < signed_on:
        raise ContractRefused("dates_reversed", "La fin de la convention précède sa signature.", "ends_on")
    agreement = PoolingAgreement.objects.create(
        structure=actor.structure,
        company=company,
        title=title.strip(),
        key=key,
        signed_on=signed_on,
        ends_on=ends_on,
        created_at=at,
    )
    index(agreement)
    record("pooling.created", agreement, at=at, actor=actor.user, structure=actor.structure, key=key)
    return agreement


@transaction.atomic
def pool_contract(
    actor: Membership, agreement_pk: int, contract_pk: int, *, stated_weight: int | None = None, at: datetime
) -> PooledContract:
    """Bring a contract into the agreement. Only a contract the company works under can be pooled."""
    agreement = _editable(actor, agreement_pk)
    contract = contract_editable_by(actor, contract_pk)
    if agreement.pooled.filter(contract=contract).exists():
        raise ContractRefused("pooled_twice", "Ce contrat est déjà dans la convention.", "contract")
    elsewhere = pooled_in_force(timezone.localdate(at)).filter(contract=contract).select_related("agreement").first()
    if elsewhere is not None:
        raise ContractRefused(
            "pooled_elsewhere",
            f"Ce contrat est déjà dans une convention en vigueur, « {elsewhere.agreement.title} »\u00a0: "
            "les mêmes heures ne se répartissent pas deux fois.",
            "contract",
        )
    if not _works_under(agreement.company, contract):
        raise ContractRefused(
            "not_its_contract", "Cette entreprise n’est ni titulaire ni sous-traitante de ce contrat.", "contract"
        )
    if agreement.key == PoolingKey.STATED and not stated_weight:
        raise ContractRefused("weight_missing", "La convention fixe les parts\u00a0: donnez celle-ci.", "stated_weight")
    pooled = PooledContract.objects.create(
        structure=actor.structure, agreement=agreement, contract=contract, stated_weight=stated_weight
    )
    record(
        "pooling.contract_added", agreement, at=at, actor=actor.user, structure=actor.structure, contract=contract.pk
    )
    return pooled


@transaction.atomic
def record_consent(
    actor: Membership, agreement_pk: int, contract_pk: int, *, on: date, reference: str, at: datetime
) -> PooledContract:
    """Note the written consent of a contract's buyer, with what proves it."""
    agreement = _editable(actor, agreement_pk)
    pooled = agreement.pooled.filter(contract_id=contract_pk).first()
    if pooled is None:
        raise ContractRefused("not_pooled", "Ce contrat n’est pas dans la convention.")
    if not reference.strip():
        raise ContractRefused(
            "reference_missing",
            "Donnez la référence de l’accord écrit (courrier, délibération, courriel).",
            "reference",
        )
    if on > timezone.localdate(at):
        raise ContractRefused("in_future", "Un accord écrit ne peut pas être daté d’un jour à venir.", "on")
    pooled.consented_on, pooled.consent_reference = on, reference.strip()
    pooled.save()
    record("pooling.consented", agreement, at=at, actor=actor.user, structure=actor.structure, contract=contract_pk)
    return pooled


def pooled_in_force(today: date) -> QuerySet[PooledContract]:
    """Return the contracts of the agreements that have not ended."""
    return PooledContract.objects.filter(Q(agreement__ends_on__isnull=True) | Q(agreement__ends_on__gte=today))


def shared_minutes(agreement: PoolingAgreement, minutes: int) -> dict[int, int]:
    """Share minutes between the contracts whose buyer consented, by the agreement's key; the parts add up to ``minutes``.

    Return minutes by contract key. Raises SpreadingRefused when no contract can receive any.
    """
    pooled = list(
        agreement.pooled.exclude(consented_on=None)
        .select_related("contract")
        .prefetch_related("contract__obligations__orders", "contract__obligations__amendments")
    )
    if agreement.key == PoolingKey.STATED:
        weights = [each.stated_weight or 0 for each in pooled]
    else:
        weights = [sum(due.owed for due in dues_of(each.contract)) for each in pooled]
    return dict(zip((each.contract_id for each in pooled), allocate(minutes, weights), strict=True))


def _works_under(company: Organisation, contract: Contract) -> bool:
    return (
        contract.holders.filter(organisation=company).exists()
        or contract.holders.filter(subcontracts__organisation=company).exists()
    )


def _writer(actor: Membership) -> None:
    if not may_write(actor):
        raise ContractRefused("role", "Votre rôle permet de consulter les conventions, pas d’en créer.")


def _editable(actor: Membership, pk: int) -> PoolingAgreement:
    agreement = pooling_visible_to(actor, pk)
    _writer(actor)
    return agreement
