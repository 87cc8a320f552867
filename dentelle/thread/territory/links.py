"""Addresses the territory page gives to other rooms, by name: a room that is not installed is simply not linked."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object, **query: object) -> str:
    """Return the address of a view with its query (a list is a name said several times), nothing when no room answers."""
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    kept = {key: value for key, value in query.items() if value not in ("", None)}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path
