"""Needs as they are read: in people's words, by who voiced them and by theme; and counted, kinds across themes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dentelle.network.tour.models import Need
from dentelle.network.tour.vocabulary import THEMES, Stakeholder

NO_THEME = "Sans thème"


@dataclass(frozen=True, slots=True)
class Voices:
    """Needs under one heading."""

    code: str
    label: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Across:
    """Needs counted: one row per kind, one column per theme that was spoken of. Statements, not people."""

    themes: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    totals: tuple[int, ...]
    total: int

    @property
    def lines(self) -> tuple[tuple[str, tuple[tuple[str, int], ...], int], ...]:
        """The rows, each count with its theme: on a phone, a line says what each of its figures counts."""
        return tuple((label, tuple(zip(self.themes, counts, strict=True)), total) for label, counts, total in self.rows)


def by_kind(needs: Iterable[Need]) -> tuple[Voices, ...]:
    """Return needs by who voiced them, in the order of the list of kinds."""
    held = list(needs)
    groups = ((code, label, tuple(need for need in held if need.kind == code)) for code, label in Stakeholder.choices)
    return tuple(Voices(code, label[:1].upper() + label[1:], found) for code, label, found in groups if found)


def by_theme(needs: Iterable[Need]) -> tuple[Voices, ...]:
    """Return needs by theme, the most spoken of first, those without any last."""
    held = list(needs)
    groups = [(code, label, tuple(need for need in held if need.theme == code)) for code, label in THEMES.items()]
    groups.sort(key=lambda group: -len(group[2]))
    rest = tuple(need for need in held if not need.theme)
    return tuple(Voices(*group) for group in [*groups, ("", NO_THEME, rest)] if group[2])


def across(pairs: Sequence[tuple[str, str]]) -> Across:
    """Return (kind, theme) pairs counted both ways, themes the most spoken of first."""
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    spoken = {theme: sum(n for (_, t), n in counts.items() if t == theme) for _, theme in counts}
    themes = sorted(spoken, key=lambda code: (not code, -spoken[code], code))
    kinds = [(code, label) for code, label in Stakeholder.choices if any(kind == code for kind, _ in counts)]
    rows = tuple(
        (label[:1].upper() + label[1:], tuple(counts.get((code, theme), 0) for theme in themes), _of(counts, code))
        for code, label in kinds
    )
    return Across(
        themes=tuple(THEMES.get(theme, NO_THEME) for theme in themes),
        rows=rows,
        totals=tuple(spoken[theme] for theme in themes),
        total=len(pairs),
    )


def _of(counts: dict[tuple[str, str], int], code: str) -> int:
    return sum(count for (kind, _), count in counts.items() if kind == code)
