"""The amount compared with the European threshold: that of the whole need, where it comes from, on which side it falls.

The law compares the estimate of the whole need, lots together. Published data hold awards and ceilings: near a threshold
they prove nothing about the next estimate. Source of the margin: ``parameters/obligation/award_margin``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dentelle.rules.dated import ParameterValue, parameter
from dentelle.rules.wording import euros, euros_before_tax, percent

AWARD_MARGIN = "obligation.award_margin"


class AmountOrigin(StrEnum):
    """What an amount is."""

    ESTIMATE = "estimate"
    AWARD = "award"
    CEILING = "ceiling"

    @property
    def label(self) -> str:
        """French label, as the subject of a sentence."""
        return {
            AmountOrigin.ESTIMATE: "montant estimé",
            AmountOrigin.AWARD: "prix attribué",
            AmountOrigin.CEILING: "plafond attribué",
        }[self]


class WholeUnknown(StrEnum):
    """Why the amount known is not the one to compare, nor tells it."""

    UNPRICED_LOTS = "unpriced_lots"
    FRAMEWORK_ORDER = "framework_order"

    @property
    def reason(self) -> str:
        """French sentence for the explanation."""
        return {
            WholeUnknown.UNPRICED_LOTS: "Le contrat est un lot parmi d'autres, dont un au moins n'a pas de montant utilisable : "
            "le montant des lots réunis, seul comparé au seuil, n'est pas connu.",
            WholeUnknown.FRAMEWORK_ORDER: "C'est une commande d'un accord-cadre : l'obligation se juge sur l'accord-cadre entier, "
            "pas sur cette commande.",
        }[self]


@dataclass(frozen=True, slots=True)
class Compared:
    """The amount compared, in euros before tax (None when unknown).

    ``part`` is the amount of one lot when ``amount`` is that of several; ``margin`` is None for an estimate.
    """

    amount: Decimal | None
    origin: AmountOrigin
    part: Decimal | None = None
    lots_together: bool = False
    margin: ParameterValue | None = None
    whole_unknown: WholeUnknown | None = None

    @property
    def name(self) -> str:
        """What the amount is: « prix attribué des lots réunis »."""
        return self.origin.label + (" des lots réunis" if self.lots_together else "")

    def above(self, thresholds: Sequence[ParameterValue]) -> bool | None:
        """Say whether the amount reaches every threshold possible (True), none (False), or that nothing can be said."""
        answers = {self._above(value.number) for value in thresholds}
        return answers.pop() if len(answers) == 1 else None

    def _above(self, threshold: Decimal) -> bool | None:
        if self.amount is None:
            return None
        margin = Decimal(0) if self.margin is None else self.margin.number
        if self.amount >= threshold * (1 + margin):
            return True
        return False if self.amount < threshold * (1 - margin) else None

    def sentences(self, thresholds: Sequence[ParameterValue]) -> list[str]:
        """Return the comparison in words: the lots, the threshold and the side, what cannot be compared."""
        texts = []
        if self.lots_together and self.amount is not None:
            own = f" (dont {euros_before_tax(self.part)} pour ce lot)" if self.part is not None else ""
            texts.append(
                f"Les lots réunis : {euros_before_tax(self.amount)}{own} ; c'est leur total qui se compare au seuil."
            )
        texts.append(self._threshold_sentence(thresholds))
        if self.whole_unknown is not None:
            texts.append(self.whole_unknown.reason)
        return texts

    def _threshold_sentence(self, thresholds: Sequence[ParameterValue]) -> str:
        amounts = sorted({value.whole for value in thresholds})
        if len(amounts) > 1:
            return f"Selon l'acheteur et le contrat, le seuil européen va de {euros(amounts[0])} à {euros_before_tax(amounts[-1])}."
        text = f"Le seuil européen est de {euros_before_tax(amounts[0])}"
        if self.amount is None:
            return f"{text}." if self.whole_unknown else f"{text} ; le montant estimé n'est pas connu."
        side = "est égal ou supérieur" if self.amount >= amounts[0] else "est inférieur"
        return f"{text} ; le {self.name} de {euros_before_tax(self.amount)} lui {side}."

    def near_sentence(self, thresholds: Sequence[ParameterValue]) -> str | None:
        """Return why an award this close to a threshold proves nothing, None when it is not close to any."""
        near = sorted({value.whole for value in thresholds if self._above(value.number) is None})
        if self.amount is None or self.margin is None or not near:
            return None
        which = "du seuil" if len(thresholds) == 1 else "d'un seuil possible"
        return (
            f"Le {self.name}, {euros_before_tax(self.amount)}, est à moins de {percent(self.margin.number)} {which} "
            f"({euros_before_tax(near[0])}) : la loi compare l'estimation de la prochaine consultation, pas ce qui a été "
            "attribué, et elle peut passer de l'autre côté. La marge est un choix de prudence, à confirmer."
        )


def award_margin() -> Decimal:
    """Return the share of a threshold within which an award proves nothing: the margin now held, whatever the launch."""
    return parameter(AWARD_MARGIN).latest().number
