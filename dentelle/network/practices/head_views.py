"""Sheets for the head of the network, which alone publishes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads
from dentelle.network.practices import pages
from dentelle.network.practices.dropping import batches, drop_taken
from dentelle.network.practices.forms import SheetsFileForm
from dentelle.network.practices.from_answers import begin_from_answer
from dentelle.network.practices.head_import import take_sheets
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.rules.wording import plural


@network_heads()
@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    """The practices of the network, and what awaits review or publication."""
    return pages.practice_list(request, request.network_seat)  # type: ignore[attr-defined]


@network_heads()
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One practice sheet, with its publication."""
    return pages.sheet_page(request, request.network_seat, pk)  # type: ignore[attr-defined]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a sheet of the network itself."""
    return pages.new_page(request, request.network_seat)  # type: ignore[attr-defined]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take sheets kept in a spreadsheet: each line becomes a draft, a wrong one says why."""
    form = SheetsFileForm(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            taken = take_sheets(request.network_seat, given["file"], leave_wrong=given["leave_wrong"], at=at)  # type: ignore[attr-defined]
        except PracticeRefused as refused:
            form.add_error("file", str(refused))
        else:
            if taken.is_written:
                done = plural(taken.created, "fiche reprise", "fiches reprises")
                more = plural(taken.updated, "complétée", "complétées")
                messages.success(
                    request, f"{done} en brouillon, {more}. Complétez-les, puis proposez-les à la relecture."
                )
                if taken.unread:
                    told = ", ".join(f"«\u202f{title}\u202f»" for title in taken.unread)
                    messages.warning(request, f"Colonnes non lues, dont rien n’est repris\u00a0: {told}.")
                return redirect("practices:head-list")
    wrong = bool(form.errors) or taken is not None
    context = {"form": form, "taken": taken, "batches": batches(request.network_seat)}  # type: ignore[attr-defined]
    return render(request, "practices/take.html", context, status=422 if wrong else 200)


@network_heads()
@require_POST
def untake(request: HttpRequest, pk: int) -> HttpResponse:
    """Abandon the drafts of a spreadsheet that nobody touched since it was taken."""
    count = drop_taken(request.network_seat, pk, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, f"{plural(count, 'brouillon abandonné', 'brouillons abandonnés')}.")
    return redirect("practices:head-import")


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a sheet the head began."""
    return pages.edit_page(request, request.network_seat, pk)  # type: ignore[attr-defined]


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Review a sheet somebody else wrote."""
    return pages.review_page(request, request.network_seat, pk)  # type: ignore[attr-defined]


@network_heads()
@require_POST
def from_answer(request: HttpRequest, pk: int, code: str, time: int) -> HttpResponse:
    """Begin a practice sheet from one part of an answer to a survey."""
    seat = request.network_seat  # type: ignore[attr-defined]
    try:
        practice = begin_from_answer(seat, pk, code, time, at=timezone.now())
    except PracticeRefused as refused:
        messages.error(request, str(refused))
        return redirect("surveys:response", pk=pk)
    messages.success(request, "Brouillon fait de cette réponse. Complétez-le, puis proposez-le à la relecture.")
    return redirect("practices:head-detail", pk=practice.pk)


@network_heads()
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Publish, send back or archive a sheet."""
    return pages.act(request, request.network_seat, pk, code)  # type: ignore[attr-defined]
