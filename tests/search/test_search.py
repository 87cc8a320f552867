"""One box finds everything, and only what the person may see."""

import html
import re

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.directory import actions, merge
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.search.actions import forget, index_many, rebuild
from dentelle.foundations.search.models import SearchEntry
from dentelle.foundations.search.queries import matching, search
from dentelle.thread.contracts import actions as actions_of_contracts
from dentelle.thread.contracts.actions.pooling import create_pooling
from tests.clauses.making import saved
from tests.contracts.making import company
from tests.directory.making import contact, organisation, siren_of, siret_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def found(text, viewer, kind=None):
    return [hit.title for group in search(text, viewer) for hit in group.hits if kind in (None, group.kind)]


@pytest.fixture
def town(facilitator):
    return organisation(facilitator, 5, "Ville de Saint-Élan-sur-Thouet")


@pytest.mark.parametrize(
    "typed",
    [
        "Saint-Élan",
        "saint elan",
        "SAINT ÉLAN",
        "st elan",
        "thou",
        "elan ville",
        siret_of(5),
        f"{siret_of(5)[:3]} {siret_of(5)[3:6]} {siret_of(5)[6:9]} {siret_of(5)[9:]}",
        siren_of(5),
        siret_of(5)[:7],
    ],
)
def test_a_name_or_a_number_is_found_however_it_is_typed(typed, facilitator, town):
    assert found(typed, facilitator) == [town.name]


@pytest.mark.parametrize("typed", ["", "e", "  ", "élant", "bourg elan", "' OR 1=1", '"', "*", "NEAR(", "a:b", "\x00"])
def test_what_does_not_answer_finds_nothing_and_breaks_nothing(typed, facilitator, town):
    assert found(typed, facilitator) == []


def test_what_belongs_to_a_structure_is_found_by_its_members_only(facilitator, outsider, reader, town):
    calibration = saved(facilitator, title="Réfection du préau")
    contact(facilitator, town, "Jeanne Marchand")
    assert found("préau", facilitator) == found("preau", reader) == [calibration.title]
    assert found("marchand", facilitator, "contact") == ["Jeanne Marchand"]
    assert found("préau", outsider) == found("marchand", outsider) == []
    assert found("saint elan", outsider) == [town.name]
    assert search("préau", None) == ()


def test_access_has_the_last_word_even_when_the_index_is_wrong(facilitator, outsider):
    calibration = saved(facilitator, title="Réfection du préau")
    SearchEntry.objects.filter(kind="calibration", object_id=calibration.pk).update(scopes="=kcalibration =s0")
    assert found("préau", outsider) == []


def test_a_change_is_found_at_once_and_a_refused_one_never(facilitator, town):
    identity = actions.Identity(name="Commune nouvelle du Thouet")
    with transaction.atomic():
        actions.update_organisation(facilitator, town.pk, identity, expected_revision=1, at=NOW)
        transaction.set_rollback(True)
    assert found("elan", facilitator) == [town.name]
    actions.update_organisation(facilitator, town.pk, identity, expected_revision=1, at=NOW)
    assert found("elan", facilitator) == []
    assert found("nouvelle", facilitator) == ["Commune nouvelle du Thouet"]


def test_a_merged_record_answers_through_the_one_kept(facilitator, town):
    other = organisation(facilitator, 5, "Mairie annexe", establishment=2)
    merge.merge(facilitator, town.pk, other.pk, at=NOW)
    assert found(siret_of(5, 2), facilitator) == found("annexe", facilitator) == [town.name]


def test_the_whole_number_comes_first_then_titles_that_begin_so(facilitator):
    organisation(facilitator, 31, "Bel")
    begins = organisation(facilitator, 32, "Thouet travaux publics et assainissement du bocage")
    organisation(facilitator, 33, "Bel Thouet")
    assert found("thouet", facilitator)[0] == begins.name
    assert found(siret_of(33), facilitator) == ["Bel Thouet"]


def test_each_kind_stops_at_its_limit_and_says_that_there_is_more(facilitator):
    for number in range(12):
        organisation(facilitator, 100 + number, f"Atelier {number}")
    (group,) = search("atelier", facilitator, limit=5)
    assert (len(group.hits), group.more) == (5, True)


def test_rebuilding_gives_what_the_actions_had_written(facilitator, town):
    saved(facilitator)
    contact(facilitator, town)
    before = sorted(SearchEntry.objects.values_list("kind", "object_id", "scopes", "words", "weight"))
    SearchEntry.objects.all().delete()
    SearchEntry.objects.create(kind="gone", object_id=1, scopes="=kgone", words="vieux", weight=1)
    said = []
    assert rebuild(say=lambda label, count: said.append((label, count))) == len(before) == 3
    assert sorted(SearchEntry.objects.values_list("kind", "object_id", "scopes", "words", "weight")) == before
    assert ("Organisations", 1) in said


def test_what_is_forgotten_is_not_found(facilitator, town):
    forget(town)
    assert found("elan", facilitator) == []


def many(count):
    rows = Organisation.objects.bulk_create(
        Organisation(
            siret=siret_of(1000 + rank), siren=siren_of(1000 + rank), name=f"Atelier du Thouet {rank}",
            sort_name=f"atelier du thouet {rank}", name_source="typed", created_at=NOW, updated_at=NOW,
        )
        for rank in range(count)
    )  # fmt: skip
    index_many(rows)


def test_searching_costs_the_same_queries_at_ten_and_a_thousand_rows(facilitator, client_of):
    client = client_of(facilitator)
    counts = []
    for count in (10, 1000):
        Organisation.objects.all().delete()
        SearchEntry.objects.all().delete()
        many(count)
        with CaptureQueriesContext(connection) as queries:
            assert "Atelier du Thouet" in client.get("/recherche/", {"q": "thouet"}).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_list_may_keep_what_answers_in_its_own_order(facilitator, town):
    answering = matching("organisation", "elan", facilitator)
    assert list(Organisation.objects.filter(pk__in=answering)) == [town]
    assert matching("organisation", "  ", facilitator) is None


def test_the_page_and_its_fragment_say_the_same(facilitator, client_of, town):
    client = client_of(facilitator)
    page = client.get("/recherche/", {"q": "elan"}).content.decode()
    fragment = client.get("/recherche/", {"q": "elan"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in fragment
    assert town.name in page
    assert town.name in fragment


def test_operations_and_pooling_agreements_are_found_by_their_own_people(facilitator, outsider):
    actions_of_contracts.create_operation(
        facilitator, name="Quartier des Ormeaux", programme="npnru", neighbourhoods=("QN07901M",), at=NOW
    )
    create_pooling(facilitator, company(), title="Chantiers réunis", at=NOW)
    assert found("ormeaux", facilitator) == found("qn07901m", facilitator) == ["Quartier des Ormeaux"]
    assert found("chantiers", facilitator) == ["Chantiers réunis"]
    assert "Chantiers réunis" in found("globalisation", facilitator)
    assert found("ormeaux", outsider) == found("chantiers", outsider) == []
    assert rebuild() >= 2
    assert found("ormeaux", facilitator) == ["Quartier des Ormeaux"]


def test_a_kind_with_more_answers_leads_to_its_whole_list(facilitator, client_of):
    for number in range(1, 11):
        organisation(facilitator, number, f"Propreté {number}")
    [group] = search("propreté", facilitator)
    assert group.more
    page = client_of(facilitator).get(group.all_url).content.decode()
    assert all(f"Propreté {number}" in page for number in range(1, 11))


def test_the_page_of_results_leads_to_the_searches_it_does_not_hold(facilitator, client_of):
    client = client_of(facilitator)
    page = client.get("/recherche/", {"q": "propreté & Cie"}).content.decode()
    [address] = re.findall(r'href="(/achats/\?[^"]+)"', page)
    assert QueryDict(html.unescape(address).partition("?")[2])["q"] == "propreté & Cie"
    assert "/achats/?" not in client.get("/recherche/").content.decode()
