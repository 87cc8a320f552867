"""How a long text becomes stems, the same whether it is indexed or typed: folded, without empty words, stemmed in French.

Written once in Python so that both databases find alike. An acronym of the trade and its words stand for each other
(``acronyms.yaml``): who types « QPV » finds « quartiers prioritaires ».
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import snowballstemmer
import yaml

from dentelle.opendata.text import fold

_ENDING = re.compile(r"(?<=[a-z]{3})(?:ite|ee)s?$")
MOST_STEMS = 24  # of what is typed
# furniture and property, which stemming takes for mobility
_APART = re.compile(r"(im)?mobiliere?s?")
_STEMMER = snowballstemmer.stemmer("french")
# words that tell nothing of a text, folded
# fmt: off
EMPTY_WORDS = frozenset((
    "a", "afin", "ai", "ainsi", "alors", "apres", "as", "au", "aucun", "aujourd", "aussi", "autre", "autres", "aux",
    "avec", "avoir", "avons", "c", "ca", "ce", "cela", "celle", "celles", "celui", "ces", "cet", "cette", "ceux",
    "chaque", "chez", "comme", "comment", "d", "dans", "de", "depuis", "des", "dont", "du", "durant", "elle",
    "elles", "en", "encore", "entre", "es", "est", "et", "etaient", "etait", "ete", "etre", "eu", "fait", "faire",
    "font", "grace", "hui", "il", "ils", "j", "je", "jusqu", "l", "la", "le", "les", "leur", "leurs", "lors",
    "lorsque", "lui", "m", "ma", "mais", "me", "meme", "memes", "mes", "mon", "moins", "n", "ne", "ni", "non",
    "nos", "notre", "nous", "on", "ont", "ou", "par", "parce", "pas", "pendant", "peu", "peut", "plus", "pour",
    "pourquoi", "puis", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "s", "sa",
    "sans", "se", "sera", "ses", "si", "soit", "son", "sont", "sous", "sur", "t", "ta", "tes", "tous", "tout",
    "toute", "toutes", "tres", "tu", "un", "une", "vers", "via", "vos", "votre", "vous", "y",
))
# fmt: on


def stems(text: str) -> list[str]:
    """Return the stems of a text in their order, repetitions kept.

    >>> stems("Les formations à la mobilité"), stems("formation mobilités")
    (['format', 'mobil'], ['format', 'mobil'])
    """
    return [_stem(word) for word in fold(text).split() if word not in EMPTY_WORDS and len(word) < 40]


def indexed(text: str) -> str:
    """Return what the index keeps of a text: its stems, and those of the acronyms it writes or spells out."""
    found = stems(text)
    return " ".join([*found, *_other_forms(found)])


def asked(text: str) -> tuple[str, ...]:
    """Return the stems to look for, each once; when what is typed holds empty words only, these."""
    found = stems(text) or [_stem(word) for word in fold(text).split()]
    return tuple(dict.fromkeys(found))[:MOST_STEMS]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if apart := _APART.fullmatch(word):
        return f"{apart[1] or ''}mobilier"
    # folding took the accents the stemmer knows these endings by; the second time takes what the first uncovered
    # a plural in « us » or « is », which the stemmer leaves as it is, is one too
    singular = word[:-1] if len(word) > 4 and word.endswith(("us", "is", "os", "as")) else word
    accented = _ENDING.sub(lambda match: match[0].replace("ite", "ité").replace("ee", "ée"), singular)
    stem: str = _STEMMER.stemWord(fold(_STEMMER.stemWord(accented)))
    return stem


def _other_forms(found: Sequence[str]) -> Iterator[str]:
    present = set(found)
    text = f" {' '.join(found)} "
    for acronym, spellings in _acronyms():
        if acronym in present:
            yield from (word for word in spellings[0] if word not in present)
        elif any(f" {' '.join(words)} " in text for words in spellings):
            yield acronym


@cache
def _acronyms() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    written = yaml.safe_load((files(__package__) / "acronyms.yaml").read_text(encoding="utf-8"))
    return tuple(
        (_stem(fold(acronym)), tuple(tuple(stems(words)) for words in (said if isinstance(said, list) else [said])))
        for acronym, said in written.items()
    )
