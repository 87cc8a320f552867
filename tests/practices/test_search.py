"""What people type finds the sheet they mean, the same on both databases."""

from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from dentelle.demo.practices import told
from dentelle.foundations.search.actions import forget, rebuild
from dentelle.foundations.search.models import SearchText
from dentelle.foundations.search.queries import search
from dentelle.foundations.search.ranking import ranked
from dentelle.network.practices.models import Origin, Practice, PracticeVersion, VersionState
from dentelle.network.practices.queries import Filters, find
from tests.factories import NOW, MembershipFactory, NetworkFactory, StructureFactory, UserFactory
from tests.practices import making

QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yaml").read_text(encoding="utf-8"))
AMONG = 5

pytestmark = pytest.mark.django_db


def fill(member):
    """Every sheet of the demonstration, published; their keys by identifier."""
    author, reviewer = member.user, UserFactory()
    found = {}
    for row in told():
        practice = Practice.objects.create(
            network=member.structure.network, structure=member.structure, origin=Origin.IMPORTED,
            origin_key=row["id"], created_at=NOW,
        )  # fmt: skip
        content = {**row["content"], "host": "Porteuse d’essai"}
        version = PracticeVersion.objects.create(
            practice=practice, structure=member.structure, number=1, state=VersionState.PUBLISHED, title=content["title"],
            content=content, author=author, updated_at=NOW, reviewer=reviewer, reviewed_on=NOW.date(),
            published_on=NOW.date(),
        )  # fmt: skip
        practice.published, practice.checked_on = version, NOW.date()
        practice.save()
        found[row["id"]] = practice.pk
    rebuild()
    return found


def test_what_is_typed_finds_its_sheet_among_the_first_five(facilitator):
    keys = fill(facilitator)
    assert len(QUERIES) >= 50
    missed = []
    for typed, wanted in QUERIES:
        first = ranked("practice", typed, facilitator, AMONG)
        if keys[wanted] not in first:
            names = {pk: name for name, pk in keys.items()}
            missed.append((typed, wanted, [names[pk] for pk in first]))
    assert missed == []


@pytest.mark.parametrize(
    "typed", ["", "  ", "'", '"', "*", "de la", "OR 1=1", "NEAR(", "a:b", "\x00", "'':*", "&", "xqzxq"]
)
def test_odd_words_break_nothing(typed, facilitator):
    making.published(facilitator)
    assert ranked("practice", typed, facilitator) == []


def test_a_published_sheet_is_found_by_its_network_and_by_no_other(facilitator):
    practice = making.published(facilitator)
    neighbour = making.neighbour_of(facilitator)
    stranger = MembershipFactory(structure=StructureFactory(network=NetworkFactory(name="Autre réseau")))
    assert ranked("practice", "creches decalees", neighbour) == [practice.pk]
    assert ranked("practice", "creches decalees", making.head_of(facilitator)) == [practice.pk]
    assert ranked("practice", "creches decalees", stranger) == []
    assert [hit.title for group in search("crèche", neighbour) for hit in group.hits] == [making.CONTENT["title"]]


def test_the_beginning_of_a_word_is_enough_when_no_whole_word_answers(facilitator):
    practice = making.published(facilitator)
    assert ranked("practice", "micro crech", facilitator) == [practice.pk]
    assert ranked("practice", "horair", facilitator) == [practice.pk]


@pytest.mark.parametrize("typed", ["mobilité", "transport", "transports", "mobilités"])
def test_mobility_finds_the_sheets_of_its_theme_before_all_others_and_never_furniture(typed, facilitator):
    keys = fill(facilitator)
    found = ranked("practice", typed, facilitator)
    of_theme = {keys[row["id"]] for row in told() if "mobility" in row["content"]["themes"]}
    assert set(found[: len(of_theme)]) == of_theme
    assert keys["detenus"] not in found


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("nounou", "garde-soir"),
        ("covoit", "navette"),
        ("BTP", "seniors"),
        ("espaces verts", "esat-espaces"),
        ("transport", "navette"),
    ],
)
def test_words_people_say_find_the_sheets_that_say_others(typed, wanted, facilitator):
    keys = fill(facilitator)
    assert keys[wanted] in ranked("practice", typed, facilitator, 8)


def test_a_draft_is_not_found_and_an_archived_sheet_no_longer(facilitator):
    making.submitted(facilitator)
    assert ranked("practice", "crèche", facilitator) == []
    practice = making.published(facilitator, title="Une crèche de nuit")
    forget(practice)
    assert (ranked("practice", "crèche", facilitator), SearchText.objects.count()) == ([], 0)


def test_words_facets_and_likeness_narrow_together(facilitator):
    keys = fill(facilitator)
    from dentelle.network.practices.facets import sort_out

    for practice in Practice.objects.select_related("published"):
        sort_out(practice, practice.published)
        practice.save()
    today = timezone.localdate(NOW)
    found = find(facilitator, Filters("chantier", {"outcome": "failed"}), today=today)
    assert [row.pk for row in found.rows] == [keys["covoiturage"]]
    counted = {facet.code: {each.value: each.count for each in values} for facet, values in found.facets}
    assert counted["outcome"] == {"failed": 1}
    assert find(facilitator, Filters(alike=True), today=today).total == 0


def test_a_list_asks_as_many_queries_whatever_its_length(facilitator, assert_max_queries):
    fill(facilitator)
    with assert_max_queries(9):
        find(facilitator, Filters("insertion des jeunes"), today=NOW.date())
