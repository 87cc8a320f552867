"""What a contract owes and was stated to have done, counter by counter: hours of different natures are never added up."""

from dataclasses import dataclass

from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.models import Contract, Obligation


@dataclass(frozen=True, slots=True)
class Due:
    """Minutes of one counter: owed now, and not owed yet because their tranche is not affirmed.

    ``unsized_orders`` is the number of orders whose hours nobody has fixed: the total is then a floor.
    """

    counts: LeverCounts
    owed: int
    optional: int
    unsized_orders: int


def owed_minutes(obligation: Obligation) -> int:
    """Return what an obligation owes today: its volume, its orders, its amendments; nothing while not affirmed."""
    return volume_minutes(obligation) if obligation.is_owed else 0


def dues_of(contract: Contract) -> tuple[Due, ...]:
    """Return what the contract owes, one line by counter that has hours, in the order of the counters.

    Prefetch ``obligations__orders`` and ``obligations__amendments`` in lists.
    """
    obligations = list(contract.obligations.all())
    lines = []
    for counts in LeverCounts:
        if counts is LeverCounts.NOTHING:
            continue
        counted = [each for each in obligations if each.counts is counts]
        if not counted:
            continue
        lines.append(
            Due(
                counts,
                owed=sum(owed_minutes(each) for each in counted),
                optional=sum(volume_minutes(each) for each in counted if not each.is_owed),
                unsized_orders=sum(order.added_minutes is None for each in counted for order in each.orders.all()),
            )
        )
    return tuple(lines)


def volume_minutes(obligation: Obligation) -> int:
    """Return the volume of an obligation with its orders and amendments, whether its tranche is affirmed or not."""
    ordered = sum(order.added_minutes or 0 for order in obligation.orders.all())
    amended = getattr(obligation, "amended_minutes", None)  # read along by ``with_amended``
    if amended is None:
        amended = sum(amendment.minutes_change for amendment in obligation.amendments.all())
    return obligation.due_minutes + ordered + amended


# counter → where a contract keeps what was stated of it
STATED = {
    LeverCounts.INSERTION_HOURS: "stated_insertion_minutes",
    LeverCounts.INTERNSHIP_HOURS: "stated_internship_minutes",
    LeverCounts.PROTECTED_SECTOR_HOURS: "stated_protected_minutes",
}


def stated_of(contract: Contract) -> dict[LeverCounts, int]:
    """Return what was stated at the closing, counter by counter, at its closing or before; empty until somebody does."""
    stated = {counts: getattr(contract, name) for counts, name in STATED.items()}
    return {counts: minutes for counts, minutes in stated.items() if minutes is not None}
