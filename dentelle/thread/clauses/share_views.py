"""Read-only links for buyers: making and closing them (members), reading them (anyone who holds one)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members, public
from dentelle.foundations.sent_forms.actions import done_at
from dentelle.thread.clauses import access, actions
from dentelle.thread.clauses.note.content import note_content
from dentelle.thread.clauses.note.pdf import note_pdf
from dentelle.thread.clauses.views import download, member, thread_urls


@members(*access.WRITERS)
@require_POST
def share_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link and show it, this once."""
    asked = request.POST.get("days", "")
    try:
        share, token = actions.share_calibration(
            member(request),
            pk,
            days=int(asked) if asked.isdecimal() and len(asked) < 5 else actions.SHARE_DAYS,
            at=timezone.now(),
        )
    except actions.CalibrationRefused as refused:
        messages.error(request, str(refused))
        return redirect("clauses:detail", pk=pk)
    # the link is shown once: the same form sent again leads to the list of links, without making another
    done_at(request, reverse("clauses:detail", args=[pk]))
    response = render(
        request,
        "clauses/share_created.html",
        {
            "calibration": share.calibration,
            "share": share,
            "token": token,
            "thread_urls": thread_urls(share.calibration.contract_key),
        },
    )
    response["Cache-Control"] = "no-store"
    return response


@members(*access.WRITERS)
@require_POST
def share_revoke(request: HttpRequest, pk: int, share_pk: int) -> HttpResponse:
    """Close a link at once."""
    actions.revoke_share(member(request), pk, share_pk, at=timezone.now())
    messages.success(request, "Lien fermé\u00a0: il ne s’ouvre plus.")
    return redirect("clauses:detail", pk=pk)


@public("a buyer reads the calibration prepared for them without an account; the token is the key")
@require_safe
def shared_calibration(request: HttpRequest, token: str) -> HttpResponse:
    """The calibration behind a link, read-only."""
    share = access.share_opened_by(token, at=timezone.now())
    calibration = share.calibration
    context = {"calibration": calibration, "sheet": calibration.result["sheet"], "share": share, "token": token}
    return _unlisted(render(request, "clauses/shared.html", context))


@public("same key, same calibration, on paper")
@require_safe
def shared_note(request: HttpRequest, token: str) -> HttpResponse:
    """The note behind a link, as PDF."""
    now = timezone.now()
    calibration = access.share_opened_by(token, at=now).calibration
    return _unlisted(
        download(note_pdf(note_content(calibration, at=now), at=now), "application/pdf", calibration, "pdf")
    )


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    # the address is the key: it must not travel to other sites
    response["Referrer-Policy"] = "no-referrer"
    return response
