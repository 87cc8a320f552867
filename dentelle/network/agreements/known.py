"""What Dentelle counts itself for an indicator: from the register of contracts of the structure, over a period."""

from collections.abc import Callable
from dataclasses import dataclass

from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements.models import Unit
from dentelle.network.agreements.periods import Period
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.access import contracts_of_structure
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import ContractQuerySet
from dentelle.thread.contracts.states import SIGNED_STATES

REGISTER = "registre des contrats de Dentelle"


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing Dentelle counts; ``count`` gives a whole number for the member's structure over a period."""

    code: str
    label: str
    definition: str
    unit: Unit
    count: Callable[[Membership, Period], int]
    source: str = REGISTER


def _notified(membership: Membership, period: Period) -> ContractQuerySet:
    """The contracts the structure leads, notified in the period and not abandoned since."""
    return contracts_of_structure(membership).filter(
        notified_on__gte=period.first, notified_on__lte=period.last, state__in=SIGNED_STATES
    )


def _contracts(membership: Membership, period: Period) -> int:
    return _notified(membership, period).filter(obligations__isnull=False).distinct().count()


def _hours(membership: Membership, period: Period) -> int:
    contracts = _notified(membership, period).prefetch_related("obligations__orders", "obligations__amendments")
    owed = (
        due.owed for contract in contracts for due in dues_of(contract) if due.counts is LeverCounts.INSERTION_HOURS
    )
    return sum(owed) // 60


def _buyers(membership: Membership, period: Period) -> int:
    found = _notified(membership, period).filter(obligations__isnull=False).exclude(buyer=None)
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
        ),
    )
}
