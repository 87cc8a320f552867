"""A questionnaire and an answer as the rules read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from dentelle.network.surveys.models import Answer, Campaign, Question, Questionnaire, Response
from dentelle.rules.surveys import Asked, Check, Doubt, Kind, doubts, is_asked, missing, told_figure
from dentelle.web.formatting import money, number, prose_date

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


def asked_by(campaign: Campaign) -> Read:
    """Return what a campaign asks: of an anonymous one, nothing that says whose the answer is. One query."""
    return read(campaign.questionnaire, names=not campaign.anonymous)


def read(questionnaire: Questionnaire, *, names: bool = True) -> Read:
    """Return what a questionnaire asks (``names`` False: without what identifies): one query."""
    questions = [each for each in questionnaire.questions.order_by("rank") if names or not each.identifies]
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
    blocks = tuple(block for block in blocks if names or block.questions)
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
    """Return what was answered, as last sent once it has been: one query."""
    if response is None:
        return {}
    return {(each.question.code, each.occurrence): each.value for each in answers_of(response)}


def being_written(response: Response | None) -> Given:
    """Return the answer as its author left it: with the changes not sent yet."""
    if response is None or response.working is None:
        return given(response)
    return unpacked(response.working)


def packed(known: Given) -> list[list[Any]]:
    """Return an answer as it is kept beside the one sent: [code, time, value], always in the same order."""
    return [[code, time, known[code, time]] for code, time in sorted(known)]


def unpacked(kept: Sequence[Sequence[Any]]) -> Given:
    """Return the answer that ``packed`` kept."""
    return {(code, time): value for code, time, value in kept}


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


def of_part(block: Block, known: Given, time: int) -> dict[str, Any]:
    """Return what is kept of a part at one time: each of its questions, None where nothing is."""
    return {question.code: known.get((question.code, time)) for question in block.questions}


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


def written(question: Question, value: Any) -> str:
    """Return an answer in French."""
    kind = Kind(question.kind)
    if kind.is_counted:
        options: Mapping[str, str] = question.options or {"yes": "oui", "no": "non"}
        return ", ".join(options.get(each, str(each)) for each in (value if isinstance(value, list) else [value]))
    if kind is Kind.MONEY:
        return money(value, "")
    if kind.is_figure:
        figure = number(value) if kind is Kind.WHOLE else told_figure(value, kind)
        return f"{figure}\u00a0{question.unit}".strip()
    return prose_date(value) if kind is Kind.DAY else str(value)
