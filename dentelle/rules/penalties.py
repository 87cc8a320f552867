"""What a shortfall costs, by the terms the contract itself sets. Only the buyer applies penalties.

No source gives usual amounts: the terms are inputs, never defaults. Money comes out in whole cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from dentelle.rules.dated import ParameterValue, parameter
from dentelle.rules.explained import Explained
from dentelle.rules.wording import euros, euros_before_tax, half_up, hours, number, percent, sentence


class PenaltyMode(StrEnum):
    """How the contract prices an hour not done."""

    EUR_PER_HOUR = "EUR_PER_HOUR"
    MINIMUM_WAGE_MULTIPLE = "MINIMUM_WAGE_MULTIPLE"
    FLAT = "FLAT"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """Terms of one contract: ``value`` in euros, or a multiple of the hourly minimum wage; ``cap_share`` of its amount."""

    mode: PenaltyMode
    value: Decimal | None = None
    cap_share: Decimal | None = None


class PenaltyRefused(Exception):
    """The terms or the hours are impossible. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(sentence(message))
        self.code = code


def shortfall_penalty(
    due_hours: Decimal | int,
    credited_hours: Decimal | int,
    terms: PenaltyTerms,
    *,
    contract_amount: Decimal | int | None = None,
    on: date | None = None,
) -> Explained[int]:
    """Return the penalty in cents: max(0, due − credited) × value, then the cap.

    ``on`` dates the minimum wage and is needed for MINIMUM_WAGE_MULTIPLE; ``contract_amount`` (euros before tax) is needed
    when there is a cap. Raises PenaltyRefused otherwise.
    """
    due, credited = Fraction(_hours(due_hours, "due")), Fraction(_hours(credited_hours, "credited"))
    _check_terms(terms, contract_amount)
    missing = max(Fraction(0), due - credited)
    because = [f"Écart : {hours(due)} dues − {hours(credited)} retenues = {hours(missing)}."]
    if missing == 0 or terms.mode is PenaltyMode.NONE or terms.value is None:
        reason = "Le marché ne prévoit pas de pénalité." if missing else "Le volume est tenu : aucune pénalité."
        return Explained(0, tuple(sentence(text) for text in (*because, reason)))
    used: tuple[ParameterValue, ...] = ()
    if terms.mode is PenaltyMode.FLAT:
        amount = Fraction(terms.value)
        because.append(f"Pénalité forfaitaire : {euros(amount)}.")
    else:
        per_hour = Fraction(terms.value)
        if terms.mode is PenaltyMode.MINIMUM_WAGE_MULTIPLE:
            if on is None:
                raise PenaltyRefused("date_missing", "La date qui fixe le SMIC manque.")
            wage = parameter("labour.minimum_wage_hourly").at(on)
            used = (wage,)
            per_hour *= Fraction(wage.number)
            because.append(
                f"{number(terms.value)} × SMIC horaire de {euros(wage.number)} = {euros(per_hour)} par heure."
            )
        amount = missing * per_hour
        because.append(f"Pénalité : {hours(missing)} × {euros(per_hour)} = {euros(amount)}.")
    if terms.cap_share is not None and contract_amount is not None:
        cap = Fraction(contract_amount) * Fraction(terms.cap_share)
        if amount > cap:
            because.append(
                f"Plafond : {percent(terms.cap_share)} de {euros_before_tax(contract_amount)} = {euros(cap)} ; la pénalité y est ramenée."
            )
            amount = cap
    because.append("Seul l'acheteur applique une pénalité, après mise en demeure ; il peut en exonérer.")
    return Explained(half_up(amount * 100), tuple(sentence(text) for text in because), used)


def _hours(value: Decimal | int, name: str) -> Decimal:
    number_ = Decimal(value)
    if not number_.is_finite() or number_ < 0:
        raise PenaltyRefused(f"{name}_hours_invalid", "Les heures dues et retenues sont des nombres positifs ou nuls.")
    return number_


def _check_terms(terms: PenaltyTerms, contract_amount: Decimal | int | None) -> None:
    if terms.mode is not PenaltyMode.NONE and terms.value is None:
        raise PenaltyRefused("value_missing", "La valeur de la pénalité manque.")
    if terms.value is not None and (not terms.value.is_finite() or terms.value < 0):
        raise PenaltyRefused("value_invalid", "La valeur de la pénalité est un nombre positif ou nul.")
    if terms.cap_share is None:
        return
    if not terms.cap_share.is_finite() or not 0 < terms.cap_share <= 1:
        raise PenaltyRefused("cap_out_of_range", "Le plafond est une part du montant, jusqu'à 100 %.")
    if contract_amount is None:
        raise PenaltyRefused("contract_amount_missing", "Le plafond demande le montant du marché.")
    amount = Decimal(contract_amount)
    if not amount.is_finite() or amount <= 0:
        raise PenaltyRefused("contract_amount_invalid", "Le montant du marché doit être supérieur à zéro.")
