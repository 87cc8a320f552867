"""Whole columns at once: what is written as the decrees ask is read in bulk, each of the others by the rule of ``values``.

What comes back a few hundred times in a block is better remembered (``memory``): a day or a buyer does not, and a look-up among thousands of
them waits for the processor's memory.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dentelle.opendata.decp import values
from dentelle.opendata.decp.memory import Memory
from dentelle.opendata.decp.staged import BOOL, DATE, INTEGER, STRING

CENTS: Final = pa.int64()
# At least one euro, under a billion, two decimals at most: a double holds it exactly enough to be rounded to its cents.
_PRICE: Final = r"^[1-9][0-9]{0,8}(\.[0-9]{1,2})?$"
# What may be a placeholder is left to the rule.
_DOUBTFUL: Final = "^(?:" + "|".join([*(4 * digit for digit in "123456789"), "12345", "23456", "98765"]) + ")"

# The first day that is read as it is written: before it, a date is a typing error.
_FIRST_DAY: Final = pa.scalar(date(values.FIRST_PLAUSIBLE_YEAR, 1, 1), DATE)
_DAY_SIGNS: Final = 10

# A position in the column, and the defect seen there.
Defects = list[tuple[int, str]]
Column = tuple[pa.Array, pa.Array, pa.Array, Defects]


def amounts(tokens: list[bytes]) -> Column:
    """``values.amount`` of many JSON tokens: cents, text as published, amount flag, and (position, defect) of those that show one."""
    column = pa.array(tokens, pa.binary())
    try:
        published = pc.utf8_trim(column.cast(STRING), characters='"')
    except pa.ArrowInvalid:  # not UTF-8: too odd to be done in bulk
        return _patched(tokens, pa.nulls(len(tokens), STRING), range(len(tokens)))
    plain = pc.and_not(pc.match_substring_regex(published, _PRICE), pc.match_substring_regex(published, _DOUBTFUL))
    odd = pc.indices_nonzero(pc.invert(plain)).to_pylist()
    cents, texts, flags, defects = _patched(tokens, pc.if_else(plain, published, pa.scalar(None, STRING)), odd)
    quoted = pc.and_(plain, pc.not_equal(pc.binary_length(column), pc.binary_length(published)))
    defects += [(row, "number_as_text") for row in pc.indices_nonzero(quoted).to_pylist()]
    return cents, texts, flags, defects


def _patched(tokens: list[bytes], prices: pa.Array, odd: "list[int] | range") -> Column:
    """The columns of plain prices (null elsewhere) with the answers of the rule put in at the ``odd`` positions."""
    answers = [values.amount(tokens[row]) for row in odd]
    cents = pc.round(pc.multiply(prices.cast(pa.float64()), 100.0)).cast(CENTS)
    flags = pa.repeat(pa.scalar("ok", STRING), len(tokens))
    if answers:
        mask = prices.is_null()
        cents = pc.replace_with_mask(cents, mask, pa.array([found[0] for found, _ in answers], CENTS))
        prices = pc.replace_with_mask(prices, mask, pa.array([found[1] for found, _ in answers], STRING))
        flags = pc.replace_with_mask(flags, mask, pa.array([found[2] for found, _ in answers], STRING))
    return cents, prices, flags, [(row, defect) for row, (_, defect) in zip(odd, answers, strict=True) if defect]


def days(raws: Sequence[Any], rule: Memory) -> tuple[pa.Array, Defects]:
    """``values.day`` of many values: dates written ``2026-03-14`` at once, each of the others by the ``rule``, remembered."""
    written = _texts_of(raws, _DAY_SIGNS)
    try:
        read = written.cast(DATE)
    except pa.ArrowInvalid:  # ten signs that are no such date
        read = pa.nulls(len(raws), DATE)
    odd = pc.invert(pc.fill_null(pc.greater_equal(read, _FIRST_DAY), False))
    rows = pc.indices_nonzero(odd).to_pylist()
    numbers = [rule[raws[row]] for row in rows]
    read = pc.replace_with_mask(read, odd, pa.array([rule.values_of[number][0] for number in numbers], DATE))
    flagged = rule.flagged
    return read, [(row, flagged[number]) for row, number in zip(rows, numbers, strict=True) if number in flagged]


def buyers(raws: Sequence[Any]) -> tuple[pa.Array, pa.Array, Defects]:
    """``values.buyer`` of many values: identifiers as published, whether each is a SIRET of right key."""
    identifiers = _texts_of(raws, values.SIRET_DIGITS)
    digits = pc.fill_null(pc.ascii_is_decimal(identifiers), False)
    right = values.keys_right(_end_to_end(identifiers.filter(digits)))
    valid = pc.replace_with_mask(digits, digits, _truths(right))
    odd = pc.invert(valid)
    rows = pc.indices_nonzero(odd).to_pylist()
    answers = [values.buyer(raws[row]) for row in rows]
    identifiers = pc.replace_with_mask(identifiers, odd, pa.array([found for (found, _), _ in answers], STRING))
    valid = pc.replace_with_mask(valid, odd, pa.array([right for (_, right), _ in answers], BOOL))
    return identifiers, valid, [(row, defect) for row, (_, defect) in zip(rows, answers, strict=True) if defect]


def _texts_of(raws: Sequence[Any], signs: int) -> pa.Array:
    """The texts of so many signs, null for any other value."""
    return pa.array([raw if raw.__class__ is str and len(raw) == signs else None for raw in raws], STRING)


def _end_to_end(texts: pa.Array) -> bytes:
    """The bytes of a column that is no slice of another."""
    signs = texts.buffers()[2]
    return signs.to_pybytes()[: pc.sum(pc.binary_length(texts)).as_py()] if len(texts) else b""


def _truths(answers: bytes) -> pa.Array:
    """A column of the truths told by one byte each."""
    return pa.Array.from_buffers(pa.uint8(), len(answers), [None, pa.py_buffer(answers)]).cast(BOOL)


def words(lines: list[bytes]) -> pa.Array:
    """A column of the texts given by lines, several in each of ``lines``, null where a text has no word."""
    joined = pa.array([b"\n".join(lines)], pa.binary()).cast(STRING)
    found = pc.split_pattern(joined, "\n").values
    return pc.if_else(pc.equal(pc.binary_length(found), 0), pa.scalar(None, STRING), found)


_LOT: Final = re.compile(r"\blots? (?:n |no |numero )?0*([0-9]{1,4})\b")


def lot_marks(words: pa.Array) -> pa.Array:
    """The number of the lot where an object gives one: « lot n° 02 » and « LOT 2 » are the same lot."""
    told = pc.fill_null(pc.match_substring(words, "lot"), False)
    found = [_LOT.search(text) for text in words.filter(told).to_pylist()]
    marks = pa.array([int(mark[1]) if mark else None for mark in found], INTEGER)
    return pc.replace_with_mask(pa.nulls(len(words), INTEGER), told, marks)
