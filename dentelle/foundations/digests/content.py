"""What the daily e-mail of a person says: the first lines of their day, under each of their hats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.awaiting.queries import Agenda, Viewer, agenda_among, everything
from dentelle.foundations.awaiting.registry import Awaiting, Cut
from dentelle.foundations.awaiting.words import due_words, waited
from dentelle.foundations.digests.stopping import stop_address
from dentelle.foundations.organisations.hats import MEMBERSHIP, NETWORK_SEAT, SEAT, Hat, Wardrobe
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role, Structure
from dentelle.rules.wording import plural

MOST_LINES = 10
TEMPLATE = "digests/mail/digest.txt"


class Collected:
    """The lines of each structure, asked once for all the people of one role: what awaits does not depend on who asks."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._known: dict[tuple[str, int, str], list[Awaiting]] = {}

    def lines(self, viewer: Viewer) -> Sequence[Awaiting]:
        """Return what awaits the viewer's structure, network or organisation."""
        if isinstance(viewer, Membership):
            key = (MEMBERSHIP, viewer.structure_id, viewer.role)
        elif isinstance(viewer, NetworkSeat):
            key = (NETWORK_SEAT, viewer.network_id, "")
        else:
            key = (SEAT, viewer.organisation_id, viewer.role)
        if key in self._known:
            return self._known[key]
        found = everything(viewer, self.at)
        if not isinstance(found, Cut):  # what is kept back of too long a list depends on who asks
            self._known[key] = found
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """What awaits under one hat: the first lines, written, and how many more there are."""

    name: str
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Content:
    """One e-mail: its subject, what its template shows, and the addresses that stop it."""

    subject: str
    context: dict[str, object]
    headers: dict[str, str]
    structure: Structure | None
    total: int
    late: int


def content_of(user: User, collected: Collected) -> Content | None:
    """Return the e-mail of a person, None when nothing needs them."""
    today = timezone.localdate(collected.at)
    days = [(hat, agenda_among(collected.lines(hat.held), hat.held, collected.at)) for hat in _hats(user)]
    days = [(hat, day) for hat, day in days if day.total]
    if not days:
        return None
    total, late = sum(day.total for _, day in days), sum(day.late for _, day in days)
    room = max(1, MOST_LINES // len(days))
    at_least = "au moins " if any(day.shown_is_cut for _, day in days) else ""
    summary = f"{at_least}{plural(total, 'chose vous attend', 'choses vous attendent')}" + (
        f", dont {plural(late, 'en retard', 'en retard')}" if late else ""
    )
    stop = stop_address(user)
    context: dict[str, object] = {
        "name": user.full_name,
        "summary": summary,
        "places": [_place(hat, day, room, today) for hat, day in days],
        "several": len(days) > 1,
        "home": urljoin(settings.DENTELLE_SITE, reverse("home")),
        "stop": stop,
        "choose": urljoin(settings.DENTELLE_SITE, reverse("digests:days")),
    }
    # RFC 8058: the reader's mail programme stops it with one POST, without opening a page
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    structures = [hat.held.structure for hat, _ in days if hat.kind == MEMBERSHIP]
    return Content(summary, context, headers, structures[0] if len(structures) == len(days) == 1 else None, total, late)


def _hats(user: User) -> list[Hat]:
    """The hats somebody is written to for: an elected official reads what is asked of them on their page, not each morning."""
    wardrobe = Wardrobe(user)
    hats = [hat for kind in (MEMBERSHIP, NETWORK_SEAT, SEAT) for hat in wardrobe.of_kind(kind) if hat.usable]
    return [hat for hat in hats if getattr(hat.held, "role", "") != Role.ELECTED_OFFICIAL]


def _place(hat: Hat, day: Agenda, room: int, today: date) -> Place:
    lines = [line for group in day.groups for line in group.lines]
    return Place(hat.place, tuple(_written(line, today) for line in lines[:room]), max(0, len(lines) - room))


def _written(line: Awaiting, today: date) -> str:
    subject = f"{line.subject} ({line.about})" if line.about else line.subject
    when = due_words(line.due, today) or waited(line.since, today)
    return f"{subject}, {when}\u00a0: {line.sentence}" if when else f"{subject}\u00a0: {line.sentence}"
