"""Axes, version by version, and what stands behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q

from dentelle.network.governance import access
from dentelle.network.governance.access import Viewer
from dentelle.network.governance.models import (
    VALIDATING,
    Axis,
    AxisVersion,
    Body,
    ConcernNews,
    Erratum,
    Mandate,
    Office,
    OfficeRole,
    Session,
    Theme,
)
from dentelle.network.governance.queries.concerns import UNCOUNTED, former_weights

MOST_OPEN = 6


@dataclass(frozen=True, slots=True)
class AxisRow:
    """An axis of a list: its state in words, the groups that work on it, who leads them."""

    axis: Axis
    state: str
    awaits: bool
    groups: tuple[Body, ...]
    leads: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class ThemeBehind:
    """A theme an axis comes from: how many concerns it gathers, and how many those it renews gathered in mandates before."""

    pk: int
    name: str
    weight: int
    former: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an axis, with its themes and how many concerns stand behind them."""

    version: AxisVersion
    themes: tuple[ThemeBehind, ...]
    in_force: bool
    closed: bool
    corrections: tuple[Erratum, ...]

    @property
    def state(self) -> str:
        if self.version.validated is None:
            return "close sans décision" if self.closed else "attend une décision"
        if not self.version.validated:
            return "non validée"
        return "en vigueur" if self.in_force else "remplacée"


@dataclass(frozen=True, slots=True)
class AxisSheet:
    """One axis and its whole history, latest version first.

    ``agenda``: the sessions that have what awaits on their agenda; ``open_sessions``: those that could, for the head of the network.
    """

    row: AxisRow
    versions: tuple[VersionRow, ...]
    renewals: tuple[Axis, ...]
    agenda: tuple[Session, ...]
    open_sessions: tuple[Session, ...]

    @property
    def awaiting(self) -> VersionRow | None:
        return next((each for each in self.versions if each.version.decided_on is None and not each.closed), None)


def axes_of(viewer: Viewer, mandate: Mandate | None, *, today: date) -> tuple[AxisRow, ...]:
    """Return the axes of a mandate, in their order, with who leads their groups today."""
    if mandate is None:
        return ()
    return rows(list(access.axes_visible_to(viewer).filter(mandate=mandate).order_by("rank")), today=today)


def rows(axes: Sequence[Axis], *, today: date) -> tuple[AxisRow, ...]:
    """Return axes as lists show them, in four queries."""
    awaiting = set(AxisVersion.objects.filter(axis__in=axes, decided_on=None).values_list("axis", flat=True))
    groups: dict[int | None, list[Body]] = {}
    for body in Body.objects.filter(axis__in=axes, closed_on=None):
        groups.setdefault(body.axis_id, []).append(body)
    leads: dict[int | None, list[Office]] = {}
    running = Office.objects.filter(body__axis__in=axes, role=OfficeRole.LEAD_OFFICIAL).on(today)
    for office in running.select_related("body"):
        leads.setdefault(office.body.axis_id if office.body else None, []).append(office)
    return tuple(
        AxisRow(
            axis,
            _state(axis, axis.pk in awaiting),
            axis.pk in awaiting,
            tuple(groups.get(axis.pk, ())),
            tuple(leads.get(axis.pk, ())),
        )
        for axis in axes
    )


def axis_sheet(viewer: Viewer, pk: int, *, today: date) -> AxisSheet:
    """Return one axis, or 404."""
    axis = access.one(access.axes_visible_to(viewer).select_related("mandate", "former__mandate"), pk)
    (row,) = rows([axis], today=today)
    versions = list(axis.versions.select_related("body", "session__body", "proposed_by").order_by("-number"))
    former = former_weights(Theme.objects.filter(versions__in=versions))
    themes: dict[int, list[ThemeBehind]] = {}
    for version, theme, name, weight in (
        AxisVersion.themes.through.objects.filter(axisversion__in=versions)
        .values_list("axisversion", "theme", "theme__name")
        .annotate(weight=Count("theme__concerns", filter=~Q(theme__concerns__state__in=UNCOUNTED)))
        .order_by("theme__name")
    ):
        themes.setdefault(version, []).append(ThemeBehind(theme, name, weight, former.get(theme, 0)))
    corrections: dict[int | None, list[Erratum]] = {}
    for one in Erratum.objects.filter(version__in=versions).select_related("by"):
        corrections.setdefault(one.version_id, []).append(one)
    return AxisSheet(
        row,
        tuple(
            VersionRow(
                each,
                tuple(themes.get(each.pk, ())),
                each.number == axis.version,
                axis.closed_on is not None,
                tuple(corrections.get(each.pk, ())),
            )
            for each in versions
        ),
        tuple(axis.renewals.select_related("mandate").order_by("mandate__starts_on")),
        *_sessions(viewer, axis, versions[0]),
    )


def _sessions(viewer: Viewer, axis: Axis, latest: AxisVersion) -> tuple[tuple[Session, ...], tuple[Session, ...]]:
    """Return the sessions that have an axis to decide on their agenda, and those not settled that could."""
    if latest.decided_on or axis.closed_on:
        return (), ()
    able = access.sessions_visible_to(viewer).filter(
        body__kind__in=VALIDATING, mandate=axis.mandate_id, cancelled_at=None
    )
    able = able.annotate(has=Exists(latest.items.filter(session=OuterRef("pk"))))
    found = able.filter(Q(has=True) | Q(held_at=None)).select_related("body").order_by("starts_at", "pk")
    on = tuple(each for each in found if each.has)
    return on, tuple(each for each in found if not each.has)[:MOST_OPEN] if access.may_run(viewer) else ()


def authors_told(axis: Axis, *, at: datetime) -> int:
    """Return how many authors an act of that moment on an axis was told to."""
    told = ConcernNews.objects.filter(axis=axis, at=at)
    return told.values("concern__author").distinct().count()


def _state(axis: Axis, awaits: bool) -> str:
    if axis.closed_on:
        return f"clos le {axis.closed_on:%d/%m/%Y}"
    if not axis.version:
        return "proposé" if awaits else "non validé"
    validated = f"version {axis.version}, validée le {axis.validated_on:%d/%m/%Y}"
    return f"{validated}\u00a0; une autre est proposée" if awaits else validated
