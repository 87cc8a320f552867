"""Who comes to a stage, for the head of the network: the list, who came, the file."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import ticked_together
from dentelle.foundations.doors import network_heads
from dentelle.foundations.sheets import CONTENT_TYPES, write_csv, write_xlsx
from dentelle.network.tour import access, letters
from dentelle.network.tour.actions import registrations as actions
from dentelle.network.tour.forms import CameForm
from dentelle.network.tour.models import Registration, Stage
from dentelle.network.tour.pages import accepted, act_or_say, attached, head, keys
from dentelle.network.tour.queries.stages import people_of, places_of
from dentelle.network.tour.refusals import TourRefused
from dentelle.network.tour.vocabulary import StageState

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
HEADER = (
    "Nom",
    "Organisme",
    "Vient comme",
    "Adresse électronique",
    "Structure membre",
    "État",
    "Inscription le",
    "Présence",
)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who registered; once the stage has begun, who came, box by box."""
    who = head(request)
    found = access.one(access.stages_visible_to(who), pk)
    refusal = ""
    if request.method == "POST":
        present, opened = keys(request.POST.getlist("present")), request.POST.get("opened")
        if opened is not None:
            present = ticked_together(keys(opened.split(",")), present, _ticked(found, people_of(found)))
        try:
            count = actions.note_attendance(who, pk, present, at=timezone.now())
        except TourRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"Les présences sont notées\u00a0: {count} en tout.")
            return redirect("tour:stage", pk=pk)
    return _page(request, found, CameForm(auto_id="venu_%s"), refusal)


@network_heads()
@require_POST
def came(request: HttpRequest, pk: int) -> HttpResponse:
    """Add people who came without having registered, or take one back."""
    who = head(request)
    found = access.one(access.stages_visible_to(who), pk)
    if "retirer" in request.POST:
        gone = next(iter(keys([request.POST["retirer"]])), 0)
        back = "tour:attendance"
        return act_or_say(
            request,
            lambda: actions.remove_came(who, pk, gone, at=timezone.now()),
            "C’est retiré.",
            back,
            pk,
            part="#venus",
        )
    form = CameForm(request.POST, auto_id="venu_%s")
    done = accepted(form, lambda: actions.add_came(who, pk, **form.cleaned_data, at=timezone.now()))
    if done is None:
        return _page(request, found, form)
    messages.success(request, "C’est ajouté.")
    return redirect(reverse("tour:attendance", args=[pk]) + "#venus")


def _page(request: HttpRequest, found: Stage, form: CameForm, refusal: str = "") -> HttpResponse:
    at = timezone.now()
    people = people_of(found)
    ticked = _ticked(found, people)
    context: dict[str, Any] = {
        "stage": found,
        "ticked": ticked,
        "opened": ",".join(map(str, ticked)),
        "when": letters.when(found),
        "places": places_of(found),
        "confirmed": [each for each in people if each.registered_at and each.state == "confirmed"],
        "waiting": [each for each in people if each.registered_at and each.state == "waiting"],
        "others": [each for each in people if not each.registered_at and each.full_name],
        "nameless": _nameless(people),
        "came_count": sum(not each.registered_at for each in people),
        "may_note": found.has_come(at) and found.state in (*actions.WRITTEN, StageState.ANNOUNCED, StageState.HELD),
        "is_entered": found.state in actions.WRITTEN,
        "form": form,
        "refusal": refusal,
        "kept": letters.KEPT_WORDS,
    }
    return render(request, "tour/attendance.html", context, status=422 if refusal or form.errors else 200)


def _ticked(found: Stage, people: Sequence[Registration]) -> list[int]:
    """Those registered whose box is ticked: who came, or who has a place until somebody notes who came."""
    unsaid = found.attendance_at is None
    return [
        each.pk
        for each in people
        if each.registered_at and (each.attended or (each.attended is None and unsaid and each.state == "confirmed"))
    ]


def _nameless(people: Sequence[Registration]) -> list[tuple[str, int, int]]:
    """Those who came and are only counted: what they are, how many, the key of one of them."""
    found: dict[str, list[int]] = {}
    for each in people:
        if not each.registered_at and not each.full_name:
            found.setdefault(each.get_kind_display(), []).append(each.pk)
    return [(label, len(held), held[-1]) for label, held in found.items()]


@network_heads()
@require_safe
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The list of who comes, as a spreadsheet whose texts are never formulas."""
    if form not in WRITERS:
        raise Http404
    found = access.one(access.stages_visible_to(head(request)), pk)
    rows = [_row(each) for each in people_of(found)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"inscrits.{form}"
        WRITERS[form](path, HEADER, [rows], on_batch=lambda total: None)
        content = path.read_bytes()
    return attached(content, CONTENT_TYPES[form], f"inscrits {found.title}", form)


def _row(each: Registration) -> list[Any]:
    came = {None: None, True: "oui", False: "non"}[each.attended]
    day = timezone.localdate(each.registered_at) if each.registered_at else None
    return [
        each.full_name,
        each.organisation,
        each.get_kind_display(),
        each.email,
        each.structure.name if each.structure else "",
        each.get_state_display() if each.registered_at else "venu ou venue sans inscription",
        day,
        came,
    ]
