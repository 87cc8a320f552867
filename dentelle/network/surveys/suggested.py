"""What Dentelle knows already of what a survey asks a structure: proposed in an empty part, with its source, to be checked.

A registry: (code of a questionnaire, code of a question) → what gives it, so that a room above may add what it knows. A
question nobody registered, and a structure of which nothing is known, begin empty: not known is not zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.foundations.organisations.models import Coverage
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.periods import Period
from dentelle.network.surveys.models import Invitee, Question


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value as an answer keeps it, and where it comes from, to end « Repris de … »."""

    value: Any
    source: str


Source = Callable[[Invitee, date], Suggestion | None]
_sources: dict[tuple[str, str], Source] = {}


def register(questionnaire: str, question: str, source: Source) -> None:
    """Say what gives the answer to a question; the same question twice is an error."""
    if _sources.setdefault((questionnaire, question), source) is not source:
        raise ValueError(f"the answer to {question} of {questionnaire} is given twice")


def known_questions() -> frozenset[tuple[str, str]]:
    """Return (questionnaire, question) of all that is proposed."""
    return frozenset(_sources)


def suggestions(invitee: Invitee, questions: Sequence[Question], *, today: date) -> dict[str, Suggestion]:
    """Return what is known of some questions, by their code; nothing to whoever answers by a link."""
    if invitee.structure_id is None:
        return {}
    code = invitee.campaign.questionnaire.code
    found = {
        question.code: _sources[code, question.code](invitee, today)
        for question in questions
        if (code, question.code) in _sources
    }
    return {code: suggestion for code, suggestion in found.items() if suggestion is not None}


def _name(invitee: Invitee, today: date) -> Suggestion | None:
    return Suggestion(invitee.structure.name, "votre structure dans Dentelle") if invitee.structure else None


def _territory(invitee: Invitee, today: date) -> Suggestion | None:
    coverage = Coverage.objects.in_force(today).filter(structure=invitee.structure_id).first()
    ground = ground_or_none()
    if coverage is None or ground is None:
        return None
    names = covered(coverage.places, ground).names
    return Suggestion(names, "votre territoire dans Dentelle") if 0 < len(names) <= 300 else None


def _register(counted: str, what: str) -> Source:
    def source(invitee: Invitee, today: date) -> Suggestion | None:
        year = invitee.campaign.year
        if year is None or invitee.structure_id is None:
            return None
        value = KNOWN[counted].count(invitee.structure_id, Period(date(year, 1, 1), date(year, 12, 31)))
        return Suggestion(value, f"votre registre des contrats ({what} en {year})") if value else None

    return source


register("tour", "structure", _name)
register("tour", "place", _territory)
register("clause", "buyers", _register("buyers_with_clause", "acheteurs des marchés notifiés avec une clause"))
register("clause", "contracts", _register("contracts_with_clause", "marchés notifiés avec une clause"))
register("clause", "hours_due", _register("hours_obligated", "heures d’insertion des marchés notifiés"))
