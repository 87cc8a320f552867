"""What a calibration starts from: the method, the quantities, and the refusal of impossible ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dentelle.rules.wording import euros, percent, sentence

LARGEST = Decimal(10) ** 12
LONGEST_YEARS = 50
MOST_PARTS = 500


class Method(StrEnum):
    """How hours are computed (F1 to F6 of the trade)."""

    AMOUNT = "amount"
    HOURS_WORKED = "hours_worked"
    POSTS = "posts"
    STAFF_TRANSFER = "staff_transfer"
    TRAINING_GRID = "training_grid"
    ORDERS = "orders"


class Counts(StrEnum):
    """What the result counts; internship hours never mix with insertion hours."""

    INSERTION_HOURS = "insertion_hours"
    INTERNSHIP_HOURS = "internship_hours"

    @property
    def label(self) -> str:
        """French label."""
        return "heures d’insertion" if self is Counts.INSERTION_HOURS else "heures de stage"


class Programme(StrEnum):
    """Programme whose charter sets a share of hours."""

    NPNRU_WORKS = "npnru_works"
    NPNRU_GUP = "npnru_gup"


class Rounding(StrEnum):
    """Where the total is rounded: to the nearest unit, 5, 7, 10 or 50 h, or up to whole weeks or months of work."""

    UNIT = "1"
    FIVE = "5"
    SEVEN = "7"
    TEN = "10"
    FIFTY = "50"
    WEEK = "35"
    MONTH = "151.67"


class TrancheKind(StrEnum):
    """A firm tranche is due; an optional one only once affirmed."""

    FIRM = "firm"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot; its labour share, or its trade, or those of the request."""

    label: str
    amount: Decimal
    labour_share: Decimal | None = None
    trade: str | None = None


@dataclass(frozen=True, slots=True)
class Tranche:
    """One tranche of a contract."""

    label: str
    amount: Decimal
    kind: TrancheKind


@dataclass(frozen=True, slots=True)
class Member:
    """A co-contractor; ``weight`` is its share or its amount, only proportions count."""

    label: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """One order of a framework agreement."""

    ordered_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """The inputs of a calibration: euros before tax, hours, shares between 0 and 1.

    A coefficient left to None comes from the dated parameters. With ``per_year``, amounts and hours are those of one year
    and are multiplied by ``years`` (eighteen months are 1.5 years); otherwise they are those of the whole contract.
    """

    method: Method = Method.AMOUNT
    amount: Decimal | None = None
    labour_share: Decimal | None = None
    trade: str | None = None
    cpv: str | None = None
    effort_rate: Decimal | None = None
    programme: Programme | None = None
    hourly_cost: Decimal | None = None
    hours_worked: Decimal | None = None
    transferred_hours: Decimal | None = None
    posts: Decimal | None = None
    years: Decimal | int = 1
    per_year: bool = False
    lots: tuple[Lot, ...] = ()
    tranches: tuple[Tranche, ...] = ()
    members: tuple[Member, ...] = ()
    orders: tuple[Order, ...] = ()
    step_eur: Decimal | None = None
    hours_per_step: Decimal | None = None
    rounding: Rounding = Rounding.UNIT
    minimum_hours: int | None = None
    duration_months: Decimal | None = None
    workforce: Decimal | None = None
    # filled by the computation when the CPV tells that no labour share can be held
    no_labour_reason: str | None = None


class CalibrationRefused(Exception):
    """The calibration cannot be made as asked. ``code`` is stable, ``field`` names the input at fault."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(sentence(message))
        self.code = code
        self.field = field


_POSITIVE = {
    "amount": "Le montant",
    "hourly_cost": "Le coût horaire",
    "hours_worked": "Le nombre d'heures travaillées",
    "posts": "Le nombre de postes",
    "step_eur": "Le pas de commande",
    "hours_per_step": "Le nombre d'heures par pas",
    "minimum_hours": "Le volume minimal",
    "duration_months": "La durée en mois",
    "workforce": "L'effectif prévu",
}
_SHARES = {"labour_share": "La part de main-d'œuvre", "effort_rate": "Le taux d'effort"}


def check(request: CalibrationRequest) -> None:
    """Refuse impossible inputs, the first one met, with one French sentence."""
    for field, name in _POSITIVE.items():
        _positive(getattr(request, field), field, name)
    for field, name in _SHARES.items():
        _share(getattr(request, field), field, name)
    if request.transferred_hours is not None and not request.transferred_hours.is_finite():
        raise CalibrationRefused(
            "transferred_hours_not_a_number", "transferred_hours", "Les heures reprises doivent être un nombre."
        )
    if request.transferred_hours is not None and request.transferred_hours < 0:
        raise CalibrationRefused(
            "transferred_hours_negative", "transferred_hours", "Les heures reprises ne peuvent pas être négatives."
        )
    years = request.years
    if isinstance(years, bool) or not Decimal(years).is_finite() or not 0 < years <= LONGEST_YEARS:
        raise CalibrationRefused(
            "years_out_of_range", "years", f"La durée en années doit dépasser 0 et ne pas dépasser {LONGEST_YEARS}."
        )
    _check_parts(request)
    _check_method(request)


def _positive(value: Decimal | int | None, field: str, name: str) -> None:
    if value is None:
        return
    number = Decimal(value)
    if not number.is_finite():
        raise CalibrationRefused(f"{field}_not_a_number", field, f"{name} doit être un nombre.")
    if number <= 0:
        raise CalibrationRefused(f"{field}_not_positive", field, f"{name} doit dépasser zéro.")
    if number > LARGEST:
        raise CalibrationRefused(f"{field}_too_large", field, f"{name} est trop grand : vérifiez-le.")


def _share(value: Decimal | None, field: str, name: str) -> None:
    if value is None:
        return
    if not value.is_finite():
        raise CalibrationRefused(f"{field}_not_a_number", field, f"{name} doit être un nombre.")
    if not 0 < value <= 1:
        raise CalibrationRefused(
            f"{field}_out_of_range",
            field,
            f"{name} doit dépasser 0 et ne pas dépasser 100 % (reçu : {percent(value)}).",
        )


def _check_parts(request: CalibrationRequest) -> None:
    parts: dict[str, tuple[Lot | Tranche | Member | Order, ...]] = {
        "lots": request.lots,
        "tranches": request.tranches,
        "members": request.members,
        "orders": request.orders,
    }
    for field, rows in parts.items():
        if len(rows) > MOST_PARTS:
            raise CalibrationRefused(f"{field}_too_many", field, f"Au plus {MOST_PARTS} lignes sont acceptées.")
        for row in rows:
            size = row.weight if isinstance(row, Member) else row.amount
            _positive(size, field, "Le poids d'un cotraitant" if isinstance(row, Member) else "Chaque montant")
    for lot in request.lots:
        _share(lot.labour_share, "lots", f"La part de main-d'œuvre du lot « {lot.label} »")
    if request.lots and request.tranches:
        raise CalibrationRefused(
            "lots_and_tranches", "tranches", "Calibrez les lots ou les tranches, pas les deux en un seul calcul."
        )
    if request.orders and request.method is not Method.ORDERS:
        raise CalibrationRefused(
            "orders_need_their_method", "orders", "Des commandes se calibrent par la méthode des commandes."
        )
    for field in ("lots", "tranches"):
        rows = parts[field]
        if rows and request.method is not Method.AMOUNT:
            raise CalibrationRefused(f"{field}_need_amounts", field, "Lots et tranches se calibrent par le montant.")
        _same_total(request.amount, rows, field)


def _same_total(amount: Decimal | None, rows: Iterable[Lot | Tranche | Member | Order], field: str) -> None:
    sizes = [row.amount for row in rows if not isinstance(row, Member)]
    if sizes and amount is not None and sum(sizes) != amount:
        raise CalibrationRefused(
            f"{field}_do_not_sum",
            field,
            f"Le montant total ({euros(amount)}) n'est pas la somme des parties ({euros(Decimal(sum(sizes)))}).",
        )


_NEEDED: dict[Method, tuple[tuple[str, str], ...]] = {
    Method.AMOUNT: (("amount", "Le montant"),),
    Method.HOURS_WORKED: (("hours_worked", "Le nombre d'heures travaillées"),),
    Method.POSTS: (("posts", "Le nombre de postes"),),
    Method.STAFF_TRANSFER: (
        ("hours_worked", "Le nombre total d'heures"),
        ("transferred_hours", "Le nombre d'heures reprises"),
    ),
    Method.TRAINING_GRID: (("amount", "Le montant"),),
    Method.ORDERS: (("orders", "La liste des commandes"),),
}


def _check_method(request: CalibrationRequest) -> None:
    for field, name in _NEEDED[request.method]:
        if getattr(request, field) in (None, ()) and not (field == "amount" and (request.lots or request.tranches)):
            raise CalibrationRefused(f"{field}_missing", field, f"{name} manque.")
    if (request.step_eur is None) != (request.hours_per_step is None):
        raise CalibrationRefused(
            "step_incomplete", "step_eur", "Le pas de commande et les heures par pas se donnent ensemble."
        )
    if (
        request.method is Method.STAFF_TRANSFER
        and request.hours_worked is not None
        and request.transferred_hours is not None
        and request.transferred_hours > request.hours_worked
    ):
        raise CalibrationRefused(
            "transferred_hours_too_many", "transferred_hours", "Les heures reprises dépassent le total des heures."
        )
