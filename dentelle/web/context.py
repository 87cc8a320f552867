from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dentelle.foundations.doors import opens_to
from dentelle.foundations.organisations.models import Role
from dentelle.foundations.signin.visitors import pages_for_visitors

# (address name, label, first letters of the path that make the entry current), under the label of their group; those of no
# group are each an entry of their own
Page = tuple[str, str, str]
MENU: tuple[tuple[str, tuple[Page, ...]], ...] = (
    ("", (("home", "Ma journée", ""),)),
    ("", (("territory:home", "Territoire", "/territoire"),)),
    ("", (("purchases:list", "Achats", "/achats"),)),
    ("", (("plans:list", "Programmations", "/programmations"),)),
    ("", (("clauses:list", "Calibrages", "/calibrages"),)),
    ("", (("contracts:list", "Contrats", "/contrats"),)),
    ("", (("directory:list", "Organisations", "/organisations"),)),
    (
        "Structure",
        (
            ("structures:structure", "Structure", "/structure"),
            ("purchases:import", "Données", "/donnees"),
            ("jobs:list", "Travaux", "/travaux"),
        ),
    ),
    (
        "Réseau",
        (
            ("practices:list", "Pratiques", "/pratiques/"),
            ("practices:head-list", "Pratiques", "/pratiques-du-reseau"),
            ("library:home", "Bibliothèque", "/bibliotheque"),
            ("tour:home", "Tour", "/tour/"),
            ("surveys:list", "Enquêtes", "/enquetes/"),
            ("surveys:campaigns", "Enquêtes", "/enquetes-du-reseau"),
            ("members:directory", "Membres", "/membres"),
            ("agreements:map", "Qui fait quoi", "/qui-fait-quoi"),
            ("agreements:list", "Conventions", "/conventions"),
            ("governance:home", "Gouvernance", "/gouvernance"),
            ("advocacy:list", "Livre blanc", "/livres-blancs"),
            ("structures:network", "Structures", "/reseau/"),
        ),
    ),
    ("", (("spaces:home", "Mes contrats", "/mes-contrats"),)),
    ("", (("plans:seat-list", "Ma programmation", "/mes-programmations"),)),
    ("", (("spaces:indicators", "Mes indicateurs", "/mes-indicateurs"),)),
    ("", (("spaces:files", "Mes pièces", "/mes-pieces"),)),
    ("", (("agreements:seat-list", "Mes conventions", "/mes-conventions"),)),
    ("", (("tour:seat-list", "Étapes du Tour", "/mes-etapes"),)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu whose door opens to the person; ``current`` when the page shown is of it."""

    name: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What the first line of the menu shows: a page, or several under one label, shown below when one of them is current."""

    label: str
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        return self.entries[0].url

    @property
    def current(self) -> bool:
        return any(each.current for each in self.entries)

    @property
    def mark(self) -> str:
        """What ``aria-current`` says of it: the page itself, or the group the page is in."""
        return "" if not self.current else "true" if self.below else "page"

    @property
    def below(self) -> tuple[Entry, ...]:
        """The pages of the second line."""
        return self.entries if self.current and len(self.entries) > 1 else ()

    @property
    def shows_jobs(self) -> bool:
        return any(each.name == "jobs:list" for each in self.entries)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page needs: the menu of the doors that open, the hats, what runs, whether this is the demo."""
    membership = getattr(request, "membership", None)
    return {
        "navigation": _menu(request),
        "is_demo": settings.DENTELLE_DEMO,
        # the search box is for those its door opens to, whatever structure a page speaks of
        "searches": membership is not None,
        "structure": getattr(request, "structure", None),
        "running_jobs": getattr(membership, "running_jobs", 0),
        # for visitors, on the page where they would sign in; asked of the database nowhere else
        "pages_for_visitors": pages_for_visitors,
        "text_searched": None,  # the page of results says what was typed
        "hat": getattr(request, "hat", None),
        "other_hats": lambda: [
            other for other in getattr(request, "hats", ()) if other != getattr(request, "hat", None)
        ],
    }


def _menu(request: HttpRequest) -> list[Group]:
    groups = []
    for label, pages in MENU:
        entries = tuple(filter(None, (_entry(request, *each) for each in pages)))
        if entries:
            groups.append(Group(label if len(entries) > 1 else entries[0].label, entries))
    return groups


def _entry(request: HttpRequest, name: str, label: str, prefix: str) -> Entry | None:
    try:
        address = reverse(name)
    except NoReverseMatch:
        return None
    if not opens_to(request, address) or (name == "home" and not _has_a_day(request)):
        return None
    current = request.path.startswith(prefix) if prefix else request.path == address
    return Entry(name, label, address + _kept(request) if name == "home" else address, current)


def _has_a_day(request: HttpRequest) -> bool:
    """Say whether something may await the person: people outside have pages of their own."""
    return bool(getattr(request, "membership", None) or getattr(request, "network_seat", None))


def _kept(request: HttpRequest) -> str:
    """What the menu adds to the address of the day: an official would land on their territory while nothing awaits them."""
    membership = getattr(request, "membership", None)
    return "?journee=1" if membership is not None and membership.role == Role.ELECTED_OFFICIAL else ""
