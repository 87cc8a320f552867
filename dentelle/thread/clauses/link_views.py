"""Access given by name: the structure sends a calibration to one address; its reader opens it without account, and nothing else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import link_bearers, members
from dentelle.foundations.invitations.access import links_to
from dentelle.foundations.invitations.links import LinkRefused, revoke_link
from dentelle.foundations.invitations.views import site_of, unlisted
from dentelle.thread.clauses import access, actions
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.clauses.note.content import note_content
from dentelle.thread.clauses.note.pdf import note_pdf
from dentelle.thread.clauses.views import download, member

PURPOSE = "calibration"


@members("facilitator", "manager")
@require_POST
def link_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the calibration to an address."""
    asked = request.POST.get("days", "")
    try:
        link = actions.send_calibration(
            member(request),
            pk,
            email=request.POST.get("email", "")[:254],
            days=int(asked) if asked.isdecimal() and len(asked) < 5 else actions.SHARE_DAYS,
            site=site_of(request),
            at=timezone.now(),
        )
    except (actions.CalibrationRefused, LinkRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Envoyé à {link.email}.")
    return redirect("clauses:detail", pk=pk)


@members("facilitator", "manager")
@require_POST
def link_close(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Take the access back at once."""
    calibration = access.calibration_editable_by(member(request), pk)
    link = get_object_or_404(links_to(calibration, member(request)).select_related("structure"), pk=link_pk)
    if revoke_link(link, actor=member(request).user, at=timezone.now()):
        messages.success(request, f"Accès fermé pour {link.email}.")
    return redirect("clauses:detail", pk=pk)


@link_bearers(PURPOSE)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The calibration behind the link this browser opened, read-only."""
    calibration = _calibration(request)
    context = {"calibration": calibration, "sheet": calibration.result["sheet"], "link": request.link}  # type: ignore[attr-defined]
    return unlisted(render(request, "clauses/received.html", context))


@link_bearers(PURPOSE)
@require_safe
def received_note(request: HttpRequest) -> HttpResponse:
    """Its note, as PDF."""
    now, calibration = timezone.now(), _calibration(request)
    return unlisted(
        download(note_pdf(note_content(calibration, at=now), at=now), "application/pdf", calibration, "pdf")
    )


def _calibration(request: HttpRequest) -> Calibration:
    return access.calibration_behind(request.link)  # type: ignore[attr-defined]
