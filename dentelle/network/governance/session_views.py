"""Sessions of a body: planned, prepared, held, with their documents."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.documents.views import served
from dentelle.foundations.doors import network_heads, network_people
from dentelle.network.governance import access
from dentelle.network.governance.actions import sessions as actions
from dentelle.network.governance.forms import DecisionForm, DocumentForm, ItemForm, NotesForm, SessionForm
from dentelle.network.governance.models import Presence
from dentelle.network.governance.pages import accepted, first_error, form_page, head, key, keys, viewer
from dentelle.network.governance.queries import sessions
from dentelle.network.governance.refusals import GovernanceRefused


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
    form = SessionForm(request.POST or None, initial=initial)
    if request.method == "POST":
        done = accepted(form, lambda: actions.move_session(who, pk, **form.cleaned_data, at=timezone.now()))
        if done is not None:
            messages.success(request, "La séance est déplacée.")
            return redirect("governance:session", pk=pk)
    return form_page(
        request,
        form,
        title=f"Déplacer la séance de «\u00a0{found.body}\u00a0»",
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
    sheet = sessions.session_sheet(who, pk, today=timezone.localdate())
    runs = access.may_run(who)
    context = {
        "sheet": sheet,
        "session": sheet.session,
        "may_run": runs,
        "may_prepare": runs and not sheet.session.held_at,
        "presences": Presence.choices,
        "item_form": ItemForm(auto_id="item_%s"),
        "decision_form": DecisionForm(auto_id="decision_%s"),
        "document_form": DocumentForm(auto_id="document_%s"),
    } | (refused or {})
    return render(request, "governance/session.html", context, status=422 if refused else 200)


@network_heads()
@require_POST
def session_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on a session, of the table of ``ACTS``."""
    who = head(request)
    access.one(access.sessions_visible_to(who), pk)
    act = ACTS.get(code)
    if act is None:
        raise Http404
    return act(request, pk)


def _item(request: HttpRequest, pk: int) -> HttpResponse:
    form = ItemForm(request.POST, auto_id="item_%s")
    chosen = keys(request.POST.getlist("preoccupation"))
    done = accepted(
        form,
        lambda: actions.add_item(
            head(request), pk, title=form.cleaned_data["title"], concerns=chosen, at=timezone.now()
        ),
    )
    return _after(request, pk, done, {"item_form": form}, "Le point est à l’ordre du jour.")


def _notes(request: HttpRequest, pk: int) -> HttpResponse:
    form = NotesForm(request.POST)
    item = key(request.POST.get("point")) or 0
    done = accepted(
        form,
        lambda: actions.note_item(head(request), pk, item, notes=form.cleaned_data["notes"], at=timezone.now()),
    )
    if done is None:
        messages.error(request, first_error(form))
    return redirect(reverse("governance:session", args=[pk]) + f"#point-{item}")


def _attendance(request: HttpRequest, pk: int) -> HttpResponse:
    said = {
        found: str(value)
        for name, value in request.POST.items()
        if name.startswith("presence-") and (found := key(name.removeprefix("presence-"))) is not None
    }
    return _said(
        request,
        pk,
        lambda: actions.note_attendance(head(request), pk, said, at=timezone.now()),
        "Les présences sont notées.",
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


def _hold(request: HttpRequest, pk: int) -> HttpResponse:
    return _said(
        request,
        pk,
        lambda: actions.hold(head(request), pk, at=timezone.now()),
        "Le compte rendu est arrêté\u00a0; les auteurs des préoccupations discutées le savent.",
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
    "decision": _decision,
    "document": _document,
    "arreter": _hold,
}


@network_people(acts=())
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of a document of a session, always as an attachment."""
    return served(access.one(access.documents_visible_to(viewer(request)), pk).file)
