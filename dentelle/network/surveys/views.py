"""Surveys for members of the network, and for whoever a link was sent to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import link_bearers, members
from dentelle.network.surveys import queries
from dentelle.network.surveys.access import (
    ANSWERING,
    PURPOSE,
    invitation_answered_by,
    invitee_behind,
    results_read_by,
)
from dentelle.network.surveys.filling import END, Filling, closed, page, save_draft, sent_by
from dentelle.network.surveys.models import CampaignState, Response
from dentelle.network.surveys.results import results_of


@members()
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """What the network asks the structure, and what came out of what it asked."""
    member = request.membership  # type: ignore[attr-defined]
    may_answer = member.role in ANSWERING
    context = {
        "lines": queries.asked_of(member, today=timezone.localdate()),
        "closed": queries.closed_of(member),
        "may_answer": may_answer,
        "who_answers": "" if may_answer else queries.who_answers(member),
    }
    return render(request, "surveys/list.html", context)


@members(*ANSWERING)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a survey for one's structure, part by part."""
    return page(request, _inside(request, pk))


@members(*ANSWERING)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an answer as it is being typed."""
    return save_draft(request, _inside(request, pk))


@members()
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What a closed survey gave, as the network may see it."""
    campaign = results_read_by(request.membership, pk)  # type: ignore[attr-defined]
    context = {"campaign": campaign, "results": results_of(campaign, head=False)}
    return render(request, "surveys/results.html", context)


@link_bearers(PURPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest) -> HttpResponse:
    """Answer the survey a link opens, part by part."""
    return page(request, _behind(request))


@link_bearers(PURPOSE)
@require_POST
def draft_by_link(request: HttpRequest) -> HttpResponse:
    """Keep an answer as it is being typed, behind a link."""
    return save_draft(request, _behind(request))


@link_bearers(PURPOSE)
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens to an answer that was sent."""
    filling = _behind(request)
    invitee = filling.invitee
    if invitee.campaign.state == CampaignState.CLOSED:
        return closed(request, filling)
    final = invitee.campaign.anonymous or invitee.answered_on is None
    response = Response.objects.filter(invitee=invitee).first()
    context = {"campaign": invitee.campaign, "final": final, **sent_by(invitee, response, filling)}
    return render(request, "surveys/thanks.html", context)


def _inside(request: HttpRequest, pk: int) -> Filling:
    member = request.membership  # type: ignore[attr-defined]
    invitee = invitation_answered_by(member, pk)
    here, kept = reverse("surveys:answer", kwargs={"pk": pk}), reverse("surveys:draft", kwargs={"pk": pk})
    done = reverse("surveys:list") if invitee.campaign.anonymous else f"{here}?partie={END}"
    return Filling(invitee, here, kept, done, member.user, reverse("surveys:results", kwargs={"pk": pk}))


def _behind(request: HttpRequest) -> Filling:
    invitee = invitee_behind(request.link)  # type: ignore[attr-defined]
    return Filling(
        invitee, reverse("surveys:by-link"), reverse("surveys:draft-by-link"), reverse("surveys:thanks"), None
    )  # fmt: skip
