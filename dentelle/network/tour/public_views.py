"""The Tour as anyone reads it, without account: its stages, registering, calendars, reports."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import public
from dentelle.foundations.invitations.throttle import allowed
from dentelle.foundations.invitations.views import too_many_tries, unlisted
from dentelle.network.tour import access, letters
from dentelle.network.tour.actions import feeds, registrations
from dentelle.network.tour.calendars import CONTENT_TYPE, calendar_of
from dentelle.network.tour.forms import GuestForm
from dentelle.network.tour.pages import accepted, attached
from dentelle.network.tour.paper.report import report_pdf
from dentelle.network.tour.paper.synthesis import synthesis_pdf
from dentelle.network.tour.queries.stages import public_stage
from dentelle.network.tour.queries.synthesis import public_synthesis
from dentelle.network.tour.queries.tours import public_sheet
from dentelle.network.tour.refusals import TourRefused
from dentelle.network.tour.vocabulary import RegistrationState, StageState

ANNOUNCED = "stages the head of a network announced to the public; a draft, or one for members, is a 404"
PUBLISHED = (
    "a synthesis its head published adds up told, public stages, and says no more than their pages; else it is a 404"
)
# a whole room registers from one address: generous for a machine, strict for a mailbox
PER_MACHINE, PER_PERSON, PER_MAILBOX, WINDOW = 60, 3, 20, 60 * 60
RECEIVED = "C’est reçu. Un courriel part à cette adresse\u00a0: il dit si vous avez une place, et comment y renoncer."
CROWDED = (
    "Beaucoup d’inscriptions viennent d’être demandées pour cette adresse\u00a0: celle-ci n’est pas prise. "
    "Réessayez dans une heure, ou donnez une autre adresse."
)


@public(ANNOUNCED)
@require_safe
def tour(request: HttpRequest, pk: int) -> HttpResponse:
    """One Tour: the next stage, those to come, what those held have taught."""
    sheet = public_sheet(pk, at=timezone.now())
    calendar = request.build_absolute_uri(reverse("tour:public-calendar", args=[pk]))
    return render(request, "tour/public_tour.html", {"sheet": sheet, "tour": sheet.tour, "calendar": calendar})


@public(PUBLISHED)
@require_safe
def synthesis(request: HttpRequest, pk: int) -> HttpResponse:
    """What the told stages of a Tour add up to."""
    found = public_synthesis(pk, at=timezone.now())
    context = {"synthesis": found, "sheet": found.sheet, "tour": found.sheet.tour}
    return render(request, "tour/synthesis.html", context)


@public(PUBLISHED)
@require_safe
def synthesis_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The public synthesis of a Tour, as PDF."""
    at = timezone.now()
    found = public_synthesis(pk, at=at)
    return attached(synthesis_pdf(found, at=at), "application/pdf", f"synthese {found.sheet.tour.name}", "pdf")


@public(ANNOUNCED)
@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The feed of the Tour: calendars read it again by themselves; a cancelled stage stays, and says so."""
    found = access.one(access.public_tours(), pk)
    stages = access.public_stages().filter(tour=found).order_by("day", "pk")
    response = attached(calendar_of(stages, name=found.name, public=True), CONTENT_TYPE, found.name, "ics")
    response["Content-Disposition"] = response["Content-Disposition"].replace("attachment", "inline", 1)
    response["Cache-Control"] = "public, max-age=900"
    return response


@public("a calendar has no account: the secret address its owner made reads what they may read, until they close it")
@require_safe
def personal_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The stages somebody of a network may read, for their own calendar."""
    reader = feeds.reader_behind(token)
    stages = access.stages_visible_to(reader).filter(announced_at__isnull=False).order_by("day", "pk")
    response = attached(calendar_of(stages, name="Étapes du Tour", public=False), CONTENT_TYPE, "etapes", "ics")
    response["Content-Disposition"] = response["Content-Disposition"].replace("attachment", "inline", 1)
    return unlisted(response)


@public("anyone may come to a public stage: rate-limited, confirmed by e-mail, forgotten six months later")
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """One public stage, and the form to come."""
    at = timezone.now()
    sheet = public_stage(pk, at=at)
    form = GuestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not allowed("tour.machine", get_adapter().get_client_ip(request), times=PER_MACHINE, seconds=WINDOW, at=at):
            return render(request, "web/429.html", status=429)
        if accepted(form, lambda: _register(pk, form)):
            messages.success(request, RECEIVED)
            return redirect(reverse("tour:public-stage", args=[pk]) + "#inscription")
    context = {
        "sheet": sheet,
        "stage": sheet.stage,
        "tour": sheet.stage.tour,
        "when": letters.when(sheet.stage),
        "form": form,
        "kept": letters.KEPT_WORDS,
        "is_reported": sheet.stage.state == StageState.REPORTED,
    }
    return render(request, "tour/public_stage.html", context, status=422 if form.errors else 200)


def _register(pk: int, form: GuestForm) -> bool:
    """Register, unless too much was already sent to that mailbox.

    Asked again and again for one person, the answer stays the same, and nothing is lost: the first time counted. A mailbox of
    which too many people came is said to be so, whoever is registered there.
    """
    guest, at = form.guest(), timezone.now()
    mailbox = f"{pk} {guest.email.lower()}"
    if not allowed("tour.mailbox", mailbox, times=PER_MAILBOX, seconds=WINDOW, at=at):
        raise TourRefused("crowded", CROWDED, "email")
    person = f"{mailbox} {registrations.same_name(guest.full_name)}"
    if allowed("tour.person", person, times=PER_PERSON, seconds=WINDOW, at=at):
        registrations.register_guest(pk, guest, at=at)
    return True


@public(ANNOUNCED)
@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """A public stage, for a calendar."""
    found = access.one(access.public_stages(), pk)
    if found.day is None:
        raise Http404
    return attached(calendar_of([found], name=found.title, public=True), CONTENT_TYPE, found.title, "ics")


@public("the report of a public stage, once the head of the network has told it")
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a public stage, on one page."""
    at = timezone.now()
    sheet = public_stage(pk, at=at)
    if sheet.stage.state != StageState.REPORTED:
        raise Http404
    return attached(report_pdf(sheet, public=True, at=at), "application/pdf", f"rapport {sheet.stage.title}", "pdf")


@public("documents the head of the network opened to everybody")
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of a public document, always as an attachment."""
    return served(access.one(access.public_documents(), pk).file)


@public("whoever received the letter has no account; opening the page does nothing, its button gives the place back")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Give one's place back."""
    if too_many_tries(request):
        return unlisted(render(request, "web/429.html", status=429))
    registration = registrations.registration_behind(token)
    refusal = ""
    if request.method == "POST":
        try:
            registrations.leave_by_token(token, at=timezone.now())
        except TourRefused as refused:
            refusal = str(refused)
        else:
            return redirect("tour:leave", token=token)
    context = {
        "stage": registration.stage,
        "when": letters.when(registration.stage),
        "name": registration.full_name,  # one mailbox may hold the letters of several people
        "token": token,
        "is_left": registration.state == RegistrationState.CANCELLED,
        "waits": registration.state == RegistrationState.WAITING,
        "may_leave": registration.stage.state == StageState.ANNOUNCED
        and not registration.stage.has_come(timezone.now()),
        "refusal": refusal,
        "kept": letters.KEPT_WORDS,
    }
    return unlisted(render(request, "tour/leave.html", context, status=422 if refusal else 200))
