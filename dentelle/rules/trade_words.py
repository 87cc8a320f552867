"""The trade that the object of a purchase speaks of, where no CPV tells it: a proposal, always to confirm.

Words are those of ``catalogues/trade_words.yaml``. Several trades at once give no answer but their names: choosing is for a
person. A purchase of goods has no trade here: the labour is the manufacturer's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dentelle.rules.dated import Status
from dentelle.rules.parameter_files import read_packaged
from dentelle.rules.thresholds import ContractKind

_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class TradeOfWords:
    """``trade`` is None when nothing or several are found; ``candidates`` are those found; ``is_supply``: goods alone.

    ``kind`` is what a purchase of this trade usually is. ``status`` is that of the whole catalogue.
    """

    trade: str | None
    candidates: tuple[str, ...]
    kind: ContractKind | None
    is_supply: bool
    status: Status


@dataclass(frozen=True, slots=True)
class _Entry:
    trade: str
    rank: int
    kind: ContractKind
    words: re.Pattern[str]


def trade_of_words(text: str) -> TradeOfWords:
    """Return the trade the words of an object point to.

    >>> trade_of_words("Entretien des espaces verts").trade
    'green_space_maintenance'
    """
    entries, supplies, installed, status = _catalogue()
    folded = f" {_folded(text)} "
    if supplies.match(folded) and not installed.search(folded):
        return TradeOfWords(None, (), ContractKind.SUPPLIES, is_supply=True, status=status)
    found = [entry for entry in entries if entry.words.search(folded)]
    best = min((entry.rank for entry in found), default=0)
    kept = [entry for entry in found if entry.rank == best]
    kinds = {entry.kind for entry in kept}
    return TradeOfWords(
        trade=kept[0].trade if len(kept) == 1 else None,
        candidates=tuple(sorted(entry.trade for entry in kept)),
        kind=kinds.pop() if len(kinds) == 1 else None,
        is_supply=False,
        status=status,
    )


@lru_cache(maxsize=1)
def _catalogue() -> tuple[tuple[_Entry, ...], re.Pattern[str], re.Pattern[str], Status]:
    raw = read_packaged("catalogues/trade_words.yaml")
    entries = tuple(
        _Entry(trade, row["rank"], ContractKind(row["kind"]), _pattern(row["words"]))
        for trade, row in raw["trades"].items()
    )
    return entries, _pattern(raw["supplies"]), _pattern(raw["installed"]), Status(raw["status"])


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f" {re.escape(word.rstrip('*'))}{'' if word.endswith('*') else ' '}" for word in words))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").casefold())
    return _LETTERS.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()
