"""A place is written as people write it: its name, its code, or what the site proposed."""

import pytest
from django.utils import timezone

from dentelle.foundations.organisations.models import Coverage
from dentelle.network.practices.places import PlaceUnclear, place_typed
from dentelle.network.practices.queries import Filters, find
from tests.factories import NOW
from tests.practices import making
from tests.territory.fixtures import ground_directory, with_ground

__all__ = ["ground_directory", "with_ground"]

pytestmark = pytest.mark.usefixtures("with_ground")


@pytest.mark.parametrize(
    "typed", ["Thouars", "thouars", "79329", "commune:79329", "commune:79329 (Thouars)", "Thouars (79329)"]
)
def test_a_commune_is_found_by_its_name_its_code_or_the_proposal(typed):
    assert place_typed(typed) == "commune:79329"


def test_places_of_the_same_name_are_proposed_as_they_may_be_typed():
    with pytest.raises(PlaceUnclear) as unclear:
        place_typed("Saint-Denis")
    proposals = str(unclear.value).partition("ceux-ci : ")[2].removesuffix(".").split(", ")
    assert len(proposals) > 1
    for proposal in proposals:
        assert place_typed(proposal).endswith(proposal.rpartition("(")[2].removesuffix(")"))


@pytest.mark.django_db
def test_on_territories_like_mine_come_the_sheets_of_others_then_ones_own(facilitator):
    Coverage.objects.create(
        structure=facilitator.structure, version=1, places=["epci:200040244"], valid_from=NOW.date(), created_at=NOW
    )
    making.published(facilitator, title="La nôtre", place="epci:200040244")
    neighbour = making.neighbour_of(facilitator)
    making.published(neighbour, title="Un peu plus peuplé", place="epci:200041317")
    making.published(neighbour, title="Deux fois moins peuplé", place="epci:200041333")
    rows = find(facilitator, Filters(alike=True), today=timezone.localdate(NOW)).rows
    assert [row.title for row in rows] == ["Un peu plus peuplé", "La nôtre"]
