"""What the views of the Tour share: forms that an act may refuse, answers after an act, files handed over."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from dentelle.foundations.conflicts import Saved, save_together
from dentelle.network.governance.pages import first_error, head, key, keys, viewer
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.tour.refusals import TourRefused

__all__ = [
    "accepted",
    "act_or_say",
    "attached",
    "first_error",
    "form_page",
    "head",
    "key",
    "keys",
    "save_over",
    "say_masked",
    "viewer",
]
MASKED = re.compile(r"\[[^\]]+ masquée?\]")
REFUSALS = (TourRefused, GovernanceRefused, PracticeRefused)
Form = TypeVar("Form", bound=forms.Form)


def accepted(form: forms.Form, act: Callable[[], Any]) -> Any:
    """Return what an act gives when the form is right; None with the refusal at its field otherwise."""
    if not form.is_valid():
        return None
    try:
        return act()
    except REFUSALS as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, str(refused))
        return None


def save_over(
    request: HttpRequest, build: Callable[..., Form], now: dict[str, Any], act: Callable[[Form], Any]
) -> Saved[Form]:
    """Open a form that writes over what is kept ``now``, or do its act without undoing what others saved meanwhile."""
    return save_together(request, build, now, act, accepted)


def form_page(
    request: HttpRequest,
    form: forms.Form | Saved[Any],
    *,
    title: str,
    submit: str,
    back: str,
    lead: str = "",
    keep: str = "",
) -> HttpResponse:
    """A page that is one form; 422 with its errors when it was refused, 409 when others wrote the same meanwhile."""
    shown = form if isinstance(form, Saved) else Saved(None, form)
    context = {"form": shown.form, "title": title, "submit": submit, "back": back, "lead": lead, "keep": keep}
    if shown is form:
        context |= shown.shown
    return render(request, "tour/form.html", context, status=shown.status)


def act_or_say(
    request: HttpRequest, act: Callable[[], Any], done: str, to: str, *args: Any, part: str = ""
) -> HttpResponse:
    """Do an act of one button, say what happened, and go back where it was pressed."""
    try:
        act()
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse(to, args=args) + part)


def say_masked(words: str) -> str:
    """Return what to add to « c’est noté » when what told who somebody is was masked."""
    return " Ce qui désignait quelqu’un est masqué." if MASKED.search(words) else ""


def attached(content: bytes, content_type: str, name: str, suffix: str) -> HttpResponse:
    """Hand over a file made now, under a readable name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:80] or "tour"}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
