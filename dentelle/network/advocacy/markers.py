"""The markers typed in a proposal: « les bus s’arrêtent à 18 h [2]. » ties that sentence to citation 2. Reads text, knows nothing else.

>>> [(each.text, each.numbers) for each in paragraphs("Un fait [1]. Un autre.", "p1")[0].sentences]
[('Un fait.', (1,)), ('Un autre.', ())]
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
# a sentence ends with its punctuation and the markers that follow it, before a capital, a quote or a parenthesis
# « L. 5132-1 » and « M. Sorin » do not end one
_END = re.compile(r"(?<=[.!?…])(?<!\b[A-ZÀ-ÖØ-Þ]\.)(?<!\bart\.)((?:\s*\[\d{1,3}\])*)\s+(?=[«“\"(0-9A-ZÀ-ÖØ-Þ])")


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


def shortened(text: str, size: int = 90) -> str:
    """Return the first words of a text on one line, with « … » when some are left out."""
    words = " ".join(text.split())
    return words if len(words) <= size else words[: size - 1].rpartition(" ")[0] + "…"


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


def paragraphs(text: str, anchor: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text, one per line typed, with their sentences."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return tuple(_paragraph(line, f"{anchor}-{rank}") for rank, line in enumerate(lines, start=1))


def _paragraph(line: str, anchor: str) -> Paragraph:
    cuts = [0, *(found.end() for found in _END.finditer(line))]
    pieces = [line[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(line)], strict=True)]
    return Paragraph(
        anchor,
        tuple(
            Sentence(f"{anchor}-{rank}", _MARK.sub("", piece), numbers_in(piece))
            for rank, piece in enumerate(filter(None, pieces), start=1)
        ),
    )
