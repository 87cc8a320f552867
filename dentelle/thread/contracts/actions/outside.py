"""What people outside the structure do on a contract: the buyer decides, the holder confirms, both ask.

The actor is a ``Party``, built by ``access`` from a seat or from a link received by e-mail.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.contracts.actions.changing import changing_from_outside
from dentelle.thread.contracts.actions.exchange import keep_attachment
from dentelle.thread.contracts.actions.moves import apply_move
from dentelle.thread.contracts.actions.plan import minutes_to_plan, proposed_months, replace_months
from dentelle.thread.contracts.models import (
    Contract,
    Exchange,
    ExchangeKind,
    Holder,
    InsertionPlan,
    PenaltyDecision,
    PenaltyOutcome,
)
from dentelle.thread.contracts.party import Party, Side
from dentelle.thread.contracts.penalties import penalties_of
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import move

# beyond these a figure is a slip of the keyboard, and would not fit in the database
MOST_MONTHLY_MINUTES = 100_000 * 60
MOST_CENTS = 10**13


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a holder sends: its correspondent, who confirms, and the hours of each month of the plan."""

    name: str
    role: str
    email: str
    phone: str
    months: tuple[MonthlyMinutes, ...]


def decide_as_buyer(party: Party, pk: int, code: str, *, expected_revision: int, at: datetime) -> Contract:
    """Make one of the moves the table of states lets a buyer record. Raises MoveRefused, ContractRefused, EditedMeanwhile."""
    asked = move(code)
    with changing_from_outside(party, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        facts = apply_move(change.contract, asked, role=party.side.value, at=at)
        change.record("contract.moved", **facts)
    return change.contract


def decide_penalty(
    party: Party,
    pk: int,
    obligation_pk: int,
    *,
    outcome: str,
    amount_cents: int | None,
    reason: str,
    on: date,
    expected_revision: int,
    at: datetime,
) -> PenaltyDecision:
    """Write what the buyer decides of a proposed penalty; without an amount, the one proposed. Raises ContractRefused."""
    with changing_from_outside(party, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        if party.side is not Side.BUYER or party.user is None:
            raise ContractRefused("buyer_only", "Seul l’acheteur applique une pénalité ou y renonce.")
        proposed = {line.obligation.pk: line for line in penalties_of(change.contract, on=on)}.get(obligation_pk)
        if proposed is None:
            raise ContractRefused("nothing_proposed", "Aucune pénalité n’est proposée pour cette obligation.")
        applied = outcome == PenaltyOutcome.APPLIED
        amount = (proposed.result.value if amount_cents is None else amount_cents) if applied else 0
        _check_decision(outcome, amount, proposed.result.value, reason)
        decision = PenaltyDecision.objects.create(
            structure=change.contract.structure,
            contract=change.contract,
            obligation=proposed.obligation,
            outcome=outcome,
            proposed_cents=proposed.result.value,
            amount_cents=amount,
            reason=reason.strip(),
            decided_on=on,
            decided_by=party.user,
            created_at=at,
        )
        change.record("contract.penalty_decided", decision, outcome=outcome, cents=amount)
    return decision


def _check_decision(outcome: str, amount: int, proposed: int, reason: str) -> None:
    if outcome not in PenaltyOutcome.values:
        raise ContractRefused("outcome_unknown", "Choisissez d’appliquer la pénalité ou d’y renoncer.", "outcome")
    if outcome == PenaltyOutcome.APPLIED and amount <= 0:
        raise ContractRefused("amount_zero", "Une pénalité appliquée a un montant.", "amount_cents")
    if amount > MOST_CENTS:
        raise ContractRefused("amount_too_large", "Ce montant est trop grand\u00a0: relisez-le.", "amount_cents")
    if amount != proposed and not reason.strip():
        raise ContractRefused("reason_missing", "Dites pourquoi vous vous écartez du montant proposé.", "reason")
    if outcome == PenaltyOutcome.WAIVED and not reason.strip():
        raise ContractRefused("reason_missing", "Dites pourquoi la pénalité n’est pas appliquée.", "reason")


def confirm_plan(
    party: Party, pk: int, holder_pk: int, sent: Confirmation, *, expected_revision: int, at: datetime
) -> InsertionPlan:
    """Have a holder confirm its plan and name its correspondent; months may move, never come to fewer hours than agreed.

    Raises ContractRefused, EditedMeanwhile.
    """
    with changing_from_outside(party, pk, expected_revision=expected_revision, at=at) as change:
        holder = change.contract.holders.filter(pk=holder_pk, organisation=party.organisation).first()
        if holder is None or party.side is not Side.HOLDER:
            raise ContractRefused("holder_unknown", "Ce plan n’est pas celui de votre entreprise.")
        if not sent.name.strip():
            raise ContractRefused("name_missing", "Nommez la personne qui suivra l’insertion.", "name")
        if not sent.email.strip() and not sent.phone.strip():
            raise ContractRefused("reach_missing", "Donnez une adresse électronique ou un téléphone.", "email")
        plan = InsertionPlan.objects.filter(holder=holder).first()
        # without dates of execution there is no month to fill: the correspondent alone is confirmed
        if sent.months or proposed_months(change.contract, holder):
            _check_total(sent.months, floor_minutes(change.contract, holder, plan))
        if plan is None:
            plan = InsertionPlan(structure=change.contract.structure, contract=change.contract, holder=holder)
        plan.correspondent_name, plan.correspondent_role = sent.name.strip(), sent.role.strip()
        plan.correspondent_email, plan.correspondent_phone = sent.email.strip(), sent.phone.strip()
        plan.agreed_at = plan.agreed_at or at
        plan.confirmed_at, plan.confirmed_by = at, party.name[:150]
        plan.save()
        replace_months(plan, sent.months)
        total = sum(line.minutes for line in sent.months)
        change.record("contract.plan_confirmed", plan, months=len(sent.months), minutes=total)
    return plan


def floor_minutes(contract: Contract, holder: Holder, plan: InsertionPlan | None) -> int:
    """Return the fewest minutes a holder may confirm: what the plan agreed, else its share of what is owed."""
    if plan is not None and (agreed := sum(month.minutes for month in plan.months.all())):
        return agreed
    return minutes_to_plan(contract, holder)


def _check_total(months: tuple[MonthlyMinutes, ...], floor: int) -> None:
    if any(line.minutes > MOST_MONTHLY_MINUTES for line in months):
        raise ContractRefused("too_many_hours", "Un mois compte plus de 100\u202f000\u202fh\u00a0: relisez.", "months")
    total = sum(line.minutes for line in months)
    if total < floor:
        missing = floor - total
        told = f"{missing // 60}\u202fh" + (f"\u202f{missing % 60:02d}" if missing % 60 else "")
        raise ContractRefused(
            "too_few_hours",
            f"Il manque {told} sur l’ensemble des mois. Déplacez des heures d’un mois à l’autre, ou posez une question au facilitateur.",
            "months",
        )


def ask_from_outside(
    party: Party,
    pk: int,
    *,
    text: str,
    name: str = "",
    attachment: UploadedFile[bytes] | None = None,
    at: datetime,
) -> Exchange:
    """Ask the facilitator something; whoever asked reads the answer. Raises ContractRefused."""
    with changing_from_outside(party, pk, expected_revision=None, at=at, even_closed=True) as change:
        if not text.strip():
            raise ContractRefused("text_missing", "Écrivez votre question.", "text")
        asked = {
            "kind": ExchangeKind.REQUEST,
            "asked_by": party.organisation,
            "text": text.strip(),
            "answered_on": None,
        }
        if same := change.contract.exchanges.filter(**asked).first():
            return same  # a second click, or a page sent again, asks nothing more
        structure = change.contract.structure
        exchange = Exchange.objects.create(
            structure=structure,
            contract=change.contract,
            kind=ExchangeKind.REQUEST,
            sharing=party.side.sharing,
            happened_on=at.date(),
            text=text.strip(),
            attachment=keep_attachment(attachment, structure=structure, actor=party.user, at=at),
            asked_by=party.organisation,
            asked_by_name=(name.strip() or party.name)[:150],
            created_at=at,
        )
        facts: dict[str, Any] = {} if exchange.attachment is None else {"file": str(exchange.attachment.pk)}
        change.record("contract.question_asked", exchange, **facts)
    return exchange
