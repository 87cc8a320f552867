"""Acts on exports: ask for one, note that one was made."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.jobs.actions import start_job
from dentelle.foundations.jobs.models import UNFINISHED, Job
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.access import may_manage
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.foundations.takeout.writing import Taken, TakeoutRefused

JOB = "takeout.export"


@transaction.atomic
def ask_export(manager: Membership, *, at: datetime) -> Job:
    """Ask for all of the structure's data; one that is being made is returned as it is. Raises TakeoutRefused."""
    if not may_manage(manager):
        raise TakeoutRefused("Seule une personne responsable de la structure emporte ses données.")
    waiting = Job.objects.filter(structure=manager.structure_id, kind=JOB, state__in=UNFINISHED).first()
    return waiting or start_job(JOB, actor=manager.user, structure=manager.structure, at=at)


@transaction.atomic
def note_export(structure: Structure, taken: Taken, *, actor: User | None, at: datetime) -> None:
    """Write in the journal that all of a structure's data were taken away."""
    record(
        "structure.exported", structure, at=at, actor=actor, structure=structure, rows=taken.total, files=taken.files
    )
