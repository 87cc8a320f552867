"""A questionnaire and an answer as the rules read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from dentelle.network.surveys.models import Answer, Question, Questionnaire, Response
from dentelle.rules.surveys import Asked, Check, Doubt, Kind, doubts, is_asked, missing

MOST_TIMES = 10


@dataclass(frozen=True, slots=True)
class Block:
    """A part. ``most``: how many times it may be answered; ``item``: what one time is called."""

    code: str
    title: str
    intro: str
    most: int
    item: str
    only_if: tuple[str, tuple[str, ...]] | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A questionnaire, read once for a request."""

    blocks: tuple[Block, ...]
    checks: tuple[Check, ...]
    labels: Mapping[str, str]
    kinds: Mapping[str, Kind]

    def block(self, code: str) -> Block | None:
        return next((each for each in self.blocks if each.code == code), None)


Given = dict[tuple[str, int], Any]  # (code of the question, time) → value


def read(questionnaire: Questionnaire) -> Read:
    """Return what a questionnaire asks: one query."""
    questions = list(questionnaire.questions.order_by("rank"))
    blocks = tuple(
        Block(
            code=each["code"],
            title=each["title"],
            intro=each.get("intro", ""),
            most=min(int(each.get("most", 1)), MOST_TIMES),
            item=each.get("item", "fois"),
            only_if=_condition(each.get("only_if", {})),
            questions=tuple(question for question in questions if question.block == each["code"]),
        )
        for each in questionnaire.blocks
    )
    kinds = {question.code: Kind(question.kind) for question in questions}
    checks = tuple(_check(each, kinds) for each in questionnaire.checks)
    return Read(blocks, checks, {question.code: question.label for question in questions}, kinds)


def _condition(written: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    return (written["question"], tuple(written["values"])) if written else None


def _check(written: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Check:
    scale = kinds.get(written["value"], Kind.WHOLE).scale

    def bound(name: str) -> int | None:
        return None if written.get(name) is None else round(Fraction(str(written[name])) * scale)

    return Check(
        kind=written["kind"],
        value=written["value"],
        plus=tuple(written.get("plus", ())),
        minus=tuple(written.get("minus", ())),
        of=written.get("of", ""),
        percent=int(written.get("percent", 0)),
        low=bound("low"),
        high=bound("high"),
    )


def asked(question: Question) -> Asked:
    """Return a question as the rules know it."""
    return Asked(
        question.code, question.block, question.label, Kind(question.kind), question.required, _condition(question.only_if)
    )  # fmt: skip


def given(response: Response | None) -> Given:
    """Return what was answered: one query."""
    if response is None:
        return {}
    return {(each.question.code, each.occurrence): each.value for each in answers_of(response)}


def answers_of(response: Response) -> list[Answer]:
    return list(response.answers.select_related("question"))


def times(block: Block, known: Given) -> int:
    """Return how many times a part has been answered, at least once."""
    codes = {question.code for question in block.questions}
    return max([time for code, time in known if code in codes] or [1])


def at_time(known: Given, time: int) -> dict[str, Any]:
    """Return the answers one part sees: its own of that time over those given once."""
    once = {code: value for (code, when), value in known.items() if when == 1}
    return {**once, **{code: value for (code, when), value in known.items() if when == time}}


def block_is_asked(block: Block, known: Given) -> bool:
    """Say whether a part is asked, given what was answered elsewhere."""
    return is_asked(Asked("", block.code, "", Kind.LINE, only_if=block.only_if), at_time(known, 1))


def narrowed(block: Block, known: Given) -> Block:
    """Return a part without the questions that answers given in other parts leave out; those that depend on an answer of the
    part itself stay, the page shows them when it is given."""
    own = {question.code for question in block.questions}
    once = at_time(known, 1)
    kept = tuple(
        question
        for question in block.questions
        if not question.only_if or question.only_if["question"] in own or is_asked(asked(question), once)
    )
    return replace(block, questions=kept)


@dataclass(frozen=True, slots=True)
class Lack:
    """A question that must be answered: in which part, which time."""

    block: Block
    time: int
    label: str


def lacks(whole: Read, known: Given) -> list[Lack]:
    """Return what must still be answered, in the order of the questionnaire."""
    found = []
    for block in whole.blocks:
        if not block_is_asked(block, known):
            continue
        for time in range(1, times(block, known) + 1):
            seen = at_time(known, time) if time == 1 else _only(block, known, time)
            found += [Lack(block, time, each.label) for each in missing(map(asked, block.questions), seen)]
    return found


def _only(block: Block, known: Given, time: int) -> dict[str, Any]:
    own = {question.code for question in block.questions}
    seen = {code: value for (code, when), value in known.items() if when == 1 and code not in own}
    return {**seen, **{code: value for (code, when), value in known.items() if when == time and code in own}}


def told_doubts(whole: Read, known: Given, before: Given) -> Sequence[Doubt]:
    """Return what does not hold together."""
    return doubts(whole.checks, whole.labels, at_time(known, 1), at_time(before, 1), whole.kinds)


def seen_at(block: Block, known: Given, time: int) -> dict[str, Any]:
    """Return the answers of a part at one time, and those of the other parts."""
    return _only(block, known, time)


def unasked(whole: Read, known: Given) -> set[tuple[str, int]]:
    """Return the answers to questions that are not asked after all: a branch left behind."""
    left = set()
    for block in whole.blocks:
        gone = not block_is_asked(block, known)
        for time in range(1, times(block, known) + 1):
            seen = _only(block, known, time)
            left |= {
                (question.code, time)
                for question in block.questions
                if (gone or not is_asked(asked(question), seen)) and (question.code, time) in known
            }
    return left
