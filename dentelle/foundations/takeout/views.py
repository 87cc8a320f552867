from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dentelle.foundations.doors import members
from dentelle.foundations.organisations.access import MANAGERS
from dentelle.foundations.takeout import actions
from dentelle.foundations.takeout.tables import tables


@members(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Ask for all of the structure's data in open formats: a background job, whose page gives the archive."""
    if request.method != "POST":
        return render(request, "takeout/export.html", {"tables": tables()})
    job = actions.ask_export(request.membership, at=timezone.now())  # type: ignore[attr-defined]
    return redirect("jobs:detail", uuid=job.pk)
