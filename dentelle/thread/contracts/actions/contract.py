"""Entering a contract in the register and changing what is known of it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.contracts.access import may_write
from dentelle.thread.contracts.actions.changing import changing
from dentelle.thread.contracts.models import KINDS, Contract, Operation, Programme
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import ContractState, is_signed
from dentelle.thread.plans.actions import mark_followed
from dentelle.thread.plans.models import PlanLine

# what a correction may still fill in once the contract is signed, and never change
SIGNED_DATES = ("notified_on", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class ContractContent:
    """What is known of a contract. Amounts in cents before tax; unknown is None or empty, never zero."""

    title: str
    buyer: Organisation | None = None
    operation: Operation | None = None
    facilitator: User | None = None
    number: str = ""
    subject: str = ""
    cpv: str = ""
    kind: str = ""
    procedure: str = ""
    ccag: str = ""
    is_framework: bool = False
    amount_cents: int | None = None
    launched_on: date | None = None
    notified_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a contract comes from: a calibration, a renewal of the open data, a line of a purchase plan, or nowhere known."""

    calibration: Calibration | None = None
    renewal_key: str = ""
    plan_line: PlanLine | None = None


def create_contract(
    actor: Membership, content: ContractContent, *, at: datetime, origin: Origin | None = None
) -> Contract:
    """Enter a contract in the register of the actor's structure, as a draft. Raises ContractRefused."""
    if not may_write(actor):
        raise ContractRefused("role", "Votre rôle permet de consulter les contrats, pas d’en créer.")
    origin = origin or Origin()
    _check(actor, content, origin)
    with transaction.atomic():
        contract = Contract(
            structure=actor.structure,
            calibration=origin.calibration,
            renewal_key=origin.renewal_key,
            plan_line=origin.plan_line,
            state=ContractState.DRAFT,
            state_since=at,
            created_at=at,
            updated_at=at,
        )
        _fill(contract, content)
        contract.facilitator = content.facilitator or actor.user
        contract.save()
        index(contract)
        facts = {"from_calibration": origin.calibration.pk} if origin.calibration else {}
        if origin.plan_line is not None:
            facts["from_plan_line"] = origin.plan_line.pk
            mark_followed(origin.plan_line, at=at)
        record("contract.created", contract, at=at, actor=actor.user, structure=actor.structure, **facts)
    return contract


def update_contract(
    actor: Membership, pk: int, content: ContractContent, *, expected_revision: int, at: datetime
) -> Contract:
    """Replace what is known of a contract; once signed, its dates only change by amendment. Raises ContractRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        _check(actor, content, Origin())
        _keep_signed_dates(change.contract, content)
        before = {field.name: getattr(change.contract, field.name) for field in fields(content)}
        _fill(change.contract, content)
        change.contract.facilitator = content.facilitator or actor.user
        change.contract.save()
        index(change.contract)
        changed = sorted(name for name, value in before.items() if getattr(change.contract, name) != value)
        if changed:
            change.record("contract.updated", changed=changed)
    return change.contract


def dates_kept(contract: Contract) -> tuple[str, ...]:
    """Return the dates a correction no longer changes: those a signed contract has."""
    if not is_signed(contract.state):
        return ()
    return tuple(name for name in SIGNED_DATES if getattr(contract, name) is not None)


def take_in_charge(actor: Membership, pk: int, *, expected_revision: int, at: datetime) -> Contract:
    """Have the actor follow a contract from now on. Raises ContractRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        change.contract.facilitator = actor.user
        change.contract.save()
        change.record("contract.taken_in_charge")
    return change.contract


@transaction.atomic
def create_operation(
    actor: Membership,
    *,
    name: str,
    programme: str,
    programme_name: str = "",
    neighbourhoods: tuple[str, ...] = (),
    site: str = "",
    at: datetime,
) -> Operation:
    """Make an operation that will gather contracts. Raises ContractRefused."""
    if not may_write(actor):
        raise ContractRefused("role", "Votre rôle permet de consulter les opérations, pas d’en créer.")
    if programme not in Programme.values:
        raise ContractRefused("programme_unknown", "Choisissez un programme dans la liste.", "programme")
    if not name.strip():
        raise ContractRefused("name_missing", "Donnez un nom à l’opération.", "name")
    if Operation.objects.filter(structure_id=actor.structure_id, name=name.strip()).exists():
        raise ContractRefused("name_taken", "Une opération de votre structure porte déjà ce nom.", "name")
    operation = Operation.objects.create(
        structure=actor.structure,
        name=name.strip(),
        programme=programme,
        programme_name=programme_name.strip(),
        neighbourhoods=list(neighbourhoods),
        site=site.strip(),
        created_at=at,
    )
    index(operation)
    record("operation.created", operation, at=at, actor=actor.user, structure=actor.structure, programme=programme)
    return operation


def _check(actor: Membership, content: ContractContent, origin: Origin) -> None:
    if not content.title.strip():
        raise ContractRefused("title_missing", "Donnez un intitulé au contrat.", "title")
    if content.kind and content.kind not in KINDS:
        raise ContractRefused("kind_unknown", "Choisissez la nature du marché dans la liste.", "kind")
    if content.amount_cents is not None and content.amount_cents <= 0:
        raise ContractRefused("amount_invalid", "Le montant est supérieur à zéro, ou inconnu.", "amount_cents")
    if content.starts_on and content.ends_on and content.ends_on < content.starts_on:
        raise ContractRefused("dates_reversed", "La fin de l’exécution précède son début.", "ends_on")
    if content.notified_on and content.ends_on and content.ends_on < content.notified_on:
        raise ContractRefused("notified_after_end", "La fin de l’exécution précède la notification.", "notified_on")
    if content.operation and content.operation.structure_id != actor.structure_id:
        raise ContractRefused("operation_unknown", "Cette opération n’est pas de votre structure.", "operation")
    if content.facilitator and not content.facilitator.memberships.filter(structure_id=actor.structure_id).exists():
        raise ContractRefused("facilitator_unknown", "Cette personne n’est pas de votre structure.", "facilitator")
    if origin.calibration and origin.calibration.structure_id != actor.structure_id:
        raise ContractRefused("calibration_unknown", "Ce calibrage n’est pas de votre structure.")


def _keep_signed_dates(contract: Contract, content: ContractContent) -> None:
    """A signed contract may be told a date it did not know; one it has is changed by an amendment, or not at all."""
    for name in dates_kept(contract):
        if getattr(content, name) == getattr(contract, name):
            continue
        if name == "ends_on":
            said = "la fin de l’exécution ne se corrige plus ici, passez par un avenant, avec sa date et son motif."
        else:
            said = "cette date ne se corrige plus ici\u00a0; si l’exécution se décale, passez par un avenant."
        raise ContractRefused("signed", f"Le marché est notifié\u00a0: {said}", name)


def _fill(contract: Contract, content: ContractContent) -> None:
    for field in fields(content):
        setattr(contract, field.name, getattr(content, field.name))
    contract.title = content.title.strip()
