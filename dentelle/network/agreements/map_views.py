"""« Qui fait quoi » on a territory."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.doors import members, network_people, seated
from dentelle.foundations.organisations.models import Membership
from dentelle.network.agreements import access
from dentelle.network.agreements.access import PARTNER, WRITERS, Viewer
from dentelle.network.agreements.actions.services import declare_service, end_service
from dentelle.network.agreements.forms.service import ServiceLineForm
from dentelle.network.agreements.mapping import communes_of, places_of, territory_map
from dentelle.network.agreements.pages import show_refusal
from dentelle.network.agreements.parties import organisation_of
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.views import viewer_of


@network_people(acts=())
@require_safe
def who_does_what(request: HttpRequest) -> HttpResponse:
    """Who does what on a territory: structures, services, publics, overlaps and what nobody declares."""
    return _map(request, viewer_of(request))


@seated(PARTNER)
@require_safe
def seat_who_does_what(request: HttpRequest) -> HttpResponse:
    """The same, for an organisation it names: on the territories of the structures that name it."""
    return _map(request, request.seat)  # type: ignore[attr-defined]


def _map(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    asked = request.GET.get("structure", "")
    pk = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    context = {
        "map": territory_map(viewer, timezone.localdate(), structure_pk=pk),
        "writes": isinstance(viewer, Membership) and access.may_write(viewer),
        "seated": isinstance(viewer, Seat),
    }
    return render(request, "agreements/map.html", context)


@members(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: HttpRequest) -> HttpResponse:
    """Add a line to « qui fait quoi »."""
    member: Membership = request.membership  # type: ignore[attr-defined]
    places = places_of(member.structure, timezone.localdate())
    offered = {"places": places, "communes": communes_of(spec for spec, _ in places)}
    if request.method != "POST":
        return render(request, "agreements/service.html", {"form": ServiceLineForm(**offered), "places": places})
    form = ServiceLineForm(request.POST, **offered)
    if form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            organisation = (
                organisation_of(member, given["siret"], name=given["name"], at=at) if given["siret"] else None
            )
            names = ("service", "public", "detail")
            known = {name: given[name] for name in names}
            declare_service(member, organisation=organisation, places=form.where, **known, at=at)
        except AgreementRefused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "Ligne ajoutée.")
            return redirect("agreements:map")
    return render(request, "agreements/service.html", {"form": form, "places": places}, status=422)


@members(*WRITERS)
@require_POST
def service_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line off « qui fait quoi »."""
    end_service(request.membership, pk, at=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, "Ligne retirée.")
    return redirect("agreements:map")
