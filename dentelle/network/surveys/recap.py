"""An answer as its author reads it again: what was answered, part by part, and what sending would leave out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dentelle.network.surveys.reading import (
    Block,
    Given,
    Read,
    asked,
    block_is_asked,
    seen_at,
    times,
    unasked,
    written,
)
from dentelle.rules.surveys import is_answered, is_asked
from dentelle.rules.wording import plural


@dataclass(frozen=True, slots=True)
class RecapPart:
    """One part, one time: (label, answer written French) of each question answered; ``empty``: how many asked were not."""

    code: str
    title: str
    time: int
    lines: tuple[tuple[str, str], ...]
    empty: int


def recap(whole: Read, known: Given) -> tuple[RecapPart, ...]:
    """Return the parts that are asked, each as many times as it was answered."""
    found = []
    for block in whole.blocks:
        if not block_is_asked(block, known):
            continue
        count = times(block, known)
        for time in range(1, count + 1):
            title = f"{block.title} {time}" if count > 1 else block.title
            found.append(_part(block, title, time, seen_at(block, known, time)))
    return tuple(found)


def _part(block: Block, title: str, time: int, seen: Mapping[str, Any]) -> RecapPart:
    questions = [each for each in block.questions if is_asked(asked(each), seen)]
    lines = tuple(
        (each.label, written(each, seen[each.code])) for each in questions if is_answered(seen.get(each.code))
    )
    return RecapPart(block.code, title, time, lines, len(questions) - len(lines))


def left_out(whole: Read, known: Given) -> tuple[str, ...]:
    """Return, counted in French, the answers given to questions that another answer no longer asks: they will not be sent."""
    left = unasked(whole, known)
    found = []
    for block in whole.blocks:
        codes = {question.code for question in block.questions}
        mine = [(code, time) for code, time in left if code in codes]
        if not mine:
            continue
        if block_is_asked(block, known):
            found.append(f"{plural(len(mine), 'réponse', 'réponses')} de la partie «\u00a0{block.title}\u00a0»")
        elif block.most > 1:
            count = len({time for _, time in mine})
            found.append(plural(count, block.item, _several(block.item)))
        else:
            found.append(f"la partie «\u00a0{block.title}\u00a0» ({plural(len(mine), 'réponse', 'réponses')})")
    return tuple(found)


def _several(item: str) -> str:
    """« action menée » is not worth a dictionary: the first word takes an s, and a head writes short items."""
    first, space, rest = item.partition(" ")
    return f"{first if first[-1:] in 'sxz' else first + 's'}{space}{rest}"
