"""What Dentelle counts itself for an indicator: from the register of contracts of the structure, over a period."""

from collections.abc import Callable
from dataclasses import dataclass

from dentelle.network.agreements.models import Unit
from dentelle.network.agreements.periods import Period
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import Contract, ContractQuerySet
from dentelle.thread.contracts.states import SIGNED_STATES

REGISTER = "registre des contrats de Dentelle"


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing Dentelle counts; ``count`` gives a whole number for a structure (its key) over a period.

    Whoever calls reads an agreement of that structure, or is the clock: a total says nothing of any one contract.
    """

    code: str
    label: str
    definition: str
    unit: Unit
    count: Callable[[int, Period], int]
    adds_up: bool = True
    source: str = REGISTER


def _notified(structure_pk: int, period: Period) -> ContractQuerySet:
    """The contracts the structure leads, notified in the period and not abandoned since."""
    return Contract.objects.filter(
        structure_id=structure_pk,
        notified_on__gte=period.first,
        notified_on__lte=period.last,
        state__in=SIGNED_STATES,
    )


def _contracts(structure_pk: int, period: Period) -> int:
    return _notified(structure_pk, period).filter(obligations__isnull=False).distinct().count()


def _hours(structure_pk: int, period: Period) -> int:
    contracts = _notified(structure_pk, period).prefetch_related("obligations__orders", "obligations__amendments")
    owed = (
        due.owed for contract in contracts for due in dues_of(contract) if due.counts is LeverCounts.INSERTION_HOURS
    )
    return sum(owed) // 60


def _buyers(structure_pk: int, period: Period) -> int:
    found = _notified(structure_pk, period).filter(obligations__isnull=False).exclude(buyer=None)
    return found.values("buyer_id").distinct().count()


KNOWN = {
    each.code: each
    for each in (
        Counted(
            "contracts_with_clause",
            "Marchés notifiés avec une clause",
            "Marchés que la structure suit, notifiés dans la période, qui portent au moins une obligation.",
            Unit.COUNT,
            _contracts,
        ),
        Counted(
            "hours_obligated",
            "Heures d’insertion obtenues",
            "Heures d’insertion dues aujourd’hui par les marchés notifiés dans la période, avenants et bons compris, "
            "tranches non affermies exclues\u00a0; heures entières.",
            Unit.HOURS,
            _hours,
        ),
        Counted(
            "buyers_with_clause",
            "Acheteurs qui ont prévu une clause",
            "Acheteurs d’au moins un marché notifié dans la période avec une obligation, chacun une fois.",
            Unit.COUNT,
            _buyers,
            adds_up=False,
        ),
    )
}
