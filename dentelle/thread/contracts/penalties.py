"""What a shortfall would cost by the terms of the contract: computed, explained, proposed. Only the buyer applies it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dentelle.rules.explained import Explained
from dentelle.rules.penalties import PenaltyMode, PenaltyTerms, shortfall_penalty
from dentelle.thread.contracts.dues import owed_minutes, stated_of
from dentelle.thread.contracts.models import Contract, Obligation, PenaltyForm


@dataclass(frozen=True, slots=True)
class ProposedPenalty:
    """The penalty one obligation would bear, in cents, with the sentences that explain it."""

    obligation: Obligation
    result: Explained[int]


def proposed_penalty(contract: Contract, obligation: Obligation, *, credited_minutes: int, on: date) -> ProposedPenalty:
    """Return what the terms give if ``credited_minutes`` are all that was done. Raises PenaltyRefused on broken terms."""
    terms = PenaltyTerms(
        PenaltyMode(obligation.penalty_mode), obligation.penalty_value, cap_share=obligation.penalty_cap_share
    )
    amount = Decimal(contract.amount_cents) / 100 if contract.amount_cents is not None else None
    result = shortfall_penalty(
        Decimal(owed_minutes(obligation)) / 60,
        Decimal(credited_minutes) / 60,
        terms,
        contract_amount=amount,
        on=on,
    )
    return ProposedPenalty(obligation, result)


def penalties_of(contract: Contract, *, on: date) -> tuple[ProposedPenalty, ...]:
    """Return what each obligation's terms would cost once the total is stated; nothing before, nothing without terms."""
    stated = stated_of(contract)
    lines = []
    # one total answers for the obligations of its counter, in their order
    for each in contract.obligations.all():
        if each.counts not in stated or not each.is_owed:  # a tranche not affirmed owes nothing: no penalty either
            continue
        credited = min(stated[each.counts], owed_minutes(each))
        stated[each.counts] -= credited
        if each.penalty_mode != PenaltyForm.NONE:
            lines.append(proposed_penalty(contract, each, credited_minutes=credited, on=on))
    return tuple(lines)
