"""Contracts and templates for the tests of papers."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract
from dentelle.thread.papers.building import build, shipped_template
from dentelle.thread.papers.catalogue import BY_CODE
from dentelle.thread.papers.context import PaperContext
from dentelle.thread.papers.facts import paper_context
from dentelle.thread.papers.reading import text_of
from dentelle.thread.papers.rendering import MIME, render

ON = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NOTE = "Note de travail, à retirer avant diffusion"


def words(code: str, contract: Contract) -> str:
    """What a paper of a contract says, its working note included, spaces plain."""
    return written(shipped_template(code), paper_context(contract, on=ON), title=BY_CODE[code].label)


def body(code: str, contract: Contract) -> str:
    """What leaves the house: without the working note."""
    return words(code, contract).partition(NOTE)[0]


def written(template: bytes, context: PaperContext, *, title: str = "Essai") -> str:
    return plain(text_of(render(template, context, title=title, author="Essai", at=AT).content))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def template(*lines: str) -> bytes:
    """A Word template of these lines."""
    return build("\n".join(lines))


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    """The same document with one part more, or another body for a part it has."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each))
        target.writestr(name, body)
    return written.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as source:
        return source.read(name)


def replaced(content: bytes, name: str, before: bytes, after: bytes) -> bytes:
    """The same document with some bytes of a part changed; fails when they are not there."""
    found = part(content, name)
    assert before in found
    return with_part(content, name, found.replace(before, after, 1))


def upload(content: bytes, name: str = "modele.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=MIME)


def sent(actor: Membership, code: str = "notice", *lines: str, **known: Any) -> Any:
    """A version of the structure's own template, kept."""
    from dentelle.thread.papers.actions import send_template

    content = template(*(lines or ("Modèle témoin 6e1f pour {{ marche.intitule }}",)))
    return send_template(actor, BY_CODE[code], upload(content), at=AT, **known)
