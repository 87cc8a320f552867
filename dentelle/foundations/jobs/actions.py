"""Acts on jobs: ask, cancel, ask again, give up on the dead. Each writes one journal entry in its transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from dentelle.foundations.accounts.models import User
from dentelle.foundations.jobs import registry
from dentelle.foundations.jobs.models import UNFINISHED, Job, JobState
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Structure

DEAD_AFTER = timedelta(minutes=2)  # a living worker beats every ten seconds


class WorkerDied(Exception):
    """Recorded on the task of a job whose worker stopped without a word."""


@transaction.atomic
def start_job(kind: str, *, actor: User, structure: Structure, at: datetime, **arguments: Any) -> Job:
    """Ask for background work: ``arguments`` (JSON values) are given to the function declared under ``kind``.

    The task is put in the queue in the caller's transaction: no worker sees it before the commit, none is lost after.
    Raises KeyError for an unknown kind, TypeError for an argument JSON cannot hold.
    """
    from dentelle.foundations.jobs.runner import run_job

    registry.kind(kind)
    job = Job.objects.create(structure=structure, started_by=actor, kind=kind, arguments=arguments, created_at=at)
    job.task_id = run_job.enqueue(str(job.pk)).id
    job.save(update_fields=["task_id"])
    record("job.started", job, at=at, actor=actor, structure=structure, kind=kind)
    return job


@transaction.atomic
def cancel_job(job: Job, *, actor: User, at: datetime) -> bool:
    """Stop ``job``: at once when it waits, at its next sign of progress when it runs. False when already finished."""
    if Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, cancel_requested_at=at, finished_at=at
    ):
        record("job.cancelled", job, at=at, actor=actor, structure=job.structure, kind=job.kind)
        return True
    asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancel_requested_at=None)
    if asked.update(cancel_requested_at=at):
        record("job.cancel_requested", job, at=at, actor=actor, structure=job.structure, kind=job.kind)
        return True
    return Job.objects.filter(pk=job.pk, state__in=UNFINISHED).exists()


@transaction.atomic
def retry_job(job: Job, *, actor: User, at: datetime) -> Job:
    """Ask the same work again, as a new job. Raises ValueError when ``job`` neither failed nor was cancelled."""
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise ValueError(f"job {job.pk} is {job.state}: nothing to do again")
    return start_job(job.kind, actor=actor, structure=job.structure, at=at, **job.arguments)


def give_up_dead_jobs(at: datetime) -> int:
    """Mark failed every running job whose worker gave no sign of life for ``DEAD_AFTER``; return how many. Repeatable."""
    count = 0
    silent = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=at - DEAD_AFTER).select_related("structure")
    for job in silent.order_by("pk"):
        with transaction.atomic():
            kept = f" {job.safe_so_far}" if job.safe_so_far else ""
            error = (
                f"Le programme qui faisait ce travail s’est arrêté brusquement, {registry.moment_of(job.step)}."
                f"{kept} Vous pouvez relancer ce travail : il reprend sans rien compter deux fois."
            )
            state = JobState.CANCELLED if job.cancel_requested_at else JobState.FAILED
            still_silent = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, heartbeat_at=job.heartbeat_at)
            if not still_silent.update(state=state, error=error[:500], finished_at=at):
                continue
            task = DBTaskResult.objects.running().filter(pk=job.task_id).first() if job.task_id else None
            if task:
                task.set_failed(WorkerDied(f"no sign of life since {job.heartbeat_at}"))
            record("job.given_up", job, at=at, actor=None, structure=job.structure, kind=job.kind)
            count += 1
    return count
