"""Reads what people type on the command line: French numbers, shares, dates. Unclear text is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from dentelle.cli.main import UsageError

_SPACES = " \u00a0\u202f"
_NUMBER = re.compile(
    rf"(?P<sign>[-−+]?)[{_SPACES}]*(?P<whole>[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]+)(?:[.,](?P<fraction>[0-9]+))?"
    rf"[{_SPACES}]*(?P<unit>%|€/h|€|k€|M€|h)?(?:[{_SPACES}]*HT)?"
)
_TWO_READINGS = re.compile(r"[-−+]?[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9])")
_SCALE = {"k€": 1000, "M€": 1_000_000}
LONGEST = 40

Choice = TypeVar("Choice", bound=StrEnum)


def read_number(text: str | None, option: str) -> Decimal | None:
    """Read « 1 000 000 », « 1000000 », « 0,05 », « 1,2 M€ »; refuse what is not a number or reads two ways (1.000)."""
    return None if text is None else _read(text, option, share=False)


def read_share(text: str | None, option: str) -> Decimal | None:
    """Read a share: « 0,05 », « 0.05 », « 5 % »."""
    return None if text is None else _read(text, option, share=True)


def _read(text: str, option: str, *, share: bool) -> Decimal:
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    match = _NUMBER.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        raise UsageError(f"{option} : « {shown} » n’est pas un nombre (écrivez par exemple 1 000 000 ou 0,05).")
    unit = match["unit"]
    if share and unit not in (None, "%"):
        raise UsageError(f"{option} : une part s’écrit 0,05 ou 5 %, pas « {shown} ».")
    if not share and unit == "%":
        raise UsageError(f"{option} : un nombre est attendu, pas un pourcentage (« {shown} »).")
    if unit is None and _TWO_READINGS.fullmatch(text.strip()):
        plain = text.strip().replace(".", "").replace(",", "")
        raise UsageError(
            f"{option} : « {shown} » se lit de deux façons ; écrivez {plain} sans séparateur, ou deux décimales."
        )
    whole = "".join(digit for digit in match["whole"] if digit.isdigit())
    value = Decimal(f"{whole}.{match['fraction'] or '0'}")
    if value == value.to_integral_value():
        value = Decimal(int(value))
    value = value * _SCALE.get(unit or "", 1)
    if unit == "%":
        value = value.scaleb(-2)
    return -value if match["sign"] in ("-", "−") else value


def read_whole(text: str | None, option: str) -> int | None:
    """Read a whole number."""
    value = read_number(text, option)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise UsageError(f"{option} : un nombre entier est attendu, pas « {text} ».")
    return int(value)


def read_date(text: str | None, option: str) -> date | None:
    """Read a date written AAAA-MM-JJ or JJ/MM/AAAA."""
    if text is None:
        return None
    french = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text.strip())
    iso = f"{french[3]}-{french[2]}-{french[1]}" if french else text.strip()
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", iso):
            raise ValueError
        return date.fromisoformat(iso)
    except ValueError:
        raise UsageError(f"{option} : « {text[:LONGEST]} » n’est pas une date (AAAA-MM-JJ).") from None


def read_choice(text: str | None, option: str, kind: type[Choice]) -> Choice | None:
    """Read one of the values of an enumeration."""
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        values = ", ".join(kind)
        raise UsageError(f"{option} : « {text[:LONGEST]} » n’est pas accepté ; choisissez parmi {values}.") from None
