from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dentelle.foundations.doors import opens_to
from dentelle.foundations.jobs.queries import running_jobs

# (address name, label, first letters of the path that make the entry current)
NAVIGATION = (
    ("territory:home", "Territoire", "/territoire"),
    ("purchases:list", "Achats", "/achats"),
    ("plans:list", "Programmations", "/programmations"),
    ("plans:seat-list", "Ma programmation", "/mes-programmations"),
    ("clauses:list", "Calibrages", "/calibrages"),
    ("contracts:list", "Contrats", "/contrats"),
    ("directory:list", "Organisations", "/organisations"),
    ("purchases:import", "Données", "/donnees"),
    ("jobs:list", "Travaux", "/travaux"),
    ("structures:structure", "Structure", "/structure"),
    ("structures:network", "Réseau", "/reseau"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page needs: the entries of the menu whose doors open, the hats, what runs, whether this is the demo."""
    entries = []
    for name, label, prefix in NAVIGATION:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if opens_to(request, address):
            # the home page is the page of the structure's territory
            current = request.path.startswith(prefix) or (name == "territory:home" and request.path == reverse("home"))
            entries.append({"name": name, "url": address, "label": label, "current": current})
    membership = getattr(request, "membership", None)
    return {
        "navigation": entries,
        "is_demo": settings.DENTELLE_DEMO,
        "structure": getattr(request, "structure", None),
        # counted once, and only by the pages that show the menu
        "running_jobs": cache(lambda: running_jobs(membership) if membership else 0),
        "text_searched": None,  # the page of results says what was typed
        "hat": getattr(request, "hat", None),
        "other_hats": lambda: [
            other for other in getattr(request, "hats", ()) if other != getattr(request, "hat", None)
        ],
    }
