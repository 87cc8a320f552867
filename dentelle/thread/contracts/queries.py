"""What the pages of contracts read. Frozen rows, no write; a list costs the same number of queries at any length."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum, prefetch_related_objects
from django.http import QueryDict

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.queries import matching
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts.access import contracts_of_structure, contracts_visible_to
from dentelle.thread.contracts.dues import Due, dues_of
from dentelle.thread.contracts.models import (
    AnalysisCriterion,
    Association,
    Contract,
    ContractQuerySet,
    Exchange,
    Holder,
    InsertionPlan,
    Obligation,
    Offer,
    PenaltyDecision,
    PenaltyForm,
    PooledContract,
    Subcontract,
)
from dentelle.thread.contracts.states import ContractState, is_signed

PAGE_SIZE = 50
SORTS = {"change": "du dernier modifié au plus ancien", "fin": "de la fin la plus proche à la plus lointaine"}
END = F("ends_on").asc(nulls_last=True)
NO_END = date.max
# what a line of a list needs to say what is owed and by whom
DUES = (
    "obligations__orders",
    "obligations__amendments",
    Prefetch("holders", Holder.objects.select_related("organisation")),
)

CRITERIA = (LeverCode.AWARD_CRITERION.value, LeverCode.CONDITION_AND_CRITERION.value)

# stages of the portfolio, each a few states: what a facilitator thinks in
STAGES: Mapping[str, tuple[str, tuple[ContractState, ...]]] = {
    "preparing": (
        "en préparation",
        (ContractState.DRAFT, ContractState.CALIBRATED, ContractState.BUYER_APPROVED),
    ),
    "tender": ("en consultation", (ContractState.IN_TENDER,)),
    "starting": ("à démarrer", (ContractState.NOTIFIED,)),
    "running": ("en cours", (ContractState.RUNNING,)),
    "suspended": ("suspendus", (ContractState.SUSPENDED,)),
    "closed": ("clos", (ContractState.CLOSED_MET, ContractState.CLOSED_PARTIAL)),
    "abandoned": ("abandonnés", (ContractState.ABANDONED,)),
}


@dataclass(frozen=True, slots=True)
class ContractFilters:
    """What the list shows: words, one stage, only those I follow, in which order."""

    text: str = ""
    stage: str = ""
    mine: bool = False
    sort: str = "change"

    @property
    def active(self) -> bool:
        return bool(self.text or self.stage or self.mine)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One line of the portfolio. ``share_minutes`` is set when the structure is only associated: its own part."""

    pk: int
    title: str
    number: str
    buyer: str
    state: str
    state_label: str
    dues: tuple[Due, ...]
    share_minutes: int | None
    holders: tuple[str, ...]
    ends_on: date | None
    facilitator: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the portfolio and how many contracts stand in it."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ContractPage:
    """A page of the list; ``after`` opens the next one, None on the last."""

    rows: tuple[ContractRow, ...]
    total: int
    after: str | None
    stages: tuple[Stage, ...] = field(default=())


def filters_of(asked: QueryDict) -> ContractFilters:
    """Read the filters an address carries; what it does not know is left out."""
    stage, sort = asked.get("etape", ""), asked.get("tri", "")
    return ContractFilters(
        text=asked.get("texte", "")[:200].strip(),
        stage=stage if stage in STAGES else "",
        mine=asked.get("mes") == "1",
        sort=sort if sort in SORTS else "change",
    )


def contracts_found(membership: Membership, filters: ContractFilters) -> ContractQuerySet:
    """Return the contracts of the list, whole, in its order."""
    return _ordered(_filtered(contracts_visible_to(membership), membership, filters), filters.sort)


def list_contracts(
    membership: Membership, filters: ContractFilters, *, after: str | None = None, size: int = PAGE_SIZE
) -> ContractPage:
    """Return a page of the contracts the member sees, in the order asked; an unreadable ``after`` starts over."""
    shares = shares_of(membership)
    cursor, total = after_of(after), 0
    kept: list[Contract] = []
    counts: Counter[str] = Counter()
    for part in _parts(membership, shares):
        found = _filtered(part, membership, filters)
        total += found.count()
        counts.update(dict(part.values_list("state").annotate(count=Count("pk")).order_by()))
        if cursor:
            found = found.filter(_beyond(filters.sort, *cursor))
        kept += _ordered(found, filters.sort).select_related("buyer", "facilitator")[: size + 1]
    kept.sort(key=_place(filters.sort))
    last = kept[size - 1] if len(kept) > size else None
    del kept[size:]
    prefetch_related_objects(kept, *DUES)
    rows = tuple(_row(each, shares.get(each.pk)) for each in kept)
    return ContractPage(rows, total, _cursor(filters.sort, last) if last else None, _stages(counts))


def shares_of(membership: Membership) -> dict[int, int]:
    """Return the minutes the structure follows in each contract of others it is associated with today."""
    current = Association.objects.filter(structure_id=membership.structure_id, until=None)
    return dict(current.values_list("contract_id", "due_minutes"))


def _parts(membership: Membership, shares: Mapping[int, int]) -> list[ContractQuerySet]:
    """The contracts led, and those shared if there are any: apart, each reads an index in the order of the list."""
    led = contracts_of_structure(membership)
    if not shares:
        return [led]
    shared = contracts_visible_to(membership).filter(pk__in=shares)
    return [led, shared.exclude(structure_id=membership.structure_id)]


def _ordered(found: ContractQuerySet, sort: str) -> ContractQuerySet:
    return found.latest_first() if sort == "change" else found.order_by(END, "pk")


def _place(sort: str) -> Callable[[Contract], tuple[Any, int]]:
    """The same order, for rows at hand."""
    if sort == "change":
        return lambda contract: (-contract.updated_at.timestamp(), -contract.pk)
    return lambda contract: (contract.ends_on or NO_END, contract.pk)


def _beyond(sort: str, at: datetime, pk: int) -> Q:
    """What comes after a row of the list."""
    if sort == "change":
        return Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=pk)
    day = at.date()
    if day == NO_END:
        return Q(ends_on=None, pk__gt=pk)
    return Q(ends_on__gt=day) | Q(ends_on=day, pk__gt=pk) | Q(ends_on=None)


def _cursor(sort: str, last: Contract) -> str:
    if sort == "change":
        return cursor_of(last.updated_at, last.pk)
    return cursor_of(datetime.combine(last.ends_on or NO_END, time.min, UTC), last.pk)


def _stages(counts: Mapping[str, int]) -> tuple[Stage, ...]:
    return tuple(
        Stage(code, label, sum(counts.get(state.value, 0) for state in states))
        for code, (label, states) in STAGES.items()
    )


def _filtered(found: ContractQuerySet, membership: Membership, filters: ContractFilters) -> ContractQuerySet:
    words = matching("contract", filters.text, membership)
    if words is not None:
        found = found.filter(pk__in=words)
    if filters.stage in STAGES:
        found = found.filter(state__in=STAGES[filters.stage][1])
    if filters.mine:
        found = found.filter(facilitator_id=membership.user_id)
    return found


def _row(contract: Contract, share: int | None) -> ContractRow:
    return ContractRow(
        pk=contract.pk,
        title=contract.title,
        number=contract.number,
        buyer=contract.buyer.name if contract.buyer else "",
        state=contract.state,
        state_label=contract.get_state_display(),
        dues=dues_of(contract),
        share_minutes=share,
        holders=tuple(each.organisation.name for each in contract.holders.all()),
        ends_on=contract.ends_on,
        facilitator=contract.facilitator.full_name if contract.facilitator else "",
        updated_at=contract.updated_at,
    )


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One company of the chain of subcontractors; ``depth`` 1 works directly for the holder."""

    subcontract: Subcontract
    depth: int


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A holder and everyone below it, in the order of a tree read from top to bottom."""

    holder: Holder
    below: tuple[ChainLink, ...]


@dataclass(frozen=True, slots=True)
class ContractSheet:
    """Everything the page of a contract shows."""

    contract: Contract
    dues: tuple[Due, ...]
    obligations: tuple[Obligation, ...]
    holders: tuple[HolderLine, ...]
    # how bids are read: what there is to do until the contract is signed, history afterwards, on a page of its own
    criteria: tuple[AnalysisCriterion, ...]
    offers: tuple[Offer, ...]
    decisions: tuple[PenaltyDecision, ...] = ()

    @property
    def has_criterion(self) -> bool:
        """Whether bids were, or will be, compared on the social part."""
        return any(each.clause_type in CRITERIA for each in self.obligations)

    @property
    def insertion_minutes(self) -> int | None:
        """What is owed in insertion hours; None when the contract owes none."""
        return next((due.owed for due in self.dues if due.counts is LeverCounts.INSERTION_HOURS), None)


def contract_sheet(contract: Contract) -> ContractSheet:
    """Return what the page of a contract shows; the contract comes from ``access``."""
    loaded = contract
    prefetch_related_objects(
        [loaded],
        Prefetch("obligations", Obligation.objects.select_related("lot").with_amended()),
        "obligations__orders",
        Prefetch("holders", Holder.objects.select_related("organisation", "lot")),
        Prefetch("holders__subcontracts", Subcontract.objects.select_related("organisation")),
        Prefetch("plans", InsertionPlan.objects.select_related("holder__organisation")),
        "plans__actions",
        "plans__months",
        "amendments",
        Prefetch("exchanges", Exchange.objects.select_related("attachment", "asked_by", "author")),
        "exchanges__notices",
        Prefetch("associations", Association.objects.select_related("structure")),
        Prefetch("pooled", PooledContract.objects.select_related("agreement")),
    )
    signed = is_signed(loaded.state)
    return ContractSheet(
        contract=loaded,
        dues=dues_of(loaded),
        obligations=tuple(loaded.obligations.all()),
        holders=tuple(HolderLine(each, tree_of(each)) for each in loaded.holders.all()),
        criteria=() if signed else tuple(loaded.criteria.all()),
        offers=() if signed else tuple(offers_of(loaded)),
        decisions=decisions_of(loaded),
    )


def offers_of(contract: Contract) -> QuerySet[Offer]:
    """Return the bids with ``points``, their total over the grid; None while no line of it is scored."""
    return contract.offers.select_related("organisation", "lot").annotate(points=Sum("scores__points"))


def decisions_of(contract: Contract) -> tuple[PenaltyDecision, ...]:
    """Return what the buyer decided of the penalties proposed, latest first; asked only of a signed contract with terms."""
    if not is_signed(contract.state) or all(
        each.penalty_mode == PenaltyForm.NONE for each in contract.obligations.all()
    ):
        return ()
    return tuple(contract.penalty_decisions.select_related("decided_by"))


def tree_of(holder: Holder) -> tuple[ChainLink, ...]:
    """Return everyone below a holder, in the order of a tree. Prefetch ``subcontracts`` with their organisations."""
    children: dict[int | None, list[Subcontract]] = {}
    for each in holder.subcontracts.all():
        children.setdefault(each.parent_id, []).append(each)
    links: list[ChainLink] = []
    pending = [(each, 1) for each in reversed(children.get(None, []))]
    while pending:
        each, depth = pending.pop()
        links.append(ChainLink(each, depth))
        pending.extend((child, depth + 1) for child in reversed(children.get(each.pk, [])))
    return tuple(links)


def share_of(contract: Contract, membership: Membership) -> int | None:
    """Return the minutes an associated structure follows; None for the lead, which answers for the whole."""
    if contract.structure_id == membership.structure_id:
        return None
    return next(
        (
            each.due_minutes
            for each in contract.associations.all()
            if each.structure_id == membership.structure_id and each.until is None
        ),
        None,
    )
