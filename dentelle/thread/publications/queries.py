"""What pages and other rooms read of publications. Frozen rows, no write; the same number of queries at any length."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.queries import matching
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications.access import publications_of, published_contracts
from dentelle.thread.publications.deadlines import due_on
from dentelle.thread.publications.models import Publication
from dentelle.thread.publications.promise import Considerations
from dentelle.thread.publications.standing import CALLING, Standing, calling, with_standing
from dentelle.thread.territory.queries import store

PAGE_SIZE = 50
MOST_AWAITED = 500
CALLING_ALL = "calling"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A contract whose publication calls for somebody: missing after the delay, different, or to confirm.

    ``due_on`` is the last day to publish, ``days_late`` how long ago it was (0 when it is not past or not known).
    """

    contract_pk: int
    title: str
    number: str
    buyer: str
    facilitator_pk: int | None
    notified_on: date | None
    due_on: date | None
    days_late: int
    standing: Standing
    next_action: str
    url: str


def read_until() -> date | None:
    """Return the last publication date of the data loaded here; None without data."""
    try:
        last = store().meta().get("last_published_on")
    except StoreMissing:
        return None
    return date.fromisoformat(last) if last else None


def awaiting(membership: Membership, at: datetime) -> tuple[Awaited, ...]:
    """Return the publications of the member's structure that call for somebody, the oldest notification first. One query.

    At most MOST_AWAITED: a list longer than that is read on its own page. Nothing for a role that does not see contracts.
    """
    today = timezone.localdate(at)
    found = calling(published_contracts(membership), publications_of(membership), today=today, read_until=read_until())
    rows = found.select_related("buyer").order_by("notified_on", "pk")[:MOST_AWAITED]
    return tuple(_awaited(each, today) for each in rows)


def _awaited(contract: Contract, today: date) -> Awaited:
    standing = Standing(contract.standing)  # type: ignore[attr-defined]
    last = due_on(contract.notified_on)
    return Awaited(
        contract_pk=contract.pk,
        title=contract.title,
        number=contract.number,
        buyer=contract.buyer.name if contract.buyer else "",
        facilitator_pk=contract.facilitator_id,
        notified_on=contract.notified_on,
        due_on=last,
        days_late=max(0, (today - last).days) if last else 0,
        standing=standing,
        next_action=standing.next_action,
        url=reverse("publications:detail", kwargs={"pk": contract.pk}),
    )


@dataclass(frozen=True, slots=True)
class PublicationFilters:
    """What the list shows: words, one standing or all that call for somebody (``CALLING_ALL``), only those I follow."""

    text: str = ""
    standing: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """One line of the list."""

    pk: int
    title: str
    number: str
    buyer: str
    notified_on: date | None
    due_on: date | None
    promised: tuple[str, ...]
    published: tuple[str, ...] | None  # None: no award is taken for this contract
    is_stated: bool
    standing: Standing
    facilitator: str


@dataclass(frozen=True, slots=True)
class StandingCount:
    """A standing and how many contracts stand there."""

    standing: Standing
    count: int


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """A page of the list; ``after`` opens the next one, None on the last."""

    rows: tuple[PublicationRow, ...]
    total: int
    after: str | None
    counts: tuple[StandingCount, ...]


def list_publications(
    membership: Membership, filters: PublicationFilters, *, today: date, after: str | None = None, size: int = PAGE_SIZE
) -> PublicationPage:
    """Return a page of the contracts with something to publish, the oldest notification first."""
    visible = with_standing(published_contracts(membership), today=today, read_until=read_until())
    counts = dict(visible.order_by().values_list("standing").annotate(count=Count("pk")))
    found = visible
    words = matching("contract", filters.text, membership)
    if words is not None:
        found = found.filter(pk__in=words)
    if filters.standing == CALLING_ALL:
        found = found.filter(standing__in=CALLING)
    elif filters.standing:
        found = found.filter(standing=filters.standing)
    if filters.mine:
        found = found.filter(facilitator_id=membership.user_id)
    total = found.count()
    cursor = after_of(after)
    if cursor:
        day, pk = cursor[0].date(), cursor[1]
        found = found.filter(Q(notified_on__gt=day) | Q(notified_on=day, pk__gt=pk))
    kept = list(found.select_related("buyer", "facilitator", "publication").order_by("notified_on", "pk")[: size + 1])
    last = kept[size - 1] if len(kept) > size else None
    return PublicationPage(
        rows=tuple(_row(each) for each in kept[:size]),
        total=total,
        after=cursor_of(datetime.combine(last.notified_on, time(), tzinfo=UTC), last.pk)
        if last and last.notified_on
        else None,
        counts=tuple(StandingCount(each, counts.get(each.value, 0)) for each in Standing),
    )


def _row(contract: Contract) -> PublicationRow:
    publication = publication_of(contract)
    return PublicationRow(
        pk=contract.pk,
        title=contract.title,
        number=contract.number,
        buyer=contract.buyer.name if contract.buyer else "",
        notified_on=contract.notified_on,
        due_on=due_on(contract.notified_on),
        promised=promised_of(contract).values(contract.kind),
        published=published_of(publication).values(contract.kind) if publication else None,
        is_stated=publication.is_stated if publication else False,
        standing=Standing(contract.standing),  # type: ignore[attr-defined]
        facilitator=contract.facilitator.full_name if contract.facilitator else "",
    )


def publication_of(contract: Contract) -> Publication | None:
    """Return the award taken for a contract, None when there is none."""
    try:
        return contract.publication
    except Publication.DoesNotExist:
        return None


def promised_of(contract: Contract) -> Considerations:
    """Return what a contract read ``with_standing`` promises."""
    return Considerations(contract.promised_clause, contract.promised_criterion, contract.promised_reserved)  # type: ignore[attr-defined]


def published_of(publication: Publication) -> Considerations:
    """Return what its award says."""
    return Considerations(publication.clause, publication.criterion, publication.reserved)
