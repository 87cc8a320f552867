"""What to try when nothing answers: words spelt as the sheets spell them, the same words everywhere, themes that are told."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from dentelle.foundations.search.ranking import ranked
from dentelle.foundations.search.stems import EMPTY_WORDS
from dentelle.network.practices.access import Viewer, published_to
from dentelle.network.practices.queries import Counted, Filters, Found
from dentelle.network.practices.searched import KIND, long_text
from dentelle.opendata.text import fold

MOST_THEMES = 10
MOST_SHEETS = 1_000
MOST_RESPELT = 10  # words of one question: each is compared with all those of the sheets
SHORTEST = 4  # letters of a word that may be misspelt
NEAREST = 0.75  # as difflib measures it: one letter in four may differ
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Instead:
    """Other questions that have an answer. ``spelling``: the words respelt; ``widened``: the same words, nothing narrowed."""

    spelling: str
    widened: Filters | None
    themes: tuple[Counted, ...]


def instead_of(viewer: Viewer, filters: Filters, every: Found) -> Instead:
    """Return what to try instead of a question nothing answers. ``every``: what the whole room holds."""
    words = Filters(text=filters.text)
    known = bool(filters.text) and bool(ranked(KIND, filters.text, viewer, 1))
    spelling = "" if known or not filters.text else _respelt(viewer, filters.text)
    themes = next((values for facet, values in every.facets if facet.code == "themes"), ())
    told = sorted(themes, key=lambda each: (-each.count, each.label))[:MOST_THEMES]
    return Instead(
        spelling=spelling if spelling and ranked(KIND, spelling, viewer, 1) else "",
        widened=words if known and filters.narrows else None,
        themes=tuple(sorted(told, key=lambda each: fold(each.label))),
    )


def _respelt(viewer: Viewer, text: str) -> str:
    """The text with its words as sheets write them; empty when none is near one of theirs."""
    written = _written(viewer)
    words = text.split()
    respelt = [_nearest(word, written) for word in words[:MOST_RESPELT]] + words[MOST_RESPELT:]
    return " ".join(respelt) if respelt != words else ""


def _nearest(word: str, written: dict[str, str]) -> str:
    folded = fold(word)
    if len(folded) < SHORTEST or folded in EMPTY_WORDS or folded in written:
        return word
    near = get_close_matches(folded, written, n=1, cutoff=NEAREST)
    return written[near[0]] if near else word


def _written(viewer: Viewer) -> dict[str, str]:
    """The words the latest sheets are found by: folded, then as they are written."""
    latest = published_to(viewer).select_related("published").order_by("-pk")[:MOST_SHEETS]
    texts = [long_text(sheet) for sheet in latest]
    every = (text for part in ("title", "keys", "body") for text in (getattr(each, part) for each in texts))
    words = dict.fromkeys(_WORD.findall(" ".join(every).lower()))
    # of two ways of writing one word, that of the titles is proposed
    return {folded: word for word in reversed(words) if len(folded := fold(word)) >= SHORTEST}
