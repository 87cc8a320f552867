"""One spelling for names of places, so that accents, case, hyphens and « St » never hide one."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


class _WithoutMarks(dict[int, int | None]):
    """Drops accents from decomposed letters; each letter is looked at once per process."""

    def __missing__(self, code: int) -> int | None:
        kept = self[code] = None if unicodedata.combining(chr(code)) else code
        return kept


_without_marks = _WithoutMarks()
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ON = re.compile(r"\bs/")
_WORD = re.compile(r"[a-z0-9]+")
_LONG_TYPES = (
    ("communaute de communes", "cc"),
    ("communaute d agglomeration", "ca"),
    ("communaute urbaine", "cu"),
)


def fold(text: str) -> str:
    """Return the words of ``text`` in lower case ASCII, separated by one space.

    >>> fold("St-Étienne-du-Rouvray"), fold("Châlons s/ Marne"), fold("L’Haÿ-les-Roses")
    ('saint etienne du rouvray', 'chalons sur marne', 'l hay les roses')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).translate(_without_marks)
    words = _WORD.findall(_ON.sub("sur ", text.lower()))
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def fold_query(text: str) -> str:
    """Fold what a person typed; kinds of EPCI written in full become the short form official names use."""
    folded = fold(text)
    for long_form, short_form in _LONG_TYPES:
        folded = folded.replace(long_form, short_form)
    return folded
