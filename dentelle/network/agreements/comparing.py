"""Local agreements side by side, theme by theme: who committed to what, how it is measured, what works where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dentelle.network.agreements.access import Viewer, versions_visible_to
from dentelle.network.agreements.models import (
    AgreementTheme,
    Commitment,
    CommitmentAction,
    Indicator,
    Outcome,
    Reading,
    ReadingAnswer,
    TargetSpan,
)
from dentelle.network.agreements.periods import Frequency
from dentelle.network.agreements.yearly import rows_of, total_of
from dentelle.rules.wording import MONTHS

MOST = 400


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator, its last complete reading (``said``) and its target with what it is for and how far it is (``towards``), in words.

    Without a complete reading, the one of the period under way says it is partial. ``disputed`` when a party contests it.
    """

    name: str
    said: str
    towards: str
    disputed: bool


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


def side_by_side(viewer: Viewer, *, theme: str = "", only: bool = False, today: date) -> SideBySide:
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
        by_theme.setdefault(each.theme, []).append(_version(each, today))
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


def _version(commitment: Commitment, today: date) -> Version:
    actions: list[CommitmentAction] = list(commitment.actions.all())
    return Version(
        commitment,
        tuple(_measure(commitment, each, today) for each in commitment.indicators.all()),
        done=sum(each.done_on is not None for each in actions),
        actions=len(actions),
    )


def _measure(commitment: Commitment, indicator: Indicator, today: date) -> Measure:
    readings = list(indicator.readings.all())
    shown = next((each for each in readings if not each.is_partial), readings[0] if readings else None)
    if shown is None:
        return Measure(indicator.name, "non relevé", _target(indicator, ""), disputed=False)
    said = (indicator.told(shown.value), shown.partial_told or str(shown.period))
    return Measure(
        indicator.name,
        ", ".join(said),
        _target(indicator, _so_far(commitment, indicator, readings, shown.ends_on.year, today)),
        disputed=shown.answer == ReadingAnswer.DISPUTED,
    )


def _target(indicator: Indicator, so_far: str) -> str:
    """« cible 24 sur l’année ; 4 depuis janvier »; empty without a target."""
    told = indicator.target_told
    return "\u202f; ".join(filter(None, (f"cible {told}", so_far))) if told else ""


def _so_far(commitment: Commitment, indicator: Indicator, readings: Sequence[Reading], year: int, today: date) -> str:
    """What was read towards the target of a whole year: « 4 depuis janvier », « 9 en 2025 »; empty when it is not to be added up."""
    if indicator.target_for != TargetSpan.YEAR or indicator.frequency == Frequency.YEARLY:
        return ""
    rows = rows_of(commitment.agreement, indicator, readings, year, today)
    total = total_of(rows, indicator)
    if total is None:
        return ""
    when = f"depuis {MONTHS[rows[0].period.first.month - 1]}" if year == today.year else f"en {year}"
    return f"{total.said} {when}{total.lacks}"
