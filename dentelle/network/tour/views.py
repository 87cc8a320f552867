"""« Le Tour »: its stages by region, what it is for, what it adds up to."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import HEAD, network_heads, network_people
from dentelle.foundations.organisations.models import Role
from dentelle.network.tour import access
from dentelle.network.tour.actions import feeds
from dentelle.network.tour.actions import stages as actions
from dentelle.network.tour.calendars import token_of
from dentelle.network.tour.forms import StageForm, TourForm, first_day
from dentelle.network.tour.known import known_tour, take_known
from dentelle.network.tour.models import CalendarFeed, Tour
from dentelle.network.tour.pages import accepted, act_or_say, attached, form_page, head, save_over, viewer
from dentelle.network.tour.paper.synthesis import synthesis_pdf
from dentelle.network.tour.queries.synthesis import synthesis_of
from dentelle.network.tour.queries.tours import current, tour_sheet, tours_of
from dentelle.network.tour.whereabouts import regions_of


@network_people(acts=())
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The Tour under way; the others by their name."""
    tours = tours_of(viewer(request))
    found = current(tours, timezone.localdate())
    if found is None:
        runs = access.may_run(viewer(request))
        return render(request, "tour/empty.html", {"may_run": runs})
    return _tour(request, found.pk)


@network_people(acts=())
@require_safe
def tour(request: HttpRequest, pk: int) -> HttpResponse:
    """One Tour: its stages, the regions it went to."""
    return _tour(request, pk)


def _tour(request: HttpRequest, pk: int) -> HttpResponse:
    who, at = viewer(request), timezone.now()
    sheet = tour_sheet(who, pk, at=at)
    runs = access.may_run(who)
    context = {
        "sheet": sheet,
        "tour": sheet.tour,
        "tours": [each for each in tours_of(who) if each.pk != pk],
        "may_run": runs,
        "may_take": runs and known_tour(head(request)) is None,
        "mine": frozenset() if runs else regions_of(request.membership, timezone.localdate(at)),  # type: ignore[attr-defined]
        "is_public": access.public_tours().filter(pk=pk).exists(),
        "feed": personal_address(request, feeds.feed_of(who)),
    }
    return render(request, "tour/tour.html", context)


def personal_address(request: HttpRequest, found: CalendarFeed | None) -> str:
    """Return the secret address of a personal calendar, empty without one."""
    return request.build_absolute_uri(reverse("tour:personal-calendar", args=[token_of(found)])) if found else ""


@network_people(
    acts=(*Role.values, HEAD), harmless="the address of their own calendar; nothing of the structure changes"
)
@require_POST
def feed(request: HttpRequest) -> HttpResponse:
    """Give one's calendar a secret address, another one, or close it."""
    who, at = viewer(request), timezone.now()
    if request.POST.get("acte") == "fermer":
        feeds.close_feed(who, at=at)
        messages.success(request, "Cette adresse ne répond plus.")
    else:
        feeds.open_feed(who, at=at)
        messages.success(request, "Donnez cette adresse à votre agenda\u00a0: elle est à vous, ne la partagez pas.")
    return redirect(reverse("tour:home") + "#agenda")


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def tour_new(request: HttpRequest) -> HttpResponse:
    """Begin a Tour."""
    who = head(request)
    form = TourForm(
        request.POST if request.method == "POST" else None, seat=who, initial=first_day(timezone.localdate())
    )
    if request.method == "POST":
        made = accepted(form, lambda: actions.open_tour(who, form.words(), at=timezone.now()))
        if made is not None:
            messages.success(request, "Le Tour est créé. Préparez sa première étape.")
            return redirect("tour:tour", pk=made.pk)
    return form_page(
        request, form, title="Commencer un Tour", submit="Créer le Tour", back=reverse("tour:home"), keep="tour:nouveau"
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def tour_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a Tour says of itself."""
    who = head(request)
    found: Tour = access.one(access.tours_visible_to(who), pk)
    saved = save_over(
        request,
        partial(TourForm, seat=who),
        TourForm.initial_of(found),
        lambda form: actions.change_tour(who, pk, form.words(), at=timezone.now()),
    )
    if saved.done is not None:
        messages.success(request, "Le Tour est à jour.")
        return redirect("tour:tour", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Modifier «\u00a0{found}\u00a0»",
        submit="Enregistrer",
        back=reverse("tour:tour", args=[pk]),
    )


@network_heads()
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the first Tour as far as the press told it."""
    made = take_known(head(request), at=timezone.now())
    messages.success(request, "Ce que la presse a dit du premier Tour est repris\u00a0; le reste est à compléter.")
    return redirect("tour:tour", pk=made.pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def stage_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a stage of a Tour."""
    who = head(request)
    found: Tour = access.one(access.tours_visible_to(who), pk)
    form = StageForm(request.POST if request.method == "POST" else None, seat=who)
    if request.method == "POST":
        made = accepted(form, lambda: actions.plan_stage(who, pk, form.words(), at=timezone.now()))
        if made is not None and made.has_come(timezone.now()):
            messages.success(request, "L’étape est écrite\u00a0: elle a déjà eu lieu, dites qui est venu.")
            return redirect("tour:attendance", pk=made.pk)
        if made is not None:
            messages.success(
                request, "L’étape est préparée\u00a0: seule la tête de réseau la voit, jusqu’à son annonce."
            )
            return redirect("tour:stage", pk=made.pk)
    return form_page(
        request,
        form,
        title="Préparer une étape",
        lead=f"{found.name}. Seuls la région et le titre sont demandés pour l’instant. Une étape déjà tenue s’écrit aussi\u00a0: "
        "donnez son jour et son lieu, puis qui est venu.",
        submit="Garder l’étape",
        back=reverse("tour:tour", args=[pk]),
        keep="etape:nouvelle",
    )


@network_people(acts=())
@require_safe
def synthesis(request: HttpRequest, pk: int) -> HttpResponse:
    """What a Tour adds up to."""
    found = synthesis_of(viewer(request), pk, at=timezone.now())
    runs = access.may_run(viewer(request))
    context = {"synthesis": found, "sheet": found.sheet, "tour": found.sheet.tour, "may_run": runs}
    return render(request, "tour/synthesis.html", context)


@network_heads()
@require_POST
def synthesis_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the synthesis of a Tour, or keep it in the network again."""
    who, at = head(request), timezone.now()
    act, said = (
        (actions.close_synthesis, "La synthèse n’est plus publique.")
        if request.POST.get("acte") == "retirer"
        else (actions.open_synthesis, "La synthèse est publiée\u00a0: la page publique du Tour y mène.")
    )
    return act_or_say(request, lambda: act(who, pk, at=at), said, "tour:synthesis", pk)


@network_people(acts=())
@require_safe
def synthesis_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The synthesis of a Tour, as PDF."""
    at = timezone.now()
    found = synthesis_of(viewer(request), pk, at=at)
    return attached(synthesis_pdf(found, at=at), "application/pdf", f"synthese {found.sheet.tour.name}", "pdf")
