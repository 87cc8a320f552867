"""What the marts are told: the rules' parameters in the shape a join or an expression can use, and our own constants.

Own constants are practice or choice, not law; each says which. The rules' parameters are read by ``from_rules``.
"""

from dataclasses import dataclass
from datetime import date

BUYER_KINDS = ("central", "local", "utility")
CONTRACT_KINDS = ("works", "supplies", "services", "concession")

# a duration outside is a typing error (rule of the State's own consolidation)
LONGEST_CONTRACT = 180
LONGEST_CONCESSION = 360

# a CPV level speaks for a missing duration from this number of published ones
MEDIAN_MINIMUM = 30
CPV_LEVELS = (8, 5, 4, 3, 2)

# a rate over fewer stated contracts than this is flagged: read the counts
SMALL_COUNT = 30

# upper bounds, euros before tax, of the bands amounts are grouped by
AMOUNT_BANDS = (25_000, 40_000, 90_000, 216_000, 1_000_000, 5_404_000)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One European threshold over one period, both ends included; ``valid_until`` None = open."""

    buyer_kind: str
    contract_kind: str
    valid_from: date
    valid_until: date | None
    threshold_eur: int
    status: str  # certain | to_confirm (projection)


@dataclass(frozen=True, slots=True)
class Foresight:
    """How an end becomes a consultation, and a consultation an obligation.

    ``award_margin``: in thousandths of a threshold; an award this close proves nothing about the next estimate.
    ``consultation_months``: from the launch of the consultation to the start of the new contract (to_confirm: practice,
    no source gives it). ``preparation_months``: from the first talk with the buyer to that launch (facilitators ask for
    three to four). ``social_condition_from``: L2112-2-1, sources say 21 or 22 August 2026.
    """

    thresholds: tuple[Threshold, ...]
    award_margin: int
    social_condition_from: date = date(2026, 8, 21)
    consultation_months: int = 6
    preparation_months: int = 4


@dataclass(frozen=True, slots=True)
class TradeShare:
    """Labour share of the contracts under a CPV prefix, in thousandths of the amount; the longest prefix wins.

    ``trade`` None: no share can be held for this prefix, its contracts give no hours.
    """

    cpv_prefix: str
    trade: str | None
    trade_name: str | None
    share_low: int
    share_central: int
    share_high: int
    status: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A coefficient with its range; ``status`` certain | announced | local_practice | to_confirm."""

    low: int
    central: int
    high: int
    status: str


@dataclass(frozen=True, slots=True)
class HoursParameters:
    """``effort`` in thousandths of the labour hours; ``hourly_cost`` in cents per hour (its *high* gives the low hours)."""

    trades: tuple[TradeShare, ...]
    effort: Ratio
    hourly_cost: Ratio


@dataclass(frozen=True, slots=True)
class Window:
    """Months of estimated end, both included: ``first`` = year × 12 + month − 1."""

    first: int
    last: int

    @classmethod
    def starting(cls, year: int, month: int, months: int) -> "Window":
        """``months`` calendar months from ``year``-``month``."""
        first = year * 12 + month - 1
        return cls(first, first + months - 1)
