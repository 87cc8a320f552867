"""White papers: the list, one of them, its call, its chapters, its balance."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads, network_people
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions import papers as actions
from dentelle.network.advocacy.examples import MANIFESTO_2022, add_example
from dentelle.network.advocacy.forms import (
    CallForm,
    ChapterForm,
    PaperForm,
    call_initial,
    chapter_initial,
    paper_initial,
)
from dentelle.network.advocacy.models import PaperState, WhitePaper
from dentelle.network.advocacy.pages import accepted, act_or_say, form_page, head, save_over, viewer
from dentelle.network.advocacy.queries import balance as balances
from dentelle.network.advocacy.queries import contributions, papers
from dentelle.network.advocacy.refusals import AdvocacyRefused

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@network_people(acts=())
@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    """The white papers of the network, and one's own contributions."""
    who = viewer(request)
    today = timezone.localdate()
    found = papers.paper_list(who)
    context = {
        "rows": found,
        "open": [each for each in found if papers.is_open(each.paper, each.call, today)],
        "mine": contributions.mine(who) if access.may_write(who) else (),
        "may_run": access.may_run(who),
        "may_write": access.may_write(who),
        "offers_example": access.may_run(who) and not any(each.paper.is_example for each in found),
    }
    return render(request, "advocacy/list.html", context)


@network_heads()
@require_POST
def load_example(request: HttpRequest) -> HttpResponse:
    """Put the manifesto of 2022 among the white papers, as an example of what is known of it."""
    try:
        made = add_example(head(request), MANIFESTO_2022, at=timezone.now())
    except AdvocacyRefused as refused:
        messages.error(request, str(refused))
        return redirect("advocacy:list")
    messages.success(request, "Le manifeste de 2022 est là, pour exemple.")
    return redirect("advocacy:paper", pk=made.pk)


@network_people(acts=())
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One white paper: its call, its chapters and proposals, its editions, what followed."""
    who = viewer(request)
    sheet = papers.paper_sheet(who, pk, today=timezone.localdate())
    context = {
        "sheet": sheet,
        "paper": sheet.paper,
        "may_run": access.may_run(who),
        "may_write": access.may_write(who),
        "mine": contributions.mine(who, sheet.paper) if access.may_write(who) else (),
    }
    return render(request, "advocacy/paper.html", context)


@network_heads()
@require_http_methods(READ_AND_WRITE)
def paper_new(request: HttpRequest) -> HttpResponse:
    """Begin a white paper."""
    form = PaperForm(request.POST or None)
    if request.method == "POST":
        made = accepted(form, lambda: actions.open_paper(head(request), **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, "Le livre blanc est commencé. Lancez maintenant l’appel à contributions.")
            return redirect("advocacy:paper", pk=made.pk)
    return form_page(request, form, title="Commencer un livre blanc", submit="Commencer", back=reverse("advocacy:list"))


@network_heads()
@require_http_methods(READ_AND_WRITE)
def paper_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the title or the aim of a white paper."""
    found = _paper(request, pk)
    form, saved = PaperForm(request.POST or None, initial=paper_initial(found)), None
    if request.method == "POST":
        saved = save_over(
            request,
            form,
            lambda asked: actions.change_paper(
                head(request), pk, **form.cleaned_data, expected_revision=asked, at=timezone.now()
            ),
            initial=paper_initial,
            build=PaperForm,
        )
        if saved.done is not None:
            messages.success(request, "C’est enregistré\u00a0; les éditions déjà faites gardent leurs mots.")
            return redirect("advocacy:paper", pk=pk)
    return form_page(
        request,
        form,
        title=f"Modifier «\u00a0{found}\u00a0»",
        submit="Enregistrer",
        back=_address(pk),
        revision=found.revision,
        saved=saved,
    )


@network_heads()
@require_http_methods(READ_AND_WRITE)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Launch the call for contributions, or change it while it is open."""
    found, seat = _paper(request, pk), head(request)
    known = getattr(found, "call", None)
    is_past = found.state not in (PaperState.PREPARING, PaperState.OPEN)
    build = partial(CallForm, seat=seat, paper=found)
    form = build(request.POST or None, initial=call_initial(known) if known else {"opens_on": timezone.localdate()})
    shown: dict[str, Any] = {"form": form, "revision": known.revision if known else 0}
    status = 200
    if request.method == "POST":
        saved = save_over(
            request,
            form,
            lambda asked: actions.open_call(seat, pk, form.asked(), expected_revision=asked, at=timezone.now()),
            initial=call_initial,
            build=build,
        )
        shown, status = saved.shown, saved.status
        if saved.done is not None:
            again = "rouvert" if is_past else "lancé"
            messages.success(request, f"L’appel est {again}\u00a0: les membres le voient dans Dentelle.")
            return redirect("advocacy:paper", pk=pk)
    context = {
        "paper": found,
        "call": known,
        "is_open": found.state == PaperState.OPEN,
        "is_past": is_past,
        "may_reopen": is_past and found.state != PaperState.PUBLISHED and not found.is_example,
    }
    return render(request, "advocacy/call.html", context | shown, status=status)


@network_heads()
@require_POST
def call_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the call for contributions."""
    return act_or_say(
        request,
        lambda: actions.close_call(head(request), pk, at=timezone.now()),
        "L’appel est clos\u00a0: la rédaction commence.",
        "advocacy:paper",
        pk=pk,
    )


@network_heads()
@require_http_methods(READ_AND_WRITE)
def chapter_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a chapter."""
    return _chapter(request, _paper(request, pk), None)


@network_heads()
@require_http_methods(READ_AND_WRITE)
def chapter(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a chapter again."""
    found = access.one(access.chapters_visible_to(head(request)).select_related("paper"), pk)
    return _chapter(request, found.paper, pk)


def _chapter(request: HttpRequest, paper: WhitePaper, pk: int | None) -> HttpResponse:
    seat = head(request)
    known = access.one(access.chapters_visible_to(seat), pk) if pk else None
    build = partial(ChapterForm, seat=seat, paper=paper)
    form = build(request.POST or None, initial=chapter_initial(known) if known else {})
    shown: dict[str, Any] = {"form": form, "revision": known.revision if known else 0}
    status = 200
    if request.method == "POST":
        saved = save_over(
            request,
            form,
            lambda asked: actions.write_chapter(
                seat, paper.pk, **form.cleaned_data, pk=pk, expected_revision=asked, at=timezone.now()
            ),
            initial=chapter_initial,
            build=build,
        )
        shown, status = saved.shown, saved.status
        if saved.done is not None:
            messages.success(request, f"Le chapitre {saved.done.rank} est écrit.")
            return redirect("advocacy:paper", pk=paper.pk)
    context = {
        "title": f"Chapitre {known.rank}" if known else "Nouveau chapitre",
        "submit": "Enregistrer le chapitre",
        "back": _address(paper.pk),
        "chapter": known,
        "is_empty": known is not None and not paper.is_example and not known.proposals.exists(),
    }
    return render(request, "advocacy/chapter.html", context | shown, status=status)


@network_people(acts=())
@require_safe
def balance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who contributed and who was heard, beside who the members are. Counts, no mark."""
    found = access.one(access.papers_visible_to(viewer(request)), pk)
    context = {"paper": found, "views": balances.balance_of(found, today=timezone.localdate())}
    return render(request, "advocacy/balance.html", context)


def _paper(request: HttpRequest, pk: int) -> WhitePaper:
    return access.one(access.papers_visible_to(head(request)).select_related("call"), pk)


def _address(pk: int) -> str:
    return reverse("advocacy:paper", args=[pk])
