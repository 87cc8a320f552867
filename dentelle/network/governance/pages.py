"""What the views of governance share: who reads, forms that an act may refuse, keys and choices read from an address."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from dentelle.foundations.conflicts import Saved, save_together
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance.access import Viewer
from dentelle.network.governance.refusals import GovernanceRefused

Form = TypeVar("Form", bound=forms.Form)


def viewer(request: HttpRequest) -> Viewer:
    """Return who reads: the head of the network, or a member; set by the middleware, checked by the door."""
    return getattr(request, "network_seat", None) or request.membership  # type: ignore[attr-defined,no-any-return]


def head(request: HttpRequest) -> NetworkSeat:
    """Return who runs the network, behind a door that is theirs alone."""
    return request.network_seat  # type: ignore[attr-defined,no-any-return]


def key(text: str | None) -> int | None:
    """Read a key from an address, None when it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def keys(texts: Iterable[str]) -> list[int]:
    """Read keys, leaving out what is none."""
    return [found for text in texts if (found := key(text)) is not None]


def accepted(form: forms.Form, act: Callable[[], Any]) -> Any:
    """Return what an act gives when the form is right; None with the refusal at its field otherwise."""
    if not form.is_valid():
        return None
    try:
        return act()
    except GovernanceRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
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
    leave: str = "Annuler",
    hidden: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page that is one form; 422 with its errors when it was refused, 409 when others wrote the same meanwhile.

    ``leave``: the words of the way back. ``hidden``: what the form sends beside its fields.
    """
    shown = form if isinstance(form, Saved) else Saved(None, form)
    context = {
        "form": shown.form,
        "hidden": (hidden or {}).items(),
        "title": title,
        "submit": submit,
        "back": back,
        "lead": lead,
        "keep": keep,
        "leave": leave,
    }
    if shown is form:
        context |= shown.shown
    return render(request, "governance/form.html", context, status=shown.status)


def act_or_say(request: HttpRequest, act: Callable[[], Any], done: str, to: str, **kwargs: Any) -> HttpResponse:
    """Do an act of one button, say what happened, and go back where it was pressed."""
    try:
        act()
    except GovernanceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse(to, kwargs=kwargs))


def first_error(form: forms.Form) -> str:
    """Return the first error of a small form sent from a page that shows several."""
    return next((str(error) for errors in form.errors.values() for error in errors), "")
