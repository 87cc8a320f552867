"""A stored calibration stays what it was, whatever the law becomes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dentelle.rules import dated
from dentelle.rules.calibration import StoredCalibrationBroken
from dentelle.thread.clauses.engine import recomputed_digest
from tests.clauses.making import OVERRIDDEN, saved

pytestmark = pytest.mark.django_db


def stored(calibration):
    calibration.refresh_from_db()
    return calibration.inputs, calibration.parameters, calibration.result


@pytest.fixture
def another_law(monkeypatch):
    """The hourly cost becomes 40 €/h in the packaged parameters."""
    packaged = dated.parameter

    def moved(path):
        known = packaged(path)
        if path != "clause.hourly_cost":
            return known
        return replace(
            known, values=tuple((start, value and replace(value, value=Decimal(40))) for start, value in known.values)
        )

    def change():
        monkeypatch.setattr(dated, "parameter", moved)

    return change


@pytest.mark.parametrize(
    "changes", [{}, OVERRIDDEN, {"method": "posts", "posts": "2"}, {"cpv": "45262500", "trade": ""}]
)
def test_computing_again_gives_the_same_digest(facilitator, changes):
    calibration = saved(facilitator, **changes)
    assert recomputed_digest(*stored(calibration)) == (calibration.hours, calibration.digest)


def test_computing_again_ignores_the_law_of_today(facilitator, another_law):
    calibration = saved(facilitator)
    another_law()
    assert recomputed_digest(*stored(calibration)) == (833, calibration.digest)


def test_a_value_touched_in_the_database_is_noticed(facilitator):
    calibration = saved(facilitator)
    inputs, parameters, result = stored(calibration)
    next(row for row in parameters if row["path"] == "clause.hourly_cost")["value"] = 10
    with pytest.raises(StoredCalibrationBroken):
        recomputed_digest(inputs, parameters, result)


def test_an_amount_touched_in_the_database_is_noticed(facilitator):
    calibration = saved(facilitator)
    inputs, parameters, result = stored(calibration)
    inputs["request"]["amount"] = {"decimal": "1000010"}
    hours, digest = recomputed_digest(inputs, parameters, result)
    assert hours == 833
    assert digest != calibration.digest


def test_the_page_proves_it_and_shows_what_today_would_change(facilitator, client_of, another_law):
    calibration = saved(facilitator)
    another_law()
    page = client_of(facilitator).get(f"/calibrages/{calibration.pk}/recalculer").content.decode()
    assert "Le recalcul redonne 833" in page
    assert page.count(calibration.digest) == 2
    assert "625\u00a0h" in page
    assert "30\u00a0€/h" in page
    assert "40\u00a0€/h" in page


def test_the_page_says_when_nothing_moved(facilitator, client_of):
    calibration = saved(facilitator)
    page = client_of(facilitator).get(f"/calibrages/{calibration.pk}/recalculer").content.decode()
    assert "Aucune des valeurs utilisées n’a changé depuis" in page


def test_the_page_says_when_the_stored_calculation_is_broken(facilitator, client_of):
    calibration = saved(facilitator)
    calibration.parameters[0]["value"] = 3
    calibration.save()
    response = client_of(facilitator).get(f"/calibrages/{calibration.pk}/recalculer")
    assert response.status_code == 200
    assert "ne correspondent pas à leur empreinte" in response.content.decode()
