"""The one django-tasks task: takes a job from the queue, runs its function, writes how it ended."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from dentelle.foundations.jobs import registry
from dentelle.foundations.jobs.context import Heartbeat, JobCancelled, JobContext
from dentelle.foundations.jobs.models import Job, JobState
from dentelle.foundations.journal.actions import record

logger = logging.getLogger("dentelle.jobs")


@task()
def run_job(job_id: str) -> None:
    """Run one queued job to its end. A job already taken, cancelled or finished is left as it is."""
    at = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED)
    if not taken.update(state=JobState.RUNNING, started_at=at, heartbeat_at=at):
        return
    job = Job.objects.select_related("structure", "started_by").get(pk=job_id)
    context = JobContext(job, now=timezone.now)
    try:
        with Heartbeat(job, now=timezone.now):
            report = registry.kind(job.kind).run(context, **job.arguments)
            context.flush()
    except JobCancelled:
        _finish(job, JobState.CANCELLED, at=timezone.now())
    except registry.JobRefused as refusal:
        context.flush()
        _finish(job, JobState.FAILED, at=timezone.now(), error=str(refusal))
    except BaseException as failure:
        _finish(job, JobState.FAILED, at=timezone.now(), error=_sentence(job, failure))
        # the traceback stays with the task and in the server's log, for whoever runs the server
        logger.error("job %s (%s) failed", job.pk, job.kind, exc_info=failure)
        raise
    else:
        _finish(job, JobState.DONE, at=timezone.now(), report=report or {})


@transaction.atomic
def _finish(
    job: Job, state: JobState, *, at: datetime, error: str = "", report: Mapping[str, Any] | None = None
) -> None:
    ended = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        state=state, finished_at=at, error=error[:500], report=dict(report or {})
    )
    if ended:
        act = {JobState.DONE: "job.done", JobState.CANCELLED: "job.cancelled"}.get(state, "job.failed")
        record(act, job, at=at, actor=None, structure=job.structure, kind=job.kind)


def _sentence(job: Job, failure: BaseException) -> str:
    step = Job.objects.filter(pk=job.pk).values_list("step", flat=True).first() or ""
    where = registry.moment_of(step)
    if isinstance(failure, SystemExit | KeyboardInterrupt):
        return f"Le programme a été arrêté pendant ce travail, {where}. Vous pouvez le relancer."
    return (
        f"Un incident imprévu a arrêté ce travail {where}. Relancez-le ; si l’incident revient, donnez à la "
        f"personne qui administre Dentelle la référence {job.pk}."
    )
