"""Where JSON objects close in a text that may be damaged or hostile, for a work in proportion to its length."""

import re
from typing import Final

from dentelle.opendata.decp.record import MAX_DEPTH, MAX_RECORD_BYTES

# a string left open runs to the end of the text: failing there would try again at each of its quotes
_TOKENS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{}\[\]]', re.DOTALL)
HALLMARK: Final = re.compile(rb'"\s*(?:acheteur|acheteur\.id|autoriteConcedante|objet|codeCPV)\s*"\s*:')
# A stretch that yields no record after so many openings is only skimmed: a bomb of braces would cost the square of its length.
MOST_ATTEMPTS: Final = 200
# So is a piece whose openings that close nowhere have been followed to its end so many times.
MOST_PASSES: Final = 4
LEAST_WORK: Final = 1024 * 1024


def balanced_end(text: bytes, start: int, longest: int = MAX_RECORD_BYTES, deepest: int = MAX_DEPTH) -> int | None:
    """Where the object or array opened at ``start`` closes, strings set apart; None when it does not, or is too deep."""
    return _extent(text, start, longest, deepest)[0]


def _extent(text: bytes, start: int, longest: int, deepest: int) -> tuple[int | None, int, bool]:
    """Where what opens at ``start`` closes (None when nowhere), the bytes followed, whether it nests deeper than ``deepest``."""
    level, stop = 0, min(len(text), start + longest)
    for match in _TOKENS.finditer(text, start, stop):
        sign = text[match.start()]
        if sign in b"{[":
            level += 1
            if level > deepest:
                return None, match.end() - start, True
        elif sign in b"}]":
            level -= 1
            if level == 0:
                return match.end(), match.end() - start, False
    return None, stop - start, False


def next_contract(text: bytes, start: int) -> int | None:
    """Where the first closed object after ``start`` that bears the fields of a contract opens, in one pass; None when none does.

    Whatever nests deeper than a contract can is passed over.
    """
    # of each level still open: where it opens, whether it bears such a field, how high it is
    opened: list[list[int]] = []
    for match in _TOKENS.finditer(text, start):
        begun = match.start()
        sign = text[begun]
        if sign in b"{[":
            opened.append([begun, 0, 1])
        elif sign == 0x22:
            if opened and HALLMARK.match(text, begun):
                opened[-1][1] = 1
        elif opened:
            at, bears, height = opened.pop()
            if bears and height <= MAX_DEPTH and text[at] == 0x7B:
                return at
            if opened:
                opened[-1][2] = max(opened[-1][2], height + 1)
    return None


class Effort:
    """The work spent on a piece that cannot be read, kept in proportion to its length."""

    def __init__(self, size: int) -> None:
        self.attempts = 0
        self.left = max(MOST_PASSES * size, LEAST_WORK)
        self.too_deep = False

    def end(self, piece: bytes, start: int) -> int | None:
        """Where the object that opens at ``start`` closes; None when it does not, or is too deep."""
        finish, scanned, self.too_deep = _extent(piece, start, MAX_RECORD_BYTES, MAX_DEPTH)
        if finish is None:
            self.left -= scanned
        return finish

    def onwards(self, piece: bytes, position: int, finish: int | None) -> int | None:
        """Where to look next after something unreadable at ``position``: the next brace, or from afar the next contract."""
        self.attempts += 1
        if self.too_deep or self.left < 0 or self.attempts > MOST_ATTEMPTS:
            self.too_deep = False
            return next_contract(piece, finish or position + 1)
        found = piece.find(b"{", position + 1)
        return found if found >= 0 else None
