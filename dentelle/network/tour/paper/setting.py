"""How the papers of the Tour are set: typst, the same bytes for the same words and the same moment."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from dentelle.rules.wording import shortened
from dentelle.web.formatting import number

HERE = Path(__file__).parent


def pdf_of(template: str, content: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return a paper as a tagged PDF conforming to PDF/UA-1."""
    document = typst.compile(
        HERE / template,
        root=HERE,
        format="pdf",
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst returned no document")
    return document


def pages_of(template: str, content: Mapping[str, Any]) -> int:
    """Return how many pages a paper takes. It ends with a metadata labelled ``pages``."""
    found = typst.query(
        HERE / template,
        "<pages>",
        root=HERE,
        field="value",
        one=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        ignore_system_fonts=True,
    )
    return int(json.loads(found))


def cut(text: str, most: int) -> str:
    """Return a text in one line, cut at a word before ``most`` characters."""
    return shortened(text, most)


def tile(count: int, one: str, many: str) -> dict[str, str]:
    """Return a figure of a paper: its number and what it counts, agreed with it."""
    return {"value": number(count), "label": one if count < 2 else many}
