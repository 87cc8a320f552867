"""What the pages of the library read. Frozen rows, no write; as many queries whatever the number of items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.search.queries import matching
from dentelle.network.library import access
from dentelle.network.library.access import Viewer
from dentelle.network.library.models import ItemKind, LibraryItem, PathStep

PAGE = 40
GONE = "personne\u00a0: à confier"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as it is read. ``stale``: older than its stated period, or nobody living answers for it."""

    item: LibraryItem
    owner: str
    structure: str
    stale: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of items by title; ``counts`` says how many of each kind there are."""

    rows: tuple[ItemRow, ...]
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the path, ticked by the person or not."""

    step: PathStep
    item: ItemRow | None
    done: bool


def items(viewer: Viewer, *, kind: str, text: str, page: int, today: date, retired: bool = False) -> ItemPage:
    """Return a page of the items of a kind, or of all but words when none is asked, that answer to every word of ``text``."""
    found = access.items_visible_to(viewer).filter(retired_on__isnull=not retired)
    counts = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    found = found.filter(kind=kind) if kind else found.exclude(kind=ItemKind.TERM)
    if text:
        words = matching("library", text, viewer)
        if words is not None and isinstance(viewer, Membership):
            found = found.filter(pk__in=words)
        else:  # the head of a network has no search box of its own: the title is enough
            found = found.filter(title__icontains=text)
    total = found.count()
    first = (page - 1) * PAGE
    kept = list(found.select_related("owner", "file").order_by("title", "pk")[first : first + PAGE])
    return ItemPage(rows(viewer, kept, today=today), total, counts)


def rows(viewer: Viewer, found: Sequence[LibraryItem], *, today: date) -> tuple[ItemRow, ...]:
    """Return items with the name and the structure of who answers for each: two queries."""
    network = access.network_of(viewer)
    where = _whereabouts(network, {item.owner_id for item in found})
    return tuple(
        ItemRow(
            item,
            item.owner.full_name if item.owner_id in where else GONE,
            where.get(item.owner_id, ""),
            item.review_on < today or item.owner_id not in where,
            item.owner_id == viewer.user_id,
        )
        for item in found
    )


def path(viewer: Viewer, *, today: date) -> tuple[StepRow, ...]:
    """Return the path « nouveau dans le métier » with the person's own ticks."""
    steps = list(access.steps_visible_to(viewer).select_related("item__owner"))
    done = set(access.done_by(viewer).values_list("step", flat=True)) if isinstance(viewer, Membership) else set()
    helped = {row.item.pk: row for row in rows(viewer, [step.item for step in steps if step.item], today=today)}
    return tuple(StepRow(step, helped.get(step.item_id or 0), step.pk in done) for step in steps)


def _whereabouts(network: int, owners: set[int]) -> dict[int, str]:
    """Return for which structure each owner acts in the network today; empty text for its head, absent for who left."""
    found = dict(
        NetworkSeat.objects.filter(network=network, user__in=owners, user__is_active=True).values_list(
            "user", "network__name"
        )
    )
    acting = Membership.objects.filter(
        user__in=owners,
        user__is_active=True,
        role__in=access.OWNERS,
        structure__network=network,
        structure__status="approved",
    )
    return found | dict(acting.order_by("-pk").values_list("user", "structure__name"))
