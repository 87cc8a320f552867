"""« Ma structure »: who it is, what it runs, what it covers, who works there. A manager changes it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import save_together, when_valid
from dentelle.foundations.doors import members
from dentelle.foundations.organisations import access
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.structures import queries, structure_actions
from dentelle.foundations.structures.approvals import StructureRefused
from dentelle.foundations.structures.forms import CoverageForm, DeviceClosingForm, DeviceForm, IdentityForm
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import KIND_LABELS

SUGGESTED = 12
MOST_PLACES = 500


def member(request: HttpRequest) -> Membership:
    """Return who acts, for which structure: set by the middleware, checked by the door."""
    return request.membership  # type: ignore[attr-defined,no-any-return]


@members()
@require_safe
def structure(request: HttpRequest) -> HttpResponse:
    """The structure one works for: identity, devices, territory covered with its versions, people and roles."""
    today = timezone.localdate()
    history = queries.coverage_history(member(request), today=today)
    context = {
        "structure": member(request).structure,
        "devices": queries.devices(member(request)),
        "current": next((version for version in history if version.state == "current"), None),
        "history": history,
        "people": queries.people(member(request)),
        "sees_people": member(request).role in access.SEE_PEOPLE,
        "may_manage": access.may_manage(member(request)),
        "today": today,
    }
    return render(request, "structures/structure.html", context)


@members(*access.MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Change who the structure is."""
    own = member(request).structure
    now = {name: getattr(own, name) for name in structure_actions.Identity.__slots__}

    def change(form: IdentityForm) -> None:
        structure_actions.change_identity(member(request), form.identity(), at=timezone.now())

    saved = save_together(request, IdentityForm, now, change, when_valid)
    if saved.done:
        messages.success(request, "L’identité de la structure est à jour.")
        return redirect("structures:structure")
    return render(request, "structures/identity.html", saved.shown, status=saved.status)


@members(*access.MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def device_new(request: HttpRequest) -> HttpResponse:
    """Add a service the structure runs."""
    form = DeviceForm(request.POST or None, initial={"opened_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            device = structure_actions.open_device(member(request), **form.cleaned_data, at=timezone.now())
        except StructureRefused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Le dispositif « {device} » est ajouté.")
            return redirect("structures:structure")
    return render(request, "structures/device_new.html", {"form": form}, status=422 if form.errors else 200)


@members(*access.MANAGERS)
@require_POST
def device_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a service; it stays in the history."""
    device = get_object_or_404(access.devices_visible_to(member(request)), pk=pk)
    form = DeviceClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Donnez la date à laquelle « {device} » ferme, par exemple 31/12/2026.")
        return redirect("structures:structure")
    try:
        structure_actions.close_device(member(request), pk, closed_on=form.cleaned_data["closed_on"], at=timezone.now())
        messages.success(request, f"« {device} » est fermé ; il reste dans l’historique.")
    except StructureRefused as refused:
        messages.error(request, str(refused))
    return redirect("structures:structure")


@members(*access.MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def coverage(request: HttpRequest) -> HttpResponse:
    """Put the next version of the territory covered together, place by place, and record it."""
    known = ground_or_none()
    if known is None:
        return render(request, "structures/no_ground.html", status=503)
    if request.method == "POST":
        places = request.POST.getlist("lieu")[:MOST_PLACES]
        form = CoverageForm(request.POST)
        if form.is_valid():
            try:
                version = structure_actions.cover(
                    member(request), places=places, **form.cleaned_data, ground=known, at=timezone.now()
                )
            except StructureRefused as refused:
                field = refused.code if refused.code == "valid_from" else "reason"
                form.add_error(field if refused.code in {"valid_from", "reason_missing"} else None, str(refused))
            else:
                messages.success(request, f"La version {version.version} du territoire couvert est enregistrée.")
                return redirect("structures:structure")
        return _compose(request, known, places, form, status=422)
    places = request.GET.getlist("lieu")[:MOST_PLACES]
    if "lieu" not in request.GET and "q" not in request.GET and "vide" not in request.GET:
        last = access.coverages_visible_to(member(request)).first()
        places = last.places if last else []
    return _compose(request, known, places, CoverageForm(initial={"valid_from": timezone.localdate()}))


def _compose(
    request: HttpRequest, known: Ground, places: Sequence[str], form: CoverageForm, status: int = 200
) -> HttpResponse:
    query = request.GET.get("q", "")[:100].strip()
    versions = access.coverages_visible_to(member(request)).count()
    form.fields["reason"].required = bool(versions)
    draft = covered(list(dict.fromkeys(places)), known)
    specs = [place.spec for place in draft.places]
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "query": query,
        "found": _suggestions(known, query, specs),
        "parts": [(place, _address([spec for spec in specs if spec != place.spec])) for place in draft.places],
        "versions": versions,
    }
    return render(request, "structures/coverage.html", context, status=status)


def _suggestions(known: Ground, query: str, specs: list[str]) -> list[dict[str, Any]]:
    found = []
    for hit in known.search(query, limit=SUGGESTED) if query else ():
        spec = f"{hit.kind}:{hit.code}"
        where = known.name_of("department", hit.department_code) if hit.department_code else ""
        found.append(
            {
                "name": hit.name,
                "kind": KIND_LABELS[hit.kind],
                "where": where or hit.code,
                "picked": spec in specs,
                "add_url": _address([*specs, spec]),
            }
        )
    return found


def _address(specs: list[str]) -> str:
    here = reverse("structures:coverage")
    return f"{here}?{urlencode([('lieu', spec) for spec in specs] or [('vide', '1')])}"
