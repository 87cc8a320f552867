"""Concerns and the themes that gather them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.foundations.mentions import kept_by
from dentelle.network.governance import access, places
from dentelle.network.governance.access import Viewer
from dentelle.network.governance.actions.concerns import SETTLED, WITHDRAWABLE, outcome
from dentelle.network.governance.models import (
    DECISIONS,
    Concern,
    ConcernNews,
    ConcernState,
    Mandate,
    NewsKind,
    Theme,
    ThemeQuerySet,
)
from dentelle.rules.wording import sentence

PAGE = 30
UNCOUNTED = (ConcernState.WITHDRAWN.value, ConcernState.SET_ASIDE.value)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that became of a concern: ``sentence`` says what, ``words`` is the reason or the decision itself.

    ``on``: the day it happened, of a decision the day it was taken; ``noted_on`` the day it was written here, when it is another.
    """

    at: datetime
    on: date
    noted_on: date | None
    sentence: str
    words: str
    axis: int | None
    session: int | None
    theme: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern as the person who reads may know it; ``author`` is empty when its name is not shown to them."""

    pk: int
    text: str
    evidence: str
    structure: str
    author: str
    places: str
    about: str
    theme: Theme | None
    mandate: str
    mandate_pk: int
    state: str
    state_label: str
    written_at: datetime
    mine: bool
    wished: int | None


@dataclass(frozen=True, slots=True)
class ConcernPage:
    """A page of concerns, latest first; ``after`` opens the next one."""

    rows: tuple[ConcernRow, ...]
    total: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of concerns shows. ``theme``: a key; ``mine``: one's own only."""

    mandate: int | None = None
    theme: int | None = None
    axis: int | None = None
    state: str = ""
    mine: bool = False

    @property
    def active(self) -> bool:
        return bool(self.theme or self.axis or self.state or self.mine)


@dataclass(frozen=True, slots=True)
class ConcernSheet:
    """One concern, what became of it, what the person who reads may do. ``kept``: why its author may no longer take it back."""

    row: ConcernRow
    news: tuple[Told, ...]
    may_withdraw: bool
    kept: str
    may_settle: bool
    may_gather: bool
    may_erase: bool
    withdrawn: bool
    themes: tuple[Theme, ...]

    @property
    def may_mark_read(self) -> bool:
        """Whether something became of it that its author, who reads it, has not said they read."""
        return self.row.mine and not self.withdrawn and any(told.is_new for told in self.news)


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme, how many concerns and structures it gathers, and how many concerns those it renews gathered before this mandate."""

    theme: Theme
    concerns: int
    structures: int
    former: int


def list_concerns(viewer: Viewer, filters: Filters, *, after: str | None = None, size: int = PAGE) -> ConcernPage:
    """Return a page of what a person may read; an unreadable ``after`` starts over."""
    found = filtered(viewer, filters)
    total = found.count()
    if cursor := after_of(after):
        at, pk = cursor
        found = found.filter(Q(written_at__lt=at) | Q(written_at=at, pk__lt=pk))
    kept = list(_joined(found).order_by("-written_at", "-pk")[: size + 1])
    following = cursor_of(kept[size - 1].written_at, kept[size - 1].pk) if len(kept) > size else None
    return ConcernPage(rows(viewer, kept[:size]), total, following)


def filtered(viewer: Viewer, filters: Filters) -> QuerySet[Concern]:
    """Return the concerns a person may read that answer to filters."""
    found = access.concerns_visible_to(viewer)
    if filters.mandate:
        found = found.filter(mandate=filters.mandate)
    if filters.theme:
        found = found.filter(theme=filters.theme)
    if filters.axis:
        found = found.filter(axis=filters.axis)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.mine:
        found = found.filter(author=viewer.user_id)
    return found


def to_gather(viewer: Viewer, *, size: int = 100) -> tuple[ConcernRow, ...]:
    """Return the concerns nobody has gathered yet, oldest first: those of a former mandate wait for the head too."""
    found = access.concerns_visible_to(viewer).filter(state=ConcernState.WRITTEN)
    return rows(viewer, list(_joined(found).order_by("written_at", "pk")[:size]))


def count_to_gather(viewer: Viewer) -> int:
    """Return how many concerns nobody has gathered yet, whatever their mandate."""
    return access.concerns_visible_to(viewer).filter(state=ConcernState.WRITTEN).count()


def concern_sheet(viewer: Viewer, pk: int) -> ConcernSheet:
    """Return one concern, or 404."""
    concern = access.one(_joined(access.concerns_visible_to(viewer)), pk)
    (row,) = rows(viewer, [concern])
    told = concern.news.select_related("theme", "axis__mandate", "version__body", "session__body", "concern")
    runs = access.may_run(viewer) and concern.state not in SETTLED
    may_gather = runs and concern.state != ConcernState.CARRIED
    own = row.mine and concern.state in WITHDRAWABLE
    kept = kept_by("concern", pk) if own else ""
    return ConcernSheet(
        row,
        tuple(_told(news) for news in told),
        may_withdraw=own and not kept,
        kept=kept,
        may_settle=runs,
        may_gather=may_gather,
        may_erase=access.may_run(viewer),
        withdrawn=concern.state == ConcernState.WITHDRAWN,
        themes=tuple(Theme.objects.filter(mandate=concern.mandate_id)) if may_gather else (),
    )


def _told(news: ConcernNews) -> Told:
    noted_on = timezone.localdate(news.at)
    version = news.version if news.kind in DECISIONS else None
    on = noted_on
    if version is not None and version.decided_on is not None:
        on = version.decided_on
    elif news.session is not None and news.kind != NewsKind.AXIS_CORRECTED:
        on = timezone.localdate(news.session.starts_at)
    return Told(
        news.at,
        on,
        noted_on if noted_on != on else None,
        sentence(outcome(news)),
        news.words or (version.decision if version else ""),
        news.axis_id,
        news.session_id,
        news.theme_id,
        news.read_at is None,
    )


def themes_of(viewer: Viewer, mandate: Mandate | None) -> tuple[ThemeRow, ...]:
    """Return the themes of a mandate, those that gather most first. Concerns withdrawn or set aside do not count."""
    if mandate is None:
        return ()
    counting = ~Q(concerns__state__in=UNCOUNTED)
    found: QuerySet[Any] = (
        access.themes_visible_to(viewer)
        .filter(mandate=mandate)
        .annotate(
            weight=Count("concerns", filter=counting, distinct=True),
            voices=Count("concerns__structure", filter=counting, distinct=True),
        )
        .order_by("-weight", "name")
    )
    former = former_weights(access.themes_visible_to(viewer).filter(mandate=mandate))
    return tuple(ThemeRow(theme, theme.weight, theme.voices, former.get(theme.pk, 0)) for theme in found)


def former_weights(themes: ThemeQuerySet) -> dict[int, int]:
    """Return, by the key of each theme that renews others, how many concerns these gathered in the mandates before."""
    renewed = themes.renewed()
    if not renewed:
        return {}
    counted = Concern.objects.filter(theme__in=renewed).exclude(state__in=UNCOUNTED)
    weights: Counter[int] = Counter()
    for theme, weight in counted.values_list("theme").annotate(Count("pk")).order_by():
        weights[renewed[theme]] += weight
    return dict(weights)


def rows(viewer: Viewer, concerns: Sequence[Concern]) -> tuple[ConcernRow, ...]:
    """Return concerns read with ``_joined`` as the person may know them."""
    names = places.named(concern.places for concern in concerns)
    return tuple(
        ConcernRow(
            pk=concern.pk,
            text=concern.text,
            evidence=concern.evidence,
            structure=concern.structure.name,
            author=concern.author_name if access.knows_author(viewer, concern) else "",
            places=places.together(concern.places, names),
            about=concern.axis.name if concern.axis else concern.wished_theme.name if concern.wished_theme else "",
            theme=concern.theme,
            mandate=concern.mandate.name,
            mandate_pk=concern.mandate_id,
            state=concern.state,
            state_label=concern.get_state_display(),
            written_at=concern.written_at,
            mine=concern.author_id == viewer.user_id,
            wished=concern.wished_theme_id,
        )
        for concern in concerns
    )


def _joined(found: QuerySet[Concern]) -> QuerySet[Concern]:
    return found.select_related("structure", "theme", "axis", "wished_theme", "mandate")
