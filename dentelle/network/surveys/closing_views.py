"""Closing a survey, once what it leaves is told, and opening it again, with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dentelle.foundations.doors import network_heads
from dentelle.network.surveys import closing
from dentelle.network.surveys.access import campaign_of
from dentelle.network.surveys.forms import ReopenForm
from dentelle.network.surveys.models import CampaignState
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.rules.disclosure import network_minimum


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """What closing a survey leaves, then closes it."""
    seat = request.network_seat  # type: ignore[attr-defined]
    campaign = campaign_of(seat, pk)
    if request.method == "POST":
        try:
            closing.close_campaign(seat, pk, at=timezone.now())
        except SurveyRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Campagne close\u00a0: ses résultats se lisent dans le réseau.")
        return redirect("surveys:campaign", pk=pk)
    if campaign.state != CampaignState.OPEN:
        return redirect("surveys:campaign", pk=pk)
    left = closing.left_by(campaign, on=timezone.localdate())
    context = {
        "campaign": campaign,
        "left": left,
        "silent": campaign.invitees.filter(answered_on=None).count(),
        "final": campaign.anonymous and left.sent >= network_minimum(),
        "back_url": reverse("surveys:campaign", kwargs={"pk": pk}),
    }
    return render(request, "surveys/close.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a survey closed a short time ago again, until another last day, with a reason."""
    seat = request.network_seat  # type: ignore[attr-defined]
    campaign = campaign_of(seat, pk)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            closing.reopen(seat, pk, **form.cleaned_data, at=timezone.now())
        except SurveyRefused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, str(refused))
        else:
            messages.success(request, "Campagne rouverte\u00a0: qui n’a pas répondu peut le faire.")
            return redirect("surveys:campaign", pk=pk)
    if campaign.state != CampaignState.CLOSED:
        return redirect("surveys:campaign", pk=pk)
    context = {
        "campaign": campaign,
        "form": form,
        "refused": closing.refusal_to_reopen(campaign, on=timezone.localdate()),
        "back_url": reverse("surveys:campaign", kwargs={"pk": pk}),
    }
    return render(request, "surveys/reopen.html", context, status=422 if form.errors else 200)
