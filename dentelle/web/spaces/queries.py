"""What the pages of an outside organisation read. Frozen rows; a list costs the same number of queries at any length."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q, Sum

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.documents.models import FileState
from dentelle.rules.levers import levers
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.access import contracts_seen_by, shared_with
from dentelle.thread.contracts.actions.plan import minutes_to_plan
from dentelle.thread.contracts.dues import Due, dues_of
from dentelle.thread.contracts.models import (
    Amendment,
    Contract,
    ContractQuerySet,
    Exchange,
    FrameworkOrder,
    Holder,
    Obligation,
    Tranche,
)
from dentelle.thread.contracts.party import Side
from dentelle.thread.contracts.states import SIGNED_STATES, ContractState
from dentelle.web.spaces.equivalents import Equivalents, equivalents
from dentelle.web.spaces.standing import Standing, open_questions, standing_of, waiting_for

PAGE_SIZE = 50
OWED_NOW = (ContractState.NOTIFIED, ContractState.RUNNING, ContractState.SUSPENDED)
_TYPES_OF = {
    counts: [each.code.value for each in levers() if each.counts is counts]
    for counts in LeverCounts
    if counts is not LeverCounts.NOTHING
}


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """One contract of the organisation. ``own_minutes`` is its own part, for a company; None for a buyer."""

    pk: int
    title: str
    number: str
    buyer: str
    structure: str
    holders: tuple[str, ...]
    dues: tuple[Due, ...]
    own_minutes: int | None
    side: Side
    standing: Standing
    same: Equivalents | None

    @property
    def expected(self) -> str:
        return self.standing.expected(self.side)

    @property
    def waits(self) -> bool:
        return self.standing.waits_for(self.side)


@dataclass(frozen=True, slots=True)
class SpacePage:
    """A page of the list; ``waiting`` is how many contracts wait for the organisation, ``after`` opens the next page."""

    rows: tuple[SpaceRow, ...]
    total: int
    waiting: int
    after: str | None
    owed: tuple[tuple[LeverCounts, int], ...] = ()
    same: Equivalents | None = None


def side_of(seat: Seat) -> Side:
    """Return the side a seat is read from in lists; a company may be subcontractor on some contracts."""
    return Side.BUYER if seat.role == SeatRole.BUYER else Side.HOLDER


def list_contracts(
    seat: Seat, *, today: date, waiting_only: bool = False, after: str | None = None, size: int = PAGE_SIZE
) -> SpacePage:
    """Return a page of the organisation's contracts, latest change first, with what waits for it and what is owed today."""
    seen = contracts_seen_by(seat)
    waiting = seen.filter(waiting_for(side_of(seat), seat.organisation))
    found = waiting if waiting_only else seen
    total, awaited = seen.count(), waiting.count()
    owed = owed_together(seen.filter(state__in=OWED_NOW)) if seat.role == SeatRole.BUYER else ()
    insertion = dict(owed).get(LeverCounts.INSERTION_HOURS)
    kept, next_one = _page(found, after, size)
    return SpacePage(
        tuple(row_of(each, seat, today=today) for each in kept),
        awaited if waiting_only else total,
        awaited,
        next_one,
        owed,
        equivalents(insertion, on=today) if insertion else None,
    )


def page_of(
    found: ContractQuerySet, seat: Seat, *, today: date, after: str | None, size: int = PAGE_SIZE
) -> tuple[tuple[SpaceRow, ...], str | None]:
    """Return the rows of a selection of the seat's contracts, and what opens the next page."""
    kept, next_one = _page(found, after, size)
    return tuple(row_of(each, seat, today=today) for each in kept), next_one


def _page(found: ContractQuerySet, after: str | None, size: int) -> tuple[list[Contract], str | None]:
    cursor = after_of(after)
    if cursor:
        at, pk = cursor
        found = found.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=pk))
    rows = (
        found.select_related("buyer", "structure")
        .annotate(questions=open_questions())
        .prefetch_related(
            "obligations__orders",
            "obligations__amendments",
            "plans",
            "penalty_decisions",
            Prefetch("holders", Holder.objects.select_related("organisation").prefetch_related("subcontracts")),
        )
        .latest_first()
    )
    kept = list(rows[: size + 1])
    last = kept[size - 1] if len(kept) > size else None
    return kept[:size], cursor_of(last.updated_at, last.pk) if last else None


def row_of(contract: Contract, seat: Seat, *, today: date) -> SpaceRow:
    """Return the line of one contract; loaded by ``_page``."""
    holders = list(contract.holders.all())
    mine = [each for each in holders if each.organisation_id == seat.organisation_id]
    side, own = Side.BUYER, None
    if seat.role != SeatRole.BUYER:
        side = Side.HOLDER if mine else Side.SUBCONTRACTOR
        own = own_minutes(contract, holders, seat.organisation_id)
    dues = dues_of(contract)
    # weeks and jobs are told of its own part, else of the insertion hours owed
    weighed = own or next((due.owed for due in dues if due.counts is LeverCounts.INSERTION_HOURS), None)
    return SpaceRow(
        pk=contract.pk,
        title=contract.title,
        number=contract.number,
        buyer=contract.buyer.name if contract.buyer else "",
        structure=contract.structure.name,
        holders=tuple(each.organisation.name for each in holders),
        dues=dues,
        same=equivalents(weighed, on=today) if weighed else None,
        own_minutes=own,
        side=side,
        standing=standing_of(
            contract,
            today=today,
            open_questions=contract.questions,  # type: ignore[attr-defined]
            holders=None if side is Side.BUYER else mine,
        ),
    )


def own_minutes(contract: Contract, holders: list[Holder], organisation_pk: int) -> int:
    """Return the minutes a company answers for: as holder its part, else what was handed down to it."""
    mine = [each for each in holders if each.organisation_id == organisation_pk]
    if mine:
        return sum(minutes_to_plan(contract, each) for each in mine)
    handed = (each for holder in holders for each in holder.subcontracts.all())
    return sum(each.due_minutes for each in handed if each.organisation_id == organisation_pk)


def owed_together(contracts: ContractQuerySet) -> tuple[tuple[LeverCounts, int], ...]:
    """Return what contracts owe together, nature by nature, added up by the database; natures without hours are left out."""
    owed = Q(tranche=Tranche.FIRM) | Q(affirmed_on__isnull=False)
    mine = Obligation.objects.filter(owed, contract__in=contracts.order_by().values("pk"))
    added: dict[str, int] = {}
    for rows in (
        mine.order_by().values_list("clause_type").annotate(minutes=Sum("due_minutes")),
        FrameworkOrder.objects.filter(obligation__in=mine.order_by().values("pk"))
        .order_by()
        .values_list("obligation__clause_type")
        .annotate(minutes=Sum("added_minutes")),
        Amendment.objects.filter(obligation__in=mine.order_by().values("pk"))
        .order_by()
        .values_list("obligation__clause_type")
        .annotate(minutes=Sum("minutes_change")),
    ):
        for clause_type, minutes in rows:
            added[clause_type] = added.get(clause_type, 0) + int(minutes or 0)
    totals = ((counts, sum(added.get(each, 0) for each in types)) for counts, types in _TYPES_OF.items())
    return tuple((counts, minutes) for counts, minutes in totals if minutes)


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file somebody joined to what was shared with the organisation."""

    contract_pk: int
    contract: str
    exchange: Exchange
    name: str
    available: bool


@dataclass(frozen=True, slots=True)
class SharedFiles:
    files: tuple[SharedFile, ...]
    after: str | None


def shared_files(seat: Seat, *, after: str | None, size: int = PAGE_SIZE) -> SharedFiles:
    """Return a page of the files shared with the organisation on all its contracts, latest first."""
    found = shared_with(seat).exclude(attachment=None).exclude(attachment__state=FileState.PURGED)
    cursor = after_of(after)
    if cursor:
        at, pk = cursor
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    rows = list(found.select_related("attachment", "contract").order_by("-created_at", "-pk")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return SharedFiles(
        tuple(
            SharedFile(
                each.contract_id,
                each.contract.title,
                each,
                each.attachment.name,
                each.attachment.state == FileState.AVAILABLE,
            )
            for each in rows[:size]
            if each.attachment is not None
        ),
        cursor_of(last.created_at, last.pk) if last else None,
    )


def notified_years(seat: Seat, *, today: date) -> tuple[int, ...]:
    """Return the years in which the organisation notified a contract of the register, the latest first; this year at least."""
    years = (
        contracts_seen_by(seat)
        .filter(state__in=SIGNED_STATES, notified_on__isnull=False)
        .order_by()
        .annotate(year=F("notified_on__year"))
        .values_list("year", flat=True)
        .distinct()
    )
    return tuple(sorted({*years, today.year}, reverse=True))
