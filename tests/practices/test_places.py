"""A place is written as people write it: its name, its code, or what the site proposed."""

import pytest

from dentelle.network.practices.places import PlaceUnclear, place_typed
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
