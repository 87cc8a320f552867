"""What the pages of the library read. Frozen rows, no write; as many queries whatever the number of items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.search.ranking import ranked
from dentelle.network.library import access
from dentelle.network.library.access import Viewer
from dentelle.network.library.models import ItemKind, LibraryItem, PathStep
from dentelle.opendata.text import fold

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
    """One page of items by title; ``counts`` says how many of each kind there are, ``number`` which page it is."""

    rows: tuple[ItemRow, ...]
    total: int
    counts: Mapping[str, int]
    number: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the path, ticked by the person or not."""

    step: PathStep
    item: ItemRow | None
    done: bool


def items(viewer: Viewer, *, kind: str, text: str, page: int, today: date, retired: bool = False) -> ItemPage:
    """Return a page of the items of a kind, or of all but words of the glossary when neither kind nor text is asked.

    What answers to ``text`` comes first what says most of it, whatever the form, accents or case of the words; ``counts`` are
    then those of what answers. A page past the last one is the last one.
    """
    found = access.items_visible_to(viewer).filter(retired_on__isnull=not retired)
    rank: dict[int, int] = {}
    if text:
        rank = {pk: place for place, pk in enumerate(ranked("library", text, viewer))}
        found = found.filter(pk__in=rank)
    counts = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    if kind:
        found = found.filter(kind=kind)
    elif not text and not retired:
        found = found.exclude(kind=ItemKind.TERM)
    keys = [
        pk for pk, _ in sorted(found.values_list("pk", "title"), key=lambda row: (rank.get(row[0], 0), fold(row[1])))
    ]
    number = max(1, min(page, -(-len(keys) // PAGE)))
    shown = keys[(number - 1) * PAGE : number * PAGE]
    kept = access.items_visible_to(viewer).filter(pk__in=shown).select_related("owner", "file")
    by_key = {item.pk: item for item in kept}
    return ItemPage(rows(viewer, [by_key[pk] for pk in shown], today=today), len(keys), counts, number)


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
    helping = [step.item for step in steps if step.item and step.item.retired_on is None]
    helped = {row.item.pk: row for row in rows(viewer, helping, today=today)}
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
