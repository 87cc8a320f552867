from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dentelle.foundations.jobs.queries import running_jobs

# (address name, label, first letters of the path that make the entry current)
NAVIGATION = (
    ("territory:home", "Territoire", "/territoire"),
    ("purchases:list", "Achats", "/achats"),
    ("clauses:list", "Calibrages", "/calibrages"),
    ("directory:list", "Organisations", "/organisations"),
    ("purchases:import", "Données", "/donnees"),
    ("jobs:list", "Travaux", "/travaux"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page needs: the entries of the menu, with the current one, whether this is the demo, what runs."""
    entries = []
    for name, label, prefix in NAVIGATION:
        try:
            # the home page is the page of the structure's territory
            current = request.path.startswith(prefix) or (name == "territory:home" and request.path == reverse("home"))
            entries.append({"name": name, "url": reverse(name), "label": label, "current": current})
        except NoReverseMatch:
            continue
    membership = getattr(request, "membership", None)
    return {
        "navigation": entries,
        "is_demo": settings.DENTELLE_DEMO,
        "structure": getattr(request, "structure", None),
        # counted once, and only by the pages that show the menu
        "running_jobs": cache(lambda: running_jobs(membership) if membership else 0),
        "text_searched": request.GET.get("q", "")[:200] if request.path == reverse("search:results") else None,
    }
