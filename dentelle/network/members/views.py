"""Members of the network: directory and map, white areas, balance, public page, data.inclusion."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.conflicts import Saved, save_together, when_valid
from dentelle.foundations.doors import network_heads, network_people, public
from dentelle.foundations.organisations.models import DeviceKind
from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.governance.pages import head, key, viewer
from dentelle.network.governance.queries import bodies
from dentelle.network.members import access, actions, data_inclusion, ground, queries
from dentelle.network.members.forms import PublicForm
from dentelle.network.members.maps import covered_map
from dentelle.network.members.models import PublicDirectory
from dentelle.network.members.queries import Filters, Member


@network_people(acts=())
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The members of the network: what they run, what they cover, on a map and in a list."""
    who = viewer(request)
    found = queries.members(access.network_of(who), today=timezone.localdate())
    context = _listed(request, found, linked=True) | {
        "may_run": access.may_run(who),
        "opened": PublicDirectory.objects.filter(network=access.network_of(who)).exists(),
        "network_id": access.network_of(who),
    }
    return render(request, "members/directory.html", context)


def _listed(request: HttpRequest, found: Sequence[Member], *, linked: bool) -> dict[str, Any]:
    asked = request.GET
    regions = sorted({member.region for member in found if member.region})
    filters = Filters(
        text=asked.get("texte", "")[:100].strip(),
        device=asked.get("dispositif", "") if asked.get("dispositif") in DeviceKind.values else "",
        region=asked.get("region", "") if asked.get("region") in regions else "",
    )
    kept = queries.chosen(found, filters)
    last = max(0, len(kept) - 1) // queries.PAGE  # an address of a page that no longer exists shows the last one
    first = min(last, max(0, (key(asked.get("page")) or 1) - 1)) * queries.PAGE
    said = {"texte": filters.text, "dispositif": filters.device, "region": filters.region}
    query = {name: value for name, value in said.items() if value}

    def page(number: int) -> str:
        return f"?{urlencode({**query, 'page': number})}"

    number = first // queries.PAGE + 1
    return {
        "figures": queries.figures(found),
        "filters": filters,
        "rows": kept[first : first + queries.PAGE],
        "total": len(kept),
        "regions": regions,
        "devices": DeviceKind.choices,
        "map": covered_map(found, linked=linked),
        "previous_url": page(number - 1) if number > 1 else "",
        "next_url": page(number + 1) if first + queries.PAGE < len(kept) else "",
    }


@network_people(acts=())
@require_safe
def white_areas(request: HttpRequest) -> HttpResponse:
    """Where nobody of the network is: by department, then intercommunality, then commune, with the people who live there."""
    known = ground_or_none()
    if known is None:
        return render(request, "structures/no_ground.html", status=503)
    asked = request.GET
    device = asked.get("dispositif", "") if asked.get("dispositif") in queries.SERVICES else ""
    found = queries.members(access.network_of(viewer(request)), today=timezone.localdate())
    covered = queries.covered(found, device)
    shares = ground.departments(known, covered)
    department = next((share for share in shares if share.code == asked.get("departement", "")), None)
    epcis = ground.epcis(known, covered, department.code) if department else ()
    epci = next((share for share in epcis if share.code == asked.get("epci", "")), None)
    context = {
        "device": device,
        "lack": queries.SERVICES[device],
        "devices": DeviceKind.choices,
        "shares": [share for share in shares if share.white_communes],
        "whole": [share for share in shares if not share.white_communes],
        "department": department,
        "epcis": epcis,
        "epci": epci,
        "communes": ground.white_communes(known, covered, epci.code, department.code) if epci and department else (),
        "white_population": sum(share.white_population for share in shares),
        "population": sum(share.population for share in shares),
        "vintage": known.vintage,
    }
    return render(request, "members/white_areas.html", context)


@network_people(acts=())
@require_safe
def balance(request: HttpRequest) -> HttpResponse:
    """Who sits and who speaks in a mandate, beside who the members are. Counts, no mark."""
    who = viewer(request)
    mandates = [row.mandate for row in bodies.mandate_list(who)]
    asked = key(request.GET.get("mandat"))
    today = timezone.localdate()
    mandate = next((each for each in mandates if each.pk == asked), None) or next(
        (each for each in mandates if each.holds(today)), mandates[0] if mandates else None
    )
    context = {
        "mandates": mandates,
        "mandate": mandate,
        "views": queries.balance(access.network_of(who), mandate, today=today) if mandate else (),
        "is_over": mandate is not None and mandate.ends_on is not None and mandate.ends_on < today,
        "is_coming": mandate is not None and mandate.starts_on > today,
        "may_run": access.may_run(who),
    }
    return render(request, "members/balance.html", context)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def public_settings(request: HttpRequest) -> HttpResponse:
    """Open the list of members to anyone, change its words, or close it."""
    seat = head(request)
    kept = PublicDirectory.objects.filter(network=seat.network_id).first()
    if request.POST.get("fermer"):
        actions.close_to_others(seat, at=timezone.now())
        messages.success(request, "La liste n’est plus lisible que par le réseau.")
        return redirect("members:public-settings")

    def open_to_anyone(form: PublicForm) -> None:
        actions.open_to_anyone(seat, words=form.cleaned_data["words"], at=timezone.now())

    if request.POST.get("ouverte") and kept is None:
        saved = Saved(None, _closed_meanwhile(PublicForm(request.POST)))
    else:
        saved = save_together(request, PublicForm, {"words": kept.words if kept else ""}, open_to_anyone, when_valid)
    if saved.done:
        messages.success(request, "La liste des membres est lisible par tous.")
        return redirect("members:public-settings")
    context = saved.shown | {
        "kept": kept,
        "address": request.build_absolute_uri(reverse("members:public", args=[seat.network_id])),
    }
    return render(request, "members/public_settings.html", context, status=saved.status)


def _closed_meanwhile(form: PublicForm) -> PublicForm:
    form.add_error(
        None,
        "La page publique a été fermée pendant que vous écriviez\u00a0: rien n’est ouvert. Ouvrez-la de nouveau avec ces mots, "
        "si c’est ce qu’il faut.",
    )
    return form


@public("a network opens the list of its members to anyone: structures and places, no person; closed, it is a 404")
@require_safe
def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who the network is, what its members run and cover."""
    network, kept = access.public_directory(pk)
    found = queries.members(network.pk, today=timezone.localdate())
    context = _listed(request, found, linked=False) | {"network": network, "kept": kept}
    return render(request, "members/public.html", context)


@network_heads()
@require_safe
def inclusion(request: HttpRequest) -> HttpResponse:
    """The members as data.inclusion reads them: which are ready, what each lacks."""
    seat = head(request)
    found = inclusion_of(request)
    context = {
        "rows": found,
        "ready": sum(each.data is not None for each in found),
        "network": seat.network,
    }
    return render(request, "members/inclusion.html", context)


@network_heads()
@require_safe
def inclusion_file(request: HttpRequest) -> HttpResponse:
    """The structures the data.inclusion schema accepts, as JSON."""
    response = HttpResponse(
        data_inclusion.as_file(inclusion_of(request)), content_type="application/json; charset=utf-8"
    )
    name = slugify(head(request).network.name)[:60]
    response["Content-Disposition"] = f'attachment; filename="structures-{name}.json"'
    return response


def inclusion_of(request: HttpRequest) -> tuple[data_inclusion.Exported, ...]:
    """Return the members of the head's network, checked against the schema."""
    seat = head(request)
    return data_inclusion.exported(seat.network, queries.members(seat.network_id, today=timezone.localdate()))
