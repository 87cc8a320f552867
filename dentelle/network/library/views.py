"""The library of the network: what people of the trade share, and the path of who is new in it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import HEAD, members, network_heads, network_people
from dentelle.network.governance.pages import head, key, viewer
from dentelle.network.library import access, actions, queries
from dentelle.network.library.forms import ItemForm
from dentelle.network.library.models import ItemKind
from dentelle.network.library.refusals import LibraryRefused

KEEPERS = (*access.OWNERS, HEAD)
NEW_STEPS = 3


@network_people(acts=())
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the library holds, by kind, with who answers for each item and since when it is up to date."""
    who = viewer(request)
    asked = request.GET
    kind = asked.get("nature", "") if asked.get("nature") in ItemKind.values else ""
    text = asked.get("texte", "")[:100].strip()
    number = max(1, min(key(asked.get("page")) or 1, 10_000))
    today = timezone.localdate()
    page = queries.items(who, kind=kind, text=text, page=number, today=today)
    context = {
        "page": page,
        "kind": kind,
        "text": text,
        "tabs": [(code, label, page.counts.get(code, 0)) for code, label in ItemKind.choices],
        "whole": sum(count for code, count in page.counts.items() if code != ItemKind.TERM),
        "steps": access.steps_visible_to(who).count(),
        "may_run": access.may_run(who),
        "previous_url": f"?nature={kind}&page={number - 1}" if number > 1 else "",
        "next_url": f"?nature={kind}&page={number + 1}" if number * queries.PAGE < page.total else "",
    }
    return render(request, "library/home.html", context)


@network_people(acts=())
@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item, its text or its file, who answers for it."""
    who = viewer(request)
    found = access.one(access.items_visible_to(who).select_related("owner", "file"), pk)
    (row,) = queries.rows(who, [found], today=timezone.localdate())
    context = {"row": row, "item": found, "may_keep": access.may_keep(who, found)}
    return render(request, "library/item.html", context)


@network_people(acts=())
@require_safe
def item_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of the file of an item, always as an attachment."""
    return served(access.file_readable_by(viewer(request), pk))


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest) -> HttpResponse:
    """Add something to the library."""
    seat = head(request)
    asked = request.GET.get("nature", "")
    initial = {"up_to_date_on": timezone.localdate(), "kind": asked if asked in ItemKind.values else ItemKind.GUIDE}
    form = ItemForm(request.POST or None, request.FILES or None, viewer=seat, initial=initial)
    if request.method == "POST":
        made = _accepted(form, lambda: actions.add_item(seat, form.content(), at=timezone.now()))
        if made is not None:
            messages.success(request, f"« {made} » est dans la bibliothèque.")
            return redirect("library:item", pk=made.pk)
    context = {"form": form, "back": reverse("library:home"), "item": None}
    return render(request, "library/form.html", context, status=422 if form.errors else 200)


@network_people(*access.OWNERS, acts=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def item_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an item one answers for; its head gives it another owner."""
    who = viewer(request)
    found = access.item_kept_by(who, pk)
    form = ItemForm(request.POST or None, request.FILES or None, viewer=who, item=found)
    if request.method == "POST":
        done = _accepted(form, lambda: actions.change_item(who, pk, form.content(), at=timezone.now()))
        if done is not None:
            messages.success(request, "La ressource est à jour.")
            return redirect("library:item", pk=pk)
    context = {"form": form, "back": reverse("library:item", args=[pk]), "item": found}
    return render(request, "library/form.html", context, status=422 if form.errors else 200)


@network_people(*access.OWNERS, acts=KEEPERS)
@require_POST
def item_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say an item one answers for is still up to date."""
    actions.confirm(viewer(request), pk, at=timezone.now())
    messages.success(request, "C’est noté\u00a0: à jour aujourd’hui.")
    return redirect("library:item", pk=pk)


@network_people(*access.OWNERS, acts=KEEPERS)
@require_POST
def item_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item one answers for out of the library."""
    actions.retire(viewer(request), pk, at=timezone.now())
    messages.success(request, "La ressource est retirée de la bibliothèque.")
    return redirect("library:home")


@network_people(acts=())
@require_safe
def path_page(request: HttpRequest) -> HttpResponse:
    """« Nouveau dans le métier »: the steps in their order, with one's own ticks."""
    who = viewer(request)
    rows = queries.path(who, today=timezone.localdate())
    context = {
        "rows": rows,
        "done": sum(row.done for row in rows),
        "ticks": not access.may_run(who),
        "may_run": access.may_run(who),
    }
    return render(request, "library/path.html", context)


@members(harmless="their own ticks on the path, that nobody else reads")
@require_POST
def path_tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Note for oneself that a step is done, or not."""
    actions.tick(request.membership, pk, done=request.POST.get("fait") == "1", at=timezone.now())  # type: ignore[attr-defined]
    return redirect(f"{reverse('library:path')}#etape-{pk}")


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def path_write(request: HttpRequest) -> HttpResponse:
    """Write the path: titles, words, items, in their order."""
    seat = head(request)
    rows = queries.path(seat, today=timezone.localdate())
    shared = list(access.items_visible_to(seat).filter(retired_on=None).exclude(kind=ItemKind.TERM))
    if request.method == "POST" and request.POST:
        steps = _typed_steps(request, {str(one.pk): one for one in shared})
        actions.write_path(seat, steps, at=timezone.now())
        messages.success(request, "Le parcours est écrit.")
        return redirect("library:path")
    lines = [(row.step.pk, row.step.title, row.step.words, row.step.item_id) for row in rows]
    context = {"lines": [*lines, *[("", "", "", None)] * NEW_STEPS], "shared": shared}
    return render(request, "library/path_write.html", context)


def _typed_steps(request: HttpRequest, shared: dict[str, Any]) -> list[actions.Step]:
    """Read the grid: one title, words, item and place per line; a line without title is left out."""
    posted = request.POST
    columns = zip(
        posted.getlist("titre"),
        posted.getlist("texte"),
        posted.getlist("ressource"),
        posted.getlist("rang"),
        posted.getlist("etape"),
        strict=False,
    )
    typed = [
        (key(rank) or 999, number, actions.Step(title.strip()[:160], words.strip()[:2000], shared.get(item), key(pk)))
        for number, (title, words, item, rank, pk) in enumerate(columns)
        if title.strip()
    ]
    return [step for _, _, step in sorted(typed, key=lambda line: line[:2])]


def _accepted(form: forms.Form, act: Callable[[], Any]) -> Any:
    if not form.is_valid():
        return None
    try:
        return act()
    except LibraryRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None
