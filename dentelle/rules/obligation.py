"""Is a social condition mandatory? Facts and a launch date in, an explained answer out.

Source: loi n° 2021-1104 (Climat et résilience), article 35; code de la commande publique, L2112-2-1 and L3114-2-1.
The answer is yes, no, or None (« à vérifier ») when a missing fact could change it. What no source tells is listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.rules.compared import AWARD_MARGIN, AmountOrigin, Compared, WholeUnknown
from dentelle.rules.dated import Override, Parameters, ParameterUnknownAt, ParameterValue, Status, parameter_to_json
from dentelle.rules.derogations import Exemption, ExemptionCode, after_derogation, check_exemption
from dentelle.rules.explained import Explained
from dentelle.rules.launch import ExpectedLaunch
from dentelle.rules.refusal import ObligationRefused
from dentelle.rules.thresholds import (
    SOCIAL_CONDITION,
    BuyerKind,
    ContractKind,
    ThresholdRow,
    social_condition_in_force_on,
    threshold_path,
    threshold_table,
)
from dentelle.rules.wording import day, euros, euros_before_tax, sentence

LARGEST_AMOUNT = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Obligation:
    """The answer and all that lets a reader judge it.

    ``required`` is None when facts are missing. ``threshold`` is in euros before tax, None when several could apply.
    ``projected`` says that the threshold is the last known one, used after its period. ``spaser_required`` is None when
    annual purchases are unknown. ``status`` is to confirm as soon as a doubtful value could change the answer.
    """

    required: bool | None
    threshold: int | None
    projected: bool
    in_force_on: date
    exemption: Exemption | None
    spaser_required: bool | None
    because: tuple[str, ...]
    unknowns: tuple[str, ...]
    parameters: tuple[ParameterValue, ...]
    status: Status

    @property
    def explained(self) -> Explained[bool | None]:
        """The answer in the common shape of explained results."""
        return Explained(self.required, (*self.because, *self.unknowns), self.parameters)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain JSON values."""
        own = self.exemption
        return {
            "required": self.required,
            "threshold": self.threshold,
            "projected": self.projected,
            "status": self.status.value,
            "in_force_on": self.in_force_on.isoformat(),
            "exemption": {"code": own.code.value, "reason": own.reason} if own else None,
            "spaser_required": self.spaser_required,
            "explanation": list(self.because),
            "unknowns": list(self.unknowns),
            "parameters": [parameter_to_json(value) for value in self.parameters],
        }


def social_obligation(
    *,
    launched_on: date,
    amount: Decimal | int | None = None,
    buyer_kind: BuyerKind | None = None,
    contract_kind: ContractKind | None = None,
    duration_months: Decimal | int | None = None,
    exemption: Exemption | None = None,
    annual_purchases: Decimal | int | None = None,
    need_amount: Decimal | int | None = None,
    amount_origin: AmountOrigin = AmountOrigin.ESTIMATE,
    whole_unknown: WholeUnknown | None = None,
    expected_launch: ExpectedLaunch | None = None,
    overrides: Iterable[Override] = (),
) -> Obligation:
    """Say whether a social condition is mandatory for a consultation launched on a day.

    ``amount`` is the estimated amount in euros before tax; ``need_amount`` that of all the lots together, compared in its
    place when known. ``amount_origin`` tells what the amount compared is: for an award or a ceiling, nothing is affirmed
    within the margin ``obligation.award_margin`` of the threshold. ``whole_unknown`` says that ``amount`` is not the whole.
    ``expected_launch`` is what the data expect, as long as nobody has said that the consultation is still to be launched.
    Unknown facts (None) never count as « no »: every possibility is tried, and the answer is given only if all agree.
    Before the condition is in force the answer is no, whatever the threshold. Raises ObligationRefused for impossible facts.
    """
    decided = _decide(
        launched_on=launched_on,
        amount=amount,
        buyer_kind=buyer_kind,
        contract_kind=contract_kind,
        duration_months=duration_months,
        exemption=exemption,
        need_amount=need_amount,
        amount_origin=amount_origin,
        whole_unknown=whole_unknown,
        expected_launch=expected_launch,
        overrides=overrides,
    )
    annual = _checked_amount(annual_purchases, "annual_purchases", "Le montant annuel des achats")
    parameters, thresholds, compared = decided.parameters, decided.thresholds, decided.compared
    in_force_on, required = decided.in_force_on, decided.required
    if decided.before:
        because = _not_yet(compared, thresholds, launched_on, in_force_on)
    else:
        reasons = _reasons(decided.due, compared, thresholds, launched_on, in_force_on)
        because = [*reasons, decided.doubt, *decided.derogation]
    if required is not True:
        because.append("Une clause sociale reste possible, quel que soit le montant (article L2112-2).")
    spaser_required, spaser_reasons = _spaser(annual, parameters)

    return Obligation(
        required=required,
        threshold=thresholds[0].whole if len({value.whole for value in thresholds}) == 1 else None,
        projected=any(value.projected for value in thresholds),
        in_force_on=in_force_on,
        exemption=exemption,
        spaser_required=spaser_required,
        because=tuple(sentence(text) for text in (*because, *spaser_reasons) if text),
        unknowns=_unknowns(launched_on, in_force_on, compared, buyer_kind, contract_kind, thresholds),
        parameters=parameters.used,
        status=_status(parameters, required, exemption, before=decided.before),
    )


def is_required(
    *,
    launched_on: date,
    amount: Decimal | int | None = None,
    buyer_kind: BuyerKind | None = None,
    contract_kind: ContractKind | None = None,
    duration_months: Decimal | int | None = None,
    need_amount: Decimal | int | None = None,
    whole_unknown: WholeUnknown | None = None,
    expected_launch: ExpectedLaunch | None = None,
) -> bool | None:
    """Return the answer of ``social_obligation`` alone, for thousands of purchases: nothing is put into words."""
    return _decide(
        launched_on=launched_on,
        amount=amount,
        buyer_kind=buyer_kind,
        contract_kind=contract_kind,
        duration_months=duration_months,
        exemption=None,
        need_amount=need_amount,
        amount_origin=AmountOrigin.ESTIMATE,
        whole_unknown=whole_unknown,
        expected_launch=expected_launch,
        overrides=(),
    ).required


@dataclass(frozen=True, slots=True)
class _Decision:
    """The answer before it is put into words. ``due`` is the answer before any derogation is heard."""

    required: bool | None
    due: bool | None
    before: bool
    doubt: str
    derogation: tuple[str, ...]
    in_force_on: date
    thresholds: tuple[ParameterValue, ...]
    compared: Compared
    parameters: Parameters


def _decide(
    *,
    launched_on: date,
    amount: Decimal | int | None,
    buyer_kind: BuyerKind | None,
    contract_kind: ContractKind | None,
    duration_months: Decimal | int | None,
    exemption: Exemption | None,
    need_amount: Decimal | int | None,
    amount_origin: AmountOrigin,
    whole_unknown: WholeUnknown | None,
    expected_launch: ExpectedLaunch | None,
    overrides: Iterable[Override],
) -> _Decision:
    known = _checked_amount(amount, "amount", "Le montant estimé")
    need = _checked_amount(need_amount, "need_amount", "Le montant de l'ensemble des lots")
    duration = _checked_amount(duration_months, "duration_months", "La durée en mois")
    _check_lots(known, need)
    parameters = Parameters(launched_on, overrides)
    in_force_on = parameters.get(SOCIAL_CONDITION, latest=True).day
    if exemption is not None:
        check_exemption(exemption, contract_kind, duration, parameters)
    before = launched_on < in_force_on
    thresholds = _thresholds(parameters, buyer_kind, contract_kind, none_is_fine=before)
    compared = _compared(parameters, known, need, amount_origin, whole_unknown, before=before)
    due: bool | None = False
    required: bool | None = False
    doubt, derogation = "", list[str]()
    if not before:
        above = compared.above(thresholds)
        doubt = _launch_doubt(above, expected_launch, launched_on, in_force_on)
        due = None if doubt else above
        required, derogation = after_derogation(due, exemption, contract_kind, duration, parameters)
    return _Decision(required, due, before, doubt, tuple(derogation), in_force_on, thresholds, compared, parameters)


def _check_lots(amount: Decimal | None, need: Decimal | None) -> None:
    """Refuse lots that are together worth less than one of them."""
    if need is not None and amount is not None and need < amount:
        raise ObligationRefused(
            "need_below_amount",
            "need_amount",
            f"L'ensemble des lots ({euros(need)}) ne peut pas être inférieur au montant de ce contrat ({euros(amount)}).",
        )


def _not_yet(
    compared: Compared, thresholds: tuple[ParameterValue, ...], launched_on: date, in_force_on: date
) -> list[str]:
    """Say why a consultation launched before the condition is in force owes none, whatever the threshold."""
    launched = (
        f"La condition sociale devient obligatoire pour les consultations lancées à partir du {day(in_force_on)} ; "
        f"celle-ci est lancée le {day(launched_on)}."
    )
    return [launched, *(compared.sentences(thresholds) if thresholds else ())]


def _launch_doubt(
    above: bool | None, expected_launch: ExpectedLaunch | None, launched_on: date, in_force_on: date
) -> str:
    """Say why an amount above the threshold may still owe nothing: the consultation may have been launched before."""
    if not above or expected_launch is None or not expected_launch.may_be_past(launched_on, in_force_on):
        return ""
    return expected_launch.doubt(in_force_on)


def _status(parameters: Parameters, required: bool | None, exemption: Exemption | None, *, before: bool) -> Status:
    """A launch before the condition, or an estimate below a published threshold, leaves no room for doubt."""
    values = parameters.used
    if before:
        own = any(value.override is not None for value in values)
        return Status.TO_CONFIRM if own else Status.CERTAIN
    if required is False and exemption is None:
        doubtful = any(value.projected or value.path == AWARD_MARGIN for value in values)
        return Status.TO_CONFIRM if doubtful else Status.CERTAIN
    shaky = any(value.status is Status.TO_CONFIRM for value in values)
    return Status.TO_CONFIRM if required is None or shaky else Status.CERTAIN


def _checked_amount(amount: Decimal | int | None, field: str, name: str) -> Decimal | None:
    if amount is None:
        return None
    value = Decimal(amount)
    if not value.is_finite():
        raise ObligationRefused(f"{field}_not_a_number", field, f"{name} doit être un nombre.")
    if value <= 0:
        raise ObligationRefused(f"{field}_not_positive", field, f"{name} doit dépasser zéro.")
    if value > LARGEST_AMOUNT:
        raise ObligationRefused(f"{field}_too_large", field, f"{name} dépasse {euros(LARGEST_AMOUNT)} : vérifiez-le.")
    return value


def _thresholds(
    parameters: Parameters, buyer_kind: BuyerKind | None, contract_kind: ContractKind | None, *, none_is_fine: bool
) -> tuple[ParameterValue, ...]:
    buyers = (buyer_kind,) if buyer_kind else tuple(BuyerKind)
    contracts = (contract_kind,) if contract_kind else tuple(ContractKind)
    paths = dict.fromkeys(threshold_path(buyer, contract) for buyer in buyers for contract in contracts)
    try:
        return tuple(parameters.get(path, projected=True) for path in paths)
    except ParameterUnknownAt:
        if none_is_fine:  # older than every known threshold, but the law was not there either: the answer is no
            return ()
        raise


def _compared(
    parameters: Parameters,
    amount: Decimal | None,
    need: Decimal | None,
    origin: AmountOrigin,
    whole_unknown: WholeUnknown | None,
    *,
    before: bool,
) -> Compared:
    lots = need is not None and need != amount
    whole = need if need is not None else amount
    # before the condition the answer does not depend on the margin: it is not read, hence not shown
    judged = origin is not AmountOrigin.ESTIMATE and whole is not None and whole_unknown is None and not before
    return Compared(
        amount=None if whole_unknown is not None else whole,
        origin=origin,
        part=amount if lots else None,
        lots_together=lots,
        margin=parameters.get(AWARD_MARGIN, latest=True) if judged else None,
        whole_unknown=whole_unknown,
    )


def _reasons(
    required: bool | None,
    compared: Compared,
    thresholds: tuple[ParameterValue, ...],
    launched_on: date,
    in_force_on: date,
) -> list[str]:
    reasons = [
        *compared.sentences(thresholds),
        f"La consultation est lancée le {day(launched_on)}, à partir du {day(in_force_on)} : "
        "l'article 35 de la loi Climat et résilience s'applique.",
    ]
    if required:
        reasons.append(
            "Une condition d'exécution relative au domaine social ou à l'emploi est donc obligatoire (article L2112-2-1 ; "
            "L3114-2-1 pour une concession)."
        )
    elif required is None:
        near = compared.near_sentence(thresholds)
        reasons.append(near or "")
        missing = "l'estimation de la prochaine consultation" if near and len(thresholds) == 1 else "un fait"
        reasons.append(f"Il manque {missing} pour conclure : l'obligation est à vérifier.")
    if any(value.projected for value in thresholds):
        reasons.append(
            f"Le seuil en vigueur au {day(launched_on)} n'est pas publié : le dernier seuil connu est repris comme projection, à confirmer."
        )
    return reasons


def _spaser(annual: Decimal | None, parameters: Parameters) -> tuple[bool | None, list[str]]:
    if annual is None:
        return None, []
    floor = parameters.get("obligation.spaser_annual_purchases")
    required = annual >= floor.number
    verb = "doit" if required else "n'a pas à"
    text = (
        f"Avec {euros_before_tax(annual)} d'achats par an (seuil : {euros_before_tax(floor.number)}), l'acheteur {verb} "
        "adopter un schéma de promotion des achats responsables (SPASER, article L2111-3)."
    )
    return required, [text]


def _unknowns(
    launched_on: date,
    in_force_on: date,
    compared: Compared,
    buyer_kind: BuyerKind | None,
    contract_kind: ContractKind | None,
    thresholds: tuple[ParameterValue, ...],
) -> tuple[str, ...]:
    texts = []
    if launched_on >= in_force_on:
        texts.append(
            "Aucune source postérieure au 21 août 2026 ne confirme l'entrée en vigueur ni ne montre un report : vérifiez sur Légifrance."
        )
        texts.append(
            "L'obligation porte sur une condition sociale ou d'emploi ; des heures d'insertion sont un moyen d'y répondre, pas le seul (à confirmer)."
        )
    if abs((launched_on - in_force_on).days) <= 1:
        texts.append("Les sources donnent le 21 ou le 22 août 2026 : à un jour près, la réponse peut changer.")
    if buyer_kind is None and len(thresholds) > 1:
        texts.append("La nature de l'acheteur n'est pas connue : tous les seuils possibles ont été essayés.")
    if contract_kind is None:
        texts.append("La nature du contrat n'est pas connue : tous les seuils possibles ont été essayés.")
    if compared.amount is None:
        texts.append("Le montant estimé hors taxes n'est pas connu.")
    if compared.origin is not AmountOrigin.ESTIMATE:
        texts.append(
            f"Le montant connu est un {compared.origin.label} ; l'obligation se juge sur le montant estimé avant la consultation."
        )
    return tuple(sentence(text) for text in texts)


__all__ = [
    "AmountOrigin",
    "BuyerKind",
    "ContractKind",
    "Exemption",
    "ExemptionCode",
    "Obligation",
    "ObligationRefused",
    "ThresholdRow",
    "WholeUnknown",
    "is_required",
    "social_condition_in_force_on",
    "social_obligation",
    "threshold_table",
]
