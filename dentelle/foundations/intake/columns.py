"""Which row is the header, and which column is which field: by what was remembered, by name, by likeness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rapidfuzz import fuzz

from dentelle.foundations.intake.cells import Choice, Kind
from dentelle.opendata.text import fold

HEADER_WITHIN = 40
ALIKE = 88  # of 100: « Montant estimatif HT » and « Montant estimé (HT) » are one, « Montant » and « Mandant » are not


class Match(StrEnum):
    """Why a column was taken for a field."""

    REMEMBERED = "remembered"
    NAMED = "named"
    ALIKE = "alike"
    CHOSEN = "chosen"

    @property
    def label(self) -> str:
        """French label."""
        return {
            "remembered": "comme la dernière fois",
            "named": "par son titre",
            "alike": "titre proche, à vérifier",
            "chosen": "choisie",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Field:
    """A field a room wants: its name in code, its word on screen, the titles it is known under, what its cells hold."""

    name: str
    label: str
    kind: Kind
    titles: tuple[str, ...] = ()
    required: bool = False
    choice: Choice | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        return _folded(self.label, self.titles)


@cache
def _folded(label: str, titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fold(title) for title in (label, *titles))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field's column (from 0) and why; a field that has none is not in the mapping."""

    column: int
    match: Match


def find_header(rows: Sequence[Sequence[str]], fields: Sequence[Field]) -> int | None:
    """Return the rank of the row that names the most fields among the first ones; None when none names any.

    Among rows that name as many, the first one with the most titles wins: a title line above a table names one at most.
    """
    best: tuple[int, int, int] | None = None
    for rank, row in enumerate(rows[:HEADER_WITHIN]):
        named = len(propose(row, fields))
        if named == 0:
            continue
        score = (named, sum(bool(cell.strip()) for cell in row), -rank)
        best = max(best, score) if best else score
    return -best[2] if best else None


def propose(
    titles: Sequence[str], fields: Sequence[Field], remembered: Mapping[str, str] | None = None
) -> dict[str, Proposal]:
    """Return a column for each field that can be told; one column serves one field.

    ``remembered`` ties a field's name to the title it had last time, empty for a field that had no column. Exact names come before likeness, so that
    « Montant » never takes the column of « Montant HT » from the field that is called so.
    """
    folded = [fold(title) for title in titles]
    found: dict[str, Proposal] = {}
    taken: set[int] = set()

    def take(field: Field, column: int | None, match: Match) -> None:
        if column is not None and field.name not in found and column not in taken:
            found[field.name] = Proposal(column, match)
            taken.add(column)

    for field in fields:
        title = (remembered or {}).get(field.name)
        take(field, folded.index(title) if title and title in folded else None, Match.REMEMBERED)
    fields = [field for field in fields if (remembered or {}).get(field.name) != ""]
    for field in fields:
        take(field, _named(field, folded, taken), Match.NAMED)
    for field in fields:
        take(field, _alike(field, folded, taken), Match.ALIKE)
    return found


def _named(field: Field, folded: Sequence[str], taken: set[int]) -> int | None:
    free = [column for column in range(len(folded)) if column not in taken and folded[column]]
    for spelling in field.spellings:
        for column in free:
            # « H.T. » and « HT » are one word
            if folded[column].replace(" ", "") == spelling.replace(" ", ""):
                return column
    return None


def _alike(field: Field, folded: Sequence[str], taken: set[int]) -> int | None:
    best: float = ALIKE - 1
    place: int | None = None
    for column, title in enumerate(folded):
        if column in taken or not 3 <= len(title) <= 120:
            continue
        score = max(fuzz.token_sort_ratio(title, spelling) for spelling in field.spellings)
        if score > best:
            best, place = score, column
    return place
