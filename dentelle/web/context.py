from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

# (address name, label, first letters of the path that make the entry current)
NAVIGATION = (
    ("territory:home", "Territoire", "/territoire"),
    ("purchases:list", "Achats", "/achats"),
    ("clauses:list", "Calibrages", "/calibrages"),
    ("directory:list", "Organisations", "/organisations"),
    ("purchases:import", "Données", "/donnees"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page needs: the entries of the menu, with the current one, and whether this is the demo."""
    entries = []
    for name, label, prefix in NAVIGATION:
        try:
            # the home page is the page of the structure's territory
            current = request.path.startswith(prefix) or (name == "territory:home" and request.path == reverse("home"))
            entries.append({"url": reverse(name), "label": label, "current": current})
        except NoReverseMatch:
            continue
    return {
        "navigation": entries,
        "is_demo": settings.DENTELLE_DEMO,
        "structure": getattr(request, "structure", None),
        "text_searched": request.GET.get("q", "")[:200] if request.path == reverse("search:results") else None,
    }
