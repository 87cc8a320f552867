"""The territory of a list is chosen among names; its code is only what the address keeps."""

import re
from html import unescape

import pytest
from django.urls import reverse

from dentelle.opendata.ground import load_ground
from dentelle.thread.territory import actions
from tests.factories import NOW
from tests.purchases.conftest import key
from tests.serving_frames import purchase

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(settings, ground_directory):
    settings.DENTELLE_GROUND = ground_directory
    ground = load_ground(ground_directory)

    def keep(membership, name: str, spec: str):
        return actions.save_territory(membership, name=name, specs=[spec], reason="", ground=ground, at=NOW)

    return keep


def choices(response) -> list[tuple[str, str, bool]]:
    box = re.search(r'<select name="territoire".*?</select>', response.content.decode(), re.DOTALL)
    found = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', box[0] if box else "")
    return [(value, unescape(label), bool(chosen)) for value, chosen, label in found]


def test_the_structures_own_saved_ones_france_and_another_are_offered_by_name(client_of, facilitator, data, save):
    data(purchase(key(1)))
    own = save(facilitator, "Bassin rennais", "epci:243500139")
    other = save(facilitator, "Brest", "commune:29019")
    offered = [
        ("", "Mon territoire (Bassin rennais)", True),
        (f"perso:{other.pk}", "Brest", False),
        ("france", "France entière", False),
        ("autre", "un autre territoire…", False),
    ]
    client = client_of(facilitator)
    assert choices(client.get("/achats/")) == offered
    named_in_full = choices(client.get(f"/achats/?territoire=perso:{own.pk}"))
    assert named_in_full == [(f"perso:{own.pk}", "Mon territoire (Bassin rennais)", True), *offered[1:]]


def test_without_a_territory_the_whole_of_france_is_what_is_shown(client_of, reader, data, save):
    data(purchase(key(1)))
    assert choices(client_of(reader).get("/achats/"))[0] == ("", "France entière", True)


def test_a_territory_found_by_search_stays_chosen_under_its_name(client_of, reader, data, save):
    data(purchase(key(1)))
    offered = choices(client_of(reader).get("/achats/?territoire=department:35"))
    assert ("department:35", "Ille-et-Vilaine", True) in offered


def test_a_territory_of_another_structure_is_neither_offered_nor_named(client_of, facilitator, outsider, data, save):
    data(purchase(key(1)))
    theirs = save(outsider, "Bassin secret", "commune:29019")
    response = client_of(facilitator).get(f"/achats/?territoire=perso:{theirs.pk}")
    assert "Bassin secret" not in response.content.decode()
    assert "error-summary" in response.content.decode()


def test_another_territory_is_searched_for_then_listed_with_the_filters_kept(client_of, reader, data, save):
    data(purchase(key(1)))
    client = client_of(reader)
    sent = client.get("/achats/?q=nettoyage&cpv=90&territoire=autre")
    assert sent.status_code == 302
    assert sent.url == reverse("territory:choose") + "?achats=q%3Dnettoyage%26cpv%3D90"
    page = client.get(sent.url).content.decode()
    assert 'name="achats" value="q=nettoyage&amp;cpv=90"' in page
    assert "Les achats de quel territoire" in page
    found = unescape(client.get(f"{sent.url}&q=29019").content.decode())
    assert 'href="/achats/?q=nettoyage&cpv=90&territoire=commune%3A29019"' in found


def test_a_search_started_elsewhere_offers_no_list(client_of, reader, data, save):
    assert "Voir les achats" not in client_of(reader).get("/territoire/choisir/?q=29019").content.decode()


def test_a_list_too_long_for_an_address_is_refused_with_what_to_do(
    client_of, facilitator, data, save, ground_directory
):
    data(purchase(key(1)))
    many = sorted(load_ground(ground_directory).commune_codes())[:650]
    client = client_of(facilitator)
    for path, status in (("/achats/", 200), ("/territoire/", 404)):
        response = client.get(f"{path}?territoire=list:{','.join(many)}")
        page = unescape(response.content.decode())
        assert response.status_code == status
        assert "une liste de 650 communes est trop longue pour une adresse" in page
        assert many[600] not in page


def test_a_hand_picked_list_travels_by_its_number(client_of, facilitator, data, save, ground_directory):
    data(purchase(key(1)))
    client = client_of(facilitator)
    many = sorted(load_ground(ground_directory).commune_codes())[:650]
    answer = client.post("/territoire/enregistrer/", {"name": "Bassin", "reason": "", "pasted": "\n".join(many)})
    assert answer.status_code == 302
    query = answer["Location"].partition("?")[2]
    for address in (answer["Location"], f"/achats/?{query}", "/territoire/choisir/"):
        html = client.get(address).content.decode()
        links = re.findall(r'href="([^"]*)"', html)
        assert max(map(len, links)) < 300, address
        assert "Bassin" in html
