"""Calibration: every published vector, the properties of the arithmetic, and storage."""

import copy
import dataclasses
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.rules import dated
from dentelle.rules.calibration import (
    CalibrationRefused,
    CalibrationRequest,
    LocalSupply,
    Lot,
    Member,
    Method,
    Neighbours,
    Order,
    Programme,
    Rounding,
    SocialPractice,
    StoredCalibrationBroken,
    Tranche,
    TrancheKind,
    alternatives,
    calibrate,
    days_of_change,
    hours_rate,
    hours_rates,
    largest_remainder,
    rates,
    recompute,
    to_json,
    weakest,
    why_not_more_nor_less,
)
from dentelle.rules.dated import Override, OverrideRefused, ParameterUnknownAt, Status
from dentelle.rules.trades import trades
from tests.rules.cases import cases

TODAY = date(2026, 11, 21)
CASES = cases("calibration.yaml")
SHAPES: dict[str, Any] = {
    "method": Method,
    "programme": Programme,
    "rounding": Rounding,
    "lots": lambda rows: tuple(Lot(**exact(row)) for row in rows),
    "tranches": lambda rows: tuple(Tranche(**{**exact(row), "kind": TrancheKind(row["kind"])}) for row in rows),
    "members": lambda rows: tuple(Member(**exact(row)) for row in rows),
    "orders": lambda rows: tuple(Order(**exact(row)) for row in rows),
    "years": int,
    "minimum_hours": int,
}


def exact(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for key, value in row.items()
    }


def request_of(asked: dict[str, Any]) -> CalibrationRequest:
    plain = exact({key: value for key, value in asked.items() if key not in SHAPES})
    return CalibrationRequest(**plain, **{key: SHAPES[key](asked[key]) for key in SHAPES if key in asked})


@pytest.mark.parametrize("case", CASES, ids=[case["nom"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    request = request_of(case["demande"])
    if "refus" in case:
        with pytest.raises(CalibrationRefused) as refusal:
            calibrate(request, TODAY)
        assert refusal.value.code == case["refus"]
        assert refusal.value.field
        assert "\n" not in str(refusal.value)
        return
    result = calibrate(request, case.get("date", TODAY))
    expected = {key: tuple(value) if isinstance(value, list) else value for key, value in case["attendu"].items()}
    assert {key: getattr(result, key) for key in expected} == expected
    for name, part in (("equivalents", result.equivalents), ("faisabilite", result.feasibility)):
        for key, value in case.get(name, {}).items():
            assert getattr(part, key) == value
    if "parties" in case:
        assert [part.hours for part in result.parts] == case["parties"]
    if "cotraitants" in case:
        assert [member.hours for member in result.members] == case["cotraitants"]
    codes = [warning.code for warning in result.warnings]
    assert [code for code in case.get("alertes", []) if code not in codes] == []
    assert result.explanation
    assert recompute(json.loads(json.dumps(to_json(result)))) == result


def test_case_names_are_all_different() -> None:
    assert len({case["nom"] for case in CASES}) == len(CASES)


def test_the_volume_is_told_in_weeks_months_and_full_time_equivalents() -> None:
    result = calibrate(request_of(CASES[0]["demande"]), TODAY)
    told = result.equivalents
    assert (told.weeks, told.months, told.fte) == (Decimal("23.8"), Decimal("5.5"), Decimal("0.52"))
    assert told.hours_per_100k == Decimal("83.3")


def test_the_arithmetic_is_shown_step_by_step() -> None:
    text = (
        "\n".join(calibrate(request_of(CASES[0]["demande"]), TODAY).explanation)
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
    )
    assert "1 000 000 € HT × 50 % = 500 000 €" in text
    assert "500 000 € × 5 % = 25 000 €" in text
    assert "25 000 € ÷ 30 €/h = 833,33 h" in text
    assert "'" not in text


def test_an_override_is_used_shown_and_stored() -> None:
    own = Override("clause.hourly_cost", Decimal(40), "Camille Roy", "convention du territoire")
    result = calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), TODAY, [own])
    assert result.hours == 625
    text = " ".join(result.explanation)
    assert "Camille Roy" in text
    assert "convention du territoire" in text
    assert "au lieu de 30" in text
    assert recompute(json.loads(json.dumps(to_json(result)))) == result


def test_a_figure_of_a_charter_cannot_be_overridden() -> None:
    own = Override("programmes.npnru_gup", Decimal("0.02"), "Camille Roy", "essai")
    asked = CalibrationRequest(method=Method.HOURS_WORKED, hours_worked=Decimal(100), programme=Programme.NPNRU_GUP)
    with pytest.raises(OverrideRefused):
        calibrate(asked, TODAY, [own])


def test_a_date_older_than_the_practice_is_an_error() -> None:
    with pytest.raises(ParameterUnknownAt):
        calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), date(2005, 1, 1))


def test_a_stored_calibration_never_looks_at_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    results = [calibrate(request_of(case["demande"]), TODAY) for case in CASES if "refus" not in case]
    stored = [json.loads(json.dumps(to_json(result))) for result in results]

    def gone(path: str) -> Any:
        raise AssertionError(f"{path} was read from the files")

    monkeypatch.setattr(dated, "parameter", gone)
    monkeypatch.setattr(dated, "raw_parameter", gone)
    assert [recompute(row) for row in stored] == results


def test_a_stored_calibration_follows_its_own_values() -> None:
    stored = to_json(calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), TODAY))
    cost = next(row for row in stored["parameters"] if row["path"] == "clause.hourly_cost")
    cost["value"] = 50
    stored["digest"] = dated.digest(map(dated.parameter_from_json, stored["parameters"]))
    stored["hours"] = 500
    assert recompute(stored).hours == 500


@pytest.mark.parametrize("damage", ["value", "hours", "schema", "missing", "request", "digest"])
def test_a_tampered_calibration_is_refused(damage: str) -> None:
    stored = copy.deepcopy(to_json(calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), TODAY)))
    if damage == "value":
        stored["parameters"][0]["value"] = 12
    elif damage == "hours":
        stored["hours"] += 1
    elif damage == "schema":
        stored["schema"] = 99
    elif damage == "missing":
        del stored["parameters"]
    elif damage == "request":
        stored["request"]["amount"] = {"decimal": "beaucoup"}
    else:
        stored["digest"] = "0" * 64
    with pytest.raises(StoredCalibrationBroken):
        recompute(stored)


@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")])
@pytest.mark.parametrize("name", ["amount", "labour_share", "effort_rate", "hourly_cost", "workforce"])
def test_what_is_not_a_number_is_refused(name: str, bad: Decimal) -> None:
    good: dict[str, Any] = {"amount": Decimal(1_000_000), "labour_share": Decimal("0.5")}
    with pytest.raises(CalibrationRefused) as refusal:
        calibrate(CalibrationRequest(**{**good, name: bad}), TODAY)
    assert refusal.value.code == f"{name}_not_a_number"


amounts = st.decimals(1, 100_000_000, places=2)
shares = st.decimals(Decimal("0.01"), 1, places=3)
costs = st.decimals(10, 90, places=2)


@given(amounts, amounts, shares, shares, costs, st.sampled_from(Rounding))
def test_more_amount_never_gives_fewer_hours(
    one: Decimal, two: Decimal, share: Decimal, effort: Decimal, cost: Decimal, rounding: Rounding
) -> None:
    small, large = (
        calibrate(
            CalibrationRequest(
                amount=amount, labour_share=share, effort_rate=effort, hourly_cost=cost, rounding=rounding
            ),
            TODAY,
        ).hours
        for amount in sorted((one, two))
    )
    assert small <= large


@given(amounts, shares, shares, costs)
def test_rounding_stays_within_half_an_hour(amount: Decimal, share: Decimal, effort: Decimal, cost: Decimal) -> None:
    result = calibrate(
        CalibrationRequest(amount=amount, labour_share=share, effort_rate=effort, hourly_cost=cost), TODAY
    )
    exact_hours = Fraction(amount) * Fraction(share) * Fraction(effort) / Fraction(cost)
    assert -Fraction(1, 2) <= exact_hours - result.hours < Fraction(1, 2)
    assert result.minutes == result.hours * 60


@given(amounts, shares, shares, costs)
def test_labour_hours_first_gives_the_same_result(
    amount: Decimal, share: Decimal, effort: Decimal, cost: Decimal
) -> None:
    labour_hours = Fraction(amount) * Fraction(share) / Fraction(cost)
    direct = calibrate(
        CalibrationRequest(amount=amount, labour_share=share, effort_rate=effort, hourly_cost=cost), TODAY
    ).hours
    product = labour_hours * Fraction(effort) + Fraction(1, 2)
    assert direct == product.numerator // product.denominator


@given(st.lists(amounts, min_size=1, max_size=8), shares, costs)
def test_lots_sum_to_the_whole_and_stay_within_one_hour(sizes: list[Decimal], share: Decimal, cost: Decimal) -> None:
    lots = tuple(Lot(f"Lot {rank}", size) for rank, size in enumerate(sizes, 1))
    coefficients: dict[str, Any] = {"labour_share": share, "effort_rate": Decimal("0.05"), "hourly_cost": cost}
    split = calibrate(CalibrationRequest(lots=lots, **coefficients), TODAY)
    whole = calibrate(CalibrationRequest(amount=sum(sizes, Decimal(0)), **coefficients), TODAY)
    assert split.hours == whole.hours == sum(part.hours for part in split.parts)
    assert all(abs(part.hours - part.exact_hours) <= Decimal("1.5") for part in split.parts)


@given(st.integers(0, 10**9), st.lists(st.fractions(0, 1000), min_size=1, max_size=12).filter(any))
def test_a_split_loses_nothing(total: int, weights: list[Fraction]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


@given(st.lists(amounts, min_size=1, max_size=8), shares, costs)
def test_orders_add_up_to_the_cumulative_total(sizes: list[Decimal], share: Decimal, cost: Decimal) -> None:
    orders = tuple(Order(date(2026, 1, 1 + rank), size) for rank, size in enumerate(sizes))
    coefficients: dict[str, Any] = {"labour_share": share, "effort_rate": Decimal("0.05"), "hourly_cost": cost}
    run = calibrate(CalibrationRequest(method=Method.ORDERS, orders=orders, **coefficients), TODAY)
    whole = calibrate(CalibrationRequest(amount=sum(sizes, Decimal(0)), **coefficients), TODAY)
    assert run.hours == whole.hours
    assert all(part.hours >= 0 for part in run.parts)


@given(amounts, st.sampled_from(["masonry", "roads", "cleaning", "building_all_trades"]))
def test_the_range_holds_the_central_value(amount: Decimal, trade: str) -> None:
    result = calibrate(CalibrationRequest(amount=amount, trade=trade), TODAY)
    assert result.low_hours is not None
    assert result.high_hours is not None
    assert result.low_hours <= result.hours <= result.high_hours


@given(amounts, st.sampled_from([trade.code for trade in trades()]))
def test_a_rate_gives_what_a_calibration_gives(amount: Decimal, trade: str) -> None:
    result = calibrate(CalibrationRequest(amount=amount, trade=trade), TODAY)
    seen = hours_rate(trade, TODAY).hours(int(amount * 100))
    assert (result.low_hours, result.hours, result.high_hours) == (seen.low, seen.central, seen.high)


def test_a_rate_is_as_doubtful_as_its_weakest_value() -> None:
    assert {rate.status for rate in hours_rates(TODAY)} == {Status.TO_CONFIRM}
    assert weakest([Status.CERTAIN, Status.LOCAL_PRACTICE]) is Status.LOCAL_PRACTICE


def test_the_days_a_rate_changes_are_those_of_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    known, day = dated.parameter("clause.hourly_cost"), date(2030, 1, 1)
    later = dataclasses.replace(known, values=(*known.values, (day, known.latest())))
    assert days_of_change(TODAY) == ()
    monkeypatch.setattr(rates, "parameter", lambda path: later if path == known.path else dated.parameter(path))
    assert days_of_change(TODAY) == (day,)
    assert days_of_change(day) == ()


def test_the_dearest_hour_is_that_of_today_once_it_is_known() -> None:
    # masonry is known from 2010, today's cost of labour from 2020
    assert hours_rate("masonry", date(2019, 12, 31)).low > hours_rate("masonry", date(2020, 1, 1)).low


def test_alternatives_set_other_efforts_and_costs_beside() -> None:
    request = CalibrationRequest(
        amount=Decimal(1_000_000), labour_share=Decimal("0.5"), effort_rate=Decimal("0.05"), hourly_cost=Decimal(30)
    )
    assert [item.calibration.hours for item in alternatives(request, TODAY)] == [1667, 3333, 625]
    assert alternatives(CalibrationRequest(method=Method.TRAINING_GRID, amount=Decimal(60_000)), TODAY) == ()


def test_what_is_unknown_is_said_when_comparing() -> None:
    result = calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), TODAY)
    text = " ".join(why_not_more_nor_less(result))
    assert "Aucun contrat voisin" in text
    assert "ne sont pas connues" in text
    assert "durée n’est pas connue" in text


@pytest.mark.parametrize(("people", "said"), [(1, "dépasse"), (2, "tenable"), (3, "tenable")])
def test_just_enough_people_make_a_volume_tenable(people: int, said: str) -> None:
    # 833 h at 439 h per person ask for two people
    result = calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), TODAY)
    assert said in " ".join(why_not_more_nor_less(result, supply=LocalSupply("prescripteurs", people=people)))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0), "Ici : aucun contrat comparable dans les données chargées, rien à comparer."),
        (
            (0, 0, 7),
            "Ici : 7 contrats comparables, aucun ne dit s’il portait une considération sociale, rien à comparer.",
        ),
        ((1, 3, 9), "parmi eux, 1 en portait une. 6 ne le disent pas. Peu de contrats : à lire avec prudence."),
        ((4, 10, 11), "Ici : 11 contrats comparables, dont 10 disent s’il y avait une considération sociale"),
        ((5, 10, 10), "Pourquoi pas moins : Ici : 10 contrats comparables"),
    ],
)
def test_what_like_contracts_carried_is_told_in_counts_with_their_coverage(
    counts: tuple[int, int, int], said: str
) -> None:
    result = calibrate(CalibrationRequest(amount=Decimal(1_000_000), trade="masonry"), TODAY)
    texts = why_not_more_nor_less(result, practices=(SocialPractice("Ici", *counts),))
    told = texts[1].replace("\u00a0", " ").replace("\u202f", " ")
    assert said in told
    assert "%" not in told


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="parmi"):
        SocialPractice("Ici", 3, 2, 5)


def test_neighbours_and_supply_explain_the_volume() -> None:
    result = calibrate(
        CalibrationRequest(amount=Decimal(1_000_000), trade="masonry", duration_months=Decimal(12)), TODAY
    )
    text = " ".join(
        why_not_more_nor_less(
            result,
            Neighbours("maçonnerie, même département", (Decimal(60), Decimal(70), Decimal(90))),
            LocalSupply("prescripteurs, novembre 2026", people=1, structures=0),
        )
    ).replace("\u00a0", " ")
    assert "plus que la médiane de 70 h" in text
    assert "Peu de contrats" in text
    assert "dépasse l’offre locale" in text
    assert "Aucune structure" in text
