"""What may be shown of counts, sums and words people gave, so that nobody is recognised.

Counts of people: small ones are kept quiet, and another beside them when a subtraction would tell. Sums of organisations:
not under three of them, nor when one makes nearly all. Words: contacts and numbers that identify are masked, and nothing is
shown of a group too small.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dentelle.rules.dated import parameter

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# a social security number: 13 digits, or 15 with its key, however they are spaced; Corsica writes 2A or 2B
_NIR = re.compile(
    r"(?<!\d)[1-478](?:[\s.\-]?\d){4}[\s.\-]?(?:\d[\s.\-]?\d|2[\s.\-]?[ABab])(?:[\s.\-]?\d){6}"
    r"(?:[\s.\-]?\d[\s.\-]?\d)?(?![\s.\-]?\d)"
)
_PHONE = re.compile(r"(?<!\d)(?:\+33|0033|0)[\s.\-]?[1-9](?:[\s.\-]?\d\d){4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts as they may be shown: None where one is kept quiet. ``total`` too when it would tell."""

    counts: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> int:
        """How many counts are kept quiet."""
        return sum(value is None for value in self.counts.values())


def network_minimum() -> int:
    """Return the smallest count of people shown inside a network."""
    return parameter("disclosure.persons_in_network").latest().whole


def published_minimum() -> int:
    """Return the smallest count of people shown to anybody."""
    return parameter("disclosure.persons_published").latest().whole


def shown_counts(counts: Mapping[str, int], minimum: int) -> Shown:
    """Return counts that add up to a total, none of 1 to ``minimum`` − 1 shown, nor to be found by subtraction."""
    total = sum(counts.values())
    hidden = {name for name, count in counts.items() if 0 < count < minimum}
    if len(hidden) == 1:
        others = sorted(
            (name for name in counts if name not in hidden), key=lambda name: (counts[name] == 0, counts[name], name)
        )
        hidden |= set(others[:1])
    shown = {name: None if name in hidden else count for name, count in counts.items()}
    return Shown(shown, None if 0 < total < minimum or (hidden and len(counts) == 1) else total)


def shown_totals(tables: Sequence[Mapping[str, int]], minimum: int) -> Shown:
    """Return the sums of tables that are each shown by ``shown_counts``: none that tells, by subtraction, what they keep quiet.

    A sum is kept quiet when what it holds of the kept quiet is under ``minimum``; another one with it when it would be alone.
    """
    counts: dict[str, int] = {}
    quiet: dict[str, int] = {}
    for table in tables:
        shown = shown_counts(table, minimum)
        for name, count in table.items():
            counts[name] = counts.get(name, 0) + count
            quiet[name] = quiet.get(name, 0) + (count if shown.counts[name] is None else 0)
    hidden = {name for name in counts if 0 < quiet[name] < minimum or 0 < counts[name] < minimum}
    if len(hidden) == 1:
        others = sorted((counts[name] == 0, counts[name], name) for name in counts if name not in hidden)
        hidden |= {name for _, _, name in others[:1]}
    total = sum(counts.values())
    told = {name: None if name in hidden else count for name, count in counts.items()}
    return Shown(told, None if 0 < total < minimum or (hidden and len(counts) == 1) else total)


def shown_sum(values: Sequence[int]) -> int | None:
    """Return the sum of what organisations said, None when it would tell what one of them said."""
    units = parameter("disclosure.units").latest().whole
    share = parameter("disclosure.largest_share").latest().whole
    total = sum(values)
    if len(values) < units or (total and 100 * max(values) > share * total):
        return None
    return total


def words_may_be_shown(group: int, minimum: int) -> bool:
    """Say whether the words of a group may be read: not of fewer people than ``minimum``."""
    return group >= minimum


def masked(text: str) -> str:
    """Return words without the addresses and numbers that identify somebody.

    >>> masked("Écrivez à Jeanne@essai.example ou au 06 12 34 56 78.")
    'Écrivez à [adresse masquée] ou au [téléphone masqué].'
    """
    text = _MAIL.sub("[adresse masquée]", text)
    return _PHONE.sub("[téléphone masqué]", _NIR.sub("[numéro masqué]", text))


def looks_like_nir(text: str) -> bool:
    """Say whether a text holds what may be a social security number: it is never kept."""
    return _NIR.search(text) is not None
