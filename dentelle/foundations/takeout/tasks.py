"""The export asked from the page: the same folder as the command writes, in one archive."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.jobs.registry import JobRefused, job
from dentelle.foundations.organisations.access import MANAGERS, may_manage
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.takeout.actions import JOB, note_export
from dentelle.foundations.takeout.writing import export
from dentelle.rules.wording import number

TABLES, ARCHIVE = "Écriture des tables et des fichiers", "Mise en archive"


@job(JOB, label="Exporter les données de la structure", steps=(TABLES, ARCHIVE), asked_by=MANAGERS)
def run(context: JobContext) -> dict[str, Any]:
    """Write everything, put it in one archive only managers may read, note it in the journal."""
    membership = Membership.objects.filter(user=context.actor, structure=context.structure).first()
    if membership is None or not may_manage(membership):
        raise JobRefused("Vous n’êtes plus responsable de cette structure\u00a0: l’export n’a pas été fait.")
    home = Path(settings.DENTELLE_HOME) / "tmp"
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="takeout-", dir=home) as scratch:
        name = f"{context.structure.slug}-{timezone.localdate(context.now())}"
        folder = Path(scratch) / name
        taken = export(
            context.structure,
            folder,
            at=context.now(),
            told=lambda table, done, total: context.progress(step=TABLES, done=done, total=total),
        )
        archive = Path(scratch) / f"{name}.zip"
        _zip(folder, archive, context)
        context.attach(archive, archive.name, "application/zip", is_takeout=True)
        note_export(context.structure, taken, actor=context.actor, at=context.now())
    return {
        "message": "Toutes les données de la structure sont dans l’archive. Elle contient des données personnelles\u00a0: gardez-la en lieu sûr.",
        "figures": [
            {"label": "Tables", "value": number(len(taken.rows))},
            {"label": "Lignes", "value": number(taken.total)},
            {"label": "Fichiers", "value": number(taken.files)},
        ],
        "refused": [{"item": "Fichier", "reason": reason} for reason in taken.missing[:50]],
        "refused_total": len(taken.missing),
        "next_url": reverse("structures:structure"),
        "next_label": "Revenir à la structure",
    }


def _zip(folder: Path, archive: Path, context: JobContext) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as out:
        for done, path in enumerate(paths):
            context.progress(step=ARCHIVE, done=done, total=len(paths))
            out.write(path, path.relative_to(folder.parent).as_posix())
            path.unlink()  # the disk never holds everything twice
