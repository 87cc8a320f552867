"""``dentelle structure export``: all of a structure's data in open formats, in a folder."""

import argparse
from pathlib import Path

from dentelle.cli.answering import write
from dentelle.cli.disk import disk_said
from dentelle.cli.installation import open_installation
from dentelle.cli.main import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whose data and where to."""
    parser.add_argument("--structure", required=True, metavar="IDENTIFIANT", help="identifiant court de la structure")
    parser.add_argument("--into", required=True, metavar="DOSSIER", help="dossier à créer, ou vide")


def run(arguments: argparse.Namespace) -> int:
    """Write the export and say what it holds; 1 when a file could not be copied, 2 when it is refused."""
    open_installation()
    from django.utils import timezone

    from dentelle.foundations.organisations.models import Structure
    from dentelle.foundations.takeout.actions import note_export
    from dentelle.foundations.takeout.writing import TakeoutRefused, export
    from dentelle.rules.wording import plural

    structure = Structure.objects.filter(slug=arguments.structure).first()
    if structure is None:
        known = ", ".join(Structure.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "aucune"
        raise UsageError(f"aucune structure ne s’appelle « {arguments.structure} » ; connues : {known}.")
    into = Path(arguments.into)
    try:
        taken = export(structure, into, at=timezone.now())
    except TakeoutRefused as refusal:
        raise UsageError(str(refusal)) from refusal
    except OSError as failure:
        raise UsageError(disk_said(failure, "dossier")) from failure
    note_export(structure, taken, actor=None, at=timezone.now())
    write(
        f"{structure} : {plural(len(taken.rows), 'table', 'tables')}, {plural(taken.total, 'ligne', 'lignes')}, "
        f"{plural(taken.files, 'fichier', 'fichiers')} dans {into}."
    )
    for reason in taken.missing:
        write(f"  à signaler : {reason}")
    return 1 if taken.missing else 0
