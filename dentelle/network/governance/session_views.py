"""Sessions of a body: planned, prepared, held, with their documents."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dentelle.foundations.conflicts import ticked_together
from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import network_heads, network_people
from dentelle.network.governance import access, letters
from dentelle.network.governance.actions import sessions as actions
from dentelle.network.governance.forms import (
    CancelForm,
    DecisionForm,
    DocumentForm,
    GuestForm,
    ItemForm,
    NotesForm,
    SessionForm,
)
from dentelle.network.governance.models import BodyKind, Presence, Session
from dentelle.network.governance.pages import accepted, first_error, form_page, head, key, keys, save_over, viewer
from dentelle.network.governance.queries import sessions
from dentelle.network.governance.queries.concerns import ConcernRow
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.rules.wording import plural

MOST_NAMES = 8
MOVE_TOLD = "Les personnes qu’elle réunit sont prévenues par courriel de la nouvelle date ou du nouveau lieu."


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce a meeting of a body."""
    who = head(request)
    body = access.one(access.bodies_visible_to(who), pk)
    form = SessionForm(request.POST or None)
    if request.method == "POST":
        made = accepted(form, lambda: actions.plan_session(who, body, **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, "La séance est prévue. Écrivez son ordre du jour.")
            return redirect("governance:session", pk=made.pk)
    return form_page(
        request,
        form,
        title=f"Quand se réunit «\u00a0{body}\u00a0»\u202f?",
        submit="Prévoir la séance",
        back=reverse("governance:body", args=[pk]),
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def session_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Change when or where a session will be."""
    who = head(request)
    found = access.one(access.sessions_visible_to(who).select_related("body"), pk)
    initial = {"starts_at": timezone.localtime(found.starts_at), "place": found.place}
    at = timezone.now()
    saved = save_over(
        request, SessionForm, initial, lambda form: actions.move_session(who, pk, **form.cleaned_data, at=at)
    )
    if saved.done is not None:
        told = _told(actions.called_by_move(found, saved.done, at=at))
        messages.success(request, f"La séance est déplacée.{told}")
        return redirect("governance:session", pk=pk)
    return form_page(
        request,
        saved,
        title=f"Déplacer la séance de «\u00a0{found.body}\u00a0»",
        lead=MOVE_TOLD if found.starts_at > timezone.now() else "",
        submit="Enregistrer",
        back=reverse("governance:session", args=[pk]),
    )


@network_people(acts=())
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: agenda, attendance, decisions, documents, and the next."""
    return _sheet(request, pk)


def _sheet(request: HttpRequest, pk: int, refused: dict[str, Any] | None = None) -> HttpResponse:
    who = viewer(request)
    sheet = sessions.session_sheet(who, pk, at=timezone.now())
    runs = access.may_run(who)
    begins = timezone.localtime(sheet.session.starts_at)
    asked = key(request.GET.get("axe"))
    context = {
        "sheet": sheet,
        "session": sheet.session,
        "may_run": runs,
        "may_prepare": runs and not sheet.session.held_at and not sheet.session.cancelled_at,
        "is_today": begins.date() == timezone.localdate(),
        "refused_choices": keys(request.POST.getlist("preoccupation")) if refused else [],
        "refused": next((form for form in (refused or {}).values()), None),
        "presences": Presence.choices,
        "item_form": ItemForm(auto_id="item_%s", offered=sheet.to_decide, initial={"version": asked}),
        "asked": asked,
        "decision_form": DecisionForm(auto_id="decision_%s"),
        "guest_form": GuestForm(auto_id="guest_%s"),
        "document_form": DocumentForm(auto_id="document_%s"),
    } | (refused or {})
    return render(request, "governance/session.html", context, status=422 if refused else 200)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def session_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on a session, of the table of ``ACTS``; asked again by its address alone, the session itself."""
    who = head(request)
    access.one(access.sessions_visible_to(who), pk)
    act = ACTS.get(code)
    if act is None:
        raise Http404
    if request.method != "POST":
        return redirect("governance:session", pk=pk)
    return act(request, pk)


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say a session will not be, or was not, held, and why."""
    who = head(request)
    found = access.one(access.sessions_visible_to(who).select_related("body"), pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and not request.POST:
        form = CancelForm({})
    if request.method == "POST":
        done = accepted(form, lambda: actions.cancel_session(who, pk, **form.cleaned_data, at=timezone.now()))
        if done is not None:
            told = _told(letters.called(done, actions.seated_at(done))) if done.starts_at > timezone.now() else ""
            messages.success(request, f"La séance est annulée\u00a0; sa page en garde la raison.{told}")
            return redirect("governance:session", pk=pk)
    return form_page(
        request,
        form,
        title=f"Annuler la séance du {timezone.localdate(found.starts_at):%d/%m/%Y}, «\u00a0{found.body}\u00a0»",
        lead=f"Elle reste lisible avec sa raison, et ne changera plus.{_to_tell(found)}",
        submit="Annuler la séance",
        back=reverse("governance:session", args=[pk]),
        leave="Ne pas annuler",
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def session_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle the minutes, once the page has read back what will be frozen; asked again when that changed meanwhile."""
    who = head(request)
    sheet = sessions.session_sheet(who, pk, at=timezone.now())
    session = sheet.session
    read = request.POST.get("relu", "")
    may_settle = sheet.has_come and not session.held_at and not session.cancelled_at
    if request.method == "POST" and (read == sheet.digest or not may_settle):  # refused with its reason when it may not
        return _said(
            request,
            pk,
            lambda: actions.hold(who, pk, at=timezone.now()),
            "Le compte rendu est arrêté\u00a0; les auteurs des préoccupations discutées le savent.",
        )
    if not may_settle:
        return redirect("governance:session", pk=pk)
    context = {"sheet": sheet, "session": session, "changed": bool(read)}
    return render(request, "governance/session_hold.html", context, status=409 if read else 200)


def _to_tell(session: Session) -> str:
    """Return who learns of it by e-mail, and whom to call; nothing of a session whose hour is past."""
    if session.starts_at <= timezone.now():
        return ""
    called = letters.called(session, actions.seated_at(session))
    one, several = (
        ("responsable de structure membre la reçoit", "responsables de structures membres la reçoivent")
        if session.body.kind == BodyKind.GENERAL_ASSEMBLY
        else ("personne qui siège la reçoit", "personnes qui siègent la reçoivent")
    )
    told = f" {plural(len(called.people), one, several)} par courriel." if called.people else ""
    return told + _to_call(called.others)


def _told(called: letters.Called) -> str:
    """Return how many people were written to, and whom to call."""
    count = len(called.people)
    told = f" {plural(count, 'personne est prévenue', 'personnes sont prévenues')} par courriel." if count else ""
    return told + _to_call(called.others)


def _to_call(names: Sequence[str]) -> str:
    """Return « Sans compte, à prévenir vous-même: … », the first names when they are many."""
    if not names:
        return ""
    shown, more = names[:MOST_NAMES], len(names) - MOST_NAMES
    rest = f" et {plural(more, 'autre', 'autres')}" if more > 0 else ""
    return f" Sans compte, à prévenir vous-même\u00a0: {', '.join(shown)}{rest}."


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def item_change(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Correct a point of the agenda, or take it off, before the minutes are settled."""
    who = head(request)
    sheet = sessions.session_sheet(who, pk, at=timezone.now())
    row = next((each for each in sheet.items if each.item.pk == item), None)
    if row is None:
        raise Http404
    kept = [row.item.version] if row.item.version else []
    return _change(
        request,
        sheet,
        partial(ItemForm, offered=[*kept, *sheet.to_decide]),
        {"title": row.item.title, "version": row.item.version_id},
        lambda form, chosen, at: actions.change_item(who, pk, item, **form.cleaned_data, concerns=chosen, at=at),
        lambda at: actions.remove_item(who, pk, item, at=at),
        kept=row.concerns,
        words={"title": "Corriger le point", "about": "Préoccupations dont il part", "remove": "Retirer le point"},
    )


@network_heads()
@require_http_methods(["GET", "HEAD", "POST"])
def decision_change(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Correct a decision, or take it out, before the minutes are settled."""
    who = head(request)
    sheet = sessions.session_sheet(who, pk, at=timezone.now())
    row = next((each for each in sheet.decisions if each.decision.pk == decision), None)
    if row is None:
        raise Http404
    return _change(
        request,
        sheet,
        DecisionForm,
        {"text": row.decision.text},
        lambda form, chosen, at: actions.change_decision(
            who, pk, decision, text=form.cleaned_data["text"], concerns=chosen, at=at
        ),
        lambda at: actions.remove_decision(who, pk, decision, at=at),
        kept=row.concerns,
        words={
            "title": "Corriger la décision",
            "about": "Préoccupations auxquelles elle répond",
            "remove": "Retirer la décision",
        },
    )


def _change(
    request: HttpRequest,
    sheet: sessions.SessionSheet,
    build: Callable[..., forms.Form],
    now: dict[str, Any],
    change: Callable[[forms.Form, list[int], datetime], Any],
    remove: Callable[[datetime], None],
    *,
    kept: Sequence[ConcernRow],
    words: Mapping[str, str],
) -> HttpResponse:
    """The page where something of a session is corrected or taken out; what was written stays below the session."""
    at = timezone.now()
    if request.method == "POST" and request.POST.get("retirer"):
        return _said(
            request, sheet.session.pk, lambda: remove(at), "C’est retiré\u00a0; la séance garde ce qui était écrit."
        )
    tied = [row.pk for row in kept]
    chosen = _chosen(request, tied) if request.method == "POST" else tied
    saved = save_over(request, build, now, lambda form: change(form, chosen, at))
    if saved.done is not None:
        messages.success(request, "C’est corrigé\u00a0; la séance garde ce qui était écrit.")
        return redirect("governance:session", pk=sheet.session.pk)
    offered = {row.pk: row for row in (*kept, *(sheet.discussed if "text" in now else sheet.to_discuss))}
    context = {
        "session": sheet.session,
        "rows": tuple(offered.values()),
        "chosen": chosen,
        "tied": ",".join(map(str, tied)),
        "words": words,
    }
    return render(request, "governance/session_change.html", context | saved.shown, status=saved.status)


def _chosen(request: HttpRequest, tied: Sequence[int]) -> list[int]:
    """Return the concerns ticked, over those somebody else tied meanwhile when the page says what it was opened with."""
    typed, opened = keys(request.POST.getlist("preoccupation")), request.POST.get("initial-preoccupation")
    return typed if opened is None else ticked_together(keys(opened.split(",")), typed, tied)


def _item(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.one(access.sessions_visible_to(head(request)).select_related("body"), pk)
    form = ItemForm(request.POST, auto_id="item_%s", offered=list(actions.axes_to_decide(found)))
    chosen = keys(request.POST.getlist("preoccupation"))
    done = accepted(
        form,
        lambda: actions.add_item(head(request), pk, **form.cleaned_data, concerns=chosen, at=timezone.now()),
    )
    return _after(request, pk, done, {"item_form": form}, "Le point est à l’ordre du jour.")


def _notes(request: HttpRequest, pk: int) -> HttpResponse:
    who, item = head(request), key(request.POST.get("point")) or 0
    point = access.one(access.one(access.sessions_visible_to(who), pk).items.all(), item)
    saved = save_over(
        request,
        NotesForm,
        {"notes": point.notes},
        lambda form: actions.note_item(who, pk, item, notes=form.cleaned_data["notes"], at=timezone.now()),
    )
    back = reverse("governance:session", args=[pk]) + f"#point-{item}"
    if saved.changes:
        return form_page(
            request,
            saved,
            title=f"Ce qui a été dit sur «\u00a0{point.title}\u00a0»",
            submit="Enregistrer",
            back=back,
            keep=f"seance:{pk}:notes:{item}",
            hidden={"point": str(item)},
        )
    if saved.done is None:
        messages.error(request, first_error(saved.form))
    else:
        messages.success(request, f"Ce qui a été dit sur «\u00a0{point.title}\u00a0» est enregistré.")
    return redirect(back)


def _attendance(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    seats = {seat.office.pk: seat for seat in sessions.session_sheet(viewer(request), pk, at=at).seats}
    typed = _presences(request, "presence-")
    changed, both = _changed(request, typed, {office: seat.presence for office, seat in seats.items()})
    said = {office: typed[office] for office in changed}
    replaced = _replaced([seats[office].office.full_name for office in both])
    return _said(
        request,
        pk,
        lambda: actions.note_attendance(head(request), pk, said, at=at),
        f"Les présences sont notées.{replaced}",
    )


def _members(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    members = {row.structure.pk: row for row in sessions.session_sheet(viewer(request), pk, at=at).members}
    said, people = _presences(request, "structure-"), _presences(request, "venu-")
    typed = {one: f"{presence}|{' '.join(people.get(one, '').split())}" for one, presence in said.items()}
    changed, both = _changed(request, typed, {one: row.said for one, row in members.items()})
    said = {one: said[one] for one in changed}
    replaced = _replaced([members[one].structure.name for one in both])
    return _said(
        request,
        pk,
        lambda: actions.note_members(head(request), pk, said, at=at, people=people),
        f"Les présences des membres sont notées.{replaced}",
    )


def _changed(request: HttpRequest, typed: Mapping[int, str], now: Mapping[int, str]) -> tuple[list[int], list[int]]:
    """Return the rows a person changed since they opened the page, and among them those others noted otherwise meanwhile."""
    opened = {}
    for line in request.POST.get("initial-rows", "").splitlines():
        row, _, said = line.partition("=")
        opened[key(row)] = said
    mine = [row for row, said in typed.items() if opened.get(row) != said]
    return mine, [row for row in mine if row in opened and row in now and opened[row] != now[row] != typed[row]]


def _replaced(names: Sequence[str]) -> str:
    """Return what to add to « c’est noté » when what somebody noted meanwhile gives way: it is never said nothing of."""
    return (
        f" Noté autrement entre-temps, et remplacé par ce que vous avez choisi\u00a0: {', '.join(names)}."
        if names
        else ""
    )


def _presences(request: HttpRequest, prefix: str) -> dict[int, str]:
    return {
        found: str(value)
        for name, value in request.POST.items()
        if name.startswith(prefix) and (found := key(name.removeprefix(prefix))) is not None
    }


def _guest(request: HttpRequest, pk: int) -> HttpResponse:
    form = GuestForm(request.POST, auto_id="guest_%s")
    done = accepted(form, lambda: actions.add_guest(head(request), pk, **form.cleaned_data, at=timezone.now()))
    return _after(request, pk, done, {"guest_form": form}, "La personne invitée est inscrite.")


def _guest_removal(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = key(request.POST.get("invite")) or 0
    return _said(
        request,
        pk,
        lambda: actions.remove_guest(head(request), pk, chosen, at=timezone.now()),
        "La personne n’est plus parmi les invitées.",
    )


def _decision(request: HttpRequest, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST, auto_id="decision_%s")
    chosen = keys(request.POST.getlist("preoccupation"))
    done = accepted(
        form,
        lambda: actions.decide_in_session(
            head(request), pk, text=form.cleaned_data["text"], concerns=chosen, at=timezone.now()
        ),
    )
    return _after(request, pk, done, {"decision_form": form}, "La décision est inscrite.")


def _document(request: HttpRequest, pk: int) -> HttpResponse:
    form = DocumentForm(request.POST, request.FILES, auto_id="document_%s")
    done = accepted(
        form,
        lambda: actions.add_document(
            head(request), pk, form.cleaned_data["file"], title=form.cleaned_data["title"], at=timezone.now()
        ),
    )
    return _after(request, pk, done, {"document_form": form}, "Le document est joint.")


def _document_removal(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = key(request.POST.get("document")) or 0
    return _said(
        request,
        pk,
        lambda: actions.remove_document(head(request), pk, chosen, at=timezone.now()),
        "Le document est retiré\u00a0; la séance garde son intitulé.",
    )


def _after(request: HttpRequest, pk: int, done: Any, refused: dict[str, Any], said: str) -> HttpResponse:
    if done is None:
        return _sheet(request, pk, refused)
    messages.success(request, said)
    return redirect("governance:session", pk=pk)


def _said(request: HttpRequest, pk: int, act: Callable[[], Any], said: str) -> HttpResponse:
    try:
        act()
    except GovernanceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("governance:session", pk=pk)


ACTS: dict[str, Callable[[HttpRequest, int], HttpResponse]] = {
    "point": _item,
    "notes": _notes,
    "presences": _attendance,
    "membres": _members,
    "invite": _guest,
    "retirer-invite": _guest_removal,
    "decision": _decision,
    "document": _document,
    "retirer-document": _document_removal,
}


@network_people(acts=())
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of a document of a session, always as an attachment."""
    return served(access.one(access.documents_visible_to(viewer(request)), pk).file)
