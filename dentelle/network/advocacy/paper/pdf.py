import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typst

from dentelle.network.advocacy.printed import FACTS, address_of, facts_of, source_of, unsourced_of
from dentelle.rules.wording import day

TEMPLATE = Path(__file__).with_name("paper.typ")
MIME = "application/pdf"


def paper_pdf(
    paper_pk: int, content: dict[str, Any], *, evidence: list[dict[str, Any]], sha256: str, at: datetime
) -> bytes:
    """Return an edition, its annex of ``evidence`` last, as a tagged PDF conforming to PDF/UA-1; each proposal leads back to its origin on the web page."""
    data = {
        **content,
        "chapters": [
            {**chapter, "proposals": [_proposal(each) for each in chapter["proposals"]]}
            for chapter in content["chapters"]
        ],
        "facts": FACTS,
        "date": day(date.fromisoformat(content["made_on"])),
        "address": address_of(paper_pk, content),
        "sha256": sha256,
        "evidence": evidence,
    }
    document = typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst returned no document")
    return document


def _proposal(proposal: dict[str, Any]) -> dict[str, Any]:
    return {
        **proposal,
        "citations": [{"number": each["number"], "line": source_of(each)} for each in proposal["citations"]],
        "facts": facts_of(proposal),
        "unsourced": unsourced_of(proposal),
    }
