"""What the marts are told: the rules' parameters in the shape a join or an expression can use, and our own constants.

Own constants are practice or choice, not law; each says which. The rules' parameters are read by ``from_rules``.
"""

from collections.abc import Mapping
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

# 64-bit sums of amounts up to a hundred billion euros stay exact below it
HEAVIEST = 200_000

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
    ``consultation_months``: from the launch of the consultation to the start of the new contract. ``preparation_months``:
    from the first talk with the buyer to that launch. ``social_condition_from``: L2112-2-1. ``short_works_months``: works
    under it may be exempted. All of them are dated parameters of the rules.
    """

    thresholds: tuple[Threshold, ...]
    award_margin: int
    social_condition_from: date
    consultation_months: int
    preparation_months: int
    short_works_months: int


@dataclass(frozen=True, slots=True)
class CpvTrade:
    """The trade of the contracts under a CPV prefix; the longest prefix wins.

    ``trade`` None: no labour share can be held for this prefix, its contracts give no hours.
    """

    cpv_prefix: str
    trade: str | None
    trade_name: str | None
    status: str


@dataclass(frozen=True, slots=True)
class TradeWeight:
    """Hours of one cent before tax, low, central and high, counted in parts of an hour (``HoursParameters.parts``)."""

    low: int
    central: int
    high: int
    status: str  # certain | announced | local_practice | to_confirm


@dataclass(frozen=True, slots=True)
class HoursPeriod:
    """What each trade weighs for consultations launched from ``launched_from``, until the next period."""

    launched_from: date
    weights: Mapping[str, TradeWeight]


@dataclass(frozen=True, slots=True)
class HoursParameters:
    """The rates of ``rules.calibration.rates`` as integers: hours = cents × weight ÷ ``parts``, exact.

    One ``parts`` for all of them, so that hours of different trades and periods add up before the one rounding. The first
    period also holds what was launched before it: a consultation is never judged in the past.
    """

    trades: tuple[CpvTrade, ...]
    parts: int
    periods: tuple[HoursPeriod, ...]

    def __post_init__(self) -> None:
        weights = [weight for period in self.periods for weight in period.weights.values()]
        if self.parts < 1 or not self.periods:
            raise ValueError("heures : ni période ni unité")
        for weight in weights:
            if not 0 <= weight.low <= weight.central <= weight.high <= HEAVIEST:
                raise ValueError(f"heures : poids {weight.low}, {weight.central}, {weight.high} hors limites")


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
