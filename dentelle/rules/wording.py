"""French wording of numbers and sentences, so that every rule speaks the same way."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

THIN = "\u202f"
NBSP = "\u00a0"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

_BEFORE_HIGH = re.compile(r" (?=[;?!])")
_BEFORE_COLON = re.compile(r" (?=[:»%€])")
_AFTER_QUOTE = re.compile(r"(?<=«) ")
_NUMBER_UNIT = re.compile(r"(?<=[0-9]) (?=(?:h|M€|k€|ans?|mois|semaines?|ETP)\b)")


def sentence(text: str) -> str:
    """Return the text with French typography: curly apostrophes and non-breaking spaces.

    >>> sentence("C'est vrai : oui !")
    'C’est vrai\\xa0: oui\\u202f!'
    """
    text = text.replace("'", "’")
    text = _BEFORE_HIGH.sub(THIN, text)
    text = _BEFORE_COLON.sub(NBSP, text)
    text = _AFTER_QUOTE.sub(NBSP, text)
    return _NUMBER_UNIT.sub(NBSP, text)


def ended(text: str) -> str:
    """Return a text that ends as a sentence does: with its full stop, unless it has its own punctuation.

    >>> ended("Chantiers connus"), ended("Vraiment ?"), ended("Il dit «\u00a0non.\u00a0»")
    ('Chantiers connus.', 'Vraiment ?', 'Il dit «\\xa0non.\\xa0»')
    """
    text = text.rstrip()
    return text if not text or text.rstrip('\u00a0\u202f »”"').endswith((".", "!", "?", "…")) else f"{text}."


def of(name: str) -> str:
    """Return a name after « de », elided before a vowel; an initial h, mute or not, keeps « de ».

    >>> of("Paul Imbert"), of("Éloïse Brémond"), of("Henri Sorin")
    ('de Paul Imbert', 'd’Éloïse Brémond', 'de Henri Sorin')
    """
    first = unicodedata.normalize("NFD", name[:1]).lower()[:1]
    return f"d’{name}" if first and first in "aeiouœæ" else f"de {name}"


def shortened(text: str, size: int = 90) -> str:
    """Return the first words of a text on one line, ``size`` characters at most, with « … » when some are left out.

    >>> shortened("Prévoir la clause dès le recensement des besoins", 20)
    'Prévoir la clause…'
    """
    words = " ".join(text.split())
    if len(words) <= size:
        return words
    kept = words[: size - 1]
    return (kept.rpartition(" ")[0] or kept) + "…"  # one word longer than all that: its start


def decimal_of(number: int | Decimal | Fraction, places: int) -> Decimal:
    """Round half up to a number of decimal places, exactly, whatever the decimal context of the caller."""
    scaled = Fraction(number) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole).scaleb(-places) if abs(whole) < 10**27 else Decimal(f"{whole}E-{places}")


def number(value: int | Decimal | Fraction, places: int = 2) -> str:
    """Write a number the French way, without useless zeros: 1 250 000, 0,5, 83,33."""
    rounded = decimal_of(value, places) if not isinstance(value, int) else Decimal(value)
    sign, digits = ("-", -rounded) if rounded < 0 else ("", rounded)
    whole, _, fraction = f"{digits:f}".partition(".")
    groups = f"{int(whole):,}".replace(",", THIN)
    fraction = fraction.rstrip("0")
    return f"{sign}{groups},{fraction}" if fraction else f"{sign}{groups}"


def euros(value: int | Decimal | Fraction) -> str:
    """Write an amount in euros: 1 250 000 €."""
    return f"{number(value)}{NBSP}€"


def euros_before_tax(value: int | Decimal | Fraction) -> str:
    """Write an amount in euros before tax: 1 250 000 € HT."""
    return f"{euros(value)}{NBSP}HT"


def percent(share: int | Decimal | Fraction, places: int = 2) -> str:
    """Write a share as a percentage: 0.05 → 5 %."""
    return f"{number(Fraction(share) * 100, places)}{NBSP}%"


def hours(value: int | Decimal | Fraction) -> str:
    """Write a number of hours: 1 250 h."""
    return f"{number(value)}{NBSP}h"


def day(value: date) -> str:
    """Write a date in full: 21 août 2026, 1er janvier 2026."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def plural(count: int | Decimal | Fraction, one: str, many: str) -> str:
    """Write a count with its noun: 1 personne, 2 personnes (French: the plural starts at 2)."""
    return f"{number(count)}{NBSP}{one if abs(Fraction(count)) < 2 else many}"


def years_in_full(value: int | Decimal) -> str:
    """Write a duration in years: 4 ans, 1,5 an, 0,5 an (a plural starts at two)."""
    return f"{number(value)}{NBSP}{'ans' if value >= 2 else 'an'}"


def half_up(value: Fraction) -> int:
    """Round half up to the unit: 833,5 → 834."""
    return (value.numerator * 2 + value.denominator) // (value.denominator * 2)


def too_long(text: str, most: int) -> str:
    """Return why a text is refused for its length, the blanks around left out; empty when it holds.

    >>> too_long(" abcd ", 3), too_long("abc", 3)
    ('Ce texte a 4 caractères\xa0: 3 au plus. Raccourcissez-le.', '')
    """
    count = len(text.strip())
    return (
        f"Ce texte a {number(count)} caractères\u00a0: {number(most)} au plus. Raccourcissez-le."
        if count > most
        else ""
    )
