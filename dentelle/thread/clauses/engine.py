"""From a filled form to a computation and back: the only place of this room that calls the rules."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.rules.calibration import (
    Alternative,
    Calibration,
    CalibrationRefused,
    CalibrationRequest,
    Counts,
    LocalSupply,
    Lot,
    Method,
    Neighbours,
    Order,
    Programme,
    Rounding,
    SocialPractice,
    Tranche,
    TrancheKind,
    alternatives,
    calibrate,
    recompute,
    to_json,
    why_not_more_nor_less,
)
from dentelle.rules.dated import Override, ParameterError, parameter
from dentelle.rules.levers import LeverFacts, Suggestion, suggest_levers
from dentelle.rules.obligation import (
    AmountOrigin,
    BuyerKind,
    ContractKind,
    Exemption,
    ExemptionCode,
    Obligation,
    ObligationRefused,
    WholeUnknown,
    social_obligation,
)
from dentelle.rules.wording import euros, percent
from dentelle.thread.clauses.models import CalibrationMethod
from dentelle.thread.clauses.sheet import Sheet
from dentelle.thread.clauses.sheet_build import build_sheet

_METHODS = {
    CalibrationMethod.LOTS: Method.AMOUNT,
    CalibrationMethod.TRANCHES: Method.AMOUNT,
}
# Names of the facts in the rules → names of the fields of the form, where they differ.
_FIELDS = {
    "reason": "exemption_reason",
    "lots": "lots-0-amount",
    "tranches": "tranches-0-amount",
    "orders": "orders-0-amount",
}
_FIELDS |= {"labour_share": "trade", "trade": "trade"}


class ComputationRefused(Exception):
    """The rules refuse the facts. ``field`` is the form's field at fault, None for the whole form; the message is French."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class KeptOverride:
    """A coefficient changed by the person, with what it replaced."""

    path: str
    value: Decimal
    replaced_value: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation ready to be shown or kept, as plain JSON values."""

    on: date
    hours: int
    request: dict[str, Any]
    parameters: list[dict[str, Any]]
    result: dict[str, Any]
    digest: str
    overrides: tuple[KeptOverride, ...]

    @property
    def sheet(self) -> dict[str, Any]:
        """What pages and papers show."""
        return dict(self.result["sheet"])


def compute(
    cleaned: dict[str, Any],
    *,
    author: str,
    authors: dict[tuple[str, Decimal, str], str] | None = None,
    neighbours: Neighbours | None = None,
    practices: Sequence[SocialPractice] = (),
) -> Computed:
    """Compute a calibration from the cleaned form, with the parameters in force at the launch date.

    ``author`` signs the coefficients changed, except those of ``authors`` (path, value, reason), kept from an earlier save.
    Raises ComputationRefused with the field at fault.
    """
    on: date = cleaned["launched_on"]
    overrides = tuple(_overrides(cleaned, author, authors or {}))
    request = _request(cleaned)
    try:
        calibration = calibrate(request, on, overrides)
        obligation = _obligation(cleaned, on)
        others = _variants(cleaned, request, on, overrides)
    except (CalibrationRefused, ObligationRefused) as refused:
        raise ComputationRefused(_field(refused.field), str(refused)) from refused
    except ParameterError as refused:
        raise ComputationRefused(None, str(refused)) from refused
    sheet = build_sheet(
        cleaned={**cleaned, "whole_amount": estimated_amount(cleaned)},
        calibration=calibration,
        obligation=obligation,
        alternatives=others,
        levers=_levers(cleaned, calibration),
        bounds=why_not_more_nor_less(calibration, neighbours, _supply(cleaned), practices),
    )
    return _computed(calibration, sheet, overrides)


def _computed(calibration: Calibration, sheet: Sheet, overrides: tuple[Override, ...]) -> Computed:
    stored = to_json(calibration)
    result = {key: stored[key] for key in ("schema", "on", "hours", "conditional_hours")}
    per_100k = calibration.equivalents.hours_per_100k
    result |= {
        "parameters_digest": stored["digest"],
        "hours_per_100k": None if per_100k is None else str(per_100k),
        "sheet": dataclasses.asdict(sheet),
    }
    return Computed(
        on=calibration.on,
        hours=calibration.hours,
        request=stored["request"],
        parameters=stored["parameters"],
        result=result,
        digest=seal(stored),
        overrides=tuple(
            KeptOverride(own.path, Decimal(str(own.value)), _packaged(own.path, calibration.on), own.reason)
            for own in overrides
        ),
    )


def seal(stored: dict[str, Any]) -> str:
    """Return the sha256 of everything a computation depends on and gives: inputs, parameter values, hours."""
    text = json.dumps(stored, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stored_form(inputs: dict[str, Any], parameters: list[dict[str, Any]], result: dict[str, Any]) -> dict[str, Any]:
    """Return what the rules stored, put together again from the columns of the database."""
    return {
        "schema": result["schema"],
        "on": result["on"],
        "request": inputs["request"],
        "parameters": parameters,
        "digest": result["parameters_digest"],
        "hours": result["hours"],
        "conditional_hours": result["conditional_hours"],
    }


def recomputed_digest(
    inputs: dict[str, Any], parameters: list[dict[str, Any]], result: dict[str, Any]
) -> tuple[int, str]:
    """Compute again from what is stored, today's law untouched: hours and digest. StoredCalibrationBroken if it fails."""
    again = recompute(stored_form(inputs, parameters, result))
    return again.hours, seal(to_json(again))


def with_parameters_of(
    inputs: dict[str, Any], parameters: list[dict[str, Any]], result: dict[str, Any], on: date
) -> tuple[Calibration, Calibration]:
    """Return the stored computation and the same one with the parameters of another day, overrides kept."""
    before = recompute(stored_form(inputs, parameters, result))
    overrides = [value.override for value in before.parameters if value.override is not None]
    try:
        after = calibrate(before.request, on, overrides)
    except (CalibrationRefused, ParameterError) as refused:
        raise ComputationRefused(None, str(refused)) from refused
    return before, after


def _field(name: str | None) -> str | None:
    return _FIELDS.get(name, name) if name else None


def _packaged(path: str, on: date) -> Decimal | None:
    try:
        return parameter(path).at(on).number
    except ParameterError:
        return None


def _overrides(
    cleaned: dict[str, Any], author: str, authors: dict[tuple[str, Decimal, str], str]
) -> Iterator[Override]:
    for name, value in cleaned.items():
        if name.startswith("own-") and value is not None and name.removeprefix("own-") in cleaned["paths"]:
            path = name.removeprefix("own-")
            reason = cleaned[f"why-{path}"].strip()
            yield Override(path, value, authors.get((path, value, reason), author), reason)


def _request(cleaned: dict[str, Any]) -> CalibrationRequest:
    method = CalibrationMethod(cleaned["method"])
    by_amount = method in (CalibrationMethod.AMOUNT, CalibrationMethod.TRAINING_GRID)
    hours = method in (CalibrationMethod.HOURS_WORKED, CalibrationMethod.STAFF_TRANSFER)
    timed = method in (CalibrationMethod.AMOUNT, CalibrationMethod.HOURS_WORKED, CalibrationMethod.STAFF_TRANSFER)
    orders = method is CalibrationMethod.ORDERS
    yearly = timed or method is CalibrationMethod.POSTS
    return CalibrationRequest(
        method=_METHODS.get(method) or Method(method.value),
        amount=cleaned.get("amount") if by_amount or hours or method is CalibrationMethod.POSTS else None,
        trade=cleaned.get("trade") or None if method is not CalibrationMethod.LOTS else None,
        cpv=cleaned.get("cpv") or None,
        programme=Programme(cleaned["programme"]) if cleaned.get("programme") else None,
        hours_worked=cleaned.get("hours_worked") if hours else None,
        transferred_hours=cleaned.get("transferred_hours") if method is CalibrationMethod.STAFF_TRANSFER else None,
        posts=cleaned.get("posts") if method is CalibrationMethod.POSTS else None,
        years=_years(cleaned) if yearly else 1,
        per_year=bool(cleaned.get("per_year")) and timed,
        lots=tuple(_lots(cleaned)) if method is CalibrationMethod.LOTS else (),
        tranches=tuple(_tranches(cleaned)) if method is CalibrationMethod.TRANCHES else (),
        orders=tuple(_orders(cleaned)) if orders else (),
        step_eur=cleaned.get("step_eur") if orders else None,
        hours_per_step=cleaned.get("hours_per_step") if orders else None,
        rounding=Rounding(cleaned.get("rounding") or Rounding.UNIT.value),
        duration_months=Decimal(cleaned["duration_months"]) if cleaned.get("duration_months") else None,
        workforce=cleaned.get("workforce"),
    )


def _years(cleaned: dict[str, Any]) -> Decimal | int:
    years = Decimal(cleaned.get("years") or 1)
    return int(years) if years == years.to_integral_value() else years


def _rows(cleaned: dict[str, Any], name: str) -> Iterator[tuple[int, str, Decimal]]:
    index = 0
    while f"{name}-{index}-amount" in cleaned or f"{name}-{index}-label" in cleaned:
        amount = cleaned.get(f"{name}-{index}-amount")
        if amount is not None:
            yield index, cleaned.get(f"{name}-{index}-label") or "", amount
        index += 1


def _lots(cleaned: dict[str, Any]) -> Iterator[Lot]:
    for index, label, amount in _rows(cleaned, "lots"):
        yield Lot(label or f"Lot {index + 1}", amount, trade=cleaned.get(f"lots-{index}-trade") or None)


def _tranches(cleaned: dict[str, Any]) -> Iterator[Tranche]:
    for index, label, amount in _rows(cleaned, "tranches"):
        kind = TrancheKind(cleaned.get(f"tranches-{index}-kind") or TrancheKind.FIRM.value)
        yield Tranche(label or f"Tranche {index + 1}", amount, kind)


def _orders(cleaned: dict[str, Any]) -> Iterator[Order]:
    for index, _, amount in _rows(cleaned, "orders"):
        yield Order(cleaned[f"orders-{index}-on"], amount)


def _obligation(cleaned: dict[str, Any], on: date) -> Obligation:
    code = cleaned.get("exemption")
    return social_obligation(
        launched_on=on,
        amount=estimated_amount(cleaned),
        buyer_kind=BuyerKind(cleaned["buyer_kind"]) if cleaned.get("buyer_kind") else None,
        contract_kind=ContractKind(cleaned["contract_kind"]) if cleaned.get("contract_kind") else None,
        duration_months=cleaned.get("duration_months"),
        exemption=Exemption(ExemptionCode(code), cleaned["exemption_reason"]) if code else None,
        expected_launch=cleaned.get("still_expected"),
        **_compared(cleaned),
    )


def _compared(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Which amount meets the threshold, what it is, and whether the whole need stays unknown."""
    need, whole = cleaned.get("need_amount"), estimated_amount(cleaned)
    origin = AmountOrigin.ESTIMATE
    if need is not None:
        origin = AmountOrigin(cleaned["need_origin"])
    elif whole == cleaned.get("amount"):
        origin = AmountOrigin(cleaned["amount_origin"])
    # a doubt left by the data ends with a figure of the person's own: that of the lots together, or any for an order
    doubt = next((code for code in WholeUnknown if code.value == cleaned.get("whole_unknown")), None)
    lifted = need is not None if doubt is WholeUnknown.UNPRICED_LOTS else origin is AmountOrigin.ESTIMATE
    return {"need_amount": need, "amount_origin": origin, "whole_unknown": None if lifted else doubt}


def estimated_amount(cleaned: dict[str, Any]) -> Decimal | None:
    """Return the amount of what is calibrated: all years, lots and tranches typed, together."""
    method = cleaned["method"]
    for name in ("lots", "tranches"):
        if method == name:
            rows = [amount for _, _, amount in _rows(cleaned, name)]
            return sum(rows, Decimal(0)) if rows else None
    amount: Decimal | None = cleaned.get("amount")
    if amount is not None and method == CalibrationMethod.AMOUNT and cleaned.get("per_year"):
        return amount * _years(cleaned)
    return amount


def _levers(cleaned: dict[str, Any], calibration: Calibration) -> tuple[Suggestion, ...]:
    shares = [value.number for value in calibration.parameters if value.path.startswith("trades.")]
    minimum = next((value.number for value in calibration.parameters if value.path == "clause.minimum_hours"), None)
    count = cleaned.get("local_structures")
    return suggest_levers(
        LeverFacts(
            on=calibration.on,
            contract_kind=ContractKind(cleaned["contract_kind"]) if cleaned.get("contract_kind") else None,
            hours=calibration.hours if calibration.counts is Counts.INSERTION_HOURS else None,
            minimum_hours=int(minimum) if minimum is not None else None,
            labour_share=shares[0] if len(shares) == 1 else None,
            duration_months=calibration.request.duration_months,
            structures=None if count is None else int(count),
            has_lots=True if calibration.request.lots else None,
        )
    )


def _supply(cleaned: dict[str, Any]) -> LocalSupply | None:
    count = cleaned.get("local_structures")
    return None if count is None else LocalSupply("indiqué lors du calibrage", structures=int(count))


def _variants(
    cleaned: dict[str, Any], request: CalibrationRequest, on: date, overrides: tuple[Override, ...]
) -> tuple[Alternative, ...]:
    """Return the hypotheses typed; without any, those the rules propose."""
    found = []
    index = 0
    while f"variant-{index}-effort_rate" in cleaned:
        typed = {
            name: cleaned.get(f"variant-{index}-{name}") for name in ("effort_rate", "labour_share", "hourly_cost")
        }
        changes = {name: value for name, value in typed.items() if value is not None}
        index += 1
        if changes:
            variant = dataclasses.replace(request, **_spread(request, changes))
            found.append(Alternative(_label(changes), calibrate(variant, on, overrides)))
    return tuple(found) or alternatives(request, on, overrides)[:3]


def _spread(request: CalibrationRequest, changes: dict[str, Decimal]) -> dict[str, Any]:
    """A labour share tried on a contract in lots replaces that of every lot."""
    share = changes.get("labour_share")
    if share is None or not request.lots:
        return dict(changes)
    return {**changes, "lots": tuple(dataclasses.replace(lot, labour_share=share) for lot in request.lots)}


def _label(changes: dict[str, Decimal]) -> str:
    words = []
    if "effort_rate" in changes:
        words.append(f"effort {percent(changes['effort_rate'])}")
    if "labour_share" in changes:
        words.append(f"main-d’œuvre {percent(changes['labour_share'])}")
    if "hourly_cost" in changes:
        words.append(f"{euros(changes['hourly_cost'])}/h")
    return ", ".join(words)
