"""The pages of drops, the same for members and for seated people: each door has its own addresses and calls these."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.directory.typed import organisation_typed
from dentelle.foundations.documents.actions import UploadRefused
from dentelle.foundations.documents.models import FileState
from dentelle.foundations.intake import actions
from dentelle.foundations.intake.droppers import Dropper, drop_of, structures_for, target_for
from dentelle.foundations.intake.forms import DropForm
from dentelle.foundations.intake.models import Drop, DropStatus, LineAct
from dentelle.foundations.intake.queries import grid_page
from dentelle.foundations.intake.reading import IntakeRefused
from dentelle.foundations.intake.targets import Target, WriteRefused
from dentelle.foundations.organisations.models import Structure

NOWHERE = (
    "Aucune structure agréée ne couvre votre commune\u00a0: personne ne pourrait suivre cette programmation. "
    "Écrivez à la tête de réseau pour savoir qui vous accompagne."
)
# htmx's own signal to load the page again: https://htmx.org/headers/hx-refresh/
REFRESH = "HX-Refresh"


def address(dropper: Dropper, name: str, **kwargs: Any) -> str:
    """Return an address of this room for the door the person came through."""
    return reverse(f"intake:{'seat-' if dropper.seated else ''}{name}", kwargs=kwargs)


def new_page(request: HttpRequest, dropper: Dropper, purpose: str) -> HttpResponse:
    """Drop a file: read at once when it is short, then straight to its grid."""
    target = target_for(dropper, purpose)
    at = timezone.now()
    structures = structures_for(dropper.seat, on=timezone.localdate()) if dropper.seat else None
    if request.method != "POST":
        form = DropForm(target=target, structures=structures, initial=_initial(request, dropper, target, structures))
        return _new(request, dropper, target, form, structures)
    form = DropForm(request.POST, request.FILES, target=target, structures=structures)
    if form.is_valid():
        try:
            drop = _receive(dropper, target, form, structures, at=at)
        except (UploadRefused, IntakeRefused) as refused:
            form.add_error("fichier", str(refused))
        except (IdentifierRefused, DirectoryRefused) as refused:
            named = getattr(refused, "code", "") == "name_needed"
            form.add_error("name" if named else "siret", str(refused))
        else:
            return redirect(address(dropper, "grid", pk=drop.pk))
    return _new(request, dropper, target, form, structures, status=422)


def drop_form(request: HttpRequest, dropper: Dropper, target: Target) -> dict[str, Any]:
    """Return what ``intake/_drop_form.html`` needs, for a room that offers to drop a file on a page of its own."""
    structures = structures_for(dropper.seat, on=timezone.localdate()) if dropper.seat else None
    form = DropForm(target=target, structures=structures, initial=_initial(request, dropper, target, structures))
    return {"form": form, "drop_url": address(dropper, "new", purpose=target.code), **_keeping(structures)}


def _keeping(structures: Sequence[Structure] | None) -> dict[str, Any]:
    """Who keeps what a seated person drops, or that nobody would."""
    return {
        "keeper": structures[0] if structures and len(structures) == 1 else None,
        "nowhere": NOWHERE if structures is not None and not structures else "",
    }


def grid(request: HttpRequest, dropper: Dropper, pk: int) -> HttpResponse:
    """The grid of a drop: columns recognised, lines to correct, what writing would do."""
    drop, target = drop_of(dropper, pk)
    return _grid(request, dropper, drop, target)


def progress(request: HttpRequest, dropper: Dropper, pk: int) -> HttpResponse:
    """The moving part of a grid that works in the background; it asks for the page again when the work has ended."""
    drop, _ = drop_of(dropper, pk)
    response = render(request, "intake/_progress.html", {"drop": drop, "progress_url": _progress_url(dropper, drop)})
    if not _works(drop):
        response[REFRESH] = "true"
    return response


def act(request: HttpRequest, dropper: Dropper, pk: int, code: str) -> HttpResponse:
    """One act on a drop: its columns, its cells, its writing, its end."""
    drop, target = drop_of(dropper, pk)
    run = ACTS.get(code)
    if run is None:
        raise Http404
    try:
        return run(request, dropper, drop, target)
    except (actions.DropRefused, WriteRefused, IntakeRefused) as refused:
        messages.error(request, str(refused))
        return _grid(request, dropper, drop, target, status=422)


def _receive(dropper: Dropper, target: Target, form: DropForm, structures: Any, *, at: datetime) -> Drop:
    given = form.cleaned_data
    organisation: Organisation | None
    if dropper.seat is not None:
        structure = _structure_of(structures, given.get("structure", ""))
        organisation = dropper.seat.organisation
    else:
        member = dropper.membership
        if member is None:
            raise Http404
        structure, organisation = member.structure, None
        if given["siret"]:
            organisation = organisation_typed(
                member, given["siret"], name=given["name"], kinds=(target.organisation_kind,), at=at
            )
    return actions.receive(
        dropper,
        target,
        given["fichier"],
        structure=structure,
        organisation=organisation,
        options=form.chosen_options(),
        at=at,
    )


def _structure_of(structures: Any, chosen: str) -> Structure:
    found = next((each for each in structures if str(each.pk) == chosen), None)
    if found is None and len(structures) == 1:
        found = structures[0]
    if found is None:
        raise UploadRefused("no_structure", NOWHERE)
    return found  # type: ignore[no-any-return]


def _initial(request: HttpRequest, dropper: Dropper, target: Target, structures: Any) -> dict[str, Any]:
    known = target.likely_options(timezone.localdate())
    known |= {name: request.GET[name][:20] for name in target.option_fields() if request.GET.get(name)}
    if structures:
        known["structure"] = str(structures[0].pk)
    if request.GET.get("siret") and not dropper.seated:
        known["siret"] = request.GET["siret"][:20]
    return known


def _new(
    request: HttpRequest, dropper: Dropper, target: Target, form: DropForm, structures: Any, *, status: int = 200
) -> HttpResponse:
    context = {
        "target": target,
        "form": form,
        "seated": dropper.seated,
        **_keeping(structures),
    }
    return render(request, "intake/new.html", context, status=status)


def _works(drop: Drop) -> bool:
    """Say whether something is being done in the background."""
    return drop.status == DropStatus.WRITING or (drop.status == DropStatus.RECEIVED and drop.job_id is not None)


def _progress_url(dropper: Dropper, drop: Drop) -> str:
    return address(dropper, "progress", pk=drop.pk)


def _grid(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target, *, status: int = 200) -> HttpResponse:
    asked = request.GET if request.method != "POST" else request.POST
    tab = asked.get("lignes", "")[:10]
    shown = None
    if drop.status in (DropStatus.READY, DropStatus.WRITTEN):
        shown = grid_page(drop, target, tab=tab, after=_number(asked.get("apres")), before=_number(asked.get("avant")))
    here = address(dropper, "grid", pk=drop.pk)
    counts = drop.counts
    ready = counts.get(LineAct.CREATE, 0) + counts.get(LineAct.UPDATE, 0)
    context = {
        "drop": drop,
        "target": target,
        "grid": shown,
        "ready": ready,
        "refused": counts.get(LineAct.REFUSED, 0),
        "created": counts.get(LineAct.CREATE, 0),
        "updated": counts.get(LineAct.UPDATE, 0),
        "unchanged": counts.get(LineAct.UNCHANGED, 0),
        "works": _works(drop),
        "waits": drop.status == DropStatus.RECEIVED and drop.file.state == FileState.QUARANTINED,
        "here": here,
        "previous_url": f"{here}?{urlencode({'lignes': shown.tab, 'avant': shown.before})}#lignes"
        if shown and shown.before
        else "",
        "next_url": f"{here}?{urlencode({'lignes': shown.tab, 'apres': shown.after})}#lignes"
        if shown and shown.after
        else "",
        "acts": {code: address(dropper, "act", pk=drop.pk, code=code) for code in ACTS},
        "progress_url": _progress_url(dropper, drop),
        "again_url": address(dropper, "new", purpose=target.code),
        "leads_to": target.follow(drop.leads_to, seated=dropper.seated) if drop.leads_to else "",
    }
    return render(request, "intake/grid.html", context, status=status)


def _back(dropper: Dropper, drop: Drop, request: HttpRequest) -> HttpResponse:
    tab = request.POST.get("lignes", "")[:10]
    query = f"?{urlencode({'lignes': tab})}#lignes" if tab else ""
    return redirect(address(dropper, "grid", pk=drop.pk) + query)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def _columns(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target) -> HttpResponse:
    chosen = {field.name: _number(request.POST.get(f"m-{field.name}")) for field in target.fields}
    actions.choose_columns(dropper, drop, target, chosen, at=timezone.now())
    return redirect(address(dropper, "grid", pk=drop.pk))


def _correct(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target) -> HttpResponse:
    texts, opened = _cells(request, "c"), _cells(request, "o")
    for each in actions.correct(dropper, drop, target, texts, opened=opened, at=timezone.now()):
        messages.warning(
            request,
            f"Ligne {each.number}, {each.title}\u00a0: «\u00a0{each.kept}\u00a0» a été écrit pendant que vous écriviez "
            f"«\u00a0{each.typed}\u00a0», qui n’est pas gardé. Écrivez-le de nouveau s’il doit rester.",
        )
    return _back(dropper, drop, request)


def _cells(request: HttpRequest, kind: str) -> dict[tuple[int, int], str]:
    """Return the cells a form sends, by line number and column: ``c`` as typed, ``o`` as the page opened them."""
    found = {}
    for name, text in request.POST.items():
        prefix, _, place = name.partition("-")
        line, _, column = place.partition("-")
        if prefix == kind and _number(line) is not None and _number(column) is not None:
            found[int(line), int(column)] = str(text)
    return found


def _make_unknown(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target) -> HttpResponse:
    actions.make_unknown(dropper, drop, target, request.POST.get("field", ""), at=timezone.now())
    return _back(dropper, drop, request)


def _read(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target) -> HttpResponse:
    actions.read_now(dropper, drop, target, at=timezone.now())
    return redirect(address(dropper, "grid", pk=drop.pk))


def _write(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target) -> HttpResponse:
    written = actions.ask_write(dropper, drop, target, at=timezone.now())
    if written.status != DropStatus.WRITTEN:
        return redirect(address(dropper, "grid", pk=drop.pk))
    messages.success(request, "C’est écrit.")
    return redirect(target.follow(written.leads_to, seated=dropper.seated))


def _abandon(request: HttpRequest, dropper: Dropper, drop: Drop, target: Target) -> HttpResponse:
    actions.abandon(dropper, drop, at=timezone.now())
    messages.info(request, "Dépôt abandonné\u00a0: rien n’a été écrit.")
    return redirect(address(dropper, "new", purpose=target.code))


ACTS = {
    "colonnes": _columns,
    "corriger": _correct,
    "inconnues": _make_unknown,
    "lire": _read,
    "ecrire": _write,
    "abandonner": _abandon,
}
