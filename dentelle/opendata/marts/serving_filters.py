"""What may be asked of the serving store: filters, orders, places in a list. Values only travel as bound parameters."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from dentelle.opendata.marts.serving_tables import STOP_WORDS

_UNSET = 2**62  # stands for « no value », after every real value of the order it is used in


@dataclass(frozen=True, slots=True)
class PurchaseFilters:
    """What a list keeps; the default keeps everything.

    ``end_from`` is included, ``end_before`` is not. ``areas`` are « kind:code » codes of a territory (None: the whole
    country; empty: nothing), matched on the place of execution or on the buyer's seat. ``buyer`` is a SIREN (or a SIRET
    published with a wrong form). ``cpv`` are prefixes of 2 to 8 digits. Amounts are cents before tax. ``words`` are free
    text: every word must be found, as the beginning of a word of the object, the buyer or the holder.
    """

    end_from: date | None = None
    end_before: date | None = None
    areas: frozenset[str] | None = None
    buyer: str | None = None
    cpv: tuple[str, ...] = ()
    amount_min_cents: int | None = None
    amount_max_cents: int | None = None
    required: frozenset[str] = frozenset()  # yes | to_check | no
    social: frozenset[str] = frozenset()  # considered | none | not_stated
    confidence: frozenset[str] = frozenset()  # high | medium | low
    trade: str | None = None
    words: str = ""
    with_hours: bool = False  # keeps what an estimate of hours adds up: contracts whose trade and amount allow one
    coming_back_only: bool = False  # leaves out contracts already replaced and orders under a framework agreement

    def __post_init__(self) -> None:
        """Refuse what no row could have: a mistake must not look like an empty list."""
        for prefix in self.cpv:
            if not re.fullmatch(r"[0-9]{2,8}", prefix):
                raise ValueError(f"CPV attendu : 2 à 8 chiffres, reçu « {prefix} ».")
        for name, allowed in (
            ("required", {"yes", "to_check", "no"}),
            ("social", {"considered", "none", "not_stated"}),
            ("confidence", {"high", "medium", "low"}),
        ):
            unknown = getattr(self, name) - allowed
            if unknown:
                raise ValueError(f"Valeur inconnue pour « {name} » : {', '.join(sorted(unknown))}.")


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: ``by`` is a key of ``SORTS``. Unknown values come last both ways; ties follow the estimated end.

    ``priority`` puts contracts that must carry a social condition and could carry ``useful_hours`` first, then the other
    mandatory ones, those to check, the rest.
    """

    by: str = "end"
    descending: bool = False
    useful_hours: int = 0

    def __post_init__(self) -> None:
        if self.by not in SORTS:
            raise ValueError(f"Tri inconnu : « {self.by} ».")

    @property
    def expression(self) -> str:
        """SQL of the integer the rows are ordered by; never null."""
        key = SORTS[self.by].replace("{useful_hours}", str(int(self.useful_hours)))
        return f"coalesce({key}, {-_UNSET if self.descending else _UNSET})"


# every order is an order of integers: text was ranked when the store was built
SORTS = {
    "end": "datediff('day', DATE '1970-01-01', estimated_end)",
    "amount": "amount_cents",
    "buyer": "buyer_rank",
    "holder": "holder_no",
    "notified": "datediff('day', DATE '1970-01-01', effective_on)",
    "required": "enum_code(required)",
    "confidence": "enum_code(confidence)",
    "cpv": "cpv",
    "hours": "hours_central",
    "priority": "CASE WHEN required = 'yes' AND hours_central >= {useful_hours} THEN 0 WHEN required = 'yes' THEN 1"
    " WHEN required = 'no' THEN 3 ELSE 2 END",
}


@dataclass(frozen=True, slots=True)
class Keyset:
    """A place in a list: the row just before the page wanted (just after it when ``backwards``).

    It names the row by its ``contract_key`` and the value it was ordered by, so it stays right when the store is rebuilt.
    """

    value: int
    contract_key: str
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """SQL conditions joined by AND, with their parameters in order."""

    sql: str
    parameters: tuple[object, ...]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words searched for: lower case, without accents, once each, without words too common to tell anything."""
    folded = text.lower().replace("œ", "oe").replace("æ", "ae")
    folded = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", folded)
    return tuple(dict.fromkeys(word for word in words if word not in STOP_WORDS))


def plain_clauses(filters: PurchaseFilters) -> list[tuple[str, list[object]]]:
    """Return the conditions that need no look-up in the store, as (SQL, parameters)."""
    clauses: list[tuple[str, list[object]]] = []

    def add(sql: str, *parameters: object) -> None:
        clauses.append((sql, list(parameters)))

    if filters.end_from is not None:
        add("estimated_end >= ?", filters.end_from)
    if filters.end_before is not None:
        add("estimated_end < ?", filters.end_before)
    if filters.cpv:
        ranges = [bound for prefix in filters.cpv for bound in (int(prefix.ljust(8, "0")), int(prefix.ljust(8, "9")))]
        add("(" + " OR ".join(["cpv BETWEEN ? AND ?"] * len(filters.cpv)) + ")", *ranges)
    if filters.amount_min_cents is not None:
        add("amount_cents >= ?", filters.amount_min_cents)
    if filters.amount_max_cents is not None:
        add("amount_cents <= ?", filters.amount_max_cents)
    for column, values in (
        ("required", filters.required),
        ("social_status", filters.social),
        ("confidence", filters.confidence),
    ):
        if values:
            add(f"{column} IN ({', '.join('?' * len(values))})", *sorted(values))
    if filters.trade is not None:
        add("trade = ?", filters.trade)
    if filters.with_hours:
        add("hours_central IS NOT NULL AND trade IS NOT NULL")
    if filters.coming_back_only:
        add("is_last_of_chain IS NOT FALSE AND is_subsequent IS NOT TRUE")
    return clauses
