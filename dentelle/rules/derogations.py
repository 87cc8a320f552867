"""The derogations of the law: what a buyer may invoke, what it takes, what becomes of the obligation.

Source: code de la commande publique, L2112-2-1 and L3114-2-1. The exact words of some are to be confirmed, and said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dentelle.rules.dated import Parameters, parameter
from dentelle.rules.refusal import ObligationRefused
from dentelle.rules.thresholds import ContractKind
from dentelle.rules.wording import number

SHORT_WORKS = "obligation.short_works_months"


class ExemptionCode(StrEnum):
    """The four reasons of the law for not setting a social condition."""

    IMMEDIATE_SOLUTION = "IMMEDIATE_SOLUTION"
    NO_LINK = "NO_LINK"
    COMPETITION_OR_DIFFICULTY = "COMPETITION_OR_DIFFICULTY"
    WORKS_UNDER_6_MONTHS = "WORKS_UNDER_6_MONTHS"

    @property
    def label(self) -> str:
        """French label."""
        return {
            ExemptionCode.IMMEDIATE_SOLUTION: "solution immédiatement disponible",
            ExemptionCode.NO_LINK: "pas de lien suffisant avec l’objet",
            ExemptionCode.COMPETITION_OR_DIFFICULTY: "concurrence restreinte ou exécution difficile",
            ExemptionCode.WORKS_UNDER_6_MONTHS: "travaux de moins de six mois",
        }[self]


@dataclass(frozen=True, slots=True)
class Exemption:
    """A derogation invoked by the buyer, with the reason kept in the procedure file."""

    code: ExemptionCode
    reason: str


def after_derogation(
    above: bool | None,
    exemption: Exemption | None,
    contract_kind: ContractKind | None,
    duration: Decimal | None,
    parameters: Parameters,
) -> tuple[bool | None, list[str]]:
    """Return what becomes of the answer once the buyer's derogation is heard, and the sentences that say so.

    A derogation is heard only where there may be an obligation to derogate from; one that exists without being invoked
    changes nothing, and is pointed out.
    """
    if above is False:
        return False, []
    if exemption is not None:
        return False, [_exemption_sentence(exemption, contract_kind)]
    if contract_kind is ContractKind.WORKS and duration is not None:
        return above, [_short_works_sentence(duration, parameters)]
    return above, []


def _short_works_sentence(duration: Decimal, parameters: Parameters) -> str:
    limit = parameters.get(SHORT_WORKS, latest=True).whole
    if duration >= limit:
        return ""
    return (
        f"Ces travaux durent {number(duration)} mois, moins de {number(limit)} : la dérogation « "
        f"{ExemptionCode.WORKS_UNDER_6_MONTHS.label} » existe. Elle ne joue que si l'acheteur l'invoque, avec un motif conservé "
        "dans le dossier."
    )


def _exemption_sentence(exemption: Exemption, contract_kind: ContractKind | None) -> str:
    recalled = exemption.code is ExemptionCode.COMPETITION_OR_DIFFICULTY or contract_kind is ContractKind.CONCESSION
    text = f"Dérogation invoquée : {exemption.code.label}. Motif à conserver dans le dossier : « {exemption.reason.strip()} »."
    return text + (" Le texte exact de cette dérogation est à confirmer." if recalled else "")


def check_exemption(
    exemption: Exemption,
    contract_kind: ContractKind | None,
    duration_months: Decimal | int | None,
    parameters: Parameters,
) -> None:
    """Refuse, with ObligationRefused, a derogation without a reason or that cannot be invoked for these facts."""
    if not exemption.reason.strip():
        raise ObligationRefused(
            "exemption_without_reason", "reason", "Une dérogation demande un motif : il est conservé dans le dossier."
        )
    code = exemption.code
    concession = contract_kind is ContractKind.CONCESSION
    if concession and code not in (ExemptionCode.NO_LINK, ExemptionCode.COMPETITION_OR_DIFFICULTY):
        raise ObligationRefused(
            "exemption_not_for_concessions",
            "exemption",
            f"La dérogation « {code.label} » ne vaut pas pour une concession.",
        )
    prefix = "concession_" if concession else ""
    parameters.get(f"obligation.exemption.{prefix}{code.value.lower()}", latest=True)
    if code is ExemptionCode.WORKS_UNDER_6_MONTHS:
        _check_short_works(contract_kind, duration_months, parameters)


def _check_short_works(
    contract_kind: ContractKind | None, duration_months: Decimal | int | None, parameters: Parameters
) -> None:
    if contract_kind is not ContractKind.WORKS:
        raise ObligationRefused(
            "exemption_only_for_works",
            "exemption",
            "La dérogation « travaux de moins de six mois » ne vaut que pour des travaux.",
        )
    if duration_months is None:
        raise ObligationRefused(
            "exemption_needs_duration",
            "duration_months",
            "Indiquez la durée : la dérogation ne vaut que sous six mois.",
        )
    limit = parameters.get(SHORT_WORKS, latest=True).whole
    if duration_months >= limit:
        raise ObligationRefused(
            "works_too_long",
            "duration_months",
            f"La dérogation vaut pour moins de {number(limit)} mois ; ces travaux durent {number(duration_months)} mois.",
        )


def short_works_months() -> int:
    """Return the duration, in months, under which works may be exempted: the value now held, whatever the launch."""
    return parameter(SHORT_WORKS).latest().whole
