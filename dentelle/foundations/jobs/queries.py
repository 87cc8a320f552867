"""What the pages of background work show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dentelle.foundations.documents.access import files_visible_to
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.jobs import clock, registry
from dentelle.foundations.jobs.access import jobs_retriable_by, jobs_stoppable_by, jobs_visible_to
from dentelle.foundations.jobs.models import UNFINISHED, DutyRun, Job, JobState
from dentelle.foundations.organisations.models import Membership

PAGE = 50


@dataclass(frozen=True, slots=True)
class JobLine:
    """One row of the list."""

    uuid: UUID
    label: str
    state: str
    state_label: str
    started_by: str
    created_at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """What the clock does for everybody, unasked; ``at`` is None as long as it never did."""

    label: str
    when: str
    at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """``status``: done, current or next."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class ResultFile:
    uuid: UUID
    name: str
    size: int
    scan_label: str
    available: bool
    purge_after: datetime | None


@dataclass(frozen=True, slots=True)
class JobPage:
    """One job, as its page shows it. ``percent`` is None while the total is unknown."""

    uuid: UUID
    label: str
    state: str
    state_label: str
    finished: bool
    stopping: bool
    started_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    steps: tuple[StepLine, ...]
    step: str
    done: int
    total: int | None
    percent: int | None
    safe_so_far: str
    error: str
    report: dict[str, Any]
    refused_more: int
    files: tuple[ResultFile, ...]
    may_cancel: bool
    may_retry: bool


def recent_jobs(membership: Membership) -> list[JobLine]:
    """The last fifty jobs of the structure, the newest first."""
    jobs = jobs_visible_to(membership).select_related("started_by")[:PAGE]
    return [
        JobLine(
            uuid=job.uuid,
            label=registry.label_of(job.kind),
            state=job.state,
            state_label=job.get_state_display(),
            started_by=job.started_by.full_name,
            created_at=job.created_at,
            step=job.step,
        )
        for job in jobs
    ]


def told_duties() -> list[DutyLine]:
    """The duties of the clock that concern everybody, with what the last one did."""
    told = {name: duty for name, duty in clock.DUTIES.items() if duty.label}
    runs = DutyRun.objects.in_bulk(list(told), field_name="name")
    return [
        DutyLine(
            duty.label,
            duty.when,
            run.started_at if (run := runs.get(name)) else None,
            (run.outcome if run.finished_at and run.started_at and run.finished_at >= run.started_at else "en cours")
            if run
            else "",
        )
        for name, duty in told.items()
    ]


def job_page(job: Job, membership: Membership) -> JobPage:
    finished = job.state not in UNFINISHED
    may_act = jobs_stoppable_by(membership).filter(pk=job.pk).exists()
    percent = min(100, job.done * 100 // job.total) if job.total else None
    refused = job.report.get("refused", [])
    return JobPage(
        uuid=job.uuid,
        label=registry.label_of(job.kind),
        state=job.state,
        state_label=job.get_state_display(),
        finished=finished,
        stopping=not finished and job.cancel_requested_at is not None,
        started_by=job.started_by.full_name,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        steps=_steps(job),
        step=job.step,
        done=job.done,
        total=job.total,
        percent=percent,
        safe_so_far=job.safe_so_far,
        error=job.error,
        report=job.report,
        refused_more=max(0, int(job.report.get("refused_total", len(refused))) - len(refused)),
        files=tuple(_file(stored) for stored in _files(job, membership)),
        may_cancel=may_act and not finished and job.cancel_requested_at is None,
        may_retry=job.state in {JobState.FAILED, JobState.CANCELLED}
        and jobs_retriable_by(membership).filter(pk=job.pk).exists(),
    )


def _steps(job: Job) -> tuple[StepLine, ...]:
    names = registry.steps_of(job.kind)
    if job.step and job.step not in names:
        names = (*names, job.step)
    reached = names.index(job.step) if job.step else -1
    if job.state == JobState.DONE:
        return tuple(StepLine(name, "done") for name in names)
    statuses = ("done" if place < reached else "current" if place == reached else "next" for place in range(len(names)))
    return tuple(StepLine(name, status) for name, status in zip(names, statuses, strict=True))


def _files(job: Job, membership: Membership) -> QuerySet[StoredFile]:
    """What the job left that this person may see."""
    return job.files.filter(pk__in=files_visible_to(membership).values("pk")).order_by("created_at", "pk")


def _file(stored: StoredFile) -> ResultFile:
    return ResultFile(
        uuid=stored.uuid,
        name=stored.name,
        size=stored.size,
        scan_label=stored.get_scan_display(),
        available=stored.state == FileState.AVAILABLE,
        purge_after=stored.purge_after,
    )
