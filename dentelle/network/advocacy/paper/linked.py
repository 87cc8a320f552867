"""Runs, links and places of a Word paragraph, as markup that ``{{r … }}`` puts where it stands in a template."""

from collections.abc import Iterable
from itertools import count

from markupsafe import Markup, escape

_LOOKS = Markup('<w:rPr><w:color w:val="7A2E4D"/><w:u w:val="single"/></w:rPr>')
_FIELD = Markup('<w:r><w:fldChar w:fldCharType="{}"/></w:r>')
_CONTENTS = Markup('<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>')


def run(text: str) -> Markup:
    """Return words as they are, escaped."""
    return Markup('<w:r><w:t xml:space="preserve">{}</w:t></w:r>').format(text)


def to_place(name: str, text: str) -> Markup:
    """Return words that lead to a place of the document."""
    link = Markup('<w:hyperlink w:anchor="{}" w:history="1">{}</w:hyperlink>')
    return link.format(name, _linked(text))


def to_page(relation: str, text: str) -> Markup:
    """Return words that lead to a page online, known to the document under a relation."""
    return Markup('<w:hyperlink r:id="{}" w:history="1">{}</w:hyperlink>').format(relation, _linked(text))


def contents(entries: Iterable[Markup]) -> list[Markup]:
    """Return the lines of a table of contents, made one field that Word brings up to date with its page numbers."""
    lines = list(entries)
    lines[0] = _FIELD.format("begin") + _CONTENTS + _FIELD.format("separate") + lines[0]
    lines[-1] += _FIELD.format("end")
    return lines


class Places:
    """The places of one document: each has a name and, as Word asks, a number of its own."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def mark(self, name: str, text: str) -> Markup:
        """Return words that are a place of the document."""
        mark = Markup('<w:bookmarkStart w:id="{0}" w:name="{1}"/>{2}<w:bookmarkEnd w:id="{0}"/>')
        return mark.format(next(self._numbers), name, run(text))


def _linked(text: str) -> Markup:
    return Markup('<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>').format(_LOOKS, escape(text))
