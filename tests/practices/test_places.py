"""A place is written as people write it: its name, its code, or what the site proposed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dentelle.demo.load import TERRITORIES
from dentelle.demo.practices import told
from dentelle.foundations.organisations.models import Coverage
from dentelle.foundations.search.actions import rebuild
from dentelle.network.practices.places import PlaceUnclear, place_typed
from dentelle.network.practices.queries import Filters, find
from dentelle.opendata.ground.specs import territory_of
from tests.factories import NOW
from tests.practices import making
from tests.territory.fixtures import ground_directory, reference, with_ground

__all__ = ["ground_directory", "reference", "with_ground"]

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


def cover(member, place):
    Coverage.objects.create(
        structure=member.structure, version=1, places=[place], valid_from=NOW.date(), created_at=NOW
    )


@pytest.mark.django_db
def test_on_territories_like_mine_come_the_sheets_of_others_then_ones_own(facilitator):
    cover(facilitator, "epci:200040244")
    making.published(facilitator, title="La nôtre", place="epci:200040244")
    neighbour = making.neighbour_of(facilitator)
    making.published(neighbour, title="Un peu plus peuplé", place="epci:200041317")
    making.published(neighbour, title="Deux fois moins peuplé", place="epci:200041333")
    found = find(facilitator, Filters(alike=True), today=timezone.localdate(NOW))
    assert [row.title for row in found.rows] == ["Un peu plus peuplé", "La nôtre"]
    assert (found.alike.others, found.alike.own) == (1, 1)
    rebuild()
    found = find(facilitator, Filters("crèche", alike=True), today=timezone.localdate(NOW))
    assert [row.is_own for row in found.rows] == [False, True]


def on_territories_like(client, **more):
    return client.get(reverse("practices:list"), {"comme": "moi", **more})


@pytest.mark.django_db
def test_when_no_territory_like_mine_has_told_anything_the_page_says_so_with_how_populous_they_are(
    facilitator, client_of
):
    cover(facilitator, "epci:200041333")
    making.published(facilitator, title="La nôtre", place="epci:200041333")
    client = client_of(facilitator)
    page = on_territories_like(client)
    text = " ".join(page.content.decode().split())
    assert "Aucun territoire comparable n’a encore raconté" in text
    like = page.context["found"].alike
    assert (like.least, like.most) == (18_438, 73_750)
    assert "de 18 438 à 73 750 habitants" in text
    assert "1 fiche de votre structure" in text
    assert [row.title for row, _ in page.context["own_rows"]] == ["La nôtre"]
    assert "pratique racontée" not in text
    assert "qui réponde à cela" in on_territories_like(client, texte="xqzxq").content.decode()


@pytest.mark.django_db
def test_others_are_counted_without_ones_own(facilitator, client_of):
    cover(facilitator, "epci:200041333")
    making.published(facilitator, title="La nôtre", place="epci:200041333")
    making.published(making.neighbour_of(facilitator), title="À côté", place="epci:247900798")
    page = on_territories_like(client_of(facilitator))
    assert [row.title for row, _ in page.context["rows"]] == ["À côté"]
    assert "1\u202fpratique racontée" in page.content.decode()
    assert "Aucun territoire comparable" not in page.content.decode()


def test_each_structure_of_the_demonstration_finds_others_on_territories_like_its_own(reference):
    """As the pages do it: what others tell, in intercommunalités from half to twice as populous."""
    inhabitants = {
        body: territory_of(reference, body).population for body in {row["content"]["place"] for row in told()}
    }
    for rank, (_, own) in enumerate(TERRITORIES.values(), start=1):
        mine = territory_of(reference, own).population
        others = [
            row for row in told() if row["by"] != rank and mine <= 2 * inhabitants[row["content"]["place"]] <= 4 * mine
        ]
        assert others, own
