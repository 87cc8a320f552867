"""A form sent twice (a second click, a page sent again, two tabs of a phone that wakes) acts once, with or without script."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from dentelle.foundations.sent_forms.models import SentForm

FIELD = "form_key"
KEPT = timedelta(days=2)
_KEY = re.compile(r"[0-9a-f]{32}")
ALREADY = "Ce formulaire avait déjà été envoyé\u00a0: il n’a servi qu’une fois."


def act_once(request: HttpRequest, act: Callable[[], HttpResponseBase], *, at: datetime) -> HttpResponseBase:
    """Return what ``act`` answers to a form; to the same form again, lead where the first answer led, without acting.

    An answer that does not lead elsewhere (a refused form, shown again with its errors) leaves nothing behind, unless the
    view said where it leads (``done_at``). Two sendings at once wait for each other: the database keeps one.
    """
    key = request.POST.get(FIELD, "")
    if not _KEY.fullmatch(key) or request.headers.get("HX-Request") == "true":
        return act()
    with transaction.atomic():
        sent, first = SentForm.objects.get_or_create(
            user=request.user,  # type: ignore[misc]  # a door under a hat has somebody behind it
            fingerprint=_fingerprint(request),
            defaults={"structure": request.structure, "sent_at": at},  # type: ignore[attr-defined]
        )
        if not first:
            messages.info(request, ALREADY)
            return HttpResponseRedirect(sent.location)
        response = act()
        sent.location = _leads_to(request, response)
        if sent.location:
            sent.save(update_fields=["location"])
        else:
            sent.delete()
    return response


def done_at(request: HttpRequest, location: str) -> None:
    """Say where a form sent again leads, for a view whose answer is a page shown this once."""
    request.sent_form_location = location  # type: ignore[attr-defined]


def forget_old(at: datetime) -> int:
    """Forget the forms sent long ago; return how many."""
    deleted, _ = SentForm.objects.filter(sent_at__lt=at - KEPT).delete()
    return deleted


def _leads_to(request: HttpRequest, response: HttpResponseBase) -> str:
    if response.status_code in {302, 303}:
        return str(response["Location"])
    return str(getattr(request, "sent_form_location", ""))


def _fingerprint(request: HttpRequest) -> str:
    """Everything that makes it the same form: as whom, its address, its key, what was typed, the files chosen."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = [(name, file.name, file.size) for name, chosen in sorted(request.FILES.lists()) for file in chosen]
    as_whom = request.hat.key  # type: ignore[attr-defined]
    said = json.dumps([as_whom, request.get_full_path(), typed, files], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()
