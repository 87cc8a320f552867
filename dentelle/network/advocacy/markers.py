"""The markers typed in a proposal: « les bus s’arrêtent à 18 h [2]. » ties that sentence to citation 2. Reads text, knows nothing else.

>>> [(each.text, each.numbers) for each in paragraphs("Un fait [1]. Un autre.", "p1")[0].sentences]
[('Un fait.', (1,)), ('Un autre.', ())]
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
# a sentence may end with its punctuation and the markers that follow it, before a capital, a quote or a parenthesis
_END = re.compile(r"(?<=[.!?…])((?:\s*\[\d{1,3}\])*)\s+(?=[«“\"(0-9A-ZÀ-ÖØ-Þ])")
_YEAR = re.compile(r"\s+\d{4}\b")
_SPACE = re.compile(r"\s+")
_LAST_WORD = re.compile(r"([\w°]+)\.\Z")
# titles and the like: a name follows, never the end of a sentence
_BEFORE_A_NAME = frozenset(
    _SPACE.split("av bd cf circ délib dr env ex me mgr mlle mlles mm mme mmes pr réf st ste tél")
)
# those that call for a number: before a word, the full stop ends the sentence (« un centre d’art. Les bus »)
_BEFORE_A_NUMBER = frozenset(
    _SPACE.split("al ann approx arr art ch chap dép dépt éd fig max min n nb no nos op ord p pp s t tab vol")
)
_UNITS = frozenset(_SPACE.split("max min t"))
_REFERENCE = re.compile(r"\d|[ADLR]\.|[ADLR]\s?\d|[IVXL]+\b(?![’'])")
_MONTHS = frozenset(_SPACE.split("janv févr fév avr juil juill sept oct nov déc"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its markers, and the citations they name; ``anchor`` is its address in the page."""

    anchor: str
    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    anchor: str
    sentences: tuple[Sentence, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The citations its sentences name, each once."""
        return tuple(dict.fromkeys(number for each in self.sentences for number in each.numbers))


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the numbers the markers of a text name, each once, in their order."""
    return tuple(dict.fromkeys(int(found) for found in _MARK.findall(text)))


def unknown_in(text: str, known: Collection[int]) -> tuple[int, ...]:
    """Return the numbers a text names that are no citation."""
    return tuple(number for number in numbers_in(text) if number not in known)


def bare_in(*texts: str) -> tuple[str, ...]:
    """Return the sentences of texts that no marker ties to anything, each once, in their order."""
    said = (each for text in texts for one in paragraphs(text, "") for each in one.sentences)
    return tuple(dict.fromkeys(each.text for each in said if not each.numbers))


def named_in(*texts: str) -> tuple[tuple[str, int], ...]:
    """Return each sentence of texts with each number it names, once, in their order."""
    said = (each for text in texts for one in paragraphs(text, "") for each in one.sentences)
    return tuple(dict.fromkeys((each.text, number) for each in said for number in each.numbers))


def paragraphs(text: str, anchor: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text, one per line typed, with their sentences."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return tuple(_paragraph(line, f"{anchor}-{rank}") for rank, line in enumerate(lines, start=1))


def _paragraph(line: str, anchor: str) -> Paragraph:
    cuts = [0, *(found.end() for found in _END.finditer(line) if not _is_abbreviation(line, found))]
    pieces = [line[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(line)], strict=True)]
    return Paragraph(
        anchor,
        tuple(
            Sentence(f"{anchor}-{rank}", _MARK.sub("", piece), numbers_in(piece))
            for rank, piece in enumerate(filter(None, pieces), start=1)
        ),
    )


def _is_abbreviation(line: str, end: re.Match[str]) -> bool:
    """Say whether the full stop before ``end`` shortens a word: « p. 12 », « M. Sorin », « L. 2111-1 », « 31 janv. 2027 »."""
    shortened = _LAST_WORD.search(line, max(0, end.start() - 12), end.start())
    if shortened is None or end[1]:  # a marker between: what it follows is whole
        return False
    word = shortened[1]
    if len(word) == 1 and word.isupper():
        return True
    word = word.lower()
    if word in _BEFORE_A_NAME or (word in _MONTHS and _YEAR.match(line, end.start())):
        return True
    if word not in _BEFORE_A_NUMBER or not _REFERENCE.match(line, end.end()):
        return False
    return not (word in _UNITS and line[: shortened.start()].rstrip()[-1:].isdigit())  # « 10 min. 25 % des cas »
