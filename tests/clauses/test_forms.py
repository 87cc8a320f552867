"""What cannot be used is said at its field, never dropped."""

import pytest

from dentelle.thread.clauses.forms import CalibrationForm
from tests.clauses.making import OVERRIDDEN, typed

SUPPLY = {"trade": "", "cpv": "09310000"}  # electricity: no share of labour is known


@pytest.mark.parametrize("code", ["zz", "4", "123456789", "45 000", "45000000-"])
def test_a_cpv_that_is_none_is_refused_at_its_field(code):
    form = CalibrationForm(typed(cpv=code))
    assert set(form.errors) == {"cpv"}
    assert f"« {code} » n’est pas un code CPV" in form.errors["cpv"][0]


@pytest.mark.parametrize("code", ["", "45", "90910000", "90910000-9"])
def test_a_cpv_is_read_with_or_without_its_check_digit(code):
    assert CalibrationForm(typed(cpv=code)).is_valid()


@pytest.mark.parametrize("day", ["9999-01-01", "0218-05-03", "1999-12-31", "2100-01-01"])
def test_a_launch_in_a_mistyped_year_is_refused_at_its_field(day):
    form = CalibrationForm(typed(launched_on=day))
    assert set(form.errors) == {"launched_on"}
    assert "de 2000 à 2099" in form.errors["launched_on"][0]


def test_a_coefficient_nothing_would_read_is_refused_rather_than_dropped():
    form = CalibrationForm(typed(**SUPPLY, **OVERRIDDEN))
    assert set(form.errors) == {"own-clause.hourly_cost"}
    assert "aucune part de main-d’œuvre n’est connue" in form.errors["own-clause.hourly_cost"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"trade": "masonry", "cpv": "09310000"},
        {**SUPPLY, "method": "posts", "posts": "2"},
    ],
)
def test_a_coefficient_that_counts_is_taken(changes):
    own = {"own-clause.fte_hours": "1607", "why-clause.fte_hours": "Usage de la structure"}
    assert CalibrationForm(typed(**changes, **own)).is_valid()


def test_a_supply_without_changed_coefficient_is_still_calibrated():
    assert CalibrationForm(typed(**SUPPLY)).is_valid()
