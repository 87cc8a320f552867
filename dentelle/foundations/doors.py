"""Every view declares its door: who may open it, and who may act behind it. A consistency test refuses a view without one.

A form sent by somebody who acts for a structure, a network or an organisation acts once, however often it is sent
(``foundations.sent_forms``).
A door checks the person; what the person may see inside (which object) is the business of the app's ``access.py``.
Opening is GET and HEAD; acting is any other method. Anyone a door does not admit gets the same 404 as an unknown address:
a closed door does not say what is behind it. ``docs/access.md`` is the table of all doors, written from them.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial, wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_urlconf, resolve
from django.utils import timezone

from dentelle.foundations.organisations.models import READ_ONLY_ROLES, Role
from dentelle.foundations.sent_forms.actions import act_once

View = Callable[..., HttpResponseBase]
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PUBLIC, SIGNED_IN, MEMBERS, NETWORK_HEADS, SEATED = "public", "signed_in", "members", "network_heads", "seated"
LINK_BEARERS, MACHINES, NETWORK_PEOPLE = "link_bearers", "machines", "network_people"
UNDER_A_HAT = (MEMBERS, NETWORK_HEADS, NETWORK_PEOPLE, SEATED)
HEAD = "network_head"  # stands among the roles of a NETWORK_PEOPLE door


class Door(NamedTuple):
    """``opens`` are the roles that may open the page, ``acts`` those that may send it something.

    ``reason`` says why it is open to anyone, or why read-only roles may act (their own preferences, nothing kept); for
    LINK_BEARERS it is the purpose of the links that open it.
    Roles are those of ``organisations`` for MEMBERS, the same and HEAD for NETWORK_PEOPLE, those of ``directory`` for SEATED,
    scopes of a token for MACHINES; no others have any.
    """

    kind: str
    reason: str = ""
    opens: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()

    def admits(self, request: HttpRequest, method: str = "") -> bool:
        """Say whether the person, under the hat they wear, may send this request (or one of ``method``) here."""
        if self.kind in {PUBLIC, SIGNED_IN}:
            return True  # who is not signed in never comes this far: the middleware saw to it
        if self.kind == LINK_BEARERS:
            link = getattr(request, "link", None)
            return link is not None and link.purpose == self.reason
        if self.kind == NETWORK_HEADS:
            return getattr(request, "network_seat", None) is not None
        if self.kind == MACHINES:
            bearer = getattr(request, "bearer", None)
            scopes = self.opens if (method or request.method) in SAFE_METHODS else self.acts
            return bearer is not None and any(bearer.may(scope) for scope in scopes)
        if self.kind == NETWORK_PEOPLE and getattr(request, "network_seat", None) is not None:
            return HEAD in (self.opens if (method or request.method) in SAFE_METHODS else self.acts)
        held = getattr(request, "seat" if self.kind == SEATED else "membership", None)
        admitted = self.opens if (method or request.method) in SAFE_METHODS else self.acts
        return held is not None and held.role in admitted


def opens_to(request: HttpRequest, address: str) -> bool:
    """Say whether the door at an address of the site opens to the person: what a page asks before it shows a link."""
    door = _door_at(address.partition("?")[0], get_urlconf() or settings.ROOT_URLCONF)
    return door is not None and door.admits(request, "GET")


@lru_cache(maxsize=2_048)
def _door_at(path: str, urlconf: str) -> Door | None:
    # a menu asks for thirty of them on every page
    try:
        return getattr(resolve(path, urlconf).func, "door", None)
    except Resolver404:
        return None


def public(reason: str) -> Callable[[View], View]:
    """Open to anyone. ``reason`` says why that is right; it is read by people and by the consistency test."""

    def decorate(view: View) -> View:
        opened = login_not_required(view)
        opened.door = Door(PUBLIC, reason)  # type: ignore[attr-defined]
        return opened

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """Open to whoever has signed in, whatever they may act as, even nothing. ``reason`` says why that is right."""

    def decorate(view: View) -> View:
        return _guarded(view, Door(SIGNED_IN, reason))

    return decorate


def members(*roles: str, acts: Sequence[str] | None = None, harmless: str = "") -> Callable[[View], View]:
    """Open to people who belong to an approved structure (``request.membership``), with one of ``roles`` when some are named.

    ``acts`` names those who may also act; by default all who open, but the roles that only read. ``harmless`` lets these
    act too, and says why nothing of the structure changes by it (« their own saved views »).
    """
    opens = roles or tuple(Role.values)
    unknown = {*opens, *(acts or ())} - set(Role.values)
    if unknown:
        raise ValueError(f"not roles of a structure: {sorted(unknown)}")
    if acts is None:
        acts = opens if harmless else [role for role in opens if role not in READ_ONLY_ROLES]
    elif set(acts) & set(READ_ONLY_ROLES) and not harmless:
        raise ValueError(f"roles that only read may act only when it is harmless: {sorted(acts)}")

    def decorate(view: View) -> View:
        return _guarded(view, Door(MEMBERS, harmless, tuple(opens), tuple(acts)))

    return decorate


def network_heads() -> Callable[[View], View]:
    """Open to the head of a network (``request.network_seat``)."""

    def decorate(view: View) -> View:
        return _guarded(view, Door(NETWORK_HEADS))

    return decorate


def network_people(*roles: str, acts: Sequence[str] = (HEAD,), harmless: str = "") -> Callable[[View], View]:
    """Open to the head of a network and to people of its approved structures (with one of ``roles`` when some are named).

    Behind it ``request.network_seat`` or ``request.membership`` is set, never both; ``access.py`` reads the network from
    either. ``acts`` names who may also act, its head by default; ``harmless`` is asked for when a role that only reads does.
    """
    opens = roles or tuple(Role.values)
    unknown = {*opens, *acts} - {HEAD, *Role.values}
    if unknown:
        raise ValueError(f"not roles of a structure, nor the head of its network: {sorted(unknown)}")
    if set(acts) & set(READ_ONLY_ROLES) and not harmless:
        raise ValueError(f"roles that only read may act only when it is harmless: {sorted(acts)}")

    def decorate(view: View) -> View:
        return _guarded(view, Door(NETWORK_PEOPLE, harmless, tuple(dict.fromkeys((*opens, HEAD))), tuple(acts)))

    return decorate


def seated(*roles: str) -> Callable[[View], View]:
    """Open to outside people with an account who act for an organisation (``request.seat``), in one of ``roles``."""
    if not roles:
        raise ValueError("name the seats this door opens to")

    def decorate(view: View) -> View:
        return _guarded(view, Door(SEATED, "", roles, roles))

    return decorate


def link_bearers(purpose: str) -> Callable[[View], View]:
    """Open to whoever opened a magic link made for ``purpose`` (``request.link``), without an account.

    Anyone else gets the 404 of an unknown address, people signed in too: a link opens one thing to one person.
    """

    def decorate(view: View) -> View:
        guarded = login_not_required(_guarded(view, Door(LINK_BEARERS, purpose)))
        guarded.door = Door(LINK_BEARERS, purpose)  # type: ignore[attr-defined]
        return guarded

    return decorate


def machines(*, reads: str = "", acts: str = "") -> Callable[[View], View]:
    """Open to programs that bear a token of a structure (``request.bearer``) holding the scope: ``reads`` for GET, else ``acts``.

    No session counts here: a person signed in gains nothing by it, and no form of the site leads here.
    """

    def decorate(view: View) -> View:
        door = Door(MACHINES, "", tuple(filter(None, (reads,))), tuple(filter(None, (acts,))))
        guarded = login_not_required(_guarded(view, door))
        guarded.door = door  # type: ignore[attr-defined]
        return guarded

    return decorate


def _guarded(view: View, door: Door) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not door.admits(request):
            raise Http404
        if door.kind in UNDER_A_HAT and request.method == "POST":
            return act_once(request, partial(view, request, *args, **kwargs), at=timezone.now())
        return view(request, *args, **kwargs)

    guarded.door = door  # type: ignore[attr-defined]
    return guarded
