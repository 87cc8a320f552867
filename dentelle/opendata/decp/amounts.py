"""Amounts of a whole column: the plain prices in bulk, each of the others by the rule of ``values``."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from dentelle.opendata.decp import values
from dentelle.opendata.decp.staged import STRING

CENTS: Final = pa.int64()
# At least one euro, under a billion, two decimals at most: a double holds it exactly enough to be rounded to its cents.
_PRICE: Final = r"^[1-9][0-9]{0,8}(\.[0-9]{1,2})?$"
# What may be a placeholder is left to the rule.
_DOUBTFUL: Final = "^(?:" + "|".join([*(4 * digit for digit in "123456789"), "12345", "23456", "98765"]) + ")"

Column = tuple[pa.Array, pa.Array, pa.Array, list[tuple[int, str]]]


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
