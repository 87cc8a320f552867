"""What each act of the journal says in plain French. Each app registers its own when Django starts.

A sentence completes a name: ``"a enregistré le calibrage ({hours:h})"``. Its fields are facts of the entry, written by
``SPECS``; a sentence that depends on more than that is a function of the facts.
"""

import string
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from dentelle.rules.wording import MONTHS, THIN, number
from dentelle.rules.wording import sentence as typeset

Sentence = str | Callable[[Mapping[str, Any]], str]
UNKNOWN = "non renseigné"

_sentences: dict[str, Sentence] = {}


class SentenceTaken(Exception):
    """Two apps give two sentences to the same act."""


def register(sentences: Mapping[str, Sentence]) -> None:
    """Give acts (« calibration.saved ») their sentence. The same act twice is an error, unless with the same sentence."""
    for act, sentence in sentences.items():
        if _sentences.setdefault(act, sentence) is not sentence and _sentences[act] != sentence:
            raise SentenceTaken(act)


def known_acts() -> frozenset[str]:
    """The acts that have a sentence."""
    return frozenset(_sentences)


def told(act: str, facts: Mapping[str, Any]) -> str:
    """Return what an act says: « a enregistré le calibrage (833 h) »."""
    sentence = _sentences.get(act)
    if sentence is None:  # an act of a later version of the programme, read by an older one
        return typeset(f"a fait « {act} »")
    return typeset(sentence(facts) if callable(sentence) else _FORMATTER.vformat(sentence, (), facts))


def prose_day(value: date | str) -> str:
    """Return « 12 mars 2026 » from a date or its ISO text."""
    day = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{'1er' if day.day == 1 else day.day}{THIN}{MONTHS[day.month - 1]}{THIN}{day.year}"


def prose_moment(at: datetime) -> str:
    """Return « 12 mars 2026 à 10 h 04 » from a moment already in the time zone of the reader."""
    return f"{prose_day(at.date())} à {at.hour}{THIN}h{THIN}{at.minute:02d}"


def _siret(value: str) -> str:
    groups = (value[:3], value[3:6], value[6:9], value[9:])
    return THIN.join(group for group in groups if group)


def _duration(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return f"{number(whole)}{THIN}h" + (f"{THIN}{rest:02d}" if rest else "")


# {fact:spec} → how a fact is written; without a spec, numbers are grouped by three digits and texts stay as they are
SPECS: dict[str, Callable[[Any], str]] = {
    "h": lambda value: f"{number(value)}{THIN}h",
    "duration": _duration,  # from minutes
    "day": prose_day,  # from « 2026-03-12 »
    "siret": _siret,
}


class _FactsFormatter(string.Formatter):
    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or value == "":
            return UNKNOWN
        if format_spec:
            return SPECS[format_spec](value)
        return number(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


_FORMATTER = _FactsFormatter()
