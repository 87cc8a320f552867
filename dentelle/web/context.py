from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dentelle.foundations.doors import opens_to
from dentelle.foundations.jobs.queries import running_jobs
from dentelle.foundations.organisations.models import Role

# (address name, label, first letters of the path that make the entry current)
NAVIGATION = (
    ("home", "Ma journée", ""),
    ("territory:home", "Territoire", "/territoire"),
    ("purchases:list", "Achats", "/achats"),
    ("plans:list", "Programmations", "/programmations"),
    ("plans:seat-list", "Ma programmation", "/mes-programmations"),
    ("clauses:list", "Calibrages", "/calibrages"),
    ("contracts:list", "Contrats", "/contrats"),
    ("surveys:list", "Enquêtes", "/enquetes/"),
    ("surveys:campaigns", "Enquêtes", "/enquetes-du-reseau"),
    ("practices:list", "Pratiques", "/pratiques/"),
    ("practices:head-list", "Pratiques", "/pratiques-du-reseau"),
    ("directory:list", "Organisations", "/organisations"),
    ("purchases:import", "Données", "/donnees"),
    ("jobs:list", "Travaux", "/travaux"),
    ("structures:structure", "Structure", "/structure"),
    ("structures:network", "Réseau", "/reseau"),
    ("spaces:home", "Mes contrats", "/mes-contrats"),
    ("spaces:indicators", "Mes indicateurs", "/mes-indicateurs"),
    ("spaces:files", "Mes pièces", "/mes-pieces"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page needs: the entries of the menu whose doors open, the hats, what runs, whether this is the demo."""
    entries = []
    for name, label, prefix in NAVIGATION:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if opens_to(request, address) and (name != "home" or _has_a_day(request)):
            current = request.path.startswith(prefix) if prefix else request.path == address
            entries.append({"name": name, "url": address, "label": label, "current": current})
    membership = getattr(request, "membership", None)
    return {
        "navigation": entries,
        "is_demo": settings.DENTELLE_DEMO,
        # the search box is for those its door opens to, whatever structure a page speaks of
        "searches": membership is not None,
        "structure": getattr(request, "structure", None),
        # counted once, and only by the pages that show the menu
        "running_jobs": cache(lambda: running_jobs(membership) if membership else 0),
        "text_searched": None,  # the page of results says what was typed
        "hat": getattr(request, "hat", None),
        "other_hats": lambda: [
            other for other in getattr(request, "hats", ()) if other != getattr(request, "hat", None)
        ],
    }


def _has_a_day(request: HttpRequest) -> bool:
    """Say whether something may await the person: elected officials and people outside have pages of their own."""
    membership = getattr(request, "membership", None)
    if membership is not None:
        return bool(membership.role != Role.ELECTED_OFFICIAL)
    return getattr(request, "network_seat", None) is not None
