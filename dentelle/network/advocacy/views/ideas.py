"""Ideas: the table where the head gathers contributions, and the page of each with its discussions and its decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads, network_people
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import ideas as actions
from dentelle.network.advocacy.forms import (
    DecisionForm,
    DiscussionForm,
    IdeaForm,
    MoveForm,
    PlaceForm,
    ReopenForm,
    TakeDiscussionBackForm,
    idea_initial,
)
from dentelle.network.advocacy.models import Idea
from dentelle.network.advocacy.pages import accepted, head, keys, save_over, viewer
from dentelle.network.advocacy.queries import contributions as queries
from dentelle.network.advocacy.queries.contributions import UNDECIDED
from dentelle.network.governance.pages import first_error
from dentelle.rules.wording import shortened


@network_people()
@require_http_methods(["GET", "HEAD", "POST"])
def ideas(request: HttpRequest, pk: int) -> HttpResponse:
    """The ideas of a white paper; its head gathers contributions under them, or under one named here."""
    who = viewer(request)
    paper = access.one(access.papers_visible_to(who), pk)
    found = queries.ideas_of(who, paper)
    places = [(row.idea.pk, f"{row.idea.title} ({row.contributions})") for row in found if row.idea.state in UNDECIDED]
    form = PlaceForm(request.POST or None, places=places)
    chosen = keys(request.POST.getlist("contribution"))
    if request.method == "POST":
        seat = head(request)
        where: Idea | None = accepted(form, lambda: _gather(seat, pk, chosen, form))
        if where is not None:
            messages.success(
                request,
                f"Rangé dans «\u00a0{where}\u00a0»\u00a0: chaque auteur le voit sur sa contribution."
                if chosen
                else "L’idée est nommée\u00a0; elle n’a encore aucune contribution.",
            )
            return redirect("advocacy:ideas", pk=pk)
    may_run = access.may_run(who)
    context = {
        "paper": paper,
        "ideas": found,
        "rows": queries.to_gather(who, paper) if may_run else (),
        "form": form,
        "chosen": chosen,
        "may_run": may_run and not paper.is_example,
    }
    return render(request, "advocacy/ideas.html", context, status=422 if form.errors else 200)


def _gather(seat: NetworkSeat, pk: int, chosen: list[int], form: PlaceForm) -> Idea:
    """Put contributions where the form says; without any, a name alone makes an idea."""
    at, typed = timezone.now(), form.typed()
    if typed["into"] or chosen:
        return actions.move(seat, chosen, paper_pk=pk, **typed, at=at)
    return actions.name_idea(seat, pk, title=typed["title"], summary="", at=at)


@network_people(acts=())
@require_safe
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    """One idea: its contributions in their words, where it was discussed, what was decided and why."""
    return _sheet(request, pk, {})


@network_heads()
@require_POST
def idea_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Note a discussion or take it back, record what is decided or go back on it, move contributions elsewhere, name the idea otherwise."""
    seat, at = head(request), timezone.now()
    sheet = queries.idea_sheet(seat, pk)
    form: Any
    if code == "discuter":
        form = _discussion(request, sheet.idea, request.POST)
        done = accepted(
            form,
            lambda: actions.discuss(
                seat, pk, session_pk=form.cleaned_data["session"].pk, words=form.cleaned_data["words"], at=at
            ),
        )
        said = "Noté\u00a0: les auteurs savent que leur idée a été discutée."
    elif code == "retirer":
        form = TakeDiscussionBackForm(request.POST, idea=sheet.idea)
        done = accepted(
            form,
            lambda: actions.take_discussion_back(
                seat,
                pk,
                discussion_pk=form.cleaned_data["discussion"].pk,
                reason=form.cleaned_data["reason"],
                at=at,
            ),
        )
        said = "La discussion est retirée\u00a0: les auteurs à qui elle a été dite lisent pourquoi."
    elif code == "decider":
        form = DecisionForm(request.POST, others=sheet.others)
        done = accepted(form, lambda: actions.decide(seat, pk, **form.typed(), at=at))
        said = "C’est décidé\u00a0: chaque auteur lit la raison."
    elif code == "deplacer":
        form = _moving(sheet, request.POST)
        done = accepted(
            form,
            lambda: actions.move(
                seat, keys(form.cleaned_data["contributions"]), paper_pk=sheet.idea.paper_id, **form.typed(), at=at
            ),
        )
        said = f"Rangé dans «\u00a0{done}\u00a0»\u00a0: chaque auteur le voit sur sa contribution."
    elif code == "reprendre":
        form = ReopenForm(request.POST)
        done = accepted(form, lambda: actions.reopen(seat, pk, **form.cleaned_data, at=at))
        said = "L’idée est à décider de nouveau\u00a0; chaque auteur lit pourquoi."
    elif code == "nommer":
        form = IdeaForm(request.POST)
        saved = save_over(
            request,
            form,
            lambda asked: actions.name_idea(
                seat, sheet.idea.paper_id, **form.cleaned_data, pk=pk, expected_revision=asked, at=at
            ),
            initial=idea_initial,
            build=IdeaForm,
        )
        if saved.done is None:
            return _sheet(request, pk, {code: saved.shown.pop("form")}, saved.status, saved.shown)
        done, said = saved.done, "L’idée est renommée."
    else:
        raise Http404
    if done is None:
        return _sheet(request, pk, {code: form}, status=422)
    messages.success(request, said)
    return redirect("advocacy:idea", pk=pk)


def _discussion(request: HttpRequest, idea: Idea, typed: Any = None) -> DiscussionForm:
    """The sessions begun since the first contribution of an idea was sent: the others cannot have spoken of it."""
    return DiscussionForm(typed, seat=head(request), first=actions.first_sent(idea), at=timezone.now())


def _moving(sheet: queries.IdeaSheet, typed: Any = None) -> MoveForm:
    """The contributions of an idea nothing is decided of, and where they may go."""
    choices = [(row.pk, f"{shortened(row.proposal)} ({row.structure})") for row in sheet.movable]
    return MoveForm(typed, places=[(each.pk, each.title) for each in sheet.places], choices=choices)


def _sheet(
    request: HttpRequest, pk: int, typed: dict[str, Any], status: int = 200, shown: dict[str, Any] | None = None
) -> HttpResponse:
    who = viewer(request)
    sheet = queries.idea_sheet(who, pk)
    context: dict[str, Any] = {
        "sheet": sheet,
        "idea": sheet.idea,
        "paper": sheet.idea.paper,
        "may_run": access.may_run(who) and sheet.is_open,
    }
    if context["may_run"]:
        context["discussion_form"] = typed.get("discuter") or _discussion(request, sheet.idea)
        context["decision_form"] = typed.get("decider") or DecisionForm(others=sheet.others)
        context["name_form"] = typed.get("nommer") or IdeaForm(initial=idea_initial(sheet.idea))
        context |= shown or {"revision": sheet.idea.revision}
        if sheet.discussions:
            context["mistaken_form"] = typed.get("retirer") or TakeDiscussionBackForm(idea=sheet.idea)
        if sheet.movable:
            context["move_form"] = typed.get("deplacer") or _moving(sheet)
    elif access.may_run(who) and not sheet.idea.paper.is_example:
        context["reopen_form"] = typed.get("reprendre") or ReopenForm()
    if not context["may_run"] and "reprendre" not in typed:
        for form in typed.values():  # decided meanwhile: the form it was typed in is no longer on the page
            messages.error(request, first_error(form))
    context["wrong"] = next(iter(typed), "")
    context["may_propose"] = access.may_run(who) and sheet.idea.state == "retained"
    return render(request, "advocacy/idea.html", context, status=status)
