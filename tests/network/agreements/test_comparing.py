"""Local agreements side by side: what each indicator says is a period that is over, with its unit, and the target it is measured by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dentelle.network.agreements.actions.readings import give_reading
from dentelle.network.agreements.comparing import side_by_side
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making
from tests.network.agreements.awaited import answered, measured

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YEAR = {"frequency": "monthly", "unit": "count", "target": Decimal(24), "target_for": "year", "adds_up": True}
QUARTER = {"target": Decimal(30), "target_for": "period"}


@pytest.fixture
def member():
    return MembershipFactory(manager=True)


def give(member, agreement, indicator, day, value, at=NOW):
    known = {"day": day, "value": Decimal(value), "source": "tableau de suivi"}
    return give_reading(member, agreement.pk, indicator.pk, **known, **{**making.lock(agreement), "at": at})


def shown(member, today=TODAY):
    (theme,) = side_by_side(member, today=today).themes
    ((measure,),) = (each.measures for each in theme.versions)
    return measure.said, measure.towards.replace("\u202f", " ").replace("\xa0", " ")


def test_the_last_period_that_is_over_is_compared_not_the_one_under_way(member):
    agreement, indicator = measured(member, **QUARTER)
    give(member, agreement, indicator, date(2026, 9, 30), 30)
    give(member, agreement, indicator, TODAY, 12)
    assert shown(member) == ("30 personnes, du 01/07/2026 au 30/09/2026", "cible 30 personnes par trimestre")


def test_a_reading_of_a_period_under_way_that_is_alone_says_it_is_partial_and_gives_no_day_to_come(member):
    agreement, indicator = measured(member, **QUARTER)
    give(member, agreement, indicator, TODAY, 12)
    assert shown(member) == ("12 personnes, partiel, arrêté au 21/11/2026", "cible 30 personnes par trimestre")


def test_the_target_of_a_year_is_beside_what_was_read_since_january_and_what_it_lacks(member):
    agreement, indicator = measured(member, **YEAR)
    for month in range(1, 9):
        give(member, agreement, indicator, date(2026, month, 1), month % 2)
    give(member, agreement, indicator, date(2026, 10, 1), 2)
    said = "cible 24 sur l’année ; 6 depuis janvier (1 période n’est pas relevée)"
    assert shown(member) == ("2, du 01/10/2026 au 31/10/2026", said)


def test_what_a_former_year_added_up_to_is_said_of_that_year(member):
    agreement, indicator = measured(member, **YEAR)
    reading = give(member, agreement, indicator, date(2026, 12, 1), 3, at=NOW + timedelta(days=60))
    assert reading.ends_on == date(2026, 12, 31)
    assert "3 en 2026 (11 périodes ne sont pas relevées)" in shown(member, date(2027, 1, 20))[1]


def test_readings_that_do_not_add_up_are_not_added_towards_the_target_of_a_year(member):
    agreement, indicator = measured(member, **YEAR | {"adds_up": False})
    give(member, agreement, indicator, date(2026, 9, 1), 5)
    give(member, agreement, indicator, date(2026, 10, 1), 2)
    assert shown(member)[1] == "cible 24 sur l’année"


def test_what_was_never_read_says_so_with_its_target_and_what_is_contested_is_marked(member, client_of):
    agreement, indicator = measured(member, **QUARTER)
    assert shown(member) == ("non relevé", "cible 30 personnes par trimestre")
    given = give(member, agreement, indicator, date(2026, 9, 30), 30)
    answered(making.partner_seat(), agreement, given, "disputed", "Trois en double")
    for reader, address in (
        (member, "/conventions/cote-a-cote"),
        (making.partner_seat(), "/mes-conventions/cote-a-cote"),
    ):
        page = client_of(reader).get(address).content.decode()
        assert "30 personnes, du 01/07/2026 au 30/09/2026, contesté" in page
        assert "cible 30 personnes par trimestre" in page
