"""One rule per kind of value: what a published value is worth, and which defect it shows.

Every rule takes the value as decoded and returns ``(value, defect code or "")``. They are pure, so that the importer may remember
their answers: a date or a CPV code comes back thousands of times in one file.
"""

import codecs
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

# Before this year no contract of the open data era was notified: 0218 and 0021 are typing errors, never guessed.
FIRST_PLAUSIBLE_YEAR: Final = 1990
LAST_READABLE_YEAR: Final = 9999
# Amounts, in cents before tax. Under one euro is a unit price or a filler; no single published contract passes a billion euros.
SMALLEST_AMOUNT: Final = 100
VERY_LOW_AMOUNT: Final = 200 * 100
PUBLICATION_THRESHOLD: Final = 25_000 * 100
VERY_LARGE_AMOUNT: Final = 100_000_000 * 100
LARGEST_AMOUNT: Final = 1_000_000_000 * 100
LARGEST_INTEGER: Final = 2**63 - 1
# Consolidators of the field use the same bounds: fifteen years for a contract, thirty for a concession.
LONGEST_CONTRACT_MONTHS: Final = 180
LONGEST_CONCESSION_MONTHS: Final = 360

NOT_COMMUNICATED: Final = frozenset(
    {"nc", "mq", "nan", "null", "none", "n/c", "inf", "-inf", "infinity", "sans objet."}
)
EPOCH: Final = date(1970, 1, 1).toordinal()
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan", "february fevrier feb", "march mars mar", "april avril apr", "may mai", "june juin jun",
            "july juillet jul", "august aout aug", "september septembre sep", "october octobre oct", "november novembre nov",
            "december decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

Ruled = tuple[Any, str]


def plain(text: str) -> str:
    """Lower case without accents, words separated by one space, lost characters dropped: what labels are compared by."""
    return words([text])[0]


# Between texts given end to end: no text of the open data needs it, and one that holds it is given a space instead.
BETWEEN: Final = "\0"


def end_to_end(texts: Sequence[str | None]) -> str:
    """Texts one after the other, ``BETWEEN`` two of them, nothing where there is none."""
    joined = BETWEEN.join([text or "" for text in texts])
    if joined.count(BETWEEN) != len(texts) - 1:
        joined = BETWEEN.join([(text or "").replace(BETWEEN, " ") for text in texts])
    return joined


def _letter(sign: str) -> int:
    """The letter or digit a sign stands for without case nor accent, a line feed between texts, a space for any other."""
    if sign == BETWEEN:
        return 10
    base = unicodedata.normalize("NFKD", sign.lower())[:1]
    return ord(base) if base.isascii() and base.isalnum() else 32


_LETTERS: Final = bytes(_letter(chr(code)) for code in range(256))
# What one byte a sign cannot tell, and what French texts bear most among the signs Latin-1 lacks: many at once here, one by one in ``_foreign``.
_SEVERAL_LETTERS: Final = (
    ("æ", "ae"), ("Æ", "ae"), ("ß", "ss"), ("ø", "o"), ("Ø", "o"), ("\u00ad", ""),
    ("œ", "oe"), ("Œ", "oe"), ("’", " "), ("–", " "), ("€", " "), ("\ufffd", ""),
)  # fmt: skip
_GLUE: Final = frozenset("\ufffd\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff")


def _foreign(error: UnicodeError) -> tuple[str, int]:
    """Lost characters and combining marks vanish; other signs count as their plain letters, or separate words."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 -- registered for encoding only
    kept = []
    for sign in error.object[error.start : error.end]:
        if sign in _GLUE or unicodedata.combining(sign):
            continue
        plain_letters = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
        kept.append(plain_letters if plain_letters.isalnum() else " ")
    return "".join(kept), error.end


codecs.register_error("dentelle_words", _foreign)


def words(texts: list[str]) -> list[str]:
    """Normalise many texts at once: a few passes over the whole column instead of some over each row."""
    return [found.strip(" ") for found in joined_words(end_to_end(texts)).decode().split("\n")] if texts else []


def joined_words(joined: str) -> bytes:
    """The words of texts given end to end, one text a line, which a space may begin or end."""
    for sign, letters in _SEVERAL_LETTERS if not joined.isascii() else ():
        if sign in joined:
            joined = joined.replace(sign, letters)
    cleaned = joined.encode("latin-1", "dentelle_words").translate(_LETTERS).replace(b"   ", b" ")
    while b"  " in cleaned:
        cleaned = cleaned.replace(b"  ", b" ")
    return cleaned


def texts(raws: Sequence[Any]) -> tuple[list[str | None], list[tuple[int, str]]]:
    """``text`` over a column of values that seldom come back, and (position, defect) of those that show one.

    The usual case costs no call: whether a text of that case is ``turned`` is left to be searched in many at once.
    """
    found = [raw if raw.__class__ is str and len(raw) > 9 and raw[0] > " " < raw[-1] < "\x7f" else None for raw in raws]
    answers = [(row, *text(raws[row])) for row, value in enumerate(found) if value is None]
    for row, value, _ in answers:
        found[row] = value
    return found, [(row, defect) for row, _, defect in answers if defect]


def text(raw: Any) -> Ruled:
    """Trimmed text, null when empty or « NC »."""
    if raw is None:
        return None, ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    trimmed = str(raw).replace(BETWEEN, " ").strip()
    if not trimmed:
        return None, ""
    if len(trimmed) < 10 and trimmed.lower() in NOT_COMMUNICATED:
        return None, "not_communicated"
    if not trimmed.isascii() and turned(trimmed.encode(errors="surrogatepass")):
        return text(trimmed.translate(_STRAIGHT))[0], "direction_signs"
    return trimmed, ""


# What makes a text show in another order than it is written: invisible, and enough to show one amount or holder for another.
DIRECTION_SIGNS: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_STRAIGHT: Final = dict.fromkeys(map(ord, DIRECTION_SIGNS))


_TURNED: Final = re.compile(
    b"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])"
)  # the same in UTF-8, searched at the speed of memory


def turned(given: bytes) -> bool:
    """Whether a text holds signs that turn the reading around."""
    return _TURNED.search(given) is not None


def identifier(raw: Any) -> Ruled:
    """An identifier as text, without the spaces people put between groups of digits."""
    value, defect = text(raw)
    if value and " " in value:
        compact = value.replace(" ", "").replace("\u00a0", "")
        value = compact if compact.isdigit() else value
    return value, defect


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(.*)", re.DOTALL)
_FRENCH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_WRITTEN_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?,? (\d{1,2}),? (\d{4})\b")
_WRITTEN_DAY_FIRST = re.compile(r"(\d{1,2})(?:er)? ([^\W\d]+)\.? (\d{4})\b")


def day(raw: Any) -> Ruled:
    """Days since 1970-01-01, or null with the reason."""
    value, defect = text(raw)
    if value is None:
        return None, defect
    repaired = ""
    if match := _ISO.match(value):
        year, month, day_of_month = int(match[1]), int(match[2]), int(match[3])
        repaired = "date_time_zone" if match[4].strip() else ""
    elif match := _FRENCH.match(value):
        year, month, day_of_month = int(match[3]), int(match[2]), int(match[1])
        repaired = "date_written_out"
    elif match := _WRITTEN_MONTH_FIRST.match(value):
        year, month, day_of_month = int(match[3]), MONTHS.get(plain(match[1]), 0), int(match[2])
        repaired = "date_written_out"
    elif match := _WRITTEN_DAY_FIRST.match(value):
        year, month, day_of_month = int(match[3]), MONTHS.get(plain(match[2]), 0), int(match[1])
        repaired = "date_written_out"
    else:
        return None, "date_unreadable"
    try:
        days = date(year, month, day_of_month).toordinal() - EPOCH
    except ValueError:
        return None, "date_ancient" if year == 0 else "date_unreadable"
    if year < FIRST_PLAUSIBLE_YEAR:
        return None, "date_ancient"
    return days, repaired


_THIRDS = re.compile(r"(3+\.3+|6+\.6*7?)$")
_SAME_DIGIT = re.compile(r"([1-9])\1{4,}(?:\.(?:0*|\1+))?$")
_COUNTING = re.compile(r"12345678|23456789|987654321")
_THOUSANDS = re.compile(r"[\s\u00a0\u202f']")


def amount(token: bytes) -> tuple[tuple[int | None, str | None, str], str]:
    """``((cents, text as published, amount flag), defect)`` of a JSON token; the text is kept exactly as written."""
    whole, dot, part = token.partition(b".")
    if whole.isdigit() and len(whole) <= 9 and len(part) <= 2 and (part.isdigit() or not dot):
        cents = int(whole) * 100 + int((part + b"00")[:2])
        if (
            cents >= SMALLEST_AMOUNT and whole[:4] != whole[:1] * 4 and whole[:5] not in _COUNTED
        ):  # the plain price, by far the most frequent
            return (cents, token.decode(), "ok"), ""
    written = token.decode("utf-8", "replace")
    defect = ""
    if written.startswith('"'):
        written = written[1:-1].strip()
        defect = "number_as_text"
    if not written or written == "null":
        return (None, None, "missing"), "amount_missing"
    if written.lower() in NOT_COMMUNICATED:
        return (None, written, "missing"), "amount_missing"
    readable = written
    if defect:
        readable = _THOUSANDS.sub("", written).removesuffix("€")
        if "," in readable and "." not in readable and readable.count(",") == 1:
            readable = readable.replace(",", ".")
    try:
        value = Decimal(readable)
    except InvalidOperation:
        return (None, written, "missing"), "amount_unreadable"
    if not value.is_finite():
        return (None, written, "missing"), "amount_missing"
    if abs(value.adjusted()) > 30:
        return (
            None,
            written,
            "too_large" if value > 1 else "too_small",
        ), "amount_too_large" if value > 1 else "amount_too_small"
    cents = int((value * 100).to_integral_value("ROUND_HALF_UP"))
    flag = amount_flag(cents, value)
    kept = cents if abs(cents) <= LARGEST_INTEGER else None
    return (kept, written, flag), f"amount_{flag}" if flag != "ok" else defect


_COUNTED: Final = frozenset({b"12345", b"23456", b"98765"})


def amount_flag(cents: int, value: Decimal) -> str:
    """Whether an amount may enter a sum: ``ok``, or why not.

    A placeholder is the same digit five times or more and nothing else (99999, 1111111.11), or the digits counted up or down.
    33333.33 and 66666.67 are thirds of round amounts, hence prices.
    """
    if cents <= 0:
        return "not_positive"
    if cents < SMALLEST_AMOUNT:
        return "too_small"
    digits = f"{value:f}"
    if (_SAME_DIGIT.match(digits) and not ("." in digits and _THIRDS.match(digits))) or _COUNTING.match(digits):
        return "placeholder"
    return "too_large" if cents > LARGEST_AMOUNT else "ok"


def months(raw: Any, longest: int = LONGEST_CONTRACT_MONTHS) -> tuple[tuple[int | None, str], str]:
    """``((months or null, published | missing | absurd), defect)``; a fraction of a month is rounded up, as the decree asks."""
    if raw is None or raw == "":
        return (None, "missing"), ""
    defect = ""
    if isinstance(raw, str):
        if raw.strip().lower() in NOT_COMMUNICATED:
            return (None, "missing"), "not_communicated"
        try:
            raw = float(raw.strip().replace(",", "."))
        except ValueError:
            return (None, "missing"), "unreadable_value"
        defect = "number_as_text"
    if raw != raw or not 0 < raw <= longest:
        return (None, "absurd"), "duration_absurd"
    return (-int(-raw // 1), "published"), defect


def months_of(raw: tuple[Any, str]) -> tuple[tuple[int | None, str], str]:
    """``months`` of a (duration, kind of contract), each kind with its bound."""
    return months(raw[0], LONGEST_CONCESSION_MONTHS if raw[1] == "concession" else LONGEST_CONTRACT_MONTHS)


_CPV = re.compile(r"(.*?)(\d{8})(?:-\d)?$", re.DOTALL)


def cpv(raw: Any) -> Ruled:
    """Eight digits, or null."""
    value, defect = text(raw)
    if value is None:
        return None, defect or "cpv_missing"
    match = _CPV.match(value)
    if match is None or (match[1] and match[1][-1:].isdigit()):
        return None, "cpv_malformed"
    return match[2], "cpv_prefix" if match[1] else ""


def offers(raw: Any) -> Ruled:
    """Number of offers received, at least 1, or null."""
    if raw is None or raw == "":
        return None, ""
    try:
        number = int(float(raw))
    except (ValueError, OverflowError):
        return None, "not_communicated" if str(raw).strip().lower() in NOT_COMMUNICATED else "unreadable_value"
    if number == 0:
        return None, "offers_zero"
    return (number, "") if 0 < number < 10_000 else (None, "unreadable_value")


_TRUTH: Final = {"oui": True, "true": True, "1": True, "non": False, "false": False, "0": False}


def truth(raw: Any) -> Ruled:
    """True, false or null; « oui » and « non » are words of the XML schema."""
    if raw is None or isinstance(raw, bool):
        return raw, ""
    value, defect = text(raw)
    if value is None:
        return None, defect
    answer = _TRUTH.get(value.lower())
    return answer, "" if answer is not None else "unreadable_value"


def keys_right(sirets: bytes) -> bytes:
    """One byte, 0 or 1, for each SIRET given end to end: whether its key is right, La Poste left aside (see ``siret_defect``).

    The digits of one rank, over all identifiers, are added as the bytes of one very long number: no sum passes 14 × 9, so none carries.
    """
    digits, doubled = sirets.translate(_AS_NUMBERS), sirets.translate(_DOUBLED).translate(_AS_NUMBERS)
    total = sum(
        int.from_bytes((digits if rank % 2 else doubled)[rank::SIRET_DIGITS], "big") for rank in range(SIRET_DIGITS)
    )
    return total.to_bytes(len(sirets) // SIRET_DIGITS, "big").translate(_TENS)


SIRET_DIGITS: Final = 14
_DOUBLED: Final = bytes((48 + (2 * (c - 48)) % 10 + (2 * (c - 48)) // 10) if 48 <= c <= 57 else 0 for c in range(256))


_AS_NUMBERS: Final = bytes(max(0, code - 48) if code < 58 else 0 for code in range(256))
_TENS: Final = bytes(total % 10 == 0 for total in range(256))


def luhn(digits: str) -> bool:
    """Whether the key of an all-digit identifier is right."""
    signs = digits.encode()[::-1]
    return (sum(signs[0::2]) + sum(signs[1::2].translate(_DOUBLED)) - 48 * len(signs)) % 10 == 0


LA_POSTE: Final = "356000000"


def siret_defect(value: str | None) -> str:
    """``""`` when valid, else ``length`` or ``key``. Establishments of La Poste follow a rule of their own (sum of digits, modulo 5)."""
    if value is None or len(value) != 14 or not (value.isascii() and value.isdigit()):
        return "length"
    if luhn(value) or (value.startswith(LA_POSTE) and sum(map(int, value)) % 5 == 0):
        return ""
    return "key"


def buyer(raw: Any) -> tuple[tuple[str | None, bool], str]:
    """``((identifier, valid), defect)`` of a buyer."""
    value, _ = identifier(raw)
    if value is None:
        return (None, False), "buyer_missing"
    wrong = siret_defect(value)
    return (value, not wrong), "buyer_id_wrong" if wrong else ""
