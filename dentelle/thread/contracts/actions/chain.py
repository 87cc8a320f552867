"""Lots, holders and subcontractors: who does the work, at any depth, and which part of the clause goes down with it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index
from dentelle.thread.contracts.actions.changing import Change, changing
from dentelle.thread.contracts.dues import owed_minutes
from dentelle.thread.contracts.models import Holder, HolderRole, Lot, Subcontract
from dentelle.thread.contracts.refusals import ContractRefused


def add_lot(actor: Membership, pk: int, *, number: str, title: str = "", expected_revision: int, at: datetime) -> Lot:
    """Add a lot. Raises ContractRefused when the number is missing or taken."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        if not number.strip():
            raise ContractRefused("number_missing", "Donnez le numéro du lot.", "number")
        if change.contract.lots.filter(number=number.strip()).exists():
            raise ContractRefused("number_taken", "Ce contrat a déjà un lot de ce numéro.", "number")
        lot = Lot.objects.create(
            structure=actor.structure, contract=change.contract, number=number.strip(), title=title.strip()
        )
        change.record("contract.lot_added", lot)
    return lot


def add_holder(
    actor: Membership,
    pk: int,
    organisation: Organisation,
    *,
    role: str = HolderRole.SINGLE,
    lot_pk: int | None = None,
    due_minutes: int | None = None,
    expected_revision: int,
    at: datetime,
) -> Holder:
    """Add a company that signed the contract or one of its lots. Raises ContractRefused.

    A contract or a lot has one single holder, or one lead and its joint holders.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        lot = lot_of(change, lot_pk)
        beside = Holder.objects.filter(contract=change.contract, lot=lot)
        if beside.filter(organisation=organisation).exists():
            raise ContractRefused("holder_twice", "Cette entreprise est déjà titulaire ici.", "organisation")
        roles = [*beside.values_list("role", flat=True), role]
        if HolderRole.SINGLE in roles and len(roles) > 1:
            raise ContractRefused(
                "single_and_others",
                "Un titulaire unique ne peut pas avoir de cotraitants\u00a0: désignez un mandataire.",
                "role",
            )
        check_single_of_all(change, lot, role)
        if roles.count(HolderRole.LEAD) > 1:
            raise ContractRefused("two_leads", "Le groupement a déjà un mandataire.", "role")
        holder = Holder.objects.create(
            structure=actor.structure,
            contract=change.contract,
            lot=lot,
            organisation=organisation,
            role=role,
            due_minutes=due_minutes,
        )
        index(change.contract)
        change.record("contract.holder_added", holder, role=role, organisation=organisation.pk)
    return holder


def check_single_of_all(change: Change, lot: Lot | None, role: str) -> None:
    """Refuse a single holder of the whole contract beside the holder of a lot, whichever comes first."""
    elsewhere = Holder.objects.filter(contract=change.contract)
    if lot is None:
        clash = role == HolderRole.SINGLE and elsewhere.filter(lot__isnull=False).exists()
    else:
        clash = elsewhere.filter(lot__isnull=True, role=HolderRole.SINGLE).exists()
    if clash:
        raise ContractRefused(
            "single_and_lots",
            "Un titulaire unique de tout le contrat exclut un titulaire de lot\u00a0: choisissez le lot de chacun.",
            "role" if lot is None else "lot",
        )


def remove_holder(actor: Membership, pk: int, holder_pk: int, *, expected_revision: int, at: datetime) -> None:
    """Take out a holder entered by mistake; refused once it has subcontractors or a plan."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        holder = change.contract.holders.filter(pk=holder_pk).first()
        if holder is None:
            raise ContractRefused("holder_unknown", "Ce titulaire n’est plus sur le contrat.")
        if holder.subcontracts.exists():
            raise ContractRefused("holder_used", "Ce titulaire a des sous-traitants\u00a0: retirez-les d’abord.")
        if holder.plans.exists():
            raise ContractRefused(
                "holder_agreed", "Un plan d’insertion est arrêté avec ce titulaire\u00a0: il ne se retire plus."
            )
        change.record("contract.holder_removed", holder, organisation=holder.organisation_id)
        holder.delete()
        index(change.contract)


@dataclass(frozen=True, slots=True)
class SubcontractContent:
    """Work handed down: to whom, what, when, and the minutes of the clause that go with it."""

    organisation: Organisation
    subject: str = ""
    due_minutes: int = 0
    starts_on: date | None = None
    ends_on: date | None = None


def add_subcontract(
    actor: Membership,
    pk: int,
    holder_pk: int,
    content: SubcontractContent,
    *,
    parent_pk: int | None = None,
    expected_revision: int,
    at: datetime,
) -> Subcontract:
    """Hand work down from a holder, or from one of its subcontractors. Raises ContractRefused.

    Nobody hands down more of the clause than it received, nor to itself or to a company above it.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        holder = change.contract.holders.filter(pk=holder_pk).select_related("organisation").first()
        if holder is None:
            raise ContractRefused("holder_unknown", "Ce titulaire n’est plus sur le contrat.")
        above = _line(holder, parent_pk)
        if content.organisation.pk in [holder.organisation_id, *(each.organisation_id for each in above)]:
            raise ContractRefused("circle", "Cette entreprise est déjà au-dessus dans la chaîne.", "organisation")
        parent = above[-1] if above else None
        if content.starts_on and content.ends_on and content.ends_on < content.starts_on:
            raise ContractRefused("dates_reversed", "La fin de la sous-traitance précède son début.", "ends_on")
        if holder.subcontracts.filter(parent=parent, organisation=content.organisation).exists():
            raise ContractRefused(
                "subcontract_twice",
                "Cette entreprise est déjà sous-traitante à ce niveau, pour la même entreprise.",
                "siret",
            )
        _check_passed_down(holder, parent, content.due_minutes)
        made = Subcontract.objects.create(
            structure=actor.structure,
            holder=holder,
            parent=parent,
            organisation=content.organisation,
            subject=content.subject.strip(),
            due_minutes=content.due_minutes,
            starts_on=content.starts_on,
            ends_on=content.ends_on,
        )
        change.record(
            "contract.subcontract_added",
            made,
            organisation=content.organisation.pk,
            due_minutes=content.due_minutes,
            depth=len(above) + 1,
        )
    return made


def remove_subcontract(
    actor: Membership, pk: int, subcontract_pk: int, *, expected_revision: int, at: datetime
) -> None:
    """Take out a subcontractor entered by mistake; refused while others work under it."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        found = Subcontract.objects.filter(pk=subcontract_pk, holder__contract=change.contract).first()
        if found is None:
            raise ContractRefused("subcontract_unknown", "Ce sous-traitant n’est plus sur le contrat.")
        if found.children.exists():
            raise ContractRefused(
                "has_children", "D’autres entreprises travaillent sous celle-ci\u00a0: retirez-les d’abord."
            )
        change.record("contract.subcontract_removed", found, organisation=found.organisation_id)
        found.delete()


def lot_of(change: Change, lot_pk: int | None) -> Lot | None:
    """Return a lot of the contract being changed, None when none is asked. Raises ContractRefused for another's."""
    if lot_pk is None:
        return None
    lot = change.contract.lots.filter(pk=lot_pk).first()
    if lot is None:
        raise ContractRefused("lot_unknown", "Ce lot n’est pas de ce contrat.", "lot")
    return lot


def _line(holder: Holder, parent_pk: int | None) -> list[Subcontract]:
    """Return the subcontractors from the holder down to ``parent_pk``, read in one query."""
    by_pk = {each.pk: each for each in holder.subcontracts.all()}
    if parent_pk is not None and parent_pk not in by_pk:
        raise ContractRefused("subcontract_unknown", "Ce sous-traitant n’est plus sur le contrat.")
    line: list[Subcontract] = []
    while parent_pk is not None:
        line.append(by_pk[parent_pk])
        parent_pk = by_pk[parent_pk].parent_id
    return line[::-1]


def _check_passed_down(holder: Holder, parent: Subcontract | None, minutes: int) -> None:
    received = parent.due_minutes if parent else holder.due_minutes
    if received is None:  # a holder that answers for the whole: the what is owed today is the ceiling
        held = holder.contract.obligations.filter(lot=holder.lot).prefetch_related("orders", "amendments")
        received = sum(owed_minutes(each) for each in held)
    beside = holder.subcontracts.filter(parent=parent).aggregate(total=Sum("due_minutes"))["total"] or 0
    if minutes < 0 or beside + minutes > received:
        left = max(0, received - beside)
        raise ContractRefused(
            "too_much_passed_down", f"Il reste {left // 60}\u00a0h à transmettre à ce niveau.", "due_minutes"
        )
