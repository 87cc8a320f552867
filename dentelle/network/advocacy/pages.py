"""What the views of this room share with governance's, and its own page that is one form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dentelle.foundations.conflicts import reconcile
from dentelle.network.advocacy.refusals import EditedMeanwhile
from dentelle.network.governance.pages import accepted, act_or_say, head, key, keys, viewer

OWN_VOICE = "they write in their own name to the network; nothing of the structure changes"
Form = TypeVar("Form", bound=forms.Form)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a form that writes over a text. ``shown``: what its page is given when nothing was written."""

    done: Any
    shown: dict[str, Any]
    status: int


def opened(request: HttpRequest) -> int:
    """Return the revision a text was opened at. Not named « revision », which keep.js leaves out: typing found again keeps its own."""
    return key(request.POST.get("opened")) or 0


def save_over(
    request: HttpRequest,
    form: Form,
    act: Callable[[int], Any],
    *,
    initial: Callable[[Any], dict[str, Any]],
    build: Callable[..., Form],
) -> Saved:
    """Do the act of a form that writes over a text, from the revision it was opened at: nobody replaces unread what another wrote.

    When somebody saved it meanwhile, the form keeps what was typed over what is kept now. ``initial`` tells what a form shows of a
    text, ``build`` makes such a form.
    """
    asked = opened(request)
    try:
        done = accepted(form, lambda: act(asked))
    except EditedMeanwhile as stale:
        both = reconcile(form, initial(stale.current), build)
        both.form.add_error(None, str(stale))
        return Saved(
            None,
            {"form": both.form, "meanwhile": True, "changes": both.changes, "revision": stale.current.revision},
            409,
        )
    return Saved(done, {"form": form, "revision": asked}, 422)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    back: str,
    lead: str = "",
    keep: str = "",
    revision: int = 0,
    saved: Saved | None = None,
) -> HttpResponse:
    """A page that is one form; 422 with its errors when it was refused. ``revision``: that of the text it writes over."""
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back": back,
        "lead": lead,
        "keep": keep,
        "revision": revision,
    }
    if saved:
        return render(request, "advocacy/form.html", context | saved.shown, status=saved.status)
    return render(request, "advocacy/form.html", context, status=422 if form.errors else 200)


__all__ = [
    "OWN_VOICE",
    "Saved",
    "accepted",
    "act_or_say",
    "form_page",
    "head",
    "key",
    "keys",
    "opened",
    "save_over",
    "viewer",
]
