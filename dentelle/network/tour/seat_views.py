"""The Tour for the people of an organisation that works with a network: stages of its regions, and its own place there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.doors import seated
from dentelle.network.agreements.seat_views import seat_of
from dentelle.network.tour import letters
from dentelle.network.tour.access import PARTNER
from dentelle.network.tour.actions import registrations
from dentelle.network.tour.forms import ComeForm
from dentelle.network.tour.pages import accepted, act_or_say
from dentelle.network.tour.queries.seats import seat_stages, stage_for_seat
from dentelle.network.tour.vocabulary import RegistrationState, StageState, Stakeholder


@seated(PARTNER)
@require_safe
def stage_list(request: HttpRequest) -> HttpResponse:
    """Stages open to one's organisation, those of its regions first."""
    seat = seat_of(request)
    found = seat_stages(seat, at=timezone.now())
    return render(request, "tour/seat_list.html", {"stages": found, "seat": seat})


@seated(PARTNER)
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """One of these stages; take one's place there, or give it back."""
    seat, at = seat_of(request), timezone.now()
    sheet = stage_for_seat(seat, pk, at=at)
    form = ComeForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": Stakeholder.EMPLOYMENT_SERVICE.value},
        auto_id="venir_%s",
    )
    if request.method == "POST":
        if request.POST.get("acte") == "rendre":
            return act_or_say(
                request,
                lambda: registrations.leave_as_seat(seat, pk, at=at),
                registrations.left_words(sheet.own),
                "tour:seat-stage",
                pk,
                part="#inscription",
            )
        done = accepted(form, lambda: registrations.register_seat(seat, pk, kind=form.cleaned_data["kind"], at=at))
        if done is not None:
            messages.success(request, SAID[RegistrationState(done.state)])
            return redirect(reverse("tour:seat-stage", args=[pk]) + "#inscription")
    context = {
        "sheet": sheet,
        "stage": sheet.stage,
        "tour": sheet.stage.tour,
        "when": letters.when(sheet.stage),
        "come_form": form,
        "kept": letters.KEPT_WORDS,
        "is_registered": sheet.own is not None and sheet.own.state != RegistrationState.CANCELLED,
        "is_reported": sheet.stage.state == StageState.REPORTED,
    }
    return render(request, "tour/seat_stage.html", context, status=422 if form.errors else 200)


SAID = {
    RegistrationState.CONFIRMED: "Votre place est réservée. Un courriel vous le confirme.",
    RegistrationState.WAITING: "Toutes les places sont prises\u00a0: vous êtes sur la liste d’attente.",
}
