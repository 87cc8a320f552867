"""Acts of this room: send a template, put one in force, come back to the shipped one. Each writes one journal entry."""

import json
import subprocess
import sys
import tempfile
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404

from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.documents.models import FileState
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.papers import access
from dentelle.thread.papers.catalogue import PaperKind
from dentelle.thread.papers.models import PaperTemplate, TemplateInForce

MAX_BYTES = 5 * 1024 * 1024
SECONDS = 30


class TemplateNotReady(Exception):
    """The template cannot be put in force; the message says why, in French."""


def look_at(content: bytes) -> list[list[str]]:
    """Return [name, place] of each unknown variable of a template. Raises UploadRefused for what may not come in.

    Done in a process of its own, with a bounded time and memory: nothing of a stranger's document is read in this one.
    """
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(content)
        file.flush()
        try:
            done = subprocess.run(  # noqa: S603 (our own module, a path we made)
                [sys.executable, "-m", "dentelle.thread.papers.trying", file.name],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        except (subprocess.TimeoutExpired, json.JSONDecodeError):
            found = {}
    if "unknown" in found:
        return list(found["unknown"])
    raise UploadRefused(
        "template",
        found.get("refused", "Ce document demande trop de temps ou de mémoire pour un modèle\u00a0: simplifiez-le."),
    )


def send_template(
    membership: Membership, kind: PaperKind, upload: UploadedFile[bytes], *, at: datetime
) -> PaperTemplate:
    """Keep the next version of the structure's own template, not in force yet. Raises UploadRefused."""
    if not access.may_write(membership):
        raise Http404
    if (upload.size or 0) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise UploadRefused("too_large", f"Ce fichier dépasse {limit}\u00a0Mo, la taille acceptée pour un modèle.")
    unknown = look_at(upload.read())
    upload.seek(0)
    with transaction.atomic():
        stored = receive_upload(
            upload,
            accept=(sniff.DOCX,),
            max_bytes=MAX_BYTES,
            structure=membership.structure,
            actor=membership.user,
            at=at,
        )
        # the row of the structure's template in force is the lock of its versions
        TemplateInForce.objects.select_for_update().filter(structure=membership.structure, paper=kind.code).first()
        latest = access.templates_visible_to(membership).filter(paper=kind.code).order_by("-version").first()
        template = PaperTemplate.objects.create(
            structure=membership.structure,
            paper=kind.code,
            version=latest.version + 1 if latest else 1,
            file=stored,
            unknown=unknown,
            author=membership.user,
            created_at=at,
        )
        record(
            "paper_template.sent",
            template,
            at=at,
            actor=membership.user,
            structure=membership.structure,
            paper=kind.code,
            version=template.version,
            unknown=len(unknown),
        )
    return template


@transaction.atomic
def put_in_force(membership: Membership, kind: PaperKind, pk: int, *, at: datetime) -> PaperTemplate:
    """Use a version for the papers to come. Raises TemplateNotReady while it names unknown variables or waits for the antivirus."""
    if not access.may_write(membership):
        raise Http404
    template = access.template_visible_to(membership, kind.code, pk)
    if template.unknown:
        raise TemplateNotReady(
            "Ce modèle nomme des variables inconnues\u00a0: corrigez-les dans Word, puis envoyez-le de nouveau."
        )
    if template.file.state != FileState.AVAILABLE:
        raise TemplateNotReady("Ce modèle attend encore l’antivirus\u00a0: réessayez dans quelques minutes.")
    _choose(membership, kind, template, at=at)
    record(
        "paper_template.put_in_force",
        template,
        at=at,
        actor=membership.user,
        structure=membership.structure,
        paper=kind.code,
        version=template.version,
    )
    return template


@transaction.atomic
def come_back(membership: Membership, kind: PaperKind, *, at: datetime) -> None:
    """Use the template shipped with Dentelle again; the structure's versions stay."""
    if not access.may_write(membership):
        raise Http404
    row = _choose(membership, kind, None, at=at)
    record(
        "paper_template.given_up",
        row,
        at=at,
        actor=membership.user,
        structure=membership.structure,
        paper=kind.code,
    )


def _choose(
    membership: Membership, kind: PaperKind, template: PaperTemplate | None, *, at: datetime
) -> TemplateInForce:
    row, _ = TemplateInForce.objects.update_or_create(
        structure=membership.structure, paper=kind.code, defaults={"template": template, "since": at}
    )
    return row
