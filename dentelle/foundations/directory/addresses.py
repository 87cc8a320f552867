"""E-mail addresses: their spelling, and those that belong to nobody in particular."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.opendata.text import fold

# What stands before the @ of an address read by whoever happens to be there.
_GENERIC = frozenset(
    [
        "contact",
        "contacts",
        "mairie",
        "accueil",
        "info",
        "infos",
        "information",
        "informations",
        "secretariat",
        "standard",
        "administration",
        "admin",
        "courrier",
        "bonjour",
        "hello",
        "noreply",
        "nepasrepondre",
        "commune",
        "ville",
        "communaute",
        "siege",
        "agence",
        "bureau",
        "service",
        "services",
        "direction",
        "achats",
        "achat",
        "marches",
        "marche",
        "comptabilite",
        "facturation",
    ]
)
_DIGITS = re.compile(r"\d+")


def read_address(text: str) -> str:
    """Return an e-mail address in lower case; DirectoryRefused when it is not one."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise DirectoryRefused(
            "email", f"« {text.strip()[:80]} » n’est pas une adresse électronique.", "email"
        ) from None
    return address


def is_generic(address: str) -> bool:
    """Say whether an address is a counter rather than a person: « contact@… », « mairie-saint-elan@… », « info2@… »."""
    words = fold(_DIGITS.sub(" ", address.partition("@")[0])).split()
    return bool(words) and (words[0] in _GENERIC or "".join(words) in _GENERIC)
