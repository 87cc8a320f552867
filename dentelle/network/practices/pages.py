"""The pages of sheets, the same for members and for the head of the network: each door has its own addresses."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.conflicts import FieldChange, Reconciled
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.mentions import mentions_of
from dentelle.foundations.organisations.models import Coverage, Membership
from dentelle.network.practices import actions, agreeing, queries
from dentelle.network.practices.access import (
    Viewer,
    is_head,
    may_take,
    may_write,
    open_versions,
    practice_edited_by,
    practice_visible_to,
    practices_visible_to,
    published_to,
    version_in_making,
    version_reviewed_by,
)
from dentelle.network.practices.dropping import drop
from dentelle.network.practices.facets import BY_NAME, STAGE, WHERE, Facet, tags_of
from dentelle.network.practices.forms import ReasonForm, ReviewForm, SheetForm, TriedForm, WrittenForm, initial_of
from dentelle.network.practices.instead import instead_of
from dentelle.network.practices.meanwhile import BOTH_WROTE, bring_together
from dentelle.network.practices.models import PracticeVersion, Replication
from dentelle.network.practices.named import named_in
from dentelle.network.practices.origins import came_from, stage_names
from dentelle.network.practices.places import place_name
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.practices.sheet import parts_of, public_sheet, sheet_of
from dentelle.network.practices.vocabulary import LICENCES, OUTCOMES, THEMES
from dentelle.web.formatting import prose_date

# posted by whoever read that words of the sheet tell who somebody is
KNOWING = "sachant"
Act = Callable[[Viewer, int, HttpRequest, datetime], str]


def address(viewer: Viewer, name: str, **kwargs: Any) -> str:
    """Return an address of this room for the door the person came through."""
    return reverse(f"practices:{'head-' if is_head(viewer) else ''}{name}", kwargs=kwargs)


def practice_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Published sheets: words, facets, territories like one's own; and what awaits in this room."""
    filters = _filters(request)
    asked = request.GET.get("apres", "")
    start = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    today = timezone.localdate()
    found = queries.find(viewer, filters, today=today, start=start)
    here = address(viewer, "list")
    kept = _query(filters)
    instead = None
    if filters.active and not found.total:
        instead = instead_of(viewer, filters, queries.find(viewer, queries.Filters(), today=today))
    context = {
        "found": found,
        "filters": filters,
        # on territories like one's own, what one's own structure tells stands apart
        "rows": [_linked(row, viewer) for row in found.rows if not (found.alike and row.is_own)],
        "own_rows": [_linked(row, viewer) for row in found.rows if found.alike and row.is_own],
        "groups": _groups(found, filters),
        # what a new question keeps: all but what the form itself asks
        "kept": {name: value for name, value in kept.items() if name not in {"texte", "comme"}}.items(),
        "chips": _chips(filters, found, here, kept, viewer),
        "work": queries.work_of(viewer, today=today) if not filters.active and not start else None,
        "instead": instead,
        "spelt_url": f"{here}?{urlencode({'texte': instead.spelling})}" if instead and instead.spelling else "",
        "widened_url": f"{here}?{urlencode(_query(instead.widened))}" if instead and instead.widened else "",
        "theme_urls": [(each, f"{here}?{urlencode({'theme': each.value})}") for each in instead.themes]
        if instead
        else [],
        "may_write": may_write(viewer),
        "may_take": may_take(viewer),
        "head": is_head(viewer),
        "here": here,
        "new_url": address(viewer, "new"),
        "next_url": f"{here}?{urlencode({**kept, 'apres': found.after})}" if found.after else "",
        "previous_url": f"{here}?{urlencode(kept)}" if start else "",
        "detail": "practices:head-detail" if is_head(viewer) else "practices:detail",
        "review": "practices:head-review" if is_head(viewer) else "practices:review",
    }
    return render(request, "practices/list.html", context)


def _linked(row: queries.Row, viewer: Viewer) -> tuple[queries.Row, str]:
    return row, address(viewer, "detail", pk=row.pk)


def add_refusal(form: Form, refused: PracticeRefused) -> None:
    """Show a refusal at the field it is about, else before the form."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def sheet_page(
    request: HttpRequest, viewer: Viewer, pk: int, *, refused: tuple[str, PracticeRefused] | None = None
) -> HttpResponse:
    """One sheet, as it is published; ``?version=`` shows another one. ``refused``: an act that was, and why: what was typed
    stays."""
    practice = practice_visible_to(viewer, pk)
    act_code, refusal = refused or ("", None)
    most = {"archiver": actions.ARCHIVE_MOST}
    reasons = {code: ReasonForm(auto_id=f"{code}_%s", most=most.get(code, actions.REASON_MOST)) for code in WITH_REASON}
    asked = request.GET.get("version", "")
    if refusal is not None:
        reasons[act_code] = ReasonForm(
            request.POST, auto_id=f"{act_code}_%s", most=most.get(act_code, actions.REASON_MOST)
        )
        reasons[act_code].is_valid()
        if "reason" not in reasons[act_code].errors:
            add_refusal(reasons[act_code], refusal)
        making = version_in_making(viewer, practice)
        asked = str(making.number) if making and act_code != "archiver" else ""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else None
    today = timezone.localdate()
    sheet = sheet_of(viewer, practice, version=number, today=today)
    if sheet is None:
        raise Http404
    names = ("edit", "review", "tried", "act", "detail", "list")
    is_making = sheet.making is not None and sheet.making.pk == sheet.version.pk
    near = queries.related(viewer, _subject(sheet.version), sorts=_sorts(sheet.version), today=today)
    context = {
        "sheet": sheet,
        "practice": practice,
        "version": sheet.version,
        "is_old": sheet.refresh_on is not None and sheet.refresh_on <= today,
        "is_making": is_making,
        "place": place_name(sheet.version.content.get("place", "")),
        "came_from": came_from(viewer, practice),
        "near": [(row, address(viewer, "detail", pk=row.pk)) for row in near if row.pk != pk][:4],
        "urls": {name: address(viewer, name, **({} if name == "list" else {"pk": pk})) for name in names if name not in {"act", "tried"}},
        "tried_url": "" if is_head(viewer) else reverse("practices:tried", kwargs={"pk": pk}),
        "act_urls": {code: address(viewer, "act", pk=pk, code=code) for code in ACTS},
        "written_form": WrittenForm(auto_id="ecrit_%s"),
        "correction_form": reasons["correction"],
        "forget_url": address(viewer, "act", pk=pk, code="effacer-contact"),
        "reason_form": reasons["renvoyer" if is_making else "archiver"],
        "is_open": open_versions().filter(pk=sheet.version.pk).exists(),
        "mentions": mentions_of("practice", viewer, pk, on=today) if practice.published_id else (),
    }  # fmt: skip
    return render(request, "practices/sheet.html", context, status=422 if refusal else 200)


def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet for anybody, as it is published; ``?version=`` shows another version, as the white paper cites it."""
    asked = request.GET.get("version", "")
    readable = open_versions().filter(practice=pk).select_related("practice__structure", "practice__network")
    if asked.isascii() and asked.isdecimal() and len(asked) < 6:
        readable = readable.filter(number=int(asked))
    version = readable.order_by("-number").first()
    if version is None:
        raise Http404
    practice = version.practice
    context = {
        "version": version,
        "practice": practice,
        "sheet": public_sheet(version),
        "host": practice.structure.name if practice.structure else practice.network.name,
        "licence": LICENCES[version.content["licence"]],
        "tried": practice.replications.count(),
    }
    return render(request, "practices/public.html", context)


def _subject(version: PracticeVersion) -> str:
    said = version.content
    return " ".join([version.title, said.get("summary", ""), *(THEMES[each] for each in said.get("themes", ()))])


def _sorts(version: PracticeVersion) -> dict[str, list[str]]:
    sorts: dict[str, list[str]] = {}
    for facet, value in tags_of(version.content, {}):
        sorts.setdefault(facet, []).append(value)
    return sorts


def new_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Begin a sheet."""
    if not may_write(viewer):
        raise Http404
    form = SheetForm(request.POST if request.method == "POST" else None, initial=_first(viewer))
    if request.method == "POST" and form.is_valid():
        try:
            practice = actions.begin(viewer, form.content(), at=timezone.now())
        except PracticeRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "Brouillon enregistré. Complétez-le, puis proposez-le à la relecture.")
            return redirect(address(viewer, "detail", pk=practice.pk))
    context = {"form": form, "practice": None, "back_url": address(viewer, "list")}
    return render(request, "practices/edit.html", context, status=422 if form.errors else 200)


def edit_page(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Write a sheet: its draft, or its next version. What others wrote since it was opened stays; written twice, both are shown."""
    practice = practice_edited_by(viewer, pk)
    version = version_in_making(viewer, practice) or practice.published
    if request.method != "POST" and version is not None and version.state in actions.REFUSED_TO_WRITE:
        messages.warning(request, actions.REFUSED_TO_WRITE[version.state])
        return redirect(_making_url(viewer, pk))
    known = initial_of(version.content) if version else {}
    theirs = is_head(viewer) and agreeing.whose(practice) is not None
    build = partial(SheetForm, theirs=theirs)
    both = Reconciled(build(initial=known), ())
    if request.method == "POST":
        both = bring_together(build(request.POST, initial=known), known, build)
    form = both.form
    if both.disputed:
        form.add_error(None, BOTH_WROTE)
    elif form.is_valid():
        try:
            actions.write(viewer, pk, form.content(), at=timezone.now(), over=version.content if version else None)
        except PracticeRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _saved(both.changes))
            return redirect(_making_url(viewer, pk))
    context = {
        "form": form,
        "practice": practice,
        "version": version,
        "named": named_in(version.content) if version else (),
        "back_url": address(viewer, "detail", pk=pk),
        "meanwhile": both.disputed,
        "changes": both.changes,
    }
    return render(request, "practices/edit.html", context, status=409 if both.disputed else 422 if form.errors else 200)


def _saved(changes: tuple[FieldChange, ...]) -> str:
    if not changes:
        return "Brouillon enregistré."
    told = ", ".join(change.label for change in changes)
    return f"Brouillon enregistré, avec ce que quelqu’un d’autre a écrit entre-temps\u00a0: {told}."


def review_page(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Review a sheet others told: read it, say how it would transfer. Who told it is led to its page, which says why."""
    try:
        version = version_reviewed_by(viewer, pk)
    except PracticeRefused as refused:
        messages.warning(request, str(refused))
        return redirect(address(viewer, "detail", pk=pk))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review(viewer, pk, form.profile(), form.cleaned_data["note"], at=timezone.now())
        except PracticeRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "Fiche relue\u00a0: la tête de réseau peut la publier.")
            return redirect(address(viewer, "detail", pk=pk))
    sheet = sheet_of(viewer, version.practice, version=version.number, today=timezone.localdate())
    context = {
        "form": form,
        "sheet": sheet,
        "version": version,
        "back_url": address(viewer, "list"),
        "return_url": address(viewer, "act", pk=pk, code="renvoyer"),
        "reason_form": ReasonForm(),
    }
    return render(request, "practices/review.html", context, status=422 if form.errors else 200)


def tried_page(request: HttpRequest, member: Membership, pk: int) -> HttpResponse:
    """« Essayé chez nous »: what happened, in the words of who tried."""
    practice = published_to(member).select_related("published").filter(pk=pk).first()
    if practice is None or not may_write(member):
        raise Http404
    known = practice.replications.filter(structure=member.structure_id).first()
    first = {name: getattr(known, name) for name in ("outcome", "told", "changed", "started_on")} if known else {}
    form = TriedForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            said = actions.say_tried(member, pk, **form.cleaned_data, at=at)
        except PracticeRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _thanks(said, at))
            return redirect(address(member, "detail", pk=pk) + "#essais")
    context = {"form": form, "practice": practice, "known": known, "back_url": address(member, "detail", pk=pk)}
    return render(request, "practices/tried.html", context, status=422 if form.errors else 200)


def _thanks(said: Replication, at: datetime) -> str:
    if not said.former or said.updated_at != at:
        return "Merci\u00a0: les autres membres liront ce que cela a donné chez vous."
    before = said.former[0]
    day = prose_date(date.fromisoformat(before["said_on"]))
    return f"C’est redit. Ce que votre structure disait le {day} («\u00a0{OUTCOMES[before['outcome']].lower()}\u00a0») reste lisible dessous."


def act(request: HttpRequest, viewer: Viewer, pk: int, code: str) -> HttpResponse:
    """One act on a sheet."""
    if code not in ACTS:
        raise Http404
    try:
        done = ACTS[code](viewer, pk, request, timezone.now())
    except PracticeRefused as refused:
        if code in WITH_REASON and refused.field == "reason":
            return sheet_page(request, viewer, pk, refused=(code, refused))
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
        if code == "reprendre":
            return redirect(address(viewer, "edit", pk=pk))
    known = code not in {"renvoyer", "abandonner"} or practices_visible_to(viewer).filter(pk=pk).exists()
    return redirect(address(viewer, "detail", pk=pk) if known else address(viewer, "list"))


def agree_page(request: HttpRequest, link: MagicLink) -> HttpResponse:
    """A sheet as who told it reads it again, by a link."""
    found = agreeing.behind(link)
    if found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" and "reason" in request.POST else None)
    refusal = ""
    if request.method == "POST":
        words, agrees = request.POST.get("reason", ""), "accord" in request.POST
        try:
            agreeing.answer_by_link(link, agrees=agrees, words=words, at=timezone.now())
        except PracticeRefused as refused:
            refusal = str(refused)
        else:
            return redirect("practices:by-link")
    context = {
        "agreement": found,
        "readers": agreeing.who_will_read(found.version),
        "version": found.version,
        "sheet": {"parts": parts_of(found.version)},
        "named": named_in(found.version.content),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "practices/agree.html", context, status=422 if refusal else 200)


def near_panel(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The sheets near what another page speaks of (``?texte=…&metier=…``): a fragment, or nothing when there is none."""
    text = request.GET.get("texte", "")[:300]
    trade = request.GET.get("metier", "")[:60]
    # of a purchase whose trade is known, what is near is its trade, then what is said of clauses
    sorts = {"themes": ("clause",)} if trade else {}
    rows = queries.related(viewer, text, trade=trade, sorts=sorts, today=timezone.localdate())
    context = {
        "rows": [(row, address(viewer, "detail", pk=row.pk)) for row in rows],
        "list_url": f"{address(viewer, 'list')}?{urlencode({'texte': text})}",
    }
    return render(request, "practices/_near.html", context)


def _submit(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.submit(viewer, pk, at=at, knowing=KNOWING in request.POST)
    return "Fiche proposée\u00a0: quelqu’un d’autre du réseau la relira."


def _take_back(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.take_back(viewer, pk, at=at)
    return "Fiche reprise\u00a0: elle n’est plus à relire. Une fois modifiée, proposez-la de nouveau."


def _send_back(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.send_back(viewer, pk, request.POST.get("reason", ""), at=at)
    return "Fiche renvoyée à qui l’a écrite, avec votre motif."


def _publish(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.publish(viewer, pk, at=at, knowing=KNOWING in request.POST)
    return "Fiche publiée\u00a0: tout le réseau la trouve."


def _check(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.check(viewer, pk, at=at)
    return "C’est noté\u00a0: la fiche est à jour aujourd’hui."


def _archive(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.archive(viewer, pk, request.POST.get("reason", ""), at=at)
    return "Fiche archivée\u00a0: elle ne sort plus dans les recherches."


def _agree(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    agreeing.agree(viewer, pk, licence=request.POST.get("licence"), at=at)
    return "Votre accord est gardé, avec son jour\u00a0: la fiche peut paraître."


def _correct(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    agreeing.ask_for_correction(viewer, pk, request.POST.get("reason", ""), at=at)
    return "C’est envoyé à la tête de réseau\u00a0: elle corrige, puis vous redemande votre accord."


def _ask(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    agreeing.ask_again(viewer, pk, at=at)
    return "L’accord est demandé."


def _note_written(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    form = WrittenForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    agreeing.note_written(viewer, pk, nature=said.get("nature", ""), on=said.get("on"), at=at)
    return "L’accord écrit est noté\u00a0: la fiche le dit."


def _forget_contact(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    actions.forget_contact(viewer, pk, at=at)
    return "La personne à contacter est effacée de toutes les versions."


def _drop(viewer: Viewer, pk: int, request: HttpRequest, at: datetime) -> str:
    gone = drop(viewer, pk, at=at)
    return "Brouillon abandonné." if gone else "Brouillon abandonné\u00a0: la version publiée n’a pas changé."


ACTS: dict[str, Act] = {
    "proposer": _submit,
    "reprendre": _take_back,
    "renvoyer": _send_back,
    "publier": _publish,
    "accord": _agree,
    "correction": _correct,
    "demander-accord": _ask,
    "accord-ecrit": _note_written,
    "verifier": _check,
    "archiver": _archive,
    "effacer-contact": _forget_contact,
    "abandonner": _drop,
}


WITH_REASON = ("renvoyer", "archiver", "correction")


def _first(viewer: Viewer) -> dict[str, Any]:
    if not isinstance(viewer, Membership):
        return {"host": viewer.network.name}
    coverage = Coverage.objects.in_force(timezone.localdate()).filter(structure=viewer.structure_id).first()
    place = coverage.places[0] if coverage and coverage.places else ""
    return initial_of({"host": viewer.structure.name, "place": place, "author": viewer.user.full_name})


def _making_url(viewer: Viewer, pk: int) -> str:
    version = version_in_making(viewer, practice_edited_by(viewer, pk))
    return f"{address(viewer, 'detail', pk=pk)}?version={version.number if version else 1}"


def _filters(request: HttpRequest) -> queries.Filters:
    asked = request.GET
    facets = {facet.code: asked[name] for name, facet in BY_NAME.items() if name in asked and facet.allows(asked[name])}
    return queries.Filters(
        text=asked.get("texte", "")[:300].strip(),
        facets=facets,
        region=asked.get("region", "")[:3],
        alike=asked.get("comme") == "moi",
    )


def _query(filters: queries.Filters) -> dict[str, str]:
    names = {facet.code: name for name, facet in BY_NAME.items()}
    kept = {"texte": filters.text, "region": filters.region, "comme": "moi" if filters.alike else ""}
    return {name: value for name, value in kept.items() if value} | {
        names[code]: value for code, value in filters.facets.items()
    }


def _groups(found: queries.Found, filters: queries.Filters) -> list[tuple[str, list[dict[str, Any]]]]:
    """The boxes that narrow the list, by group; regions, which come from places, stand with what says where."""
    groups: dict[str, list[dict[str, Any]]] = {}
    if found.regions:
        groups[WHERE.label] = [
            {"name": "region", "label": "Région", "counted": found.regions, "chosen": filters.region}
        ]  # fmt: skip
    for group in found.groups:
        groups[group.label] = groups.pop(group.label, []) + [
            {"name": facet.name, "label": facet.label, "counted": counted, "chosen": filters.facets.get(facet.code, "")}
            for facet, counted in group.facets
        ]
    return list(groups.items())


def _word(facet: Facet, value: str, viewer: Viewer) -> str:
    """How a value is called, even when no sheet found has it."""
    if facet.choices is not None:
        return facet.choices[value]
    return stage_names(viewer, [value]).get(value, "inconnue") if facet is STAGE else value


def _chips(
    filters: queries.Filters, found: queries.Found, here: str, kept: dict[str, str], viewer: Viewer
) -> list[dict[str, str]]:
    labels = {
        name: f"{facet.label}\u00a0: {_word(facet, kept[name], viewer)}"
        for name, facet in BY_NAME.items()
        if name in kept
    }
    if filters.text:
        labels["texte"] = f"«\u202f{filters.text}\u202f»"
    if filters.alike:
        labels["comme"] = "territoires comme le mien"
    if filters.region:
        region = next((each.label for each in found.regions if each.value == filters.region), filters.region)
        labels["region"] = region
    return [
        {
            "label": label,
            "remove_url": f"{here}?{urlencode({key: value for key, value in kept.items() if key != name})}",
        }
        for name, label in labels.items()
    ]
