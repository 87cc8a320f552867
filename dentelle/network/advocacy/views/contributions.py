"""Contributions: the short form, one's own words and what became of them, the reading by the moderation."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.conflicts import Saved, save_together
from dentelle.foundations.doors import members, network_heads, network_people
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import contributions as actions
from dentelle.network.advocacy.actions.ideas import move
from dentelle.network.advocacy.forms import ConsentForm, ContributionForm, PlaceOneForm, WordsForm, initial_of
from dentelle.network.advocacy.models import Contribution, ContributionState, WhitePaper
from dentelle.network.advocacy.pages import OWN_VOICE, accepted, act_or_say, head, key, viewer
from dentelle.network.advocacy.queries import contributions as queries
from dentelle.network.advocacy.queries.papers import is_open, why_shut
from dentelle.network.advocacy.telling import resumed_by

READ_AND_WRITE = ["GET", "HEAD", "POST"]
STATES = [each for each in ContributionState.choices if each[0] not in access.UNSENT]


@network_people(acts=())
@require_safe
def contribution_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What members sent for a white paper, latest first, as the person may read it."""
    who, asked = viewer(request), request.GET
    paper = access.one(access.papers_visible_to(who), pk)
    filters = queries.Filters(
        idea=key(asked.get("idee")),
        state=asked.get("etat", "") if asked.get("etat") in dict(STATES) else "",
        mine=asked.get("miennes") == "1" and access.may_write(who),
    )
    page = queries.list_contributions(who, paper, filters, after=asked.get("apres"))
    kept = {"idee": filters.idea, "etat": filters.state, "miennes": "1" if filters.mine else ""}
    said = urlencode({name: value for name, value in kept.items() if value})
    context = {
        "paper": paper,
        "page": page,
        "filters": filters,
        "states": STATES,
        "ideas": access.ideas_visible_to(who).filter(paper=paper),
        "may_write": access.may_write(who),
        "next_url": f"?{said}&apres={page.after}" if page.after else "",
        "first_url": f"?{said}" if asked.get("apres") else "",
    }
    return render(request, "advocacy/contributions.html", context)


@members(*access.WRITERS, harmless=OWN_VOICE)
@require_http_methods(READ_AND_WRITE)
def contribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a call: send a contribution, or keep it as a draft. ``?fiche=`` and ``?preoccupation=`` say what it leans on."""
    paper = access.one(access.papers_visible_to(viewer(request)).select_related("call"), pk)
    return _writing(request, paper, None)


@members(*access.WRITERS, harmless=OWN_VOICE)
@require_http_methods(READ_AND_WRITE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with one's own draft, or with what the moderation sent back."""
    member = request.membership  # type: ignore[attr-defined]
    found = access.contributions_written_by(member)
    if (
        request.method != "POST"
    ):  # sent meanwhile from another window: what is typed here is shown again, with the reason
        found = found.filter(state__in=actions.EDITABLE)
    contribution = access.one(found.select_related("paper__call"), pk)
    return _writing(request, contribution.paper, contribution)


def _writing(request: HttpRequest, paper: WhitePaper, known: Contribution | None) -> HttpResponse:
    member, today = request.membership, timezone.localdate()  # type: ignore[attr-defined]
    named = {"practice": "fiche", "concern": "preoccupation", "finding": "constat"}
    asked = {name: key(request.GET.get(code)) for name, code in named.items()}
    kept: dict[str, Any] = {"member": member, "paper": paper, "today": today, "asked": asked, "known": known}
    send = request.POST.get("garder") != "1"

    def build(data: QueryDict | None = None, *, initial: dict[str, Any]) -> ContributionForm:
        return ContributionForm(data, initial=initial, draft=not send, **kept)

    def write(form: ContributionForm) -> Contribution:
        own = known.pk if known else None
        return actions.write(member, paper.pk, form.words(), at=timezone.now(), send=send, pk=own)

    initial = initial_of(known) if known else {}
    if known is not None and known.state not in actions.EDITABLE:
        saved: Saved[ContributionForm] = Saved(None, _too_late(build(request.POST, initial=initial), known))
    else:
        saved = save_together(request, build, initial, write, accepted)
    if saved.done is not None:
        words = (
            "Votre contribution est envoyée. Vous saurez ici, puis par courriel, ce qu’elle devient."
            if send
            else "Le brouillon est gardé\u00a0: vous seul le lisez."
        )
        messages.success(request, words)
        return redirect("advocacy:contribution", pk=saved.done.pk)
    call = getattr(paper, "call", None)
    context = saved.shown | {
        "paper": paper,
        "call": call,
        "known": known,
        "returned": _last_return(known),
        "is_open": is_open(paper, call, today) or (known is not None and known.state == ContributionState.RETURNED),
        "limit": _limit(paper),
        "shut": why_shut(paper, call, today),
        "said": _said(saved.form, known),
    }
    return render(request, "advocacy/write.html", context, status=saved.status)


def _too_late(form: ContributionForm, known: Contribution) -> ContributionForm:
    """Give back what is typed in a window once another one sent the contribution, or took it back."""
    done = "retirée" if known.state == ContributionState.WITHDRAWN else "envoyée"
    form.add_error(
        None,
        f"Cette contribution a été {done} depuis une autre fenêtre\u00a0: ce que vous écrivez ici n’est pas enregistré.",
    )
    return form


def _said(form: ContributionForm, known: Contribution | None) -> list[tuple[str, str]]:
    """What was typed, or kept in the draft, under its label: shown when it may no longer be sent."""
    found = []
    for name in ("finding", "proposal", "evidence"):
        text = form.data.get(name, "") if form.is_bound else getattr(known, name, "")
        if text.strip():
            found.append((str(form.fields[name].label), text.strip()))
    return found


def _limit(paper: WhitePaper) -> date | None:
    """The last day to send something, or to take up again what was sent back."""
    return resumed_by(paper, timezone.localdate()) if hasattr(paper, "call") else None


def _last_return(known: Contribution | None) -> str:
    if known is None or known.state != ContributionState.RETURNED:
        return ""
    return (
        known.news.filter(kind=ContributionState.RETURNED).order_by("-at").values_list("words", flat=True).first() or ""
    )


@network_people(acts=())
@require_safe
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """One contribution, in its author's words, and what became of it."""
    return _sheet(request, pk)


def _sheet(
    request: HttpRequest, pk: int, form: WordsForm | None = None, move_form: PlaceOneForm | None = None
) -> HttpResponse:
    who = viewer(request)
    sheet = queries.sheet_of(who, pk)
    context: dict[str, Any] = {
        "sheet": sheet,
        "sheet_page": "practices:head-detail" if access.may_run(who) else "practices:detail",
        "paper": sheet.contribution.paper,
        "row": sheet.row,
        "form": form or WordsForm(),
        "consent_form": ConsentForm(initial={"consent": sheet.row.consent}),
    }
    if sheet.may_move:
        context["move_form"] = move_form or _placing(who, sheet.contribution)
    if sheet.row.mine and sheet.row.state == ContributionState.DRAFT:
        paper = sheet.contribution.paper
        context["shut"] = why_shut(paper, getattr(paper, "call", None), timezone.localdate())
    refused = form is not None or move_form is not None
    return render(request, "advocacy/contribution.html", context, status=422 if refused else 200)


@members(*access.WRITERS, harmless=OWN_VOICE)
@require_POST
def own_act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take one's contribution back, change how one agrees to be quoted, say its outcomes were read."""
    member, at = request.membership, timezone.now()  # type: ignore[attr-defined]
    acts = {
        "retirer": (
            lambda: actions.withdraw(member, pk, at=at),
            "Votre contribution est retirée\u00a0; ses mots sont effacés.",
        ),
        "accord": (
            lambda: actions.change_consent(member, pk, consent=request.POST.get("consent", ""), at=at),
            "C’est noté\u00a0; ce qui est déjà en ligne en tient compte dès maintenant.",
        ),
        "lu": (lambda: actions.mark_read(member, pk, at=at), "C’est noté."),
    }
    if code not in acts:
        raise Http404
    act, done = acts[code]
    return act_or_say(request, act, done, "advocacy:contribution", pk=pk)


@network_heads()
@require_safe
def moderation(request: HttpRequest, pk: int) -> HttpResponse:
    """The contributions nobody has read yet, oldest first."""
    who = head(request)
    paper = access.one(access.papers_visible_to(who).select_related("call"), pk)
    context = {
        "paper": paper,
        "rows": queries.to_moderate(who, paper),
        "returned": queries.returned(who, paper),
        "limit": _limit(paper),
    }
    return render(request, "advocacy/moderation.html", context)


@network_heads()
@require_POST
def moderate(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Receive a contribution, send it back with words, set it aside with its reason, or put it under another idea."""
    seat, at = head(request), timezone.now()
    found = access.one(access.contributions_visible_to(seat), pk)
    if code == "recevoir":
        back = "advocacy:moderation" if request.POST.get("suivante") else "advocacy:contribution"
        where = found.paper_id if request.POST.get("suivante") else pk
        return act_or_say(
            request, lambda: actions.accept(seat, pk, at=at), "Reçue\u00a0: son auteur le voit.", back, pk=where
        )
    if code == "ranger":
        return _move(request, seat, found)
    if code not in {"renvoyer", "ecarter"}:
        raise Http404
    form = WordsForm(request.POST)
    done = accepted(
        form,
        lambda: (
            actions.send_back(seat, pk, words=form.cleaned_data["words"], at=at)
            if code == "renvoyer"
            else actions.set_aside(seat, pk, reason=form.cleaned_data["words"], at=at)
        ),
    )
    if done is None:
        return _sheet(request, pk, form)
    messages.success(request, "C’est dit à son auteur, avec vos mots.")
    return redirect("advocacy:contribution", pk=pk)


def _placing(who: access.Viewer, found: Contribution, typed: Any = None) -> PlaceOneForm:
    return PlaceOneForm(typed, places=[(each.pk, each.title) for each in queries.places_for(who, found)])


def _move(request: HttpRequest, seat: NetworkSeat, found: Contribution) -> HttpResponse:
    form = _placing(seat, found, request.POST)
    done = accepted(form, lambda: move(seat, [found.pk], paper_pk=found.paper_id, **form.typed(), at=timezone.now()))
    if done is None:
        return _sheet(request, found.pk, move_form=form)
    messages.success(request, f"Rangée dans «\u00a0{done}\u00a0»\u00a0: son auteur le voit.")
    return redirect("advocacy:contribution", pk=found.pk)
