"""How one cell is read: French numbers, dates, identifiers kept as text; what cannot be read is said, never guessed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from dentelle.opendata.text import fold

NBSP = "\u00a0"
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060]+")
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:€|eur(?:os?)?)?(?:ht)?$", re.IGNORECASE)
_GROUPED_BY_DOTS = re.compile(r"-?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|-?\d{1,3}\.\d{3},\d+")
_TWO_READINGS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")  # « 250.000 »: a quarter of a million, or 250 to the thousandth
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
_QUARTER = re.compile(r"(?:t|q|trimestre\s*)\s*([1-4])\s*[/\- ]?\s*(\d{4})|([1-4])\s*(?:er|e|eme)?\s*trim\w*\s*(\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/\-](\d{4})|(\d{4})-(\d{2})")
_MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6,
    "juillet": 7, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}  # fmt: skip
_RENEWED = re.compile(
    r"(\d+(?:[.,]\d+)?\s*(?:ans?|annees?|mois))\s*(?:fermes?)?[\s,;+(]*(?:reconductibles?|renouvelables?|reconductions?)\s*(\d+)\s*fois"
    r"(?:\s*(?:pour|de|par)?\s*(?:periodes? de\s*)?(\d+(?:[.,]\d+)?\s*(?:ans?|annees?|mois)))?[\s)]*"
)
_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ans?|annees?|mois|semaines?|jours?)?")


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    CENTS = "cents"
    MINUTES = "minutes"
    WHOLE = "whole"
    DAY = "day"
    MONTHS = "months"
    YES_NO = "yes_no"


# what people write where they do not know yet (« à définir », « NC »…): unknown, as an empty cell is
_UNKNOWN = frozenset(
    """a definir|a preciser|a determiner|inconnu|inconnue|non connu|non connue|non communique|non renseigne|non defini
    |nc|n c|nd|n d|nr|na|n a|so|s o|sans objet|neant|tbd|xxx""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)


def is_unknown(text: str, kind: Kind) -> bool:
    """Say whether a cell says that its value is not known; a text is kept as it is unless it is blank."""
    compact = text.strip()
    if not compact or kind is Kind.TEXT:
        return not compact
    folded = fold(compact)
    return not folded or folded in _UNKNOWN


class CellRefused(Exception):
    """The cell cannot be read as what its column holds; the message is French and says how to write it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A closed list: value → words people write for it (compared without accents or case)."""

    words: dict[str, tuple[str, ...]]

    def read(self, text: str) -> str:
        """Return the value meant. Raises CellRefused with the words that are known."""
        asked = fold(text)
        for value, known in self.words.items():
            if asked in (fold(word) for word in known):
                return value
        shown = ", ".join(f"« {known[0]} »" for known in self.words.values())
        raise CellRefused(f"« {text} » n’est pas dans la liste{NBSP}: {shown}.")


def read_cell(text: str, kind: Kind) -> Any:
    """Return the value of a cell that is not blank. Raises CellRefused.

    TEXT and IDENTIFIER give text; CENTS and MINUTES whole numbers; MONTHS a number of months; DAY a date (a month or a
    quarter gives its first day).
    """
    return _READERS[kind](text.strip())


def _text(text: str) -> str:
    return _SPACES.sub(" ", text)


def _identifier(text: str) -> str:
    """A number that a spreadsheet turned into a power of ten has lost its digits: nothing can find them again."""
    compact = _SPACES.sub("", text)
    if _EXPONENT.fullmatch(compact):
        raise CellRefused(
            f"« {text} »{NBSP}: le tableur a remplacé l’identifiant par un nombre arrondi. "
            "Mettez la colonne au format Texte, puis saisissez l’identifiant à nouveau."
        )
    return compact


def _number(text: str, example: str, shown: str = "", *, scaled: int = 1) -> Decimal:
    """Return the number of a cell; ``scaled``: what its unit multiplies it by (« 1,250 M€ » has one reading only)."""
    shown = shown or text
    compact = _SPACES.sub("", text).replace("\u2212", "-").replace("'", "")
    if _GROUPED_BY_DOTS.fullmatch(compact):
        compact = compact.replace(".", "")
    elif scaled == 1 and _TWO_READINGS.fullmatch(compact):
        whole, end = re.split("[.,]", compact)
        raise CellRefused(
            f"« {shown} » peut se lire de deux façons{NBSP}: écrivez « {whole}\u202f{end} » ou « {whole},{end[:2]} »."
        )
    try:
        number = Decimal(compact.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise CellRefused(f"« {shown} » n’est pas un nombre{NBSP}: écrivez par exemple « {example} ».")
    if number < 0:
        raise CellRefused(f"« {shown} » est négatif{NBSP}: écrivez un nombre positif.")
    if number > 10**12:
        raise CellRefused(f"« {shown} » est trop grand{NBSP}: vérifiez le nombre de zéros.")
    return number


def _cents(text: str) -> int:
    compact = _SPACES.sub("", text)
    thousands = 1
    bare = compact
    for suffix, factor in (("k€", 1_000), ("ke", 1_000), ("m€", 1_000_000)):
        if compact.casefold().endswith(suffix):
            bare, thousands = compact[: -len(suffix)], factor
    bare = _CURRENCY.sub("", bare)
    cents = _number(bare, "250 000 ou 250000,50", text, scaled=thousands) * thousands * 100
    # spreadsheets keep binary fractions: half a cent is noise, and an amount never has more than two decimals
    return int(cents.to_integral_value(rounding="ROUND_HALF_UP"))


def _minutes(text: str) -> int:
    bare = re.sub(r"\s*(?:h|heures?)$", "", text, flags=re.IGNORECASE)
    return int((_number(bare, "833 ou 12,5", text) * 60).to_integral_value(rounding="ROUND_HALF_UP"))


def _whole(text: str) -> int:
    number = _number(text, "12")
    if number != number.to_integral_value():
        raise CellRefused(f"« {text} »{NBSP}: écrivez un nombre entier.")
    return int(number)


def _day(text: str) -> date:
    folded = fold(text)
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(text):
            year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return date(year, int(found[2]), int(found[1]))
        if found := _MONTH_YEAR.fullmatch(text):
            return date(int(found[2] or found[3]), int(found[1] or found[4]), 1)
        if found := _QUARTER.fullmatch(folded):
            return date(int(found[2] or found[4]), 3 * int(found[1] or found[3]) - 2, 1)
        words = folded.split()
        if len(words) in (2, 3) and words[-2] in _MONTHS and words[-1].isdigit():
            first = words[0].removesuffix("er") if len(words) == 3 else "1"
            return date(int(words[-1]), _MONTHS[words[-2]], int(first))
    except ValueError:
        raise CellRefused(f"« {text} » n’existe pas dans le calendrier.") from None
    raise CellRefused(f"« {text} » n’est pas une date que nous savons lire{NBSP}: écrivez par exemple « 01/10/2026 ».")


def _months(text: str) -> int:
    """Renewals count: what is bought is the whole, as the estimate the law compares is."""
    plain = text.casefold().replace("é", "e")
    if renewed := _RENEWED.fullmatch(plain):
        first, again = _months(renewed[1]), _months(renewed[3] or renewed[1])
        return first + int(renewed[2]) * again
    found = _DURATION.fullmatch(plain)
    if not found:
        raise CellRefused(f"« {text} » n’est pas une durée{NBSP}: écrivez un nombre de mois, par exemple « 36 ».")
    unit = found[2] or "mois"
    number = Decimal(found[1].replace(",", "."))
    if unit.startswith("mois"):
        months = number
    elif unit.startswith("an"):
        months = number * 12
    else:
        raise CellRefused(f"« {text} »{NBSP}: écrivez la durée en mois.")
    if months != months.to_integral_value() or not 1 <= months <= 600:
        raise CellRefused(f"« {text} »{NBSP}: écrivez un nombre entier de mois, de 1 à 600.")
    return int(months)


def _yes_no(text: str) -> bool:
    asked = fold(text)
    if asked in {"oui", "o", "x", "1", "vrai", "true", "yes"}:
        return True
    if asked in {"non", "n", "0", "faux", "false", "no"}:
        return False
    raise CellRefused(f"« {text} »{NBSP}: écrivez « oui » ou « non ».")


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: _text,
    Kind.IDENTIFIER: _identifier,
    Kind.CENTS: _cents,
    Kind.MINUTES: _minutes,
    Kind.WHOLE: _whole,
    Kind.DAY: _day,
    Kind.MONTHS: _months,
    Kind.YES_NO: _yes_no,
}


def written(value: object) -> str:
    """Return a cell of a workbook as text: whole numbers without « .0 », dates as people of the administration write them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
