"""The order of a white paper: chapters and proposals moved, put elsewhere, taken out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import order as actions
from dentelle.network.advocacy.pages import head, key
from dentelle.network.advocacy.queries import papers as queries
from dentelle.network.advocacy.refusals import AdvocacyRefused

WAYS = {"monter": True, "descendre": False}


@network_heads()
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of a white paper: its chapters and proposals in their order, each with where it may go."""
    sheet = queries.paper_sheet(head(request), pk, today=timezone.localdate())
    if sheet.paper.is_example:
        raise Http404
    return render(request, "advocacy/order.html", {"sheet": sheet, "paper": sheet.paper})


@network_heads()
@require_POST
def proposal_move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Move a proposal up, down, or into another chapter."""
    seat, at = head(request), timezone.now()
    found = access.one(access.proposals_visible_to(seat), pk)
    try:
        if code in WAYS:
            moved = actions.move_proposal(seat, pk, up=WAYS[code], at=at)
        elif code == "chapitre":
            moved = actions.put_in_chapter(seat, pk, key(request.POST.get("chapitre")) or 0, at=at)
        else:
            raise Http404
    except AdvocacyRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"C’est la proposition {moved.number}.")
    return redirect(f"{reverse('advocacy:order', args=[found.paper_id])}#proposition-{pk}")


@network_heads()
@require_POST
def chapter_move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Move a chapter up or down with its proposals, or take out an empty one."""
    seat, at = head(request), timezone.now()
    found = access.one(access.chapters_visible_to(seat), pk)
    where = f"#chapitre-{pk}"
    try:
        if code in WAYS:
            rank = actions.move_chapter(seat, pk, up=WAYS[code], at=at).rank
            messages.success(request, f"C’est le chapitre {rank}\u00a0: ses propositions le suivent.")
        elif code == "supprimer":
            actions.remove_chapter(seat, pk, at=at)
            messages.success(request, "Le chapitre est supprimé.")
            where = ""
        else:
            raise Http404
    except AdvocacyRefused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("advocacy:order", args=[found.paper_id]) + where)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a proposal no edition holds, once what stays and what goes was read."""
    seat = head(request)
    sheet = queries.proposal_sheet(seat, pk)
    if request.method == "POST":
        try:
            actions.remove_proposal(seat, pk, at=timezone.now())
        except AdvocacyRefused as refused:
            messages.error(request, str(refused))
            return redirect("advocacy:proposal", pk=pk)
        messages.success(request, "La proposition est supprimée\u00a0; le journal garde qu’elle a existé.")
        return redirect("advocacy:paper", pk=sheet.proposal.paper_id)
    context = {"sheet": sheet, "proposal": sheet.proposal, "paper": sheet.proposal.paper}
    return render(request, "advocacy/proposal_remove.html", context)
