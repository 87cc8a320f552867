"""A rate always comes with what it is made of."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from dentelle.opendata.engines import Session, keep, to_arrow
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.buyers import buyer_columns, buyer_facts
from dentelle.opendata.marts.clause_rate import RATE_AREAS, clause_rate
from dentelle.opendata.marts.ground_frames import ground_frames
from dentelle.opendata.marts.location import located
from tests.opendata.marts.frames import GRENOBLE, contract, contracts, ground_tables

Rates = dict[tuple[str, str, str], dict[str, Any]]

SAID = ["considered", "none", "none", "not_stated"]
ROWS = [
    *[contract(f"l{rank}", social_status=said) for rank, said in enumerate(SAID)],
    contract(
        "mute", social_status="not_stated", notified_on=date(2019, 5, 1), amount_flag="missing", amount_cents=None
    ),
    contract("elsewhere", social_status="considered", place_code=GRENOBLE, buyer_id="x", buyer_siren=None),
]


@pytest.fixture
def rates(engine: Session) -> Rates:
    frames = ground_frames(engine, ground_tables())
    read = engine.arrow(contracts(ROWS))
    facts = keep(buyer_facts(read, frames.communes, frames.epcis, frames.legal_units))
    places = located(buyer_columns(read, facts), frames.communes, frames.postal_codes, frames.former_codes)
    asked = pa.Table.from_pylist(
        [
            {"territory": spec, "territory_name": spec, "role": role, "area": area}
            for spec, role, area in (
                ("commune:69123", "asked", "commune:69123"),
                ("commune:38185", "comparable", "commune:38185"),
            )
        ],
        schema=RATE_AREAS,
    )
    rows = to_arrow(clause_rate(read, places, facts, engine.arrow(asked)), schema.CLAUSE_RATE).to_pylist()
    return {(row["territory"], row["dimension"], row["value"]): row for row in rows}


def test_the_rate_is_yes_over_yes_and_no_with_its_counts(rates: Rates) -> None:
    row = rates["commune:69123", "all", "all"]
    assert (row["considered"], row["none"], row["not_stated"], row["total"], row["stated"]) == (1, 2, 2, 5, 3)
    assert row["rate"] == pytest.approx(1 / 3)
    assert row["coverage"] == pytest.approx(3 / 5)
    assert row["small_count"]


def test_nothing_stated_gives_no_rate_rather_than_zero(rates: Rates) -> None:
    row = rates["commune:69123", "year", "2019"]
    assert (row["rate"], row["coverage"], row["not_stated"]) == (None, 0.0, 1)


def test_comparable_territories_and_the_country_stand_beside(rates: Rates) -> None:
    assert rates["commune:38185", "all", "all"]["role"] == "comparable"
    assert rates["country:FR", "all", "all"]["total"] == len(ROWS)


def test_a_contract_here_by_place_and_by_seat_counts_once(rates: Rates) -> None:
    assert rates["commune:69123", "all", "all"]["total"] == 5


def test_an_unusable_amount_has_its_own_band_and_an_unknown_buyer_its_own_kind(rates: Rates) -> None:
    assert rates["commune:69123", "amount_band", "unusable"]["total"] == 1
    assert rates["commune:69123", "amount_band", "90000-216000"]["total"] == 4
    assert rates["country:FR", "buyer_kind", "unknown"]["total"] == 1


def test_every_dimension_sums_to_the_whole(rates: Rates) -> None:
    for dimension in ("buyer_kind", "cpv_division", "amount_band", "year"):
        parts = [row["total"] for (spec, by, _), row in rates.items() if (spec, by) == ("country:FR", dimension)]
        assert sum(parts) == len(ROWS)
