import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from tests.purchases.conftest import key
from tests.serving_frames import purchase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
END = date(2027, 1, 15)


@pytest.fixture
def _today():
    with time_machine.travel("2026-11-21 10:00", tick=False):
        yield


def text(response) -> str:
    assert response.status_code == 200, response.content[:500]
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(plain))


def shown(response) -> list[str]:
    """The objects of the rows, in order."""
    found = re.findall(r"<a data-open[^>]*>([^<]*)</a>", response.content.decode())
    return [unescape(one).strip() for one in found]


def link(response, rel: str) -> str:
    found = re.search(rf'<a href="([^"]*)" rel="{rel}"', response.content.decode())
    return unescape(found[1]) if found else ""


def test_without_data_the_page_says_the_next_step_to_who_may_take_it(client_of, manager, reader, data) -> None:
    assert "Importer des données d’achat" in text(client_of(manager).get("/achats/"))
    page = text(client_of(reader).get("/achats/"))
    assert "Une personne responsable ou facilitatrice" in page
    assert "Importer des données" not in page


def test_the_title_counts_what_comes_back_in_two_years_and_every_state_is_written(client_of, reader, data) -> None:
    data(
        purchase(key(1), object="Nettoyage", required="yes", social_status="considered", social_clause=True),
        purchase(
            key(2), object="Sans montant", amount_cents=None, amount_flag="missing", holder_name=None, holder_id=None
        ),
        purchase(key(3), object="Plafond", amount_kind="ceiling", duration_source="cpv_median", buyer_name=None),
        purchase(key(4), object="Déjà remplacé", is_last_of_chain=False),
        purchase(key(5), object="Trop tard", estimated_end=date(2029, 1, 1)),
    )
    response = client_of(reader).get("/achats/")
    page = text(response)
    assert shown(response) == ["Nettoyage", "Sans montant", "Plafond"]
    assert "3 marchés reviennent d’ici novembre 2028" in page.replace("\u202f", " ")
    for words in ("obligatoire", "non renseigné", "plafond", "mois estimés", "nom inconnu", "oui (clause)"):
        assert words in page, words
    assert f"/calibrages/nouveau?achat={key(1)}" in response.content.decode()


def test_a_buyer_or_a_holder_nobody_names_shows_its_identifier_in_small_type(client_of, reader, data) -> None:
    siret, foreign = "21350238800019", "FR12345678901"
    data(purchase(key(1), buyer_name=None, buyer_id=siret, holder_name=None, holder_id=foreign, holder_count=3))
    html = " ".join(client_of(reader).get("/achats/").content.decode().split())
    assert f'nom inconnu <span class="cell-how">SIRET {siret}</span>' in html
    assert f'nom inconnu <span class="cell-how">identifiant {foreign} et 2 autres</span>' in html.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("obligation=oui", {"a"}),
        ("obligation=oui&obligation=a-verifier", {"a", "c"}),
        ("clause=non-renseigne", {"c"}),
        ("clause=oui", {"a"}),
        ("confiance=faible", {"b"}),
        ("cpv=45", {"b"}),
        ("cpv=45,%20909", {"a", "b", "c"}),
        ("min=1%20000", {"b"}),
        ("max=500", {"a", "c"}),
        ("acheteur=222222222", {"c"}),
        ("acheteur=ville%20de%20dole", {"c"}),
        ("acheteur=22222222200011", {"c"}),
        ("q=TOITURE", {"a"}),
        ("q=%C3%A9cole", {"a"}),
        ("depuis=2027-02", {"c"}),
        ("depuis=2027-01&mois=1", {"a", "b"}),
        ("fin_de=2027-02&fin_a=2027-03&obligation=to_check", {"c"}),  # as other rooms write it
        ("mois=0", {"a", "b", "c", "far"}),
        ("mois=0&remplaces=oui", {"a", "b", "c", "far", "gone"}),
    ],
)
def test_filters_of_the_address_are_the_list(client_of, reader, data, query: str, expected: set[str]) -> None:
    data(
        purchase(
            key(1),
            object="a",
            object_words="toiture ecole",
            required="yes",
            social_status="considered",
            amount_cents=100,
        ),
        purchase(key(2), object="b", cpv="45233140", confidence="low", social_status="none", amount_cents=100_000),
        purchase(
            key(3),
            object="c",
            estimated_end=date(2027, 3, 1),
            required="to_check",
            buyer_siren="222222222",
            buyer_name="Ville de Dole",
            amount_cents=50_000,
        ),
        purchase(key(4), object="far", estimated_end=date(2035, 1, 1), social_status="none"),
        purchase(key(5), object="gone", is_last_of_chain=False, estimated_end=date(2020, 1, 1)),
    )
    response = client_of(reader).get(f"/achats/?{query}")
    assert set(shown(response)) == expected


def test_each_filter_is_a_chip_whose_removal_keeps_the_others(client_of, reader, data) -> None:
    data(purchase(key(1)))
    html = unescape(client_of(reader).get("/achats/?cpv=90&min=10&q=ecoles").content.decode())
    removals = re.findall(r'<a href="(\?[^"]*)" class="chip-remove"', html)
    assert "?q=ecoles&min=10" in removals
    assert "?q=ecoles&cpv=90" in removals
    assert any("mois=0" in removal for removal in removals)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("cpv=4' OR 1=1", "n’est pas un code CPV"),
        ("min=beaucoup", "n’est pas un montant"),
        ("min=5&max=2", "minimum dépasse le maximum"),
        ("depuis=janvier", "n’est pas un mois"),
        ("mois=abc", "nombre de mois"),
        ("mois=99999", "240 mois au plus"),
        ("obligation=peut-etre", "n’est pas un choix possible"),
        ("acheteur=personne", "Aucun acheteur"),
        ("territoire=epci:000", "territoire"),
        ("tri=object;DROP TABLE purchases", "se trie"),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_at_its_field_and_leaves_the_list_whole(
    client_of, reader, data, query: str, words: str
) -> None:
    data(purchase(key(1)))
    response = client_of(reader).get(f"/achats/?{query}")
    page = text(response).replace("\u202f", " ")
    assert words in page or "territoire" in query
    assert "error-summary" in response.content.decode()
    assert shown(response) == ["Nettoyage des écoles"]
    assert "n’a pas pu être lu : la liste n’en tient pas compte" in page


def test_the_other_filters_hold_when_one_cannot_be_read_and_the_address_kept_is_without_it(
    client_of, reader, data
) -> None:
    data(purchase(key(1), object="a", cpv="45000000"), purchase(key(2), object="b"))
    response = client_of(reader).get("/achats/?min=abc&cpv=45")
    html = unescape(response.content.decode())
    assert shown(response) == ["a"]
    assert 'value="abc"' in html, "what was typed stays in its field"
    assert 'name="query" value="cpv=45"' in html
    assert "min=abc" not in html


def test_the_order_of_priority_puts_useful_mandatory_contracts_first_and_hides_nothing(client_of, reader, data) -> None:
    hours = [(1, None), (2, 149), (3, 150), (4, 900)]
    data(
        purchase(key(1), object="électricité", required="yes", estimated_end=date(2027, 1, 1)),
        purchase(key(2), object="petit ménage", required="yes", estimated_end=date(2027, 2, 1)),
        purchase(key(3), object="ménage", required="yes", estimated_end=date(2027, 3, 1)),
        purchase(key(4), object="voirie", required="no", estimated_end=date(2026, 12, 1)),
        purchase(key(5), object="à vérifier", required="to_check", estimated_end=date(2026, 12, 2)),
        hours=[
            {"contract_key": key(n), "trade": "cleaning", "hours_low": h, "hours_central": h, "hours_high": h}
            for n, h in hours
            if h
        ],
    )
    response = client_of(reader).get("/achats/?tri=priorite")
    assert shown(response) == ["ménage", "électricité", "petit ménage", "à vérifier", "voirie"]
    assert "d’au moins 150 h possibles" in text(response).replace("\u202f", " ")


def test_when_to_begin_preparing_shows_by_default(client_of, reader, data) -> None:
    data(purchase(key(1), prepare_from=date(2026, 3, 15)))
    html = client_of(reader).get("/achats/").content.decode()
    assert re.search(r'data-label="Préparer dès">\s*mars.2026', html)


def test_injections_are_only_words(client_of, reader, data) -> None:
    data(purchase(key(1), object="Peinture"))
    client = client_of(reader)
    for attempt in (
        "'; DROP TABLE purchases; --",
        '" OR 1=1',
        "%' UNION SELECT",
        "<script>alert(1)</script>",
        "?" * 50,
    ):
        response = client.get("/achats/", {"q": attempt})
        assert "<script>alert" not in response.content.decode()
        assert response.status_code == 200
    assert client.get("/achats/", {"apres": "1~' OR 1=1"}).status_code == 200
    assert client.get("/achats/", {"apres": "x~y", "avant": "9" * 40 + "~z"}).status_code == 200
    assert shown(client.get("/achats/")) == ["Peinture"]


@pytest.mark.parametrize("order", ["", "&tri=montant", "&tri=montant&sens=desc", "&tri=acheteur"])
def test_pages_go_forward_and_back_without_losing_a_row_when_rows_tie(
    client_of, reader, data, order: str, monkeypatch
) -> None:
    monkeypatch.setattr("dentelle.thread.purchases.listing.PAGE", 4)
    data(*(purchase(key(n), object=f"m{n:02}", amount_cents=100 * (n % 2)) for n in range(11)))
    client = client_of(reader)
    seen, address, pages = [], f"/achats/?mois=12{order}", []
    while True:
        response = client.get(address)
        seen += shown(response)
        pages.append(shown(response))
        if not link(response, "next"):
            break
        address = "/achats/" + link(response, "next")
    assert sorted(seen) == [f"m{n:02}" for n in range(11)]
    assert len(pages) == 3
    for expected in pages[-2::-1]:
        response = client.get("/achats/" + link(response, "prev"))
        assert shown(response) == expected
    assert link(response, "prev") == ""


def test_a_header_says_how_the_list_is_sorted_and_asks_for_the_other_way(client_of, reader, data) -> None:
    data(purchase(key(1), object="small", amount_cents=1), purchase(key(2), object="large", amount_cents=9))
    client = client_of(reader)
    response = client.get("/achats/?tri=montant&sens=desc")
    assert shown(response) == ["large", "small"]
    html = response.content.decode()
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in html
    assert shown(client.get("/achats/?tri=montant")) == ["small", "large"]


def test_a_page_makes_the_same_few_queries_whatever_the_number_of_rows(
    client_of, reader, data, assert_max_queries
) -> None:
    client = client_of(reader)
    made = []
    for count in (10, 1000):
        data(*(purchase(key(n), estimated_end=END + timedelta(days=n % 300)) for n in range(count)))
        with assert_max_queries(20) as captured:
            assert client.get("/achats/").status_code == 200
        made.append(len(captured))
    assert made[0] == made[1]


def test_columns_are_chosen_remembered_and_overruled_by_the_address(client_of, reader, data) -> None:
    data(purchase(key(1)))
    client = client_of(reader)
    answer = client.post(reverse("purchases:columns"), {"colonnes": ["objet", "cpv", "nonsense"], "query": "cpv=90"})
    assert answer["Location"] == "/achats/?cpv=90"
    assert re.findall(r'<th scope="col"[^>]*>', client.get("/achats/").content.decode())
    page = text(client.get("/achats/"))
    assert "90910000" in page
    assert "Propre SARL" not in page
    assert "Propre SARL" in text(client.get("/achats/?colonnes=objet&colonnes=titulaire"))


def test_a_view_is_kept_under_a_name_for_its_owner_only(client_of, reader, facilitator, outsider, data) -> None:
    data(purchase(key(1)))
    client = client_of(reader)
    client.post(reverse("purchases:save_view"), {"nom": "Ménage", "query": "cpv=90&apres=1~x&evil=1"})
    html = client.get("/achats/").content.decode()
    assert "/achats/?cpv=90" in html
    assert "apres" not in html.split("Vos vues")[1].split("</section>")[0]
    for other in (facilitator, outsider):
        assert "Ménage" not in text(client_of(other).get("/achats/"))
    twice = client.post(reverse("purchases:save_view"), {"nom": "Ménage", "query": ""}, follow=True)
    assert "Vous avez déjà une vue" in text(twice)
    view = re.search(r"/achats/vues/(\d+)/oublier/", html)[1]
    assert client_of(facilitator).post(f"/achats/vues/{view}/oublier/").status_code == 404
    client.post(f"/achats/vues/{view}/oublier/")
    assert "Ménage" not in text(client.get("/achats/"))


def test_the_window_begins_next_month_and_can_be_removed(client_of, reader, data) -> None:
    data(purchase(key(1), object="past", estimated_end=date(2020, 1, 1)), purchase(key(2), object="soon"))
    client = client_of(reader)
    assert shown(client.get("/achats/")) == ["soon"]
    assert shown(client.get("/achats/?mois=0")) == ["past", "soon"]


def test_buyers_are_offered_while_typing(client_of, reader, data) -> None:
    data(purchase(key(1), buyer_name="Ville de Saint-Étienne <b>"))
    html = client_of(reader).get("/achats/acheteurs/", {"acheteur": "etienne"}).content.decode()
    assert 'value="213502388"' in html
    assert "<b>" not in html


def test_nobody_reads_without_signing_in(client, data) -> None:
    data(purchase(key(1)))
    for address in ("/achats/", f"/achats/{key(1)}/", "/donnees/", "/donnees/rejets.csv", "/achats/acheteurs/"):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("typed", ["Deux-Sèvres", "deux-sevres", " department:79 ", "France", "FRANCE"])
def test_a_territory_is_asked_by_its_name(client_of, reader, data, ground_directory, settings, typed: str) -> None:
    settings.DENTELLE_GROUND = ground_directory
    data(purchase(key(1)))
    page = client_of(reader).get("/achats/", {"territoire": typed})
    assert "n’existe pas" not in text(page)
    assert 'class="field field-wrong"' not in page.content.decode()


def test_a_territory_nobody_knows_offers_near_ones(client_of, reader, data, ground_directory, settings) -> None:
    settings.DENTELLE_GROUND = ground_directory
    data(purchase(key(1)))
    assert "aucun territoire ne porte ce nom" in text(client_of(reader).get("/achats/", {"territoire": "Rennez"}))
