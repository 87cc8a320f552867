"""The form gives the rules the right facts: the vectors of the trade, typed by hand."""

import pytest

from tests.clauses.making import TODAY, saved, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def compute(facilitator):
    from dentelle.thread.clauses.workbench import read_form

    def run(**changes):
        return read_form(typed(**changes), facilitator, today=TODAY)

    return run


def test_one_million_of_masonry_gives_833_hours(compute):
    assert compute().computed.hours == 833


def test_lots_are_summed_then_rounded_once(compute):
    bench = compute(
        method="lots",
        amount=None,
        **{
            "lots-0-label": "Gros œuvre",
            "lots-0-amount": "6 000 000",
            "lots-0-trade": "masonry",
            "lots-1-amount": "2 000 000",
            "lots-1-trade": "interior_painting",
        },
    )
    # 6 M€ × 50 % × 5 % ÷ 30 + 2 M€ × 70 % × 5 % ÷ 30 = 5 000 + 2 333,33
    assert bench.computed.hours == 7_333
    assert [row[0] for row in bench.sheet["parts"]] == ["Gros œuvre", "Lot 2"]
    assert ("Montant estimé", "8\u202f000\u202f000\u00a0€\u00a0HT") in bench.sheet["facts"]


def test_a_colon_in_the_name_of_a_lot_breaks_no_line_of_the_calculation(compute):
    bench = compute(
        method="lots",
        amount=None,
        **{"lots-0-label": "Lot 1 : A = B", "lots-0-amount": "600 000", "lots-0-trade": "masonry"},
    )
    first = bench.sheet["arithmetic"][0]
    assert first["formula"].startswith("600")
    assert "Lot 1" in first["label"]
    assert "A = B" in first["label"]


def test_a_lot_without_trade_is_asked_for_one_at_its_place(compute):
    bench = compute(method="lots", amount=None, **{"lots-0-amount": "600 000"})
    assert list(bench.form.errors) == ["lots-0-trade"]
    assert compute(method="lots", amount=None, cpv="45262500", **{"lots-0-amount": "600 000"}).computed.hours == 500


def test_an_optional_tranche_is_apart(compute):
    bench = compute(
        method="tranches",
        amount=None,
        **{
            "tranches-0-amount": "800 000",
            "tranches-0-kind": "firm",
            "tranches-1-amount": "200 000",
            "tranches-1-kind": "optional",
        },
    )
    assert (bench.sheet["hours"], bench.sheet["conditional_hours"]) == (667, 167)


def test_four_years_are_rounded_once(compute):
    bench = compute(trade="interior_painting", amount="250 000", years="4", per_year="on", programme="npnru_gup")
    assert bench.computed.hours == 2_333


def test_staff_taken_over_is_left_out(compute):
    bench = compute(
        method="staff_transfer",
        hours_worked="20 000",
        transferred_hours="16 500",
        **{"own-clause.effort_rate": "15 %", "why-clause.effort_rate": "Usage du bassin pour la propreté"},
    )
    assert bench.computed.hours == 525


def test_hours_of_production(compute):
    assert compute(method="hours_worked", hours_worked="240 000", programme="npnru_works").computed.hours == 12_000


def test_posts(compute):
    assert compute(method="posts", posts="1,5", years="2").computed.hours == 4_800


def test_orders_by_whole_steps(compute):
    bench = compute(
        method="orders",
        step_eur="50 000",
        hours_per_step="35",
        **{
            "orders-0-on": "2026-12-15",
            "orders-0-amount": "120 000",
            "orders-1-on": "2027-02-01",
            "orders-1-amount": "40 000",
        },
    )
    assert bench.computed.hours == 105


def test_the_training_grid_gives_internship_hours(compute):
    bench = compute(method="training_grid", amount="150 000")
    assert bench.sheet["answer"] == "300\u00a0h de stage"


def test_what_another_method_needs_is_not_judged(compute):
    assert compute(hours_worked="beaucoup").computed.hours == 833


def test_a_coefficient_is_changed_with_its_reason(compute):
    bench = compute(**{"own-clause.hourly_cost": "42", "why-clause.hourly_cost": "Devis d’octobre"})
    assert bench.computed.hours == 595
    shown = next(row for row in bench.sheet["factors"] if row["path"] == "clause.hourly_cost")
    assert "au lieu de 30" in shown["override"]
    assert "Devis d’octobre" in shown["override"]


def test_a_coefficient_without_reason_is_refused_at_its_place(compute):
    bench = compute(**{"own-clause.hourly_cost": "42"})
    assert bench.computed is None
    assert list(bench.form.errors) == ["why-clause.hourly_cost"]


def test_a_coefficient_of_another_trade_is_carried_along_unused(compute):
    bench = compute(**{"own-trades.cleaning": "80 %", "why-trades.cleaning": "plus tard"})
    assert bench.computed.hours == 833
    assert {field.name for field in bench.form.set_aside()} == {"own-trades.cleaning", "why-trades.cleaning"}


def test_a_value_of_the_law_cannot_be_changed(compute):
    bench = compute(
        programme="npnru_works", **{"own-programmes.npnru_works": "3 %", "why-programmes.npnru_works": "trop haut"}
    )
    assert "own-programmes.npnru_works" not in bench.form.fields
    assert bench.computed.hours == 833


def test_variants_typed_stand_beside_the_calculation(compute):
    bench = compute(
        **{"variant-0-effort_rate": "10 %", "variant-1-hourly_cost": "40", "variant-1-labour_share": "45 %"}
    )
    assert [row["hours"] for row in bench.sheet["variants"]] == ["1\u202f667\u00a0h", "563\u00a0h"]


def test_without_variants_usual_ones_are_proposed(compute):
    assert 2 <= len(compute().sheet["variants"]) <= 3


def test_a_small_volume_offers_other_tools(compute):
    sheet = compute(amount="90 000").sheet
    assert sheet["below_minimum"]
    assert {row["short"] for row in sheet["levers"] if row["fit"] == "advised"} >= {"STAGE"}


def test_an_exemption_for_works_needs_works(compute):
    bench = compute(exemption="WORKS_UNDER_6_MONTHS", exemption_reason="Chantier court", contract_kind="services")
    assert bench.computed is None
    assert "exemption" in bench.form.errors


def test_a_date_before_every_parameter_is_told_and_not_guessed(compute):
    bench = compute(launched_on="2001-01-01")
    assert bench.computed is None
    assert "aucune valeur connue" in bench.form.non_field_errors()[0]


def test_neighbours_are_the_structure_own_calibrations_of_the_trade(compute, facilitator, outsider):
    for _ in range(3):
        saved(outsider, amount="5 000 000")
    assert "Aucun contrat voisin" in compute().sheet["more"][0]
    for _ in range(3):
        saved(facilitator)
    assert "autant que la médiane de 83,3" in compute().sheet["more"][0]


def test_fewer_than_three_neighbours_are_not_compared(compute, facilitator):
    for _ in range(2):
        saved(facilitator)
    assert "Aucun contrat voisin" in compute().sheet["more"][0]
