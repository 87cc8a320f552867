"""What is owed and what changes it: obligations, tranches affirmed, orders of a framework agreement, amendments."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.rules.wording import day
from dentelle.thread.contracts.actions.changing import Change, changing
from dentelle.thread.contracts.dues import owed_minutes
from dentelle.thread.contracts.models import (
    Amendment,
    FrameworkOrder,
    HoursBase,
    Lot,
    Obligation,
    PenaltyForm,
    Tranche,
)
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import is_signed


@dataclass(frozen=True, slots=True)
class ObligationContent:
    """One obligation: type of clause, minutes, for whom, by when, with which penalty. Shares are between 0 and 1."""

    due_minutes: int
    clause_type: str = LeverCode.EXECUTION_CONDITION.value
    lot: Lot | None = None
    base: str = HoursBase.WORKED.value
    publics: list[str] = field(default_factory=list)
    neighbourhood_share: Decimal | None = None
    training_share: Decimal | None = None
    tranche: str = Tranche.FIRM.value
    tranche_number: int | None = None
    deadline_on: date | None = None
    penalty_mode: str = PenaltyForm.NONE.value
    penalty_value: Decimal | None = None
    penalty_cap_share: Decimal | None = None
    formal_notice_days: int | None = None
    document_penalty_cents: int | None = None
    waiver_allowed: bool = True


def add_obligation(
    actor: Membership, pk: int, content: ObligationContent, *, expected_revision: int, at: datetime
) -> Obligation:
    """Add what the contract owes under one type of clause. Raises ContractRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        obligation = Obligation(structure=actor.structure, contract=change.contract, created_at=at)
        _fill(change, obligation, content)
        change.record("contract.obligation_added", obligation, **_facts(obligation))
    return obligation


def update_obligation(
    actor: Membership, pk: int, obligation_pk: int, content: ObligationContent, *, expected_revision: int, at: datetime
) -> Obligation:
    """Replace an obligation while nothing is signed; afterwards its volume only changes by amendment or order."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        obligation = _obligation(change, obligation_pk)
        owed = (obligation.clause_type, obligation.due_minutes, obligation.tranche)
        if is_signed(change.contract.state) and owed != (content.clause_type, content.due_minutes, content.tranche):
            raise ContractRefused(
                "signed",
                "Le marché est notifié\u00a0: ce qui est dû change par un avenant ou un bon de commande, avec sa date et son motif.",
                "due_minutes",
            )
        before = obligation.due_minutes
        _fill(change, obligation, content)
        change.record("contract.obligation_updated", obligation, minutes_before=before, **_facts(obligation))
    return obligation


def remove_obligation(actor: Membership, pk: int, obligation_pk: int, *, expected_revision: int, at: datetime) -> None:
    """Take out an obligation while nothing is signed."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        obligation = _obligation(change, obligation_pk)
        if is_signed(change.contract.state):
            raise ContractRefused("signed", "Le marché est notifié\u00a0: une obligation ne se retire que par avenant.")
        change.record("contract.obligation_removed", obligation, **_facts(obligation))
        obligation.delete()


def affirm_tranche(
    actor: Membership, pk: int, obligation_pk: int, *, on: date, expected_revision: int, at: datetime
) -> Obligation:
    """Say that the buyer affirmed an optional part: its hours are owed from then on."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        obligation = _obligation(change, obligation_pk)
        if obligation.tranche != Tranche.OPTIONAL:
            raise ContractRefused("not_optional", "Seule une tranche optionnelle s’affermit.")
        if obligation.affirmed_on is not None:
            raise ContractRefused("already_affirmed", "Cette tranche est déjà affermie.")
        obligation.affirmed_on = on
        obligation.save()
        change.record("contract.tranche_affirmed", obligation, minutes=obligation.due_minutes, on=on.isoformat())
    return obligation


def add_order(
    actor: Membership,
    pk: int,
    obligation_pk: int,
    *,
    number: str,
    ordered_on: date,
    amount_cents: int | None = None,
    added_minutes: int | None = None,
    expected_revision: int,
    at: datetime,
) -> FrameworkOrder:
    """Enter an order of a framework agreement; its hours may be sized later. Raises ContractRefused."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        obligation = _obligation(change, obligation_pk)
        if not change.contract.is_framework:
            raise ContractRefused("not_framework", "Ce contrat n’est pas un accord-cadre à bons de commande.")
        if not number.strip() or obligation.orders.filter(number=number.strip()).exists():
            raise ContractRefused("number_taken", "Donnez un numéro de bon qui n’est pas déjà saisi.", "number")
        notified = change.contract.notified_on
        if notified and ordered_on < notified:
            raise ContractRefused(
                "order_before_notice",
                f"Le bon précède la notification du marché, le {day(notified)}.",
                "ordered_on",
            )
        order = FrameworkOrder.objects.create(
            structure=actor.structure,
            obligation=obligation,
            number=number.strip(),
            ordered_on=ordered_on,
            amount_cents=amount_cents,
            added_minutes=added_minutes,
        )
        change.record("contract.order_added", order, minutes=added_minutes)
    return order


def size_order(
    actor: Membership, pk: int, order_pk: int, *, added_minutes: int, expected_revision: int, at: datetime
) -> FrameworkOrder:
    """Say how many minutes an order adds, once."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        order = FrameworkOrder.objects.filter(pk=order_pk, obligation__contract=change.contract).first()
        if order is None:
            raise ContractRefused("order_unknown", "Ce bon de commande n’est plus sur le contrat.")
        if order.added_minutes is not None:
            raise ContractRefused("order_sized", "Les heures de ce bon sont déjà fixées\u00a0: passez par un avenant.")
        order.added_minutes = added_minutes
        order.save()
        change.record("contract.order_sized", order, minutes=added_minutes)
    return order


def add_amendment(
    actor: Membership,
    pk: int,
    *,
    decided_on: date,
    reason: str,
    obligation_pk: int | None = None,
    minutes_change: int = 0,
    new_end_on: date | None = None,
    expected_revision: int,
    at: datetime,
) -> Amendment:
    """Change what is owed or the end date, with a date and a reason. What was owed before stays readable."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        contract = change.contract
        if not reason.strip():
            raise ContractRefused("reason_missing", "Donnez le motif de l’avenant.", "reason")
        if minutes_change == 0 and new_end_on is None:
            raise ContractRefused(
                "nothing_amended", "Dites ce que l’avenant change\u00a0: les heures, la fin, ou les deux."
            )
        obligation = _obligation(change, obligation_pk) if obligation_pk is not None else None
        if minutes_change and obligation is None:
            raise ContractRefused("obligation_missing", "Choisissez l’obligation que l’avenant modifie.", "obligation")
        if obligation and owed_minutes(obligation) + minutes_change < 0:
            raise ContractRefused(
                "below_zero", "L’avenant retirerait plus d’heures qu’il n’en est dû.", "minutes_change"
            )
        if new_end_on and contract.starts_on and new_end_on < contract.starts_on:
            raise ContractRefused("dates_reversed", "La nouvelle fin précède le début de l’exécution.", "new_end_on")
        amendment = Amendment.objects.create(
            structure=actor.structure,
            contract=contract,
            obligation=obligation,
            decided_on=decided_on,
            minutes_change=minutes_change,
            new_end_on=new_end_on,
            former_end_on=contract.ends_on if new_end_on else None,
            reason=reason.strip(),
            author=actor.user,
            created_at=at,
        )
        if new_end_on:
            contract.ends_on = new_end_on
            contract.save()
        change.record("contract.amended", amendment, minutes=minutes_change)
    return amendment


def _obligation(change: Change, pk: int) -> Obligation:
    found = change.contract.obligations.prefetch_related("orders", "amendments").filter(pk=pk).first()
    if found is None:
        raise ContractRefused("obligation_unknown", "Cette obligation n’est plus sur le contrat.")
    return found


def _fill(change: Change, obligation: Obligation, content: ObligationContent) -> None:
    if content.lot is not None and content.lot.contract_id != change.contract.pk:
        raise ContractRefused("lot_unknown", "Ce lot n’est pas de ce contrat.", "lot")
    for each in fields(content):
        setattr(obligation, each.name, getattr(content, each.name))
    begins = change.contract.starts_on or change.contract.notified_on
    if content.deadline_on and begins and content.deadline_on < begins:
        raise ContractRefused(
            "deadline_before_start", "L’échéance précède le début du contrat\u00a0: vérifiez l’année.", "deadline_on"
        )
    if obligation.due_minutes < 0:
        raise ContractRefused("minutes_negative", "Le volume est un nombre d’heures positif.", "due_minutes")
    if obligation.counts is LeverCounts.NOTHING and obligation.due_minutes:
        raise ContractRefused("counts_nothing", "Ce type de clause ne compte pas d’heures.", "due_minutes")
    for name in ("neighbourhood_share", "training_share", "penalty_cap_share"):
        share = getattr(content, name)
        if share is not None and not 0 <= share <= 1:
            raise ContractRefused("share_out_of_range", "Une part est comprise entre 0 et 100\u00a0%.", name)
    if content.penalty_mode != PenaltyForm.NONE and content.penalty_value is None:
        raise ContractRefused("penalty_value_missing", "Donnez la valeur de la pénalité.", "penalty_value")
    obligation.save()


def _facts(obligation: Obligation) -> dict[str, object]:
    return {"clause_type": obligation.clause_type, "minutes": obligation.due_minutes, "tranche": obligation.tranche}
