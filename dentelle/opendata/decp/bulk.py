"""Whole columns at once: what is written as the decrees ask is read in bulk, each of the others by the rule of ``values``.

What comes back a few hundred times in a block is better remembered (``memory``): a day or a buyer does not, and a look-up among thousands of
them waits for the processor's memory. What comes in is what handfuls of records left: bytes end to end, and beside them whatever was not of the
expected form.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dentelle.opendata.decp import values
from dentelle.opendata.decp.memory import Memory, fixed_texts
from dentelle.opendata.decp.staged import BOOL, DATE, INTEGER, STRING

CENTS: Final = pa.int64()
# At least one euro, under a billion, two decimals at most: a double holds it exactly enough to be rounded to its cents.
_PRICE: Final = r"^[1-9][0-9]{0,8}(\.[0-9]{1,2})?$"
# What may be a placeholder is left to the rule.
_DOUBTFUL: Final = "^(?:" + "|".join([*(4 * digit for digit in "123456789"), "12345", "23456", "98765"]) + ")"

# The first day that is read as it is written: before it, a date is a typing error.
_FIRST_DAY: Final = pa.scalar(date(values.FIRST_PLAUSIBLE_YEAR, 1, 1), DATE)

FIVE_DIGITS: Final = "00000"

# A position in the column, and the defect seen there.
Defects = list[tuple[int, str]]
Column = tuple[pa.Array, pa.Array, pa.Array, Defects]


class Fixed:
    """A column of texts all as wide as ``filler``, which stands for any other value; those others are kept with their rows.

    ``sound`` says whether the signs of a text are those expected, one byte each.
    """

    def __init__(self, filler: str, sound: Callable[[str], bool]) -> None:
        self.filler, self.sound = filler, sound
        self.joined: list[bytes] = []
        self.others: list[tuple[int, Any]] = []

    def add(self, raws: Sequence[Any], base: int) -> list[str]:
        """Add some more values, the first of them at the row ``base``; return them, ``filler`` itself where it stands for another."""
        filler, width = self.filler, len(self.filler)
        texts = [raw if raw.__class__ is str and len(raw) == width else filler for raw in raws]
        joined = "".join(texts)
        if not self.sound(joined):
            texts = [text if self.sound(text) else filler for text in texts]
            joined = "".join(texts)
        self.joined.append(joined.encode())
        self.others += [(base + row, raws[row]) for row, text in enumerate(texts) if text is filler]
        return texts

    def growing(self) -> list[Any]:
        """Everything that values are added to."""
        return [self.joined, self.others]

    def texts(self) -> pa.Array:
        """The column, filler included."""
        return fixed_texts(b"".join(self.joined), len(self.filler))

    def written(self, count: int) -> pa.Array:
        """Of each of the ``count`` values, whether it is in the column as it was given."""
        found = bytearray(b"\1") * count
        for row, _ in self.others:
            found[row] = 0
        return truths(found)

    def raws(self, rows: list[int], texts: pa.Array) -> list[Any]:
        """What was given at those rows of the column of ``texts``."""
        others = dict(self.others)
        written = texts.take(pa.array(rows, pa.int64())).to_pylist()
        return [others.get(row, text) for row, text in zip(rows, written, strict=True)]


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def written_days() -> Fixed:
    """An empty column of dates as published; what stands for other values is before the first day that is read."""
    return Fixed("0001-01-01", str.isascii)


def written_sirets() -> Fixed:
    """An empty column of SIRET as published; what stands for other values has a wrong key."""
    return Fixed("00000000000001", _digits)


def written_codes() -> Fixed:
    """An empty column of codes of five digits, as most places bear."""
    return Fixed(FIVE_DIGITS, _digits)


def texts(lines: list[bytes]) -> pa.Array:
    """A column of the texts given end to end (``values.end_to_end``), several in each of ``lines``, null where there is none."""
    found = _cut(lines, values.BETWEEN).cast(STRING)
    return pc.if_else(pc.equal(pc.binary_length(found), 0), pa.scalar(None, STRING), found)


def _cut(lines: list[bytes], between: str) -> pa.Array:
    if not lines:
        return pa.array([], pa.binary())
    return pc.split_pattern(pa.array([between.encode().join(lines)], pa.binary()), between).values


def amounts(lines: list[bytes]) -> Column:
    """``values.amount`` of many JSON tokens, several in each of ``lines``: cents, text as published, amount flag, and (position, defect) of those
    that show one."""
    tokens = _cut(lines, values.BETWEEN)
    try:
        published = pc.utf8_trim(tokens.cast(STRING), characters='"')
    except pa.ArrowInvalid:  # not UTF-8: too odd to be done in bulk
        return _patched(tokens, pa.nulls(len(tokens), STRING), range(len(tokens)))
    plain = pc.and_not(pc.match_substring_regex(published, _PRICE), pc.match_substring_regex(published, _DOUBTFUL))
    odd = pc.indices_nonzero(pc.invert(plain)).to_pylist()
    cents, texts, flags, defects = _patched(tokens, pc.if_else(plain, published, pa.scalar(None, STRING)), odd)
    quoted = pc.and_(plain, pc.not_equal(pc.binary_length(tokens), pc.binary_length(published)))
    defects += [(row, "number_as_text") for row in pc.indices_nonzero(quoted).to_pylist()]
    return cents, texts, flags, defects


def _patched(tokens: pa.Array, prices: pa.Array, odd: "list[int] | range") -> Column:
    """The columns of plain prices (null elsewhere) with the answers of the rule put in at the ``odd`` positions."""
    answers = [values.amount(token) for token in tokens.take(pa.array(odd, pa.int64())).to_pylist()]
    cents = pc.round(pc.multiply(prices.cast(pa.float64()), 100.0)).cast(CENTS)
    flags = pa.repeat(pa.scalar("ok", STRING), len(tokens))
    if answers:
        mask = prices.is_null()
        cents = pc.replace_with_mask(cents, mask, pa.array([found[0] for found, _ in answers], CENTS))
        prices = pc.replace_with_mask(prices, mask, pa.array([found[1] for found, _ in answers], STRING))
        flags = pc.replace_with_mask(flags, mask, pa.array([found[2] for found, _ in answers], STRING))
    return cents, prices, flags, [(row, defect) for row, (_, defect) in zip(odd, answers, strict=True) if defect]


def days(written: Fixed, rule: Memory) -> tuple[pa.Array, Defects]:
    """``values.day`` of many values: dates written ``2026-03-14`` at once, each of the others by the ``rule``, remembered."""
    texts = written.texts()
    try:
        read = texts.cast(DATE)
    except pa.ArrowInvalid:  # ten signs that are no such date
        read = pa.nulls(len(texts), DATE)
    odd = pc.invert(pc.fill_null(pc.greater_equal(read, _FIRST_DAY), False))
    rows = pc.indices_nonzero(odd).to_pylist()
    numbers = [rule[raw] for raw in written.raws(rows, texts)]
    read = pc.replace_with_mask(read, odd, pa.array([rule.values_of[number][0] for number in numbers], DATE))
    flagged = rule.flagged
    return read, [(row, flagged[number]) for row, number in zip(rows, numbers, strict=True) if number in flagged]


def buyers(written: Fixed) -> tuple[pa.Array, pa.Array, Defects]:
    """``values.buyer`` of many values: identifiers as published, whether each is a SIRET of right key."""
    identifiers, valid = written.texts(), truths(values.keys_right(b"".join(written.joined)))
    odd = pc.invert(valid)
    rows = pc.indices_nonzero(odd).to_pylist()
    answers = [values.buyer(raw) for raw in written.raws(rows, identifiers)]
    identifiers = pc.replace_with_mask(identifiers, odd, pa.array([found for (found, _), _ in answers], STRING))
    valid = pc.replace_with_mask(valid, odd, pa.array([right for (_, right), _ in answers], BOOL))
    return identifiers, valid, [(row, defect) for row, (_, defect) in zip(rows, answers, strict=True) if defect]


def truths(answers: bytes | bytearray) -> pa.Array:
    """A column of the truths told by one byte each."""
    return pa.Array.from_buffers(pa.uint8(), len(answers), [None, pa.py_buffer(answers)]).cast(BOOL)


def words(lines: list[bytes]) -> pa.Array:
    """A column of the words of texts (``values.joined_words``), several texts in each of ``lines``, null where a text has none."""
    found = pc.ascii_trim(_cut(lines, "\n").cast(STRING), " ")
    return pc.if_else(pc.equal(pc.binary_length(found), 0), pa.scalar(None, STRING), found)


_LOT: Final = re.compile(r"\blots? (?:n |no |numero )?0*([0-9]{1,4})\b")


def lot_marks(words: pa.Array) -> pa.Array:
    """The number of the lot where an object gives one: « lot n° 02 » and « LOT 2 » are the same lot."""
    told = pc.fill_null(pc.match_substring(words, "lot"), False)
    found = [_LOT.search(text) for text in words.filter(told).to_pylist()]
    marks = pa.array([int(mark[1]) if mark else None for mark in found], INTEGER)
    return pc.replace_with_mask(pa.nulls(len(words), INTEGER), told, marks)
