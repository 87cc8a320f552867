from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.opendata.ground.places import GroundMissing, UnknownPlace
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.territory import access, actions, queries
from dentelle.thread.territory.composition import LineError, read_lines
from dentelle.thread.territory.forms import ReviseForm, SaveForm
from dentelle.thread.territory.links import address
from dentelle.thread.territory.overview import territory_overview
from dentelle.thread.territory.page import territory_page
from dentelle.thread.territory.picking import draft_of, suggestions, too_many

View = Callable[..., HttpResponse]


def needs_ground(view: View) -> View:
    """Without the ground there is nothing to choose from: the page says which command makes it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            queries.ground()
        except GroundMissing as missing:
            return render(request, "territory/no_ground.html", {"reason": str(missing)}, status=503)
        return view(request, *args, **kwargs)

    return guarded


@members()
@require_safe
@needs_ground
def home(request: HttpRequest) -> HttpResponse:
    """The one screen of a territory: the structure's own, or the one asked for in the address."""
    return _screen(request, request.GET.get("territoire", ""))


def _screen(request: HttpRequest, asked: str) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    try:
        chosen = queries.chosen_territory(membership, asked)
    except UnknownPlace as unknown:
        return render(request, "territory/unknown.html", {"reason": str(unknown)}, status=404)
    if chosen is None:
        return render(request, "territory/none_chosen.html", {"may_edit": membership.role in access.EDITORS})
    start, end = queries.window_of(timezone.localdate())
    try:
        overview = territory_overview(queries.store(), queries.ground(), chosen, start, end)
    except StoreMissing as missing:
        return render(
            request,
            "territory/no_data.html",
            {"territory": chosen, "reason": str(missing), "data_url": address("purchases:import")},
        )
    return render(request, "territory/home.html", territory_page(overview, chosen))


@members()
@require_safe
@needs_ground
def choose(request: HttpRequest) -> HttpResponse:
    """Search places, put them together, give them a name; or take one the structure saved before."""
    query, parts = request.GET.get("q", "")[:100], request.GET.getlist("partie")
    list_query = request.GET["achats"][:2000] if "achats" in request.GET else None
    found = suggestions(queries.ground(), query, parts, list_query)
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "territory/_results.html", {"found": found, "query": query})
    draft = draft_of(queries.ground(), parts)
    form = SaveForm(initial={"name": draft.suggested_name})
    return _compose_page(request, form, parts, query=query, found=found, list_query=list_query)


def _compose_page(
    request: HttpRequest,
    form: SaveForm,
    parts: list[str],
    *,
    query: str = "",
    found: Any = (),
    list_query: str | None = None,
    line_errors: tuple[LineError, ...] = (),
    status: int = 200,
) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    context = {
        "form": form,
        "draft": draft_of(queries.ground(), parts),
        "query": query,
        "found": found,
        "list_query": list_query,
        "line_errors": line_errors,
        "saved": queries.saved_territories(membership),
        "may_edit": membership.role in access.EDITORS,
    }
    return render(request, "territory/choose.html", context, status=status)


@members(*access.EDITORS)
@require_POST
@needs_ground
def save(request: HttpRequest) -> HttpResponse:
    """Save what was put together under a name; nothing is lost when a line is not understood."""
    parts = request.POST.getlist("partie")
    form = SaveForm(request.POST)
    specs, errors = read_lines(queries.ground(), request.POST.get("pasted", ""))
    if too_many(parts):
        form.add_error(None, too_many(parts))
    if form.is_valid() and not errors:
        try:
            territory = actions.save_territory(
                request.membership,  # type: ignore[attr-defined]
                name=form.cleaned_data["name"],
                specs=[*parts, *specs],
                reason=form.cleaned_data["reason"],
                ground=queries.ground(),
                at=timezone.now(),
            )
        except actions.TerritoryRefused as refusal:
            form.add_error("name" if refusal.code.startswith("name") else None, str(refusal))
        else:
            messages.success(request, f"« {territory.name} » est enregistré.")
            return _to_screen(territory.pk)
    if errors:
        form.add_error("pasted", _counted(errors))
    return _compose_page(request, form, parts, line_errors=tuple(errors), status=422)


@members()
@require_safe
@needs_ground
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a saved territory holds, and its history."""
    membership = request.membership  # type: ignore[attr-defined]
    territory = get_object_or_404(access.territories_visible_to(membership), pk=pk)
    context = {
        "territory": territory,
        "versions": queries.history(membership, territory),
        "may_edit": membership.role in access.EDITORS,
    }
    return render(request, "territory/detail.html", context)


@members(*access.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@needs_ground
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a saved territory holds: a new version, with its reason."""
    membership = request.membership  # type: ignore[attr-defined]
    territory = get_object_or_404(access.territories_editable_by(membership), pk=pk)
    errors: list[LineError] = []
    if request.method == "POST":
        form = ReviseForm(request.POST)
        specs, errors = read_lines(queries.ground(), request.POST.get("pasted", ""))
        if errors:
            form.add_error("pasted", _counted(errors))
        if form.is_valid():
            try:
                actions.revise_territory(
                    membership,
                    territory,
                    specs=specs,
                    reason=form.cleaned_data["reason"],
                    ground=queries.ground(),
                    at=timezone.now(),
                )
            except actions.TerritoryRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"La nouvelle version de « {territory.name} » est en vigueur.")
                return redirect("territory:detail", pk=pk)
    else:
        form = ReviseForm(initial={"pasted": "\n".join(queries.lines_of(membership, territory))})
    context = {"territory": territory, "form": form, "line_errors": errors}
    return render(request, "territory/revise.html", context, status=422 if form.errors else 200)


@members(*access.EDITORS)
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a saved territory the one the structure's pages open on."""
    membership = request.membership  # type: ignore[attr-defined]
    territory = get_object_or_404(access.territories_editable_by(membership), pk=pk)
    actions.choose_territory(membership, territory, at=timezone.now())
    messages.success(request, f"« {territory.name} » est maintenant le territoire de votre structure.")
    return redirect("territory:home")


def _to_screen(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('territory:home')}?{urlencode({'territoire': f'perso:{pk}'})}")


def _counted(errors: list[LineError]) -> str:
    if len(errors) == 1:
        return "Une ligne n’a pas été comprise ; elle est citée sous la liste."
    return f"{len(errors)} lignes n’ont pas été comprises ; elles sont citées sous la liste."
