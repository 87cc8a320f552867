"""Reads a paper back as plain paragraphs: for the page that shows it, and for whoever wants its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from dentelle.thread.papers.context import BLANK

_KINDS = {"Title": "title", "Heading 1": "heading", "Heading 2": "subheading", "List Bullet": "item"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they are a blank to fill in."""

    words: str
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (title, heading, subheading, item, text) or a table (``rows``, its head first)."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()

    @property
    def text(self) -> str:
        if self.kind == "table":
            return "\n".join(" | ".join("".join(p.words for p in cell) for cell in row) for row in self.rows)
        return "".join(piece.words for piece in self.pieces)


def blocks(content: bytes) -> tuple[Block, ...]:
    """Return what a paper says, in order."""
    return tuple(_blocks(Document(BytesIO(content))))


def text_of(content: bytes) -> str:
    """Return the words of a paper, one paragraph a line."""
    return "\n".join(block.text for block in blocks(content))


def _blocks(document: Any) -> Iterator[Block]:
    for inner in document.iter_inner_content():
        if isinstance(inner, Table):
            rows = tuple(tuple(_pieces(cell.text) for cell in row.cells) for row in inner.rows)
            yield Block("table", rows=rows)
        elif isinstance(inner, Paragraph) and inner.text.strip():
            style = inner.style.name if inner.style else ""
            yield Block(_KINDS.get(style or "", "text"), _pieces(inner.text))


def _pieces(text: str) -> tuple[Piece, ...]:
    found, end = [], 0
    for each in BLANK.finditer(text):
        found += [Piece(text[end : each.start()], False), Piece(each.group(), True)]
        end = each.end()
    found.append(Piece(text[end:], False))
    return tuple(piece for piece in found if piece.words)
