import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("note.typ")


def note_pdf(content: dict[str, Any], *, at: datetime) -> bytes:
    """Return the note as a tagged PDF conforming to PDF/UA-1; ``at`` is its date, so that the same note gives the same bytes."""
    document = typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst returned no document")
    return document
