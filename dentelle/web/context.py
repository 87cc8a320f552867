from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dentelle.foundations.doors import opens_to

# (address name, label, first letters of the path that make the entry current)
NAVIGATION = (
    ("territory:home", "Territoire", "/territoire"),
    ("purchases:list", "Achats", "/achats"),
    ("clauses:list", "Calibrages", "/calibrages"),
    ("purchases:import", "Données", "/donnees"),
    ("organisations:structure", "Structure", "/structure"),
    ("organisations:network", "Réseau", "/reseau"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the shell of every page needs: the entries of the menu whose doors open, the hats, whether this is the demo."""
    entries = []
    for name, label, prefix in NAVIGATION:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if opens_to(request, address):
            # the home page is the page of the structure's territory
            current = request.path.startswith(prefix) or (name == "territory:home" and request.path == reverse("home"))
            entries.append({"url": address, "label": label, "current": current})
    return {
        "navigation": entries,
        "is_demo": settings.DENTELLE_DEMO,
        "structure": getattr(request, "structure", None),
        "hat": getattr(request, "hat", None),
        "other_hats": lambda: [
            other for other in getattr(request, "hats", ()) if other != getattr(request, "hat", None)
        ],
    }
