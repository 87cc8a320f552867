"""What several contracts come to together: an operation, the orders that wait, a pooling agreement."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.rules.spreading import SpreadingRefused
from dentelle.thread.contracts import access
from dentelle.thread.contracts.actions.pooling import shared_minutes
from dentelle.thread.contracts.dues import dues_of
from dentelle.thread.contracts.models import (
    Contract,
    FrameworkOrder,
    Holder,
    Operation,
    PooledContract,
    PoolingAgreement,
)
from dentelle.thread.contracts.states import ContractState

EXAMPLE_MINUTES = 100 * 60
MOST_ORDERS = 200


@dataclass(frozen=True, slots=True)
class OperationSheet:
    """The contracts of an operation and what they owe, counter by counter; those abandoned are shown and not counted."""

    contracts: tuple[Contract, ...]
    totals: tuple[tuple[LeverCounts, int], ...]


def operations_of(membership: Membership) -> QuerySet[Operation]:
    """Return the operations the member may open, with how many contracts each gathers."""
    return access.operations_visible_to(membership).annotate(gathered=Count("contracts")).order_by("name", "pk")


def operation_sheet(operation: Operation) -> OperationSheet:
    """Return what the page of an operation shows; the operation comes from ``access``."""
    contracts = tuple(
        operation.contracts.select_related("buyer")
        .prefetch_related(
            "obligations__orders",
            "obligations__amendments",
            Prefetch("holders", Holder.objects.select_related("organisation")),
        )
        .order_by("number", "pk")
    )
    return OperationSheet(contracts, _totals(each for each in contracts if each.state != ContractState.ABANDONED))


def _totals(contracts: Iterable[Contract]) -> tuple[tuple[LeverCounts, int], ...]:
    totals: dict[LeverCounts, int] = {}
    for contract in contracts:
        for due in dues_of(contract):
            totals[due.counts] = totals.get(due.counts, 0) + due.owed
    return tuple((counts, totals[counts]) for counts in LeverCounts if counts in totals)


def waiting_orders(membership: Membership) -> list[FrameworkOrder]:
    """Return the orders without hours on the contracts the member's structure leads, oldest first, at most MOST_ORDERS."""
    led = access.contracts_visible_to(membership).filter(structure_id=membership.structure_id)
    waiting = FrameworkOrder.objects.filter(added_minutes=None, obligation__contract__in=led)
    return list(waiting.select_related("obligation__contract__buyer").order_by("ordered_on", "pk")[:MOST_ORDERS])


@dataclass(frozen=True, slots=True)
class PooledLine:
    """A contract of an agreement, what it owes, and its part of a hundred hours; None without its buyer's consent."""

    pooled: PooledContract
    owed: int
    share: int | None


@dataclass(frozen=True, slots=True)
class PoolingSheet:
    """An agreement and its contracts; ``why_no_share`` says why hours cannot be shared yet."""

    agreement: PoolingAgreement
    lines: tuple[PooledLine, ...]
    why_no_share: str


def poolings_of(membership: Membership) -> QuerySet[PoolingAgreement]:
    """Return the pooling agreements the member may open."""
    return access.poolings_visible_to(membership).select_related("company").annotate(gathered=Count("pooled"))


def pooling_sheet(agreement: PoolingAgreement) -> PoolingSheet:
    """Return what the page of an agreement shows, with how a hundred hours would be shared today."""
    pooled = agreement.pooled.select_related("contract__buyer").prefetch_related(
        "contract__obligations__orders", "contract__obligations__amendments"
    )
    shares: dict[int, int] = {}
    why = ""
    try:
        shares = shared_minutes(agreement, EXAMPLE_MINUTES)
    except SpreadingRefused as refused:
        why = str(refused)
    lines = tuple(
        PooledLine(each, sum(due.owed for due in dues_of(each.contract)), shares.get(each.contract_id))
        for each in pooled
    )
    return PoolingSheet(agreement, lines, why)
