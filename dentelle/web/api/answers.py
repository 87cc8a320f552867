"""What operations answer with, and how writes happen: once, in one transaction, told in the journal as a program's."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Header
from pydantic import BaseModel

from dentelle.foundations.journal.actions import by_means_of
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.tokens.access import Bearer
from dentelle.foundations.tokens.models import SentRequest
from dentelle.web.api.problems import ApiRefused

JSON = "application/json"
KEPT_HEADERS = ("ETag", "Location", "Content-Type")
_TAG = re.compile(r'"(\d{1,9})(?:-[0-9a-f]{1,64})?"')
IfMatch = Annotated[
    str | None,
    Header(
        None,
        alias="If-Match",
        max_length=100,
        description="version lue\u00a0: la valeur de l’en-tête ETag de la lecture. Plus ancienne, rien n’est écrit (412).",
        examples=['"3-8d1f0c2b7a664e55"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        None,
        alias="If-None-Match",
        max_length=100,
        description="ETag déjà connu\u00a0: si rien n’a changé, la réponse est 304, vide.",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[A-Za-z0-9._:-]+$",
        description="clé de votre choix\u00a0: la même demande renvoyée dans les deux jours n’agit qu’une fois et reçoit la même réponse.",
    ),
]


def bearer_in(request: HttpRequest) -> Bearer:
    """Return the program that asks: set by the gate, checked by the door."""
    return request.bearer  # type: ignore[attr-defined,no-any-return]


def member_in(request: HttpRequest) -> Membership:
    """Return the membership a program acts with."""
    return bearer_in(request).membership


def shown(body: BaseModel | dict[str, object], *, status: int = 200, location: str = "") -> HttpResponse:
    """Return a resource, or a page of them, as JSON."""
    content = (
        body.model_dump_json().encode()
        if isinstance(body, BaseModel)
        else orjson.dumps(body, default=lambda item: item.model_dump(mode="json"))
    )
    response = HttpResponse(content, status=status, content_type=JSON)
    if location:
        response["Location"] = location
    return response


def versioned(
    request: HttpRequest, body: BaseModel, revision: int, *, status: int = 200, location: str = ""
) -> HttpResponse:
    """Return a resource with its ETag: its revision, then a digest of what is shown; 304 when the program knows it already."""
    response = shown(body, status=status, location=location)
    tag = f'"{revision}-{hashlib.sha256(response.content).hexdigest()[:16]}"'
    if request.method == "GET" and request.headers.get("If-None-Match", "").strip() == tag:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    return response


def revision_in(if_match: str | None) -> int:
    """Return the revision a program read. Raises ApiRefused when it says none: a change made blind could undo another."""
    if if_match is None:
        raise ApiRefused(
            428,
            "if_match_missing",
            "Envoyez dans If-Match la valeur de l’en-tête ETag de votre lecture\u00a0: elle protège ce que d’autres ont écrit depuis.",
            "If-Match",
            "header",
        )
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise ApiRefused(
            428,
            "if_match_unreadable",
            "If-Match attend une valeur d’ETag telle que Dentelle l’a donnée, entre guillemets\u00a0; «\u00a0*\u00a0» n’est pas accepté.",
            "If-Match",
            "header",
        )
    return int(found[1])


def acting(request: HttpRequest, key: str | None, act: Callable[[], HttpResponse], *, at: datetime) -> HttpResponse:
    """Return what ``act`` answers, done in one transaction; with a key already used, the answer of the first time.

    A refusal leaves nothing behind, not even the key. Two requests of the same key at once wait for each other.
    """
    bearer = bearer_in(request)
    with transaction.atomic(), by_means_of(api_token=bearer.token.pk):
        if key is None:
            return act()
        sent, first = SentRequest.objects.get_or_create(
            token=bearer.token,
            key=key,
            defaults={"structure": bearer.membership.structure, "fingerprint": _fingerprint(request), "sent_at": at},
        )
        if not first:
            return _again(request, sent)
        response = act()
        sent.status, sent.body = response.status_code, response.content.decode()
        sent.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        sent.save()
    return response


def _again(request: HttpRequest, sent: SentRequest) -> HttpResponse:
    if sent.fingerprint != _fingerprint(request):
        raise ApiRefused(
            422,
            "idempotency_key_reused",
            "Cette clé a déjà servi pour une autre demande\u00a0: prenez-en une nouvelle.",
            "Idempotency-Key",
            "header",
        )
    response = HttpResponse(sent.body, status=sent.status)
    for name, value in sent.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    said = [str(request.method), request.get_full_path(), request.headers.get("If-Match", ""), request.body.hex()]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()
