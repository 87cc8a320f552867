from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.jobs import actions, queries
from dentelle.foundations.jobs.access import jobs_retriable_by, jobs_stoppable_by, jobs_visible_to

# htmx's own signal to stop polling: https://htmx.org/docs/#polling
STOP_POLLING = 286


@members()
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """The background work of my structure."""
    context = {"jobs": queries.recent_jobs(request.membership), "duties": queries.told_duties()}  # type: ignore[attr-defined]
    return render(request, "jobs/list.html", context)


@members()
@require_safe
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One job: where it is, what is already safe, then its report."""
    return render(request, "jobs/detail.html", {"job": _page(request, uuid)})


@members()
@require_safe
def progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The moving part of the page, asked every two seconds until the job has ended."""
    page = _page(request, uuid)
    response = render(request, "jobs/_progress.html", {"job": page})
    if page.finished:
        response.status_code = STOP_POLLING
    return response


@members(harmless="background work they asked for themselves")
@require_POST
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop a job that has not ended."""
    job = get_object_or_404(jobs_stoppable_by(request.membership), pk=uuid)  # type: ignore[attr-defined]
    if not actions.cancel_job(job, actor=request.user, at=timezone.now()):  # type: ignore[arg-type]
        messages.info(request, "Ce travail était déjà terminé ; il n’y avait rien à arrêter.")
    return redirect("jobs:detail", uuid=uuid)


@members(harmless="background work they asked for themselves")
@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask a failed job again."""
    job = get_object_or_404(jobs_retriable_by(request.membership), pk=uuid)  # type: ignore[attr-defined]
    try:
        job = actions.retry_job(job, actor=request.user, at=timezone.now())  # type: ignore[arg-type]
    except ValueError:
        messages.info(request, "Ce travail n’a pas échoué ; il n’y a rien à relancer.")
    return redirect("jobs:detail", uuid=job.pk)


def _page(request: HttpRequest, uuid: UUID) -> queries.JobPage:
    membership = request.membership  # type: ignore[attr-defined]
    job = get_object_or_404(jobs_visible_to(membership).select_related("started_by"), pk=uuid)
    return queries.job_page(job, membership)
