"""What the views of this room share with governance's, and its own page that is one form."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dentelle.network.governance.pages import accepted, act_or_say, head, key, keys, viewer

OWN_VOICE = "they write in their own name to the network; nothing of the structure changes"


def form_page(
    request: HttpRequest, form: forms.Form, *, title: str, submit: str, back: str, lead: str = "", keep: str = ""
) -> HttpResponse:
    """A page that is one form; 422 with its errors when it was refused."""
    context = {"form": form, "title": title, "submit": submit, "back": back, "lead": lead, "keep": keep}
    return render(request, "advocacy/form.html", context, status=422 if form.errors else 200)


__all__ = ["OWN_VOICE", "accepted", "act_or_say", "form_page", "head", "key", "keys", "viewer"]
