"""Proposals: written, tied to what they lean on, followed; and the figures of a white paper."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dentelle.foundations.doors import network_heads, network_people
from dentelle.network.advocacy import access, readiness
from dentelle.network.advocacy.actions import editions as following
from dentelle.network.advocacy.actions import proposals as actions
from dentelle.network.advocacy.actions import rereading
from dentelle.network.advocacy.forms import (
    CiteForm,
    FollowUpForm,
    ProposalForm,
    ProposeForm,
    UnsourcedForm,
    proposal_initial,
)
from dentelle.network.advocacy.models import Proposal
from dentelle.network.advocacy.pages import accepted, act_or_say, form_page, head, key, save_over, viewer
from dentelle.network.advocacy.queries import papers as queries
from dentelle.network.advocacy.queries.citable import citable
from dentelle.network.advocacy.queries.contributions import born_of

READ_AND_WRITE = ["GET", "HEAD", "POST"]


@network_people(acts=())
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: its sentences, where each comes from, what became of it."""
    return _sheet(request, pk)


def _sheet(
    request: HttpRequest,
    pk: int,
    *,
    cite_form: forms.Form | None = None,
    follow_form: forms.Form | None = None,
    unsourced_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    who = viewer(request)
    sheet = queries.proposal_sheet(who, pk)
    may_run = access.may_run(who) and not sheet.proposal.paper.is_example
    context: dict[str, Any] = {
        "sheet": sheet,
        "proposal": sheet.proposal,
        "paper": sheet.proposal.paper,
        "may_run": may_run,
    }
    if may_run:
        text = request.GET.get("chercher", "")[:80].strip()
        choices = citable(head(request), sheet.proposal, text)
        context["cite_form"] = cite_form or CiteForm(choices=choices)
        context["searched"] = text
        bare = readiness.bare(sheet.proposal)
        context["unsourced_form"] = unsourced_form or UnsourcedForm(found=bare, initial={"sentences": sheet.bare})
        context["follow_form"] = follow_form or FollowUpForm(initial={"on": timezone.localdate()})
    return render(request, "advocacy/proposal.html", context, status=status)


@network_heads()
@require_http_methods(READ_AND_WRITE)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a proposal, from a retained idea or not."""
    seat = head(request)
    paper = access.one(access.papers_visible_to(seat), pk)
    idea = paper.ideas.filter(pk=key(request.GET.get("idee")) or 0).first()
    initial = {"idea": idea.pk, "title": idea.title} if idea else {}
    form = ProposeForm(request.POST or None, paper=paper, initial=initial)
    if request.method == "POST":
        made = accepted(form, lambda: actions.open_proposal(seat, pk, **form.cleaned_data, at=timezone.now()))
        if made is not None:
            messages.success(request, f"La proposition {made.number} est ouverte\u00a0: écrivez-la.")
            return redirect("advocacy:proposal-change", pk=made.pk)
    known = born_of(idea) if idea else ()
    return form_page(
        request,
        form,
        title="Une autre proposition" if known else "Nouvelle proposition",
        submit="Ouvrir",
        back=reverse("advocacy:idea", args=[idea.pk]) if idea else reverse("advocacy:paper", args=[pk]),
        lead=" ".join(
            f"La proposition {each.number}, «\u00a0{each}\u00a0», vient déjà de cette idée." for each in known
        ),
    )


@network_heads()
@require_http_methods(READ_AND_WRITE)
def proposal_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a proposal, its sources beside."""
    seat = head(request)
    sheet = queries.proposal_sheet(seat, pk)
    found = sheet.proposal
    build = partial(ProposalForm, paper=found.paper)
    form = build(request.POST or None, initial=proposal_initial(found))
    shown: dict[str, Any] = {"form": form, "revision": found.revision}
    status = 200
    if request.method == "POST":
        saved = save_over(
            request,
            form,
            lambda asked: actions.write_proposal(seat, pk, form.draft(), expected_revision=asked, at=timezone.now()),
            initial=proposal_initial,
            build=build,
        )
        shown, status = saved.shown, saved.status
        if saved.done is not None:
            messages.success(request, "La proposition est enregistrée.")
            return redirect("advocacy:proposal", pk=pk)
    context = {"proposal": found, "paper": found.paper, "sheet": sheet}
    return render(request, "advocacy/proposal_edit.html", context | shown, status=status)


@network_heads()
@require_POST
def cite(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a citation."""
    seat = head(request)
    found = access.one(access.proposals_visible_to(seat).select_related("paper"), pk)
    form = CiteForm(request.POST, choices=citable(seat, found, request.POST.get("chercher", "")))
    done = accepted(form, lambda: actions.cite(seat, pk, **form.typed(), at=timezone.now()))
    if done is None:
        return _sheet(request, pk, cite_form=form, status=422)
    messages.success(request, f"Source [{done.number}] ajoutée\u00a0: écrivez ce repère après la phrase qui en vient.")
    return redirect(reverse("advocacy:proposal", args=[pk]) + "#sources")


@network_heads()
@require_POST
def unsourced(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why sentences of a proposal stand without a source."""
    seat = head(request)
    found = access.one(access.proposals_visible_to(seat), pk)
    form = UnsourcedForm(request.POST, found=readiness.bare(found))
    done = accepted(form, lambda: actions.say_unsourced(seat, pk, **form.cleaned_data, at=timezone.now()))
    if done is None:
        return _sheet(request, pk, unsourced_form=form, status=422)
    messages.success(request, "C’est dit\u00a0: la raison s’imprimera avec ces phrases.")
    return redirect(reverse("advocacy:proposal", args=[pk]) + "#sans-source")


@network_heads()
@require_POST
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the sentences of a proposal hold, though a figure they name was corrected."""
    seat = head(request)
    access.one(access.proposals_visible_to(seat), pk)
    return act_or_say(
        request,
        lambda: rereading.say_they_hold(seat, pk, at=timezone.now()),
        "C’est relu\u00a0: ces phrases restent telles quelles.",
        "advocacy:proposal",
        pk=pk,
    )


@network_heads()
@require_POST
def uncite(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a citation away."""
    seat = head(request)
    citation = access.one(access.citations_visible_to(seat), pk)
    return act_or_say(
        request,
        lambda: actions.uncite(seat, pk, at=timezone.now()),
        "La source est retirée.",
        "advocacy:proposal",
        pk=citation.proposal_id,
    )


@network_heads()
@require_POST
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what became of a proposal."""
    seat = head(request)
    found: Proposal = access.one(access.proposals_visible_to(seat), pk)
    form = FollowUpForm(request.POST)
    done = accepted(form, lambda: following.follow_up(seat, found.pk, **form.cleaned_data, at=timezone.now()))
    if done is None:
        return _sheet(request, pk, follow_form=form, status=422)
    messages.success(request, "La suite est notée, et dite aux auteurs sur lesquels elle s’appuie.")
    return redirect(reverse("advocacy:proposal", args=[pk]) + "#suites")
