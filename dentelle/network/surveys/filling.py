"""Answering, one part a page, the same in one's space and behind a link: each door gives its addresses and calls these."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.network.surveys import actions
from dentelle.network.surveys.closing import REOPENS
from dentelle.network.surveys.doubts import before
from dentelle.network.surveys.forms import PartForm, SendForm, initial_of
from dentelle.network.surveys.meanwhile import Opened, Together
from dentelle.network.surveys.models import CampaignState, Invitee, Response, ResponseState
from dentelle.network.surveys.opened import Change, changes, hidden, opened_by
from dentelle.network.surveys.reading import (
    Block,
    Given,
    Read,
    asked_by,
    being_written,
    block_is_asked,
    given,
    lacks,
    narrowed,
    of_part,
    seen_at,
    times,
    told_doubts,
)
from dentelle.network.surveys.recap import left_out, recap
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.suggested import Suggestion, suggestions

END = "fin"
REMOVE = "retirer"
Standing = tuple[Response | None, Given, list[Block]]  # the answer, what it says, the parts it is asked


@dataclass(frozen=True, slots=True)
class Filling:
    """Who answers what, and where: ``here`` is the page, ``draft`` saves it as one types, ``done`` is where one goes after,
    ``results`` what a closed campaign gave, when they may read it."""

    invitee: Invitee
    here: str
    draft: str
    done: str
    user: User | None = None
    results: str = ""

    def at(self, part: str, time: int = 1) -> str:
        """Return the address of a part."""
        return f"{self.here}?{urlencode({'partie': part, 'fois': time} if time > 1 else {'partie': part})}"


def page(request: HttpRequest, filling: Filling) -> HttpResponse:
    """One part of the questionnaire, or the end, where what is missing is told and the answer is sent."""
    if filling.invitee.campaign.state == CampaignState.CLOSED:
        return closed(request, filling)
    if filling.invitee.campaign.anonymous and filling.invitee.answered_on is not None:
        return render(request, "surveys/thanks.html", {"campaign": filling.invitee.campaign, "final": True})
    response = Response.objects.filter(invitee=filling.invitee).first()
    whole, known = asked_by(filling.invitee.campaign), being_written(response)
    asked = [block for block in whole.blocks if block_is_asked(block, known)]
    code = request.GET.get("partie", "")
    if code == END:
        return _end(request, filling, response, whole, known)
    block = next((each for each in asked if each.code == code), None)
    if block is None:
        left = whole.block(code)
        if left is not None:
            return _no_longer_asked(request, filling, left, known, asked)
        if code or request.method == "POST":
            raise Http404
        block = asked[0]
    block = narrowed(block, known)
    time = _time(request, block)
    if request.method == "POST":
        return _save(request, filling, block, time)
    proposed = _proposed(filling, block) if time == 1 else {}
    seen, suggested = seen_at(block, known, time), {}
    if not any(question.code in seen for question in block.questions):  # a part never begun
        seen = suggested = {code: suggestion.value for code, suggestion in proposed.items()}
    form = PartForm(block, initial=initial_of(block, seen), known=proposed)
    opened = Opened(of_part(block, known, time), suggested=suggested)
    return _part(request, filling, form, block, time, opened, (response, known, asked))


def _no_longer_asked(
    request: HttpRequest, filling: Filling, block: Block, known: Given, asked: Sequence[Block]
) -> HttpResponse:
    """Lead on from a part that an answer given elsewhere took away; what is sent of it is kept, should it be asked again."""
    block = narrowed(block, known)
    if request.method == "POST":
        form = PartForm(block, request.POST)
        form.is_valid()
        opened = opened_by(request.POST, block)
        try:
            actions.save_together(
                filling.invitee, block.code, _time(request, block), form.values(), opened, at=timezone.now()
            )
        except SurveyRefused as why:
            messages.error(request, str(why))
    messages.warning(
        request,
        f"La partie «\u202f{block.title}\u202f» n’est plus posée\u202f: une réponse a changé ailleurs. Ce qui y est écrit reste "
        "gardé et ne sera pas envoyé, sauf si elle est posée de nouveau.",
    )
    codes = [each.code for each in asked_by(filling.invitee.campaign).blocks]
    following = (each.code for each in asked if codes.index(each.code) > codes.index(block.code))
    return redirect(filling.at(next(following, END)))


def closed(request: HttpRequest, filling: Filling) -> HttpResponse:
    """A closed campaign says so, with what was sent and what was not; 409 to whoever was still typing."""
    campaign = filling.invitee.campaign
    response = Response.objects.filter(invitee=filling.invitee).first()
    until = campaign.closed_on + REOPENS if campaign.closed_on else None
    context = {
        "campaign": campaign,
        "response": response,
        "sent": filling.invitee.answered_on is not None,
        "unsent": response is not None and (not response.version or response.working is not None),
        "kept_until": until if until and until >= timezone.localdate() else None,
        "results_url": filling.results,
        **sent_by(filling.invitee, response),
    }
    return render(request, "surveys/closed.html", context, status=409 if request.method == "POST" else 200)


def sent_by(invitee: Invitee, response: Response | None, filling: Filling | None = None) -> dict[str, Any]:
    """Return what somebody sent as its page shows it, nothing of an anonymous answer; ``filling``: it may still be changed."""
    if response is None or not response.version:
        return {"parts": (), "comment": ""}
    parts = recap(asked_by(invitee.campaign), given(response))
    return {
        "parts": [(part, filling.at(part.code, part.time) if filling else "") for part in parts],
        "comment": response.comment,
    }


def save_draft(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Keep what is being typed: what can be read of it, and nobody else wrote meanwhile. Answers by what the page is to know."""
    whole = asked_by(filling.invitee.campaign)
    block = whole.block(request.GET.get("partie", ""))
    if block is None or (filling.invitee.campaign.anonymous and filling.invitee.answered_on is not None):
        raise Http404
    block = narrowed(block, being_written(Response.objects.filter(invitee=filling.invitee).first()))
    form = PartForm(block, request.POST)
    form.is_valid()
    now, typed, opened = timezone.now(), form.values(), opened_by(request.POST, block)
    unread = [(form[name].label, errors[0]) for name, errors in form.errors.items() if name in form.fields]
    try:
        _, done = actions.save_together(
            filling.invitee, block.code, _time(request, block), typed, opened, knowing=False, at=now
        )
    except SurveyRefused as refused:
        return render(request, "surveys/_saved.html", {"refused": str(refused)})
    disputed = {each.code: each for each in changes(block, typed, done) if each.typed is not None}
    context = {
        "saved_at": timezone.localtime(now),
        "unread": unread,
        "disputed": list(disputed.values()),
        "beside": [(question.code, disputed.get(question.code)) for question in block.questions] if opened else (),
        "hidden": hidden(opened.after(done)) if opened else (),
    }
    return render(request, "surveys/_draft.html", context)


def _save(request: HttpRequest, filling: Filling, block: Block, time: int) -> HttpResponse:
    go = request.POST.get("aller", "suite")
    opened = opened_by(request.POST, block)
    form = PartForm(block, request.POST, known=_proposed(filling, block) if time == 1 else {})
    is_read = form.is_valid()
    if go == REMOVE and time > 1:
        try:
            done = actions.remove_time(filling.invitee, block.code, time, form.values(), opened, at=timezone.now())
        except SurveyRefused as why:  # closed in between: the page says so
            messages.error(request, str(why))
            done = None
        if opened and done:
            return _shown_again(request, filling, form, block, time, opened, done)
        return redirect(filling.at(block.code, time - 1))
    if is_read:
        try:
            kept, done = actions.save_together(
                filling.invitee, block.code, time, form.values(), opened, at=timezone.now()
            )
        except SurveyRefused as why:
            form.add_error(None, str(why))
        else:
            if opened and done.disputed:
                return _shown_again(request, filling, form, block, time, opened, done)
            return redirect(_next(filling, block, time, go, kept))
    return _part(request, filling, form, block, time, opened, _standing(filling), status=422)


def _shown_again(
    request: HttpRequest, filling: Filling, form: PartForm, block: Block, time: int, opened: Opened, done: Together
) -> HttpResponse:
    """The part again, with what somebody else wrote meanwhile; where both wrote, what was typed is in the box, not kept yet."""
    typed = form.values()
    initial = initial_of(block, {**typed, **done.others})
    again = PartForm(block, initial=initial, known=_proposed(filling, block) if time == 1 else {})
    told = changes(block, typed, done)
    return _part(
        request, filling, again, block, time, opened.shown_again(done), _standing(filling), told=told, status=409
    )


def _standing(filling: Filling) -> Standing:
    response = Response.objects.filter(invitee=filling.invitee).first()
    known = being_written(response)
    return response, known, [each for each in asked_by(filling.invitee.campaign).blocks if block_is_asked(each, known)]


def _proposed(filling: Filling, block: Block) -> dict[str, Suggestion]:
    return suggestions(filling.invitee, block.questions, today=timezone.localdate())


def _next(filling: Filling, block: Block, time: int, go: str, response: Response) -> str:
    known = being_written(response)
    asked = [each for each in asked_by(filling.invitee.campaign).blocks if block_is_asked(each, known)]
    if go == "ajouter" and time < block.most:
        return filling.at(block.code, times(block, known) + 1 if times(block, known) < block.most else block.most)
    if go == "suite" and time < times(block, known):
        return filling.at(block.code, time + 1)
    codes = [each.code for each in asked]
    rank = codes.index(block.code) + (1 if go != "precedent" else -1)
    if go == "precedent" and time > 1:
        return filling.at(block.code, time - 1)
    return filling.at(codes[max(rank, 0)] if rank < len(codes) else END)


def _part(
    request: HttpRequest,
    filling: Filling,
    form: PartForm,
    block: Block,
    time: int,
    opened: Opened | None,
    standing: Standing,
    *,
    told: Sequence[Change] = (),
    status: int = 200,
) -> HttpResponse:
    response, known, asked = standing
    count = times(block, known)
    query = urlencode({"partie": block.code, "fois": time})
    context = {
        "campaign": filling.invitee.campaign,
        "response": response,
        "form": form,
        "part": block,
        "time": time,
        "count": max(count, time),
        "may_add": block.most > max(count, time),
        "rank": [each.code for each in asked].index(block.code) + 1,
        "of": len(asked),
        "steps": [(each, filling.at(each.code)) for each in asked],
        "end_url": filling.at(END),
        "is_first": asked[0].code == block.code and time == 1,
        "act_url": f"{filling.here}?{query}",
        "draft_url": f"{filling.draft}?{query}",
        "hidden": hidden(opened) if opened else (),
        "meanwhile": bool(told),
        "removing": request.POST.get("aller") == REMOVE,
        "changes": told,
    }
    return render(request, "surveys/part.html", context, status=status)


def _end(request: HttpRequest, filling: Filling, response: Response | None, whole: Read, known: Given) -> HttpResponse:
    if request.method == "POST" and "abandonner" in request.POST and response is not None and response.version:
        try:
            actions.drop_changes(filling.invitee)
        except SurveyRefused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, "Changements abandonnés\u00a0: votre réponse envoyée n’a pas changé.")
        return redirect(filling.done)
    doubts = told_doubts(whole, known, before(filling.invitee, whole))
    form = SendForm(
        request.POST or None, initial={"comment": response.comment if response else ""}, to_explain=bool(doubts)
    )
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(filling.invitee, form.cleaned_data["comment"], at=timezone.now(), actor=filling.user)
        except SurveyRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Merci\u00a0: votre réponse est envoyée.")
            return redirect(filling.done)
    context = {
        "campaign": filling.invitee.campaign,
        "response": response,
        "form": form,
        "lacks": [(lack, filling.at(lack.block.code, lack.time)) for lack in lacks(whole, known)],
        "doubts": [(doubt.sentence, filling.at(_block_of(whole, doubt.code))) for doubt in doubts],
        "parts": [(part, filling.at(part.code, part.time)) for part in recap(whole, known)],
        "left": left_out(whole, known),
        "stands": _stands(response),
        "act_url": filling.at(END),
    }
    return render(request, "surveys/end.html", context, status=status)


def _stands(response: Response | None) -> bool:
    """Whether an answer was sent, with nothing to send since nor to mend."""
    return (
        response is not None
        and response.version > 0
        and response.working is None
        and response.state != ResponseState.RETURNED
    )


def _block_of(whole: Read, code: str) -> str:
    """The part that asks a question."""
    return next(block.code for block in whole.blocks if any(each.code == code for each in block.questions))


def _time(request: HttpRequest, block: Block) -> int:
    asked = request.GET.get("fois", "1")
    time = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else 1
    return min(max(time, 1), block.most)
