"""What a questionnaire asks given what was answered, what is still missing, and what does not hold together.

Missing is never zero: a sum with a missing part is not checked, a question that is not asked is not missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Any

from dentelle.rules.wording import euros, number

Answers = Mapping[str, Any]


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"  # hundredths
    MONEY = "money"  # cents
    DAY = "day"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"

    @property
    def is_figure(self) -> bool:
        return self in {Kind.WHOLE, Kind.DECIMAL, Kind.MONEY}

    @property
    def scale(self) -> int:
        """What is kept for one of what is typed: hundredths and cents are integers."""
        return 100 if self in {Kind.DECIMAL, Kind.MONEY} else 1

    @property
    def is_counted(self) -> bool:
        return self in {Kind.YES_NO, Kind.CHOICE, Kind.CHOICES}

    @property
    def is_words(self) -> bool:
        return self in {Kind.LINE, Kind.TEXT}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the rules know it. ``only_if``: (question, values) that must have been answered for it to be asked."""

    code: str
    block: str
    label: str
    kind: Kind
    required: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. ``sum``: ``value`` = ``plus`` − ``minus``; ``part``: ``value`` ≤ ``of``; ``parts``: what is
    given of ``plus`` ≤ ``value``; ``bounds``: ``low`` ≤ ``value`` ≤ ``high``; ``jump``: at most ``percent`` more or less than
    the year before. Bounds are counted as answers are kept (cents, hundredths)."""

    kind: str
    value: str
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    of: str = ""
    percent: int = 0
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to explain: the question it is about, and the sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a question of figures gave: how many answered, their sum, the middle one."""

    count: int
    total: int
    middle: float | None
    values: tuple[int, ...] = field(repr=False, default=())


def is_asked(question: Asked, answers: Answers) -> bool:
    """Say whether a question is asked, given what was answered."""
    if question.only_if is None:
        return True
    code, wanted = question.only_if
    given = answers.get(code)
    return bool({str(each) for each in (given if isinstance(given, list) else [given])} & set(wanted))


def is_answered(value: Any) -> bool:
    """Say whether something was answered; 0 and « no » are answers."""
    return value not in (None, "", [])


def missing(questions: Iterable[Asked], answers: Answers) -> list[Asked]:
    """Return the questions that must be answered and are not, in their order."""
    return [
        each for each in questions if each.required and is_asked(each, answers) and not is_answered(answers.get(each.code))
    ]  # fmt: skip


def told_figure(value: int, kind: Kind = Kind.WHOLE) -> str:
    """Write a figure as it is kept: « 2,5 » for 250 hundredths, an amount in euros for cents."""
    if kind is Kind.MONEY:
        return euros(Fraction(value, 100))
    return number(Fraction(value, 100)) if kind is Kind.DECIMAL else number(value)


def doubts(
    checks: Sequence[Check],
    labels: Mapping[str, str],
    answers: Answers,
    before: Answers | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> list[Doubt]:
    """Return what does not hold together; a part nobody gave makes no doubt. ``before``: the answers of the year before.
    ``kinds``: those of the questions, when they are not all whole numbers."""
    found = (
        _doubt(check, labels, answers, before or {}, (kinds or {}).get(check.value, Kind.WHOLE)) for check in checks
    )
    return [each for each in found if each is not None]


def _doubt(check: Check, labels: Mapping[str, str], answers: Answers, before: Answers, kind: Kind) -> Doubt | None:
    value = answers.get(check.value)
    if not isinstance(value, int):
        return None

    def name(code: str) -> str:
        return labels.get(code, code)

    def written(figure: int) -> str:
        return told_figure(figure, kind)

    if check.kind == "sum":
        parts = [answers.get(code) for code in (*check.plus, *check.minus)]
        if not all(isinstance(part, int) for part in parts):
            return None
        expected = sum(answers[code] for code in check.plus) - sum(answers[code] for code in check.minus)
        if value == expected:
            return None
        words = " + ".join(map(name, check.plus)) + "".join(f" − {name(code)}" for code in check.minus)
        sentence = f"« {name(check.value)} » vaut {written(value)}, mais {words} donne {written(expected)}."
        return Doubt(check.value, sentence)
    if check.kind == "part":
        whole = answers.get(check.of)
        if not isinstance(whole, int) or value <= whole:
            return None
        sentence = f"« {name(check.value)} » ({written(value)}) dépasse « {name(check.of)} » ({written(whole)})."
        return Doubt(check.value, sentence)
    if check.kind == "parts":
        told = [code for code in check.plus if isinstance(answers.get(code), int)]
        together = sum(answers[code] for code in told)
        if together <= value:
            return None
        words = " + ".join(map(name, told)) if len(told) < 5 else f"{name(told[0])} + … + {name(told[-1])}"
        return Doubt(check.value, f"{words} ({written(together)}) dépasse « {name(check.value)} » ({written(value)}).")
    if check.kind == "bounds":
        if check.low is not None and value < check.low:
            return Doubt(check.value, f"« {name(check.value)} » ({written(value)}) est sous {written(check.low)}.")
        if check.high is not None and value > check.high:
            return Doubt(check.value, f"« {name(check.value)} » ({written(value)}) dépasse {written(check.high)}.")
        return None
    former = before.get(check.value)
    if not isinstance(former, int) or not former or 100 * abs(value - former) <= check.percent * former:
        return None
    change = round(100 * (value - former) / former)
    return Doubt(
        check.value,
        f"« {name(check.value)} » passe de {written(former)} à {written(value)} "
        f"({'+' if change > 0 else '−'}{abs(change)} % en un an).",
    )


def figures(values: Iterable[int | None]) -> Figures:
    """Return what figures give together; those who did not answer are not counted as zero."""
    given = tuple(value for value in values if value is not None)
    return Figures(len(given), sum(given), float(median(given)) if given else None, given)
