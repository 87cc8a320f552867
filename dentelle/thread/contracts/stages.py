"""The portfolio by stage: how many contracts stand where, and the hours they owe. One query, whatever the portfolio."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers import lever
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.access import contracts_of_structure, contracts_shared_with, of_structure
from dentelle.thread.contracts.models import Amendment, Association, FrameworkOrder, Obligation, Tranche
from dentelle.thread.contracts.queries import STAGES
from dentelle.thread.contracts.states import ContractState

OUT = (ContractState.ABANDONED,)  # what was abandoned is owed to nobody


@dataclass(frozen=True, slots=True)
class StageDue:
    """A stage: its contracts, and the minutes they owe by counter, the structure's own share of those it is associated with.

    ``unsized_orders`` above zero makes the hours a floor.
    """

    code: str
    label: str
    count: int
    minutes: Mapping[LeverCounts, int]
    unsized_orders: int

    @property
    def insertion_minutes(self) -> int | None:
        """Insertion hours owed, None where none are."""
        return self.minutes.get(LeverCounts.INSERTION_HOURS)

    @property
    def others(self) -> tuple[tuple[LeverCounts, int], ...]:
        """The other counters that owe something."""
        return tuple((counts, owed) for counts, owed in self.minutes.items() if counts != LeverCounts.INSERTION_HOURS)


def portfolio(membership: Membership, *, mine: bool = False) -> tuple[StageDue, ...]:
    """Return the portfolio the member sees, stage by stage; only the contracts they follow when ``mine``."""
    rows = list(_rows(membership, mine=mine))
    stages = []
    for code, (label, states) in STAGES.items():
        here = [row for row in rows if row[1] in states]
        minutes: dict[LeverCounts, int] = {}
        for part, state, clause_type, owed, _ in here:
            if part == "contracts" or state in OUT:
                continue
            counts = lever(clause_type).counts if clause_type else LeverCounts.INSERTION_HOURS
            if counts is not LeverCounts.NOTHING:
                minutes[counts] = minutes.get(counts, 0) + (owed or 0)
        stages.append(
            StageDue(
                code,
                label,
                count=sum(row[4] for row in here if row[0] == "contracts"),
                minutes={counts: minutes[counts] for counts in LeverCounts if counts in minutes},
                unsized_orders=sum(row[4] for row in here if row[0] == "ordered" and row[1] not in OUT),
            )
        )
    return tuple(stages)


def _rows(membership: Membership, *, mine: bool) -> QuerySet[Any, Any]:
    """Give (part, state, clause type, minutes, count) for all that adds up; the same rule as ``dues``, in the database.

    Led and shared are asked apart: each then goes by its own index, where « one or the other » would read every contract.
    """
    led = contracts_of_structure(membership)
    shared = contracts_shared_with(membership)
    if mine:
        led, shared = (contracts.filter(facilitator_id=membership.user_id) for contracts in (led, shared))

    def of_led(contract: str) -> Q:
        followed = Q(**{f"{contract}facilitator_id": membership.user_id}) if mine else Q()
        return of_structure(membership, contract) & followed

    followed = Association.objects.filter(structure_id=membership.structure_id, until=None, contract__in=shared)
    owed = _owed(Obligation.objects.filter(of_led("contract__")), "")
    # an obligation is of the structure of its contract, what changes it too: said of each, it leaves fewer rows to join
    here = Q(obligation__structure_id=membership.structure_id)
    orders = _owed(FrameworkOrder.objects.filter(here, of_led("obligation__contract__")), "obligation__")
    amendments = _owed(Amendment.objects.filter(here, of_led("obligation__contract__")), "obligation__")
    unsized = Count("pk", filter=Q(added_minutes=None))  # of orders, how many have no hours yet
    return _part("contracts", led, "", "", None).union(
        _part("contracts", shared, "", "", None),
        _part("owed", owed, "contract__", "clause_type", "due_minutes"),
        _part("ordered", orders, "obligation__contract__", "obligation__clause_type", "added_minutes", unsized),
        _part("amended", amendments, "obligation__contract__", "obligation__clause_type", "minutes_change"),
        _part("shared", followed, "contract__", "", "due_minutes"),
        all=True,
    )


def _owed(rows: QuerySet[Any], obligation: str) -> QuerySet[Any]:
    return rows.filter(Q(**{f"{obligation}tranche": Tranche.FIRM}) | Q(**{f"{obligation}affirmed_on__isnull": False}))


def _part(
    part: str, rows: QuerySet[Any], contract: str, clause_type: str, minutes: str | None, counted: Count | None = None
) -> QuerySet[Any, Any]:
    none = Value("", output_field=CharField())
    grouped: QuerySet[Any, Any] = (
        rows.order_by()
        .values(
            part=Value(part, output_field=CharField()),
            of_state=F(f"{contract}state"),
            of_type=F(clause_type) if clause_type else none,
        )
        .annotate(
            total=Sum(minutes) if minutes else Value(0, output_field=IntegerField()),
            count=counted or Count("*"),
        )
        .values_list("part", "of_state", "of_type", "total", "count")
    )
    return grouped
