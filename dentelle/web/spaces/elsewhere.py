"""Pages other rooms make for people outside: one line each, shown where its address exists and opens to the person."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dentelle.foundations.doors import opens_to

# address name → what its link says, in the order shown
PAGES: tuple[tuple[str, str], ...] = (("plans:seat-list", "Mes programmations d’achats"),)


def pages_elsewhere(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (address, label) of the pages that exist on this installation and open to this person."""
    found = []
    for name, label in PAGES:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if opens_to(request, address):
            found.append((address, label))
    return found
