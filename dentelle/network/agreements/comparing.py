"""Local agreements side by side, theme by theme: who committed to what, how it is measured, what works where."""

from dataclasses import dataclass

from dentelle.network.agreements.access import Viewer, versions_visible_to
from dentelle.network.agreements.models import (
    AgreementTheme,
    Commitment,
    CommitmentAction,
    Indicator,
    Outcome,
    Reading,
)

MOST = 400


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator from its starting point to its latest reading; ``disputed`` when a party contests it."""

    indicator: Indicator
    latest: Reading | None


@dataclass(frozen=True, slots=True)
class Version:
    """What one local agreement promises on a theme."""

    commitment: Commitment
    measures: tuple[Measure, ...]
    done: int
    actions: int


@dataclass(frozen=True, slots=True)
class ThemeLines:
    """A theme, and what each local agreement promises on it; ``structures`` counts those that do."""

    code: str
    label: str
    versions: tuple[Version, ...]

    @property
    def structures(self) -> int:
        return len({each.commitment.agreement.structure_id for each in self.versions})

    @property
    def kept(self) -> int:
        return sum(each.commitment.outcome == Outcome.KEPT for each in self.versions)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The page: its themes, and how many agreements and structures it compares; ``cut`` when there are too many to show."""

    themes: tuple[ThemeLines, ...]
    agreements: int
    structures: int
    theme: str
    only_what_works: bool
    cut: bool


def side_by_side(viewer: Viewer, *, theme: str = "", only: bool = False) -> SideBySide:
    """Return the commitments of the signed local agreements this person reads; of one theme, or of those kept only."""
    agreements = versions_visible_to(viewer)
    found = Commitment.objects.filter(agreement__in=agreements.values("pk"))
    if theme in AgreementTheme.values:
        found = found.filter(theme=theme)
    if only:
        found = found.filter(outcome=Outcome.KEPT)
    rows = list(
        found.select_related("agreement__structure")
        .prefetch_related("actions", "indicators__readings")
        .order_by("theme", "agreement__structure__name", "pk")[: MOST + 1]
    )
    by_theme: dict[str, list[Version]] = {}
    for each in rows[:MOST]:
        by_theme.setdefault(each.theme, []).append(_version(each))
    labels = {**dict(AgreementTheme.choices), "": "sans thème"}
    return SideBySide(
        themes=tuple(
            ThemeLines(code, str(label), tuple(by_theme[code])) for code, label in labels.items() if code in by_theme
        ),
        agreements=agreements.count(),
        structures=agreements.order_by().values("structure_id").distinct().count(),
        theme=theme if theme in AgreementTheme.values else "",
        only_what_works=only,
        cut=len(rows) > MOST,
    )


def _version(commitment: Commitment) -> Version:
    actions: list[CommitmentAction] = list(commitment.actions.all())
    return Version(
        commitment,
        tuple(Measure(each, next(iter(each.readings.all()), None)) for each in commitment.indicators.all()),
        done=sum(each.done_on is not None for each in actions),
        actions=len(actions),
    )
