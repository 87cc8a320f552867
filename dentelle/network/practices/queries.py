"""Reading sheets: lists that find, one sheet whole, those near something else. As many queries at any length."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from dentelle.foundations.search.ranking import ranked
from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.practices.access import (
    Viewer,
    is_head,
    may_write,
    network_id_of,
    practices_visible_to,
    published_to,
    versions_to_review,
)
from dentelle.network.practices.agreeing import waits_for_it
from dentelle.network.practices.facets import FACETS, GROUPS, STAGE, Facet
from dentelle.network.practices.models import Practice, PracticeTag, PracticeVersion, VersionState
from dentelle.network.practices.origins import stage_names
from dentelle.network.practices.places import LikeMine, like_mine, place_name
from dentelle.network.practices.searched import KIND
from dentelle.network.practices.vocabulary import EVIDENCE, OUTCOMES
from dentelle.opendata.text import fold
from dentelle.rules.practices import refresh_due

PAGE = 20
MOST_RANKED, MOST_ANSWERS = 1_000, 100
NEAR = 5
RANKED = 40  # as many sheets by their words, as many by their subject, are looked at for those near something
# how many ranks of words each thing two sheets share is worth
SHARED = {"trades": 30, "themes": 30, "publics": 6, "axis": 4}
NEIGHBOUR = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list. ``facets``: facet code → value; ``alike``: territories like one's own, others' first, nearest first."""

    text: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    alike: bool = False

    @property
    def narrows(self) -> bool:
        """Whether something else than words is asked."""
        return bool(self.facets or self.region or self.alike)

    @property
    def active(self) -> bool:
        return bool(self.text or self.narrows)


@dataclass(frozen=True, slots=True)
class Row:
    """One published sheet in a list."""

    pk: int
    title: str
    summary: str
    host: str
    place: str
    outcome: str
    evidence: str
    checked_on: date
    is_old: bool
    tried: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a facet, and how many of the sheets found have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """Facets one looks at together, each with the values the sheets found have."""

    label: str
    facets: tuple[tuple[Facet, tuple[Counted, ...]], ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """How many sheets found tell of territories like one's own, others' and one's own apart; of how many inhabitants these are."""

    others: int
    own: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of sheets. ``after`` is where the next page begins, None at the end; ``groups``: facets that hold something.

    ``alike``: what was found on territories like one's own, None when it was not asked.
    """

    rows: tuple[Row, ...]
    total: int
    groups: tuple[CountedGroup, ...]
    regions: tuple[Counted, ...]
    after: int | None
    has_alike: bool
    alike: Alike | None

    @property
    def facets(self) -> tuple[tuple[Facet, tuple[Counted, ...]], ...]:
        """Return the facets that hold something, whatever their group."""
        return tuple(counted for group in self.groups for counted in group.facets)


def find(viewer: Viewer, filters: Filters, *, today: date, start: int = 0) -> Found:
    """Return the published sheets that answer: best first for words, nearest first for likeness, else latest first."""
    found = published_to(viewer)
    for code, value in filters.facets.items():
        found = found.filter(pk__in=PracticeTag.objects.filter(facet=code, value=value).values("practice"))
    if filters.region:
        found = found.filter(region_code=filters.region)
    like = like_mine(viewer, today)
    if filters.alike:
        found = found.filter(epci_code__in=like.bodies if like else ())
    keys, total, found = _keys(found, filters, viewer, like, start)
    return Found(
        rows=_rows(keys, viewer, today),
        total=total,
        groups=_counted(found if filters.active else None, viewer),
        regions=_regions(found),
        after=start + PAGE if total > start + PAGE else None,
        has_alike=like is not None,
        alike=_alike(found, viewer, like) if filters.alike and like else None,
    )


def _alike(found: QuerySet[Practice], viewer: Viewer, like: LikeMine) -> Alike:
    is_own = Q(structure=getattr(viewer, "structure_id", None))
    counted = found.order_by().aggregate(every=Count("pk"), own=Count("pk", filter=is_own))
    return Alike(counted["every"] - counted["own"], counted["own"], like.least, like.most)


def _keys(
    found: QuerySet[Practice], filters: Filters, viewer: Viewer, like: LikeMine | None, start: int
) -> tuple[list[int], int, QuerySet[Practice]]:
    """The keys of a page in their order, how many answer, and what to count facets among.

    On territories like one's own, what others do is what one comes for: one's own sheets are last.
    """
    own = getattr(viewer, "structure_id", None)
    if filters.text:
        keys = ranked(KIND, filters.text, viewer, MOST_RANKED if filters.narrows else MOST_ANSWERS)
        known = dict(found.filter(pk__in=keys).order_by().values_list("pk", "structure"))
        # past the first ones, a sheet only shares a common word with what was asked
        keys = [key for key in keys if key in known][:MOST_ANSWERS]
        if filters.alike:
            keys.sort(key=lambda key: known[key] == own)
        return keys[start : start + PAGE], len(keys), Practice.objects.filter(pk__in=keys)
    if filters.alike and like:
        nearness = {code: rank for rank, code in enumerate(like.bodies)}
        rows = sorted(
            found.order_by("-checked_on", "-pk").values_list("pk", "epci_code", "structure"),
            key=lambda row: (row[2] == own, nearness[row[1]]),
        )
        return [row[0] for row in rows[start : start + PAGE]], len(rows), found
    latest = found.order_by("-checked_on", "-pk").values_list("pk", flat=True)
    return list(latest[start : start + PAGE]), found.order_by().count(), found


def _rows(keys: Sequence[int], viewer: Viewer, today: date) -> tuple[Row, ...]:
    own = getattr(viewer, "structure_id", None)
    practices = (
        Practice.objects.filter(pk__in=keys).select_related("published").annotate(tried=Count("replications"))
    )  # fmt: skip
    known = {practice.pk: practice for practice in practices}
    return tuple(_row(known[key], own, today) for key in keys if key in known)


def _row(practice: Any, own: int | None, today: date) -> Row:
    content = practice.published.content
    return Row(
        pk=practice.pk,
        title=content.get("title", ""),
        summary=content.get("summary", ""),
        host=content.get("host", ""),
        place=place_name(content.get("place", "")),
        outcome=OUTCOMES.get(content.get("outcome", ""), ""),
        evidence=EVIDENCE.get(content.get("evidence", ""), ""),
        checked_on=practice.checked_on,
        is_old=refresh_due(practice.checked_on) <= today,
        tried=practice.tried,
        is_own=own is not None and practice.structure_id == own,
    )


def _counted(found: QuerySet[Practice] | None, viewer: Viewer) -> tuple[CountedGroup, ...]:
    counts: dict[str, dict[str, int]] = {}
    tagged = PracticeTag.objects.filter(network=network_id_of(viewer))
    if found is not None:
        tagged = tagged.filter(practice__in=found.order_by().values("pk"))
    for facet, value, count in tagged.values_list("facet", "value").annotate(Count("pk")).order_by():
        counts.setdefault(facet, {})[value] = count
    counted = {
        facet.code: tuple(
            Counted(value, label, counts[facet.code][value])
            for value, label in _choices(facet, counts[facet.code], viewer).items()
            if value in counts[facet.code]
        )
        for facet in FACETS
        if facet.code in counts
    }
    groups = (
        CountedGroup(
            group.label, tuple((facet, counted[facet.code]) for facet in group.facets if counted.get(facet.code))
        )
        for group in GROUPS
    )
    return tuple(group for group in groups if group.facets)


def _choices(facet: Facet, values: Mapping[str, int], viewer: Viewer) -> Mapping[str, str]:
    """The words of a facet's values, in the order they are read; of open values, those found: latest year first."""
    if facet.choices is not None:
        return facet.choices
    if facet is STAGE:
        return stage_names(viewer, values)
    return {value: value for value in sorted(values, reverse=True)}


def _regions(found: QuerySet[Practice]) -> tuple[Counted, ...]:
    ground = ground_or_none()
    counted = found.exclude(region_code="").order_by("region_code").values_list("region_code").annotate(Count("pk"))
    rows = [Counted(code, (ground and ground.name_of("region", code)) or code, count) for code, count in counted]
    return tuple(sorted(rows, key=lambda row: (fold(row.label), row.value)))


@dataclass(frozen=True, slots=True)
class Work:
    """What a person has before them: their own sheets in the making, theirs grown old, those to review, to publish."""

    own: tuple[PracticeVersion, ...]
    old: tuple[Practice, ...]
    to_review: tuple[PracticeVersion, ...]
    to_publish: tuple[PracticeVersion, ...]


def work_of(viewer: Viewer, *, today: date) -> Work:
    """Return what awaits in this room; nothing to those who only read."""
    if not may_write(viewer):
        return Work((), (), (), ())
    making = PracticeVersion.objects.exclude(state=VersionState.PUBLISHED).order_by("-updated_at", "-pk")
    own = _own(viewer)
    reviewed = making.filter(state=VersionState.REVIEWED, practice__in=practices_visible_to(viewer).values("pk"))
    return Work(
        own=tuple(making.filter(practice__in=own.values("pk"))[:50]),
        old=tuple(old_sheets(own, today=today)[:50]),
        to_review=tuple(versions_to_review(viewer).select_related("author")[:50]),
        to_publish=tuple(reviewed.filter(~waits_for_it())[:50]) if is_head(viewer) else (),
    )


def _own(viewer: Viewer) -> QuerySet[Practice]:
    mine = Q(structure=None) | Q(by_head=True) if is_head(viewer) else Q(structure=viewer.structure_id)  # type: ignore[union-attr]
    return practices_visible_to(viewer).filter(mine)


def old_sheets(sheets: QuerySet[Practice], *, today: date) -> list[Practice]:
    """Return the published sheets among ``sheets`` that are to be read again, oldest first."""
    published = sheets.filter(published__isnull=False, archived_on=None).select_related("published")
    return [one for one in published.order_by("checked_on", "pk") if is_old(one.checked_on, today=today)]


def is_old(checked_on: date | None, *, today: date) -> bool:
    """Say whether a sheet checked that day is to be read again."""
    return checked_on is not None and refresh_due(checked_on) <= today


Sorts = Mapping[str, Collection[str]]


def related(
    viewer: Viewer, text: str, *, trade: str = "", sorts: Sorts | None = None, today: date, limit: int = NEAR
) -> tuple[Row, ...]:
    """Return the published sheets near a text.

    ``sorts``: facet → values of what the text speaks of. When it has themes, only sheets that share one are near, whatever
    words they share; the more they share, the nearer, others' of territories like one's own before. ``trade``: the trade of a
    purchase; its sheets come first, those of other trades only are left out.
    """
    asked = {facet: set((sorts or {}).get(facet, ())) for facet in SHARED}
    asked["trades"] |= {trade} - {""}
    found = {key: rank for rank, key in enumerate(ranked(KIND, text, viewer, RANKED))}
    said = _said_of({*found, *_of_same_subject(viewer, asked)}, viewer)
    like = like_mine(viewer, today)
    alike = frozenset(like.bodies if like else ())
    own = getattr(viewer, "structure_id", None)
    score = {}
    for pk, epci, structure in (
        published_to(viewer).filter(pk__in=said).order_by().values_list("pk", "epci_code", "structure")
    ):
        shared = {facet: len(asked[facet] & said[pk].get(facet, set())) for facet in SHARED}
        is_of_others = bool(trade and said[pk].get("trades"))
        is_elsewhere = bool(asked["themes"]) and not shared["themes"]
        if not shared["trades"] and (is_of_others or is_elsewhere):
            continue
        score[pk] = (
            found.get(pk, RANKED)
            - sum(weight * shared[facet] for facet, weight in SHARED.items())
            - NEIGHBOUR * (bool(epci) and epci in alike and structure != own),
            pk,
        )
    return _rows(sorted(score, key=lambda pk: score[pk])[:limit], viewer, today)


def _of_same_subject(viewer: Viewer, asked: Sorts) -> set[int]:
    """The latest sheets of the trades and of the themes asked."""
    tags = PracticeTag.objects.filter(network=network_id_of(viewer)).order_by("-practice")
    return {
        pk
        for facet in ("trades", "themes")
        if asked[facet]
        for pk in tags.filter(facet=facet, value__in=asked[facet]).values_list("practice", flat=True)[:RANKED]
    }


def _said_of(keys: Collection[int], viewer: Viewer) -> dict[int, dict[str, set[str]]]:
    """What each sheet says of what brings sheets near one another."""
    said: dict[int, dict[str, set[str]]] = {pk: {} for pk in keys}
    tags = PracticeTag.objects.filter(network=network_id_of(viewer), practice__in=keys, facet__in=SHARED).order_by()
    for pk, facet, value in tags.values_list("practice", "facet", "value"):
        said[pk].setdefault(facet, set()).add(value)
    return said
