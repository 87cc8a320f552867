"""How texts become words, and what a person typed becomes a condition on them. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dentelle.opendata.text import fold

MOST_WORDS = 10
MOST_LETTERS = 60
# Words too common to narrow anything: left out of what is typed unless they are all there is, or still being typed.
EMPTY_WORDS = frozenset({"d", "de", "des", "du", "l", "la", "le", "les", "et", "en", "a", "au", "aux"})

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: a word that begins so, or all of the words of one of the alternatives."""

    alternatives: tuple[tuple[str, ...], ...]


def words_of(text: str, identifiers: Iterable[str] = ()) -> str:
    """Return the words to keep of a document; each identifier (SIRET, number) also as one word without separators."""
    found = fold(text).split()
    for identifier in identifiers:
        pieces = fold(identifier).split()
        found += [*pieces, "".join(pieces)]
    return " ".join(dict.fromkeys(found))


def terms_of(text: str) -> tuple[Term, ...]:
    """Return what to find for what was typed, empty when there is nothing to look for.

    Digits separated by spaces are looked for together and apart: « 000 100 005 » finds a SIRET, « 2024 12 » both words. A
    lone digit among them is a whole word.
    """
    words = fold(text[: MOST_LETTERS * MOST_WORDS]).split()[:MOST_WORDS]
    words = [word[:MOST_LETTERS] for word in words]
    kept = [word for rank, word in enumerate(words) if word not in EMPTY_WORDS or rank == len(words) - 1] or words
    return tuple(Term(alternatives) for alternatives in _grouped(kept))


def _grouped(words: Sequence[str]) -> Iterable[tuple[tuple[str, ...], ...]]:
    run: list[str] = []
    for word in [*words, ""]:
        if _DIGITS.fullmatch(word):
            run.append(word)
            continue
        if len(run) > 1:
            yield ("".join(run)[:MOST_LETTERS],), tuple(run)
        elif run:
            yield (tuple(run),)
        run = []
        if word:
            yield ((word,),)


def sqlite_match(terms: Sequence[Term], kind: str, scopes: Sequence[str]) -> str:
    """Return the FTS5 expression. Words hold letters and digits only: nothing in them can be read as syntax."""
    allowed = " OR ".join(f'"{scope}"' for scope in scopes)
    asked = " AND ".join(_either(term, '"{}"', " *", " AND ", " OR ") for term in terms)
    return f'{{scopes}} : ("k{kind}" AND ({allowed})) AND {{words}} : ({asked})'


def postgresql_match(terms: Sequence[Term], kind: str, scopes: Sequence[str]) -> str:
    """Return the text of the tsquery, with the same meaning as the FTS5 expression."""
    allowed = " | ".join(f"'={scope}'" for scope in scopes)
    asked = " & ".join(_either(term, "'{}'", ":*", " & ", " | ") for term in terms)
    return f"'=k{kind}' & ({allowed}) & {asked}"


def _either(term: Term, word: str, begun: str, both: str, either: str) -> str:
    ways = [
        "(" + both.join(word.format(piece) + begun * _is_begun(piece, pieces) for piece in pieces) + ")"
        for pieces in term.alternatives
    ]
    return "(" + either.join(ways) + ")"


def _is_begun(piece: str, pieces: Sequence[str]) -> bool:
    """Say whether a word is looked for by its beginning: not a digit among others, which begins a tenth of all numbers."""
    return len(piece) > 1 or len(pieces) == 1
