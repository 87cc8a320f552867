"""Cut XML into records by their tags, and read each one alone: an accident in one record cannot touch the next.

No entity is expanded, no DTD is read, nothing is fetched: a document that declares a DTD or an entity is refused before any of it is parsed.
"""

import re
from typing import Any, Final

import msgspec
import orjson
from lxml import etree

from dentelle.opendata.decp.pieces import BLOCK_BYTES, Bytes, Container, Reading
from dentelle.opendata.decp.record import (
    MAX_RECORD_BYTES,
    Record,
    RecordRefused,
    decode,
    from_object,
    in_utf8,
    known,
    repaired,
)
from dentelle.opendata.decp.shape import DEEDS, HOLDERS, PARTIES, WRAPPERS

HEAD_BYTES: Final = 256 * 1024
_OPENING: Final = re.compile(rb"<(?:[\w.-]+:)?(marche|contrat-concession)(?=[\s>/])")
_CLOSING: Final = re.compile(rb"</(?:[\w.-]+:)?(?:marche|contrat-concession)\s*>")
_END: Final = re.compile(rb"</(?:[\w.-]+:)?(?:marches|[\w.-]+)\s*>\s*\Z")
_DECLARED: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HIDDEN: Final = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_REFERENCE: Final = re.compile(
    rb"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[1245-9]|2\d|3[01]));", re.IGNORECASE
)
_BARE_AMPERSAND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")


def declares_entities(head: bytes) -> bool:
    """Whether the document declares a DTD or an entity before its first record."""
    head = _without_hidden(head)
    first = _OPENING.search(head)
    return _DECLARED.search(head, 0, first.start() if first else len(head)) is not None


def start_of_records(buffer: Bytes, start: int) -> int | None:
    """Where the first record opens, None when none does near the head of the document."""
    found = _OPENING.search(_without_hidden(buffer[start : start + HEAD_BYTES]))
    return start + found.start() if found else None


def read_xml(buffer: Bytes, start: int, end: int) -> Reading:
    """The records between two cuts; positions are line feeds met since ``start``."""
    reading = Reading(stop=end)
    window = _without_hidden(buffer[start:end])
    openings = [match.start() for match in _OPENING.finditer(window)]
    lines, counted = 0, 0
    for at, begun in enumerate(openings):
        finish = openings[at + 1] if at + 1 < len(openings) else len(window)
        lines += window.count(b"\n", counted, begun)
        counted = begun
        closing = _CLOSING.search(window, begun, finish)
        if closing is None:
            at_end = at + 1 == len(openings) and end >= len(buffer)
            bad = window[begun:finish]
            too_large = len(bad) > MAX_RECORD_BYTES
            reading.reject(
                bad,
                start + begun,
                "record_too_large" if too_large else "truncated" if at_end else "broken_record",
                lines,
            )
            continue
        reading.keep(window[begun : closing.end()], lines)
        rest = window[closing.end() : finish]
        if at + 1 < len(openings) and rest.strip() and not _between_records(rest):
            reading.reject(
                rest.lstrip(), start + closing.end(), "broken_record", lines + window.count(b"\n", begun, closing.end())
            )
    reading.lines = window.count(b"\n")
    reading.closed = (
        end >= len(buffer)
        and _END.search(window[-4096:]) is not None
        and (not openings or not window.rstrip().endswith(_LAST_TAGS))
    )
    return reading


_LAST_TAGS: Final = (b"</marche>", b"</contrat-concession>")
_TAGS_ONLY: Final = re.compile(rb"\s*(?:</?[\w:.-]+[^<>]*>\s*)*\Z")


def _between_records(rest: bytes) -> bool:
    """Whether what follows a record is only the tags of containers."""
    return _TAGS_ONLY.match(rest) is not None and b"<objet" not in rest


def _without_hidden(window: bytes) -> bytes:
    """Blank comments and quote CDATA sections, length and lines kept, so that tags inside them are not taken for records."""
    if b"<!--" not in window and b"<![CDATA[" not in window:
        return window
    return _HIDDEN.sub(_blank, window)


def _blank(match: re.Match[bytes]) -> bytes:
    hidden = match.group()
    if hidden.startswith(b"<!--"):
        return re.sub(rb"[^\n]", b" ", hidden)
    inner = hidden[9:-3]
    if b"<" not in inner and b"&" not in inner:
        return b" " * 9 + inner + b" " * 3
    return b" " * 9 + inner.replace(b"<", b" ").replace(b"&", b" ") + b" " * 3


def next_cut(buffer: Bytes, container: Container, start: int) -> int:
    """The end of the last record of the block that starts at ``start``."""
    target = start + BLOCK_BYTES
    if target >= len(buffer):
        return len(buffer)
    cut = max(buffer.rfind(tag, start, target) + len(tag) for tag in _LAST_TAGS)
    if cut > start + len(_LAST_TAGS[1]):
        return cut
    following = [found + len(tag) for tag in _LAST_TAGS if (found := buffer.find(tag, target)) >= 0]
    return min(following, default=len(buffer))


def parser() -> etree.XMLParser:
    """A parser that expands nothing and fetches nothing; one is used by each worker."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def read_record(raw: bytes, using: etree.XMLParser) -> tuple[Record, str]:
    """The record of one element and its tag; raise RecordRefused when nothing can be made of it."""
    if len(raw) > MAX_RECORD_BYTES:
        raise RecordRefused("record_too_large")
    defects: set[str] = set()
    element = _parsed(raw, using, defects)
    shaped = _object(element)
    if not defects:
        try:
            record = decode(orjson.dumps(shaped))
        except msgspec.MsgspecError:
            record = from_object(shaped, defects)
        if record.objet is None and not known(record):
            raise RecordRefused("empty_record")
        return record, _name(element)
    return from_object(shaped, defects), _name(element)


def _parsed(raw: bytes, using: etree.XMLParser, defects: set[str]) -> Any:
    try:
        return etree.fromstring(raw, using)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "depth" in str(error).lower():
            raise RecordRefused("record_too_deep") from error
    if _DECLARED.search(raw):
        raise RecordRefused("xml_dtd")
    return repaired(
        raw, _REPAIRS, lambda mended: etree.fromstring(mended, using), (etree.XMLSyntaxError, ValueError), defects
    )


_REPAIRS: Final = (
    ("invalid_utf8", in_utf8),
    ("control_characters", lambda raw: _CONTROL_REFERENCE.sub(b" ", _CONTROLS.sub(b" ", raw))),
    ("bad_escape", lambda raw: _BARE_AMPERSAND.sub(b"&amp;", raw)),
)


def _name(element: Any) -> str:
    tag: str = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if "}" in tag or ":" in tag else tag


def _fields(element: Any) -> dict[str, Any]:
    return {_name(child): child.text for child in element}


def _object(element: Any) -> dict[str, Any]:
    """The record as its JSON twin: lists are known by the tags of their items, never by their number."""
    record: dict[str, Any] = {}
    for child in element:
        name = _name(child)
        if not len(child):
            record[name] = child.text
        elif name in PARTIES:
            record[name] = _fields(child)
        elif name in WRAPPERS:
            record[name] = {WRAPPERS[name]: [item.text for item in child if item.text]}
        elif name in HOLDERS:
            record.setdefault(name, []).extend(_holders(child, HOLDERS[name]))
        elif name == "modifications":
            record.setdefault(name, []).extend(_modification(item) for item in child)
        elif name in DEEDS:
            record.setdefault(name, []).extend(_deed(item) for item in child)
    return record


def _holders(element: Any, inner: str) -> list[dict[str, Any]]:
    items = [child for child in element if _name(child) == inner]
    return [_fields(item) for item in items] if items else [_fields(element)]


def _modification(element: Any) -> dict[str, Any]:
    change = _fields(element)
    for child in element:
        name = _name(child)
        if name in HOLDERS:
            change[name] = _holders(child, HOLDERS[name]) if len(child) else None
    return change


def _deed(element: Any) -> dict[str, Any]:
    deed = _fields(element)
    for child in element:
        if _name(child) == "sousTraitant":
            deed["sousTraitant"] = _fields(child)
    return deed
