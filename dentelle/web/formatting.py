"""How Dentelle writes numbers, money, hours and dates in French: one place, for screens, charts, e-mails and documents.

Nothing here guesses: a missing value is written « non renseigné », never 0 nor blank. Groups of three digits and units are
held by narrow no-break spaces (U+202F), so that a figure never breaks across two lines.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from dentelle.rules.wording import MONTHS, THIN

UNKNOWN = "non renseigné"
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_SIGNS = re.compile(r" (?=[:;?!»])|(?<=«) ")
_QUARTER = re.compile(r"(\d{4})-[QT]([1-4])\Z")

Number = int | float | Decimal


def number(value: Number | str | None, decimals: int = 0) -> str:
    """Return « 1 250 000 », or « 1 250,5 » with ``decimals``; rounded half up. « non renseigné » for None.

    >>> number(1250000) == f"1{THIN}250{THIN}000", number(-3.25, 1), number(None)
    (True, '−3,3', 'non renseigné')
    """
    exact = _exact(value)
    if exact is None:
        return UNKNOWN
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    return sign + f"{abs(rounded):,.{decimals}f}".replace(",", THIN).replace(".", ",")


def points(value: Number | None) -> str:
    """Return a mark as it was given, without its useless zeros.

    >>> points(Decimal("7.50")), points(Decimal("6.00")), points(None)
    ('7,5', '6', 'non renseigné')
    """
    exact = _exact(value)
    if exact is None:
        return UNKNOWN
    decimals = exact.normalize().as_tuple().exponent
    return number(exact, max(0, -decimals) if isinstance(decimals, int) else 0)


def hundredths(value: Number | None) -> str:
    """Return a figure kept in hundredths without its useless zeros: « 2,35 » for 235, « 2 » for 200."""
    exact = _exact(value)
    return UNKNOWN if exact is None else points(exact / 100)


def money(cents: Number | None, tax: str = "HT") -> str:
    """Return an amount given in cents: « 1 250 000 € HT », with its cents only when there are some.

    ``tax`` is the mention that follows: HT by default, empty for none.
    """
    exact = _exact(cents)
    if exact is None:
        return UNKNOWN
    decimals = 0 if exact % 100 == 0 else 2
    return THIN.join(filter(None, (number(exact / 100, decimals), "€", tax)))


def short_money(cents: Number | None, tax: str = "") -> str:
    """Return an amount given in cents with three significant digits at most: « 1,25 M€ », « 480 k€ », « 900 € »."""
    exact = _exact(cents)
    if exact is None:
        return UNKNOWN
    euros = exact / 100
    # the scale is chosen on the rounded figure: 999 999 € is « 1 M€ », never « 1 000 k€ »
    for scale, unit in ((Decimal(10) ** 9, "Md€"), (Decimal(10) ** 6, "M€"), (Decimal(10) ** 3, "k€")):
        if abs(euros) >= scale * Decimal("0.9995"):
            return THIN.join(filter(None, (_three_digits(euros / scale), unit, tax)))
    return THIN.join(filter(None, (number(euros), "€", tax)))


def hours(value: Number | None) -> str:
    """Return whole hours: « 833 h »."""
    return UNKNOWN if _exact(value) is None else f"{number(value)}{THIN}h"


def duration(minutes: int | None) -> str:
    """Return minutes as hours and minutes: « 7 h 30 », « 7 h »."""
    if minutes is None:
        return UNKNOWN
    whole, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else ""
    return f"{sign}{number(whole)}{THIN}h" + (f"{THIN}{rest:02d}" if rest else "")


def percent(share: Number | None, decimals: int = 0) -> str:
    """Return a share of one as « 37 % »; what is above 0 and rounds to 0 is « moins de 1 % », and likewise near 100."""
    exact = _exact(share)
    if exact is None:
        return UNKNOWN
    step = Decimal(1).scaleb(-decimals)
    rounded = (exact * 100).quantize(step, rounding=ROUND_HALF_UP)
    if exact > 0 and rounded == 0:
        return f"moins de {number(step, decimals)}{THIN}%"
    if exact < 1 and rounded == 100:
        return f"plus de {number(100 - step, decimals)}{THIN}%"
    return f"{number(rounded, decimals)}{THIN}%"


def prose_date(value: date | datetime | str | None) -> str:
    """Return a date for a sentence: « 21 novembre 2026 », « 1er mars 2027 »."""
    day = _day(value)
    if day is None:
        return UNKNOWN
    return f"{'1er' if day.day == 1 else day.day}{THIN}{MONTHS[day.month - 1]}{THIN}{day.year}"


def table_date(value: date | datetime | str | None) -> str:
    """Return a date for a table: « 21/11/2026 »."""
    day = _day(value)
    return UNKNOWN if day is None else f"{day:%d/%m/%Y}"


def month(value: date | str | None) -> str:
    """Return « mars 2027 » from a date or « 2027-03 »."""
    found = _year_month(value)
    return UNKNOWN if found is None else f"{MONTHS[found[1] - 1]}{THIN}{found[0]}"


def short_month(value: date | str | None) -> str:
    """Return « mars 2027 », « nov. 2026 », from a date or « 2027-03 », where room is short."""
    found = _year_month(value)
    return UNKNOWN if found is None else f"{SHORT_MONTHS[found[1] - 1]}{THIN}{found[0]}"


def quarter(value: str | None) -> str:
    """Return « 1er trimestre 2027 » from « 2027-Q1 » (or « 2027-T1 »)."""
    found = _QUARTER.match(value or "")
    if not found:
        return UNKNOWN
    return f"{found[2]}{'er' if found[2] == '1' else 'e'}{THIN}trimestre{THIN}{found[1]}"


def short_quarter(value: str | None) -> str:
    """Return « T1 2027 » from « 2027-Q1 » (or « 2027-T1 »)."""
    found = _QUARTER.match(value or "")
    return f"T{found[2]}{THIN}{found[1]}" if found else UNKNOWN


def plural(count: Number | None, singular: str, plural_form: str = "") -> str:
    """Return « 1 marché », « 0 marché », « 214 marchés »: in French the plural starts at two."""
    exact = _exact(count)
    if exact is None:
        return f"{UNKNOWN}{THIN}({plural_form or singular + 's'})"
    return f"{number(exact)}{THIN}{singular if abs(exact) < 2 else plural_form or singular + 's'}"


def interval(low: Number | None, high: Number | None, unit: str = "") -> str:
    """Return « 2 100 à 8 400 h », or one figure when both ends are equal."""
    if _exact(low) is None or _exact(high) is None:
        return UNKNOWN
    both = number(low) if number(low) == number(high) else f"{number(low)} à {number(high)}"
    return f"{both}{THIN}{unit}" if unit else both


def spaced(text: str) -> str:
    """Return a French sentence whose signs « : ; ? ! » and quotation marks are held to their words by narrow no-break spaces."""
    return _SIGNS.sub(THIN, text)


def _exact(value: Number | str | None) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def _three_digits(value: Decimal) -> str:
    decimals = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = number(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def _day(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value


def _year_month(value: date | str | None) -> tuple[int, int] | None:
    if isinstance(value, str):
        found = _MONTH.match(value[:7])
        return (int(found[1]), int(found[2])) if found and 1 <= int(found[2]) <= 12 else None
    return (value.year, value.month) if value else None
