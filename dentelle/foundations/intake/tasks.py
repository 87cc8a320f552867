"""Background work of drops: reading a long file, writing many lines; and the grids that go with their file."""

from datetime import datetime
from typing import Any

from django.db import transaction

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.intake import actions
from dentelle.foundations.intake.droppers import Dropper, where_of
from dentelle.foundations.intake.models import Drop, DropStatus
from dentelle.foundations.intake.reading import IntakeRefused
from dentelle.foundations.intake.targets import Target, WriteRefused, target_of
from dentelle.foundations.jobs.clock import every
from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.jobs.registry import JobRefused, job
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.wording import plural


@job("intake.read", label="Lire un tableur", steps=("Lecture",))
def read(context: JobContext, drop: int, seated: bool) -> dict[str, Any]:
    """Read a long file into its grid; a file already read is left as it is."""
    found, target, dropper = _asked(context, drop, seated)
    if found.status == DropStatus.RECEIVED:
        context.progress(step="Lecture")
        at = context.now()
        try:
            with transaction.atomic():
                actions.read_drop(found, target, where_of(found, dropper), at=at)
                record(
                    "drop.read", found, at=at, actor=context.actor, structure=found.structure, lines=found.line_count
                )
        except IntakeRefused as refused:
            with transaction.atomic():
                Drop.objects.filter(pk=found.pk).update(status=DropStatus.REFUSED, failure=str(refused)[:500])
                record("drop.failed", found, at=at, actor=context.actor, structure=found.structure, code=refused.code)
            raise JobRefused(str(refused)) from refused
    return {"message": f"{plural(found.line_count, 'ligne lue', 'lignes lues')}, à vérifier avant d’écrire."}


@job("intake.write", label="Écrire les lignes d’un tableur", steps=("Écriture",))
def write(context: JobContext, drop: int, seated: bool) -> dict[str, Any]:
    """Write what the dry run announced, all or nothing; a drop already written is left as it is."""
    found, target, dropper = _asked(context, drop, seated)
    if found.status == DropStatus.WRITING:
        context.progress(step="Écriture")
        try:
            actions.write(found, target, where_of(found, dropper), at=context.now())
        except BaseException as stopped:
            # whatever stopped it wrote nothing: the grid can be worked on again
            Drop.objects.filter(pk=found.pk, status=DropStatus.WRITING).update(status=DropStatus.READY)
            if isinstance(stopped, WriteRefused):
                raise JobRefused(str(stopped)) from stopped
            raise
    return {
        "message": "Le tableur est écrit.",
        "next_url": target.follow(found.leads_to, seated=False),
        "next_label": "Voir ce qui a été écrit",
    }


@every("daily 04:10")
def forget_old_grids(at: datetime) -> str:
    return f"{actions.forget_old(at)} lignes de tableurs anciens effacées"


def _asked(context: JobContext, pk: int, seated: bool) -> tuple[Drop, Target, Dropper]:
    found = Drop.objects.select_related("file", "structure", "organisation").get(pk=pk)
    target = target_of(found.purpose)
    if target is None:
        raise JobRefused("Cette version du programme ne connaît plus cette destination.")
    if seated:
        seat = Seat.objects.open().filter(user=context.actor, organisation=found.organisation).first()
        dropper = Dropper(context.actor, seat=seat)
    else:
        member = Membership.objects.filter(user=context.actor, structure=context.structure).first()
        dropper = Dropper(context.actor, membership=member)
    if not dropper.may_drop(target):
        raise JobRefused("La personne qui a demandé ce travail n’en a plus le droit : rien n’a été écrit.")
    return found, target, dropper
