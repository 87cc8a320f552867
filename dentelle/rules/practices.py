"""Practice sheets: what a level of evidence means, how a transfer is looked at, what a sheet must say, when it grows old,
and into which bands its figures fall when sheets are sorted.

A transfer profile is several answers side by side, never added up: a practice hard to launch and easy to pay for is not
« average ».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from dentelle.rules.dated import parameter


class Evidence(IntEnum):
    """What stands behind the results a sheet tells."""

    IDEA = 0
    DESCRIBED = 1
    MONITORED = 2
    COMPARED = 3
    EVALUATED = 4

    @property
    def label(self) -> str:
        """French label."""
        return _EVIDENCE[self][0]

    @property
    def help(self) -> str:
        """What must be there to claim it."""
        return _EVIDENCE[self][1]


_EVIDENCE = {
    Evidence.IDEA: ("idée", "rien n’est encore fait"),
    Evidence.DESCRIBED: ("décrite", "l’action est racontée par ceux qui la mènent"),
    Evidence.MONITORED: ("suivie", "des comptes sont tenus : personnes, heures, contrats"),
    Evidence.COMPARED: ("comparée", "un avant et un après, ou une comparaison"),
    Evidence.EVALUATED: ("évaluée", "une évaluation menée par un tiers"),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One side of a transfer, from 0 (``low``) to 3 (``high``): the longer its bar, the easier the transfer.

    ``easy``: what is said of a sheet whose bar is long (``EASY`` and above).
    """

    code: str
    label: str
    low: str
    high: str
    easy: str


TRANSFER = (
    Criterion("context", "Indépendance du contexte local", "tient à un lieu ou à une personne", "vaudrait partout", "peu lié au contexte local"),
    Criterion("legal", "Préalables juridiques", "une compétence ou un texte rare", "aucun préalable", "peu de préalables juridiques"),
    Criterion("cost", "Coût et temps de travail", "un poste et un budget propres", "sans moyens nouveaux", "peu de moyens nouveaux"),
    Criterion("partners", "Partenaires à réunir", "de nombreux accords", "une équipe seule suffit", "peu de partenaires à réunir"),
    Criterion("launch", "Temps de lancement", "plus d’un an", "quelques semaines", "vite lancé"),
    Criterion("skills", "Compétences", "un métier rare", "celles d’une équipe habituelle", "compétences habituelles"),
    Criterion("replicated", "Déjà essayé ailleurs", "par aucun membre", "avec succès par plusieurs membres", "déjà réussi ailleurs"),
)  # fmt: skip
# counted from the trials members tell: nobody answers it, so that a sheet never says both
COUNTED = "replicated"
# a trial that failed says nothing of an easy transfer
EASING = ("worked", "partly")
ANSWERED = tuple(one for one in TRANSFER if one.code != COUNTED)
SCALE = range(4)
EASY = 2


@dataclass(frozen=True, slots=True)
class Band:
    """A range of a figure, for sorting: from ``least`` up to the next one's."""

    code: str
    label: str
    least: int


# no text gives these limits: they only cut a list into parts one can choose between
BUDGETS = (
    Band("under_10k", "moins de 10\u202f000\u00a0€ par an", 0),
    Band("from_10k", "de 10\u202f000 à 50\u202f000\u00a0€ par an", 10_000_00),
    Band("from_50k", "de 50\u202f000 à 200\u202f000\u00a0€ par an", 50_000_00),
    Band("from_200k", "200\u202f000\u00a0€ par an et plus", 200_000_00),
)
SETUPS = (
    Band("under_3", "moins de trois mois", 0),
    Band("from_3", "de trois à six mois", 3),
    Band("from_6", "de six mois à un an", 6),
    Band("from_12", "un an et plus", 12),
)


def band_of(figure: int, bands: tuple[Band, ...]) -> Band:
    """Return the band a figure falls in.

    >>> band_of(9_999_99, BUDGETS).code, band_of(10_000_00, BUDGETS).code, band_of(14, SETUPS).code
    ('under_10k', 'from_10k', 'from_12')
    """
    return next((band for band in reversed(bands) if figure >= band.least), bands[0])


def profile_with(answers: Mapping[str, int], trials: int) -> dict[str, int]:
    """Return the whole transfer profile of a sheet: the answers of its reviewer, and the trials told that ``EASING`` outcomes had.

    One such trial already eases a transfer; what was once answered in their place is left out.

    >>> profile_with({"cost": 1, "replicated": 3}, 0), profile_with({}, 1), profile_with({}, 4)
    ({'cost': 1, 'replicated': 0}, {'replicated': 2}, {'replicated': 3})
    """
    return {**answers, COUNTED: min(trials + EASY - 1, SCALE[-1]) if trials else 0}


def eased_by(profile: Mapping[str, int]) -> tuple[str, ...]:
    """Return the criteria that make a transfer easy, each for itself: a profile has no total.

    >>> eased_by({"context": 3, "cost": 1, "launch": 2})
    ('context', 'launch')
    """
    return tuple(one.code for one in TRANSFER if profile.get(one.code, 0) >= EASY)


# What a sheet must say before it is published, in the order a writer meets it.
_NEEDED = (
    ("title", "le titre"),
    ("summary", "le résumé"),
    ("place", "le territoire"),
    ("axis", "l’axe"),
    ("publics", "le public"),
    ("results", "au moins un résultat"),
    ("evidence", "le niveau de preuve"),
    ("difficulties", "au moins une difficulté"),
    ("contact_name", "qui contacter"),
    ("licence", "la licence"),
    ("consent", "l’accord de la personne à contacter et de la structure"),
)


def missing_to_publish(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a sheet still has to say, in French; empty when it may be published. A level of evidence of 0 is said."""
    return tuple(label for name, label in _NEEDED if content.get(name) in (None, "", [], (), False))


def refresh_due(checked_on: date) -> date:
    """Return the day from which a sheet last checked on ``checked_on`` is to be read again.

    >>> refresh_due(date(2024, 2, 29)), refresh_due(date(2024, 11, 22))
    (datetime.date(2026, 2, 28), datetime.date(2026, 11, 22))
    """
    months = parameter("practices.refresh_months").latest().whole
    years, month = divmod(checked_on.month - 1 + months, 12)
    year, month = checked_on.year + years, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(checked_on.day, last))


def is_valid_profile(profile: Mapping[str, int]) -> bool:
    """Say whether every criterion a reviewer answers has its answer, on the scale, and nothing else is there."""
    return set(profile) == {one.code for one in ANSWERED} and all(value in SCALE for value in profile.values())
