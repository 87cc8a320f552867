"""The library of the network: what people of the trade share, and the path of who is new in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import digest, save_together
from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import HEAD, members, network_heads, network_people
from dentelle.network.governance.pages import head, key, viewer
from dentelle.network.library import access, actions, queries
from dentelle.network.library.forms import ItemForm
from dentelle.network.library.models import ItemKind, LibraryItem
from dentelle.network.library.refusals import LibraryRefused

KEEPERS = (*access.OWNERS, HEAD)
NEW_STEPS = 3
MOST_TITLE = 160


@network_people(acts=())
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the library holds, by kind, with who answers for each item and since when it is up to date."""
    who = viewer(request)
    asked = request.GET
    kind = asked.get("nature", "") if asked.get("nature") in ItemKind.values else ""
    text = asked.get("texte", "")[:100].strip()
    retired = asked.get("retirees") == "1" and access.may_run(who)
    today = timezone.localdate()
    page = queries.items(who, kind=kind, text=text, page=key(asked.get("page")) or 1, today=today, retired=retired)
    said = {"nature": kind, "texte": text, "retirees": "1" if retired else ""}
    query = {name: value for name, value in said.items() if value}
    tabs = {name: value for name, value in query.items() if name != "nature"}

    def address(number: int) -> str:
        return f"?{urlencode({**query, 'page': number})}"

    context = {
        "page": page,
        "kind": kind,
        "text": text,
        "retired": retired,
        "gone": access.items_visible_to(who).exclude(retired_on=None).count() if access.may_run(who) else 0,
        "all_url": f"?{urlencode(tabs)}" if tabs else reverse("library:home"),
        "tabs": [
            (code, label, page.counts.get(code, 0), f"?{urlencode({**tabs, 'nature': code})}")
            for code, label in ItemKind.choices
        ],
        "whole": sum(count for code, count in page.counts.items() if text or retired or code != ItemKind.TERM),
        "steps": access.steps_visible_to(who).count(),
        "may_run": access.may_run(who),
        "previous_url": address(page.number - 1) if page.number > 1 else "",
        "next_url": address(page.number + 1) if page.number * queries.PAGE < page.total else "",
    }
    return render(request, "library/home.html", context)


@network_people(acts=())
@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item, its text or its file, who answers for it."""
    who = viewer(request)
    found = access.one(access.items_visible_to(who).select_related("owner", "file"), pk)
    (row,) = queries.rows(who, [found], today=timezone.localdate())
    context = {
        "row": row,
        "item": found,
        "may_keep": access.may_keep(who, found),
        "may_restore": access.may_run(who) and found.retired_on is not None,
    }
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

    def build(data: QueryDict | None = None, **kwargs: Any) -> ItemForm:
        return ItemForm(data, None if data is None else request.FILES, viewer=who, item=found, **kwargs)

    saved = save_together(
        request,
        build,
        ItemForm.initial_of(found),
        lambda form: actions.change_item(who, pk, form.content(), at=timezone.now()),
        _accepted,
    )
    if saved.done is not None:
        messages.success(request, "La ressource est à jour.")
        return redirect("library:item", pk=pk)
    if saved.changes and request.FILES:  # no page gives a browser a file back
        saved.form.add_error("file", "Choisissez de nouveau ce fichier s’il doit être enregistré.")
    context = {"back": reverse("library:item", args=[pk]), "item": found} | saved.shown
    return render(request, "library/form.html", context, status=saved.status)


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
    messages.success(request, "La ressource est retirée de la bibliothèque\u00a0; la tête de réseau peut l’y remettre.")
    return redirect("library:home")


@network_heads()
@require_POST
def item_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a retired item back in the library."""
    access.one(access.items_visible_to(head(request)), pk)
    try:
        actions.restore(head(request), pk, at=timezone.now())
    except LibraryRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "La ressource est de nouveau dans la bibliothèque.")
    return redirect("library:item", pk=pk)


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
    shared = list(access.items_visible_to(seat).filter(retired_on=None).exclude(kind=ItemKind.TERM))
    steps = list(access.steps_visible_to(seat).select_related("item"))
    mark = digest((step.pk, step.title, step.words, step.item_id) for step in steps)
    moved = request.method == "POST" and request.POST.get("opened", mark) != mark
    if request.method == "POST" and request.POST:
        lines = _typed(request, {str(one.pk): one.pk for one in shared})
        if not moved and not any(line.error for line in lines):
            actions.write_path(seat, _steps(lines, {one.pk: one for one in shared}), at=timezone.now())
            messages.success(request, "Le parcours est écrit.")
            return redirect("library:path")
    else:
        lines = [
            _Line(str(number), step.title, step.words, step.item_id, step.pk) for number, step in enumerate(steps, 1)
        ]
        lines += [_Line(str(len(lines) + more)) for more in range(1, NEW_STEPS + 1)]
    wrong = [(number, line) for number, line in enumerate(lines, start=1) if line.error]
    context = {
        "lines": lines,
        "shared": shared,
        "wrong": wrong,
        "most": actions.MOST_WORDS,
        "mark": mark,
        "meanwhile": moved,
        "steps": steps,
    }
    return render(request, "library/path_write.html", context, status=409 if moved else 422 if wrong else 200)


@dataclass(frozen=True, slots=True)
class _Line:
    """A step as it is typed; ``remove``: ticked to be taken out; ``error`` says what to mend, and where."""

    rank: str
    title: str = ""
    words: str = ""
    item: int | None = None
    pk: int | None = None
    remove: bool = False
    error: str = ""
    at: str = ""


def _typed(request: HttpRequest, shared: dict[str, int]) -> list[_Line]:
    """Read the grid, one line per block; nothing typed is dropped or cut: what cannot be kept is told at its line."""
    posted = request.POST
    names = ("titre", "texte", "ressource", "rang", "etape")
    removed = set(posted.getlist("retirer"))
    read = []
    for title, text, item, rank, pk in zip(*(posted.getlist(name) for name in names), strict=False):
        words = text.replace("\r\n", "\n").strip()
        line = _Line(rank, title.strip(), words, shared.get(item), key(pk), bool(pk) and pk in removed)
        error, at = _wrong(line)
        read.append(replace(line, error=error, at=at))
    return read


def _wrong(line: _Line) -> tuple[str, str]:
    """Return what is wrong in a line and the field it is in, empty when nothing is."""
    if line.remove:
        return "", ""
    if not line.title and (line.words or line.item or line.pk):
        kept = "ou cochez «\u00a0Retirer cette étape\u00a0»" if line.pk else "ou effacez le reste"
        return f"Donnez un titre à cette étape, {kept}.", "titre"
    if len(line.title) > MOST_TITLE:
        return f"Le titre a {len(line.title)} caractères\u00a0: {MOST_TITLE} au plus.", "titre"
    if len(line.words) > actions.MOST_WORDS:
        more = len(line.words) - actions.MOST_WORDS
        return (
            f"Le texte a {len(line.words)} caractères\u00a0: {more} de trop. Coupez-le, ou faites-en deux étapes.",
            "texte",
        )
    return "", ""


def _steps(lines: Sequence[_Line], shared: dict[int, LibraryItem]) -> list[actions.Step]:
    """Return the steps to keep, in the order of their ranks."""
    kept = [
        (key(line.rank) or 999, number, line) for number, line in enumerate(lines) if line.title and not line.remove
    ]
    ordered = [line for _, _, line in sorted(kept, key=lambda row: row[:2])]
    return [actions.Step(line.title, line.words, shared.get(line.item or 0), line.pk) for line in ordered]


def _accepted(form: forms.Form, act: Callable[[], Any]) -> Any:
    if not form.is_valid():
        return None
    try:
        return act()
    except LibraryRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None
