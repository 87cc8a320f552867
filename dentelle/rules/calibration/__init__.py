"""How many hours? In: a request (amount, hours, posts, orders…) and a date. Out: whole hours, explained and storable.

Decided here: the formulas of the trade, rounding once at the end, splits that sum to the whole, minimum useful volume,
feasibility. Practice of clause facilitators; articles L2112-2 and L2112-2-1 of the code de la commande publique.
"""

from dentelle.rules.calibration.advice import named, shown
from dentelle.rules.calibration.comparison import LocalSupply, Neighbours, SocialPractice, why_not_more_nor_less
from dentelle.rules.calibration.engine import calibrate
from dentelle.rules.calibration.rates import HoursRange, HoursRate, days_of_change, hours_rate, hours_rates, weakest
from dentelle.rules.calibration.request import (
    CalibrationRefused,
    CalibrationRequest,
    Counts,
    Lot,
    Member,
    Method,
    Order,
    Programme,
    Rounding,
    Tranche,
    TrancheKind,
)
from dentelle.rules.calibration.result import (
    Calibration,
    CalibrationWarning,
    Equivalents,
    Feasibility,
    MemberHours,
    Part,
)
from dentelle.rules.calibration.rounding import largest_remainder, round_hours
from dentelle.rules.calibration.stored import (
    StoredCalibrationBroken,
    from_json,
    recompute,
    request_from_json,
    request_to_json,
    to_json,
)
from dentelle.rules.calibration.variants import Alternative, alternatives

__all__ = [
    "Alternative",
    "Calibration",
    "CalibrationRefused",
    "CalibrationRequest",
    "CalibrationWarning",
    "Counts",
    "Equivalents",
    "Feasibility",
    "HoursRange",
    "HoursRate",
    "LocalSupply",
    "Lot",
    "Member",
    "MemberHours",
    "Method",
    "Neighbours",
    "Order",
    "Part",
    "Programme",
    "Rounding",
    "SocialPractice",
    "StoredCalibrationBroken",
    "Tranche",
    "TrancheKind",
    "alternatives",
    "calibrate",
    "days_of_change",
    "from_json",
    "hours_rate",
    "hours_rates",
    "largest_remainder",
    "named",
    "recompute",
    "request_from_json",
    "request_to_json",
    "round_hours",
    "shown",
    "to_json",
    "weakest",
    "why_not_more_nor_less",
]
