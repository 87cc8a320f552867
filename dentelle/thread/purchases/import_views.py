import csv
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.jobs.access import jobs_visible_to
from dentelle.foundations.jobs.models import UNFINISHED
from dentelle.foundations.sheets import neutral
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.purchases import actions, forms, queries
from dentelle.thread.purchases.access import DATA_READERS, IMPORTERS, may_import


@members(*DATA_READERS, acts=IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """What data set is loaded, what it lacks; whoever may change it drops files here."""
    membership = request.membership  # type: ignore[attr-defined]
    form = forms.ImportForm()
    if request.method == "POST":
        form = forms.ImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                job = actions.send_files(membership, form.cleaned_data["fichiers"], at=timezone.now())
                return redirect("jobs:detail", uuid=job.uuid)
            except actions.UploadRefused as refusal:
                form.add_error("fichiers", str(refusal))
    kinds = ("purchases.import", "purchases.publish", "purchases.undo")
    running = jobs_visible_to(membership).filter(kind__in=kinds, state__in=UNFINISHED).first()
    loaded = queries.data_set()
    context = {
        "form": form,
        "data": loaded,
        "unpublished": queries.unpublished(),
        "coverage": queries.coverage_lines(loaded.coverage) if loaded else (),
        "may_import": may_import(membership),
        "max_mb": settings.DENTELLE_IMPORT_MAX_MB,
        "running": running,
    }
    return render(request, "purchases/data.html", context, status=422 if form.errors else 200)


@members(*IMPORTERS)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Have the pages show what was imported: a background job."""
    job = actions.ask_publication(request.membership, at=timezone.now())  # type: ignore[attr-defined]
    return redirect("jobs:detail", uuid=job.uuid)


@members(*IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, sha256: str) -> HttpResponse:
    """Say what would leave with a file, then take it out once confirmed."""
    source = queries.source_file(sha256)
    if source is None:
        raise Http404
    if request.method == "POST":
        membership = request.membership  # type: ignore[attr-defined]
        job = actions.ask_removal(membership, sha256, at=timezone.now())
        return redirect("jobs:detail", uuid=job.uuid)
    return render(request, "purchases/remove.html", {"source": source})


class _Echo:
    """A file that gives back what is written to it, so that csv can feed a response."""

    def write(self, text: str) -> str:
        return text


@members(*DATA_READERS)
@require_safe
def rejects(request: HttpRequest) -> HttpResponseBase:
    """Every record that was refused, with its file, its place and the reason, as CSV."""
    if queries.data_set() is None:
        raise Http404
    response = StreamingHttpResponse(_reject_rows(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejets-decp.csv"'
    return response


def _reject_rows() -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    header = ("Fichier", "Rang", "Octet", "Ligne", "Défaut", "Motif", "Extrait")
    yield "\ufeff" + writer.writerow(header)
    try:
        for batch in queries.reject_lines():
            for row in batch:
                yield writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    except StoreMissing:
        return
