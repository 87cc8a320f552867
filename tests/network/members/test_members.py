"""The directory, the ground nobody covers, the balance, the public page, what leaves for data.inclusion."""

import json
from datetime import date

import pytest
from data_inclusion.schema.v1 import Structure as Published
from django.test import Client
from django.urls import reverse

from dentelle.foundations.organisations.models import Coverage, Device, DeviceKind, StructureKind
from dentelle.network.governance.actions import offices
from dentelle.network.governance.actions.offices import Place
from dentelle.network.members import actions, data_inclusion, ground, queries
from dentelle.network.members.models import PublicDirectory
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.forms import sent_back, text
from tests.network.governance import making

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
GATINE, NIORT = "epci:200041333", "epci:200041317"


def member(name="PLIE des Deux Rives", places=(NIORT,), device=DeviceKind.PLIE, **kwargs):
    structure = StructureFactory(name=name, **kwargs)
    Coverage.objects.create(
        structure=structure, version=1, valid_from=date(2026, 1, 1), places=list(places), created_at=NOW
    )
    if device:
        Device.objects.create(structure=structure, kind=device, name=f"{device} {name}", opened_on=date(2026, 1, 1))
    return structure


def found(network_id):
    return queries.members(network_id, today=TODAY)


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_people_covered_by_two_members_count_once(the_ground):
    first = member()
    member("Voisin", places=[NIORT])
    figures = queries.figures(found(first.network_id))
    assert figures.members == 2
    assert figures.communes == len(the_ground.communes_of("epci", NIORT.partition(":")[2]))
    assert figures.population == the_ground.population_of(the_ground.communes_of("epci", NIORT.partition(":")[2]))


def test_white_areas_and_covered_ones_add_up_to_the_ground(the_ground):
    network = member().network_id
    covered = queries.covered(found(network))
    shares = ground.departments(the_ground, covered)
    assert sum(share.communes - share.white_communes for share in shares) == len(covered)
    assert sum(share.population - share.white_population for share in shares) == the_ground.population_of(covered)
    (here,) = [share for share in shares if share.code == "79"]
    inside = ground.epcis(the_ground, covered, "79")
    assert sum(share.white_population for share in inside) == here.white_population
    assert NIORT.partition(":")[2] not in {share.code for share in inside}
    first = inside[0]
    listed = ground.white_communes(the_ground, covered, first.code, "79")
    assert (len(listed), sum(row.population for row in listed)) == (first.white_communes, first.white_population)


def test_a_hundred_percent_means_everybody(the_ground):
    covered = the_ground.communes_of("department", "79")
    less = covered - {min(covered, key=lambda code: the_ground.commune(code).population or 0)}
    (whole,) = [share for share in ground.departments(the_ground, covered) if share.code == "79"]
    (almost,) = [share for share in ground.departments(the_ground, less) if share.code == "79"]
    assert (whole.covered_percent, almost.covered_percent) == (100, 99)


def test_a_place_without_the_device_asked_for_is_white_for_it(the_ground):
    network = member(device=DeviceKind.PLIE).network_id
    assert queries.covered(found(network), DeviceKind.PLIE)
    assert not queries.covered(found(network), DeviceKind.SOCIAL_CLAUSE)


def test_a_closed_device_a_closed_structure_and_another_network_are_not_there(the_ground):
    kept = member()
    Device.objects.update(closed_on=TODAY)
    member("Fermée", closed=True)
    member("Ailleurs", network=NetworkFactory(name="Autre réseau"))
    (one,) = found(kept.network_id)
    assert (one.structure, one.devices) == (kept, ())


def test_the_directory_is_searched_by_the_words_of_a_place(the_ground):
    network = member().network_id
    member("Communauté de Gâtine", places=[GATINE], device=None)
    words = queries.Filters(text="parthenay")
    assert [one.structure.name for one in queries.chosen(found(network), words)] == ["Communauté de Gâtine"]


def test_balance_counts_members_seats_and_voices_and_forgets_nobody(the_ground):
    structure = member(kind=StructureKind.PLIE)
    seat = NetworkSeatFactory(network=structure.network)
    board = making.body(seat)
    making.mandate(seat)
    making.office(seat, board, name="Ana", structure=structure, gender="woman")
    making.office(seat, making.body(seat, "bureau", "Bureau"), name="Ana")  # sits twice, told once who she is
    making.office(seat, board, name="Luc")
    offices.open_office(seat, Place("Plus tard", "member", board, structure), starts_on=date(2030, 1, 1), at=NOW)
    making.office(seat, board, name="Technicien", role="technician")
    making.concern(making.official(structure))
    views = {view.title: view.rows for view in queries.balance(seat.network_id, making.mandate(seat), today=TODAY)}
    region, elsewhere = views["Région"]
    assert (region.label, region.members, region.people, region.concerns) == ("Nouvelle-Aquitaine", 1, 1, 1)
    assert (elsewhere.label, elsewhere.people) == ("hors des membres actuels", 1)
    assert [(row.label, row.people) for row in views["Genre des personnes qui siègent"]] == [
        ("femme", 1),
        ("non renseigné", 1),
    ]


def test_balance_of_a_mandate_that_is_over_counts_all_who_sat_in_it(the_ground):
    structure = member(kind=StructureKind.PLIE)
    seat = NetworkSeatFactory(network=structure.network)
    board = making.body(seat)
    former = making.mandate(seat)
    left, stayed = making.office(seat, board, name="Ana"), making.office(seat, board, name="Luc")
    offices.end_office(seat, left.pk, ends_on=date(2026, 6, 1), at=NOW)
    offices.hand_over(seat, offices.Handover("Suivant", TODAY, date(2026, 11, 20), [stayed.pk], []), at=NOW)
    former.refresh_from_db()
    counts = {
        each: queries.balance(seat.network_id, each, today=TODAY)[-1].rows[0].people
        for each in (former, making.mandate(seat))
    }
    assert list(counts.values()) == [2, 1]


def test_a_page_past_the_last_one_shows_the_last_one(the_ground):
    client = browser(MembershipFactory(structure=member()))
    shown = client.get(reverse("members:directory"), {"page": "999"}).content.decode()
    assert "PLIE des Deux Rives" in shown
    assert "Aucun membre ne répond" not in shown


def test_the_public_page_exists_once_opened_and_names_no_person(the_ground):
    structure = member(email="accueil@plie.example", phone="05 36 49 10 02")
    manager = MembershipFactory(structure=structure, manager=True)
    seat = NetworkSeatFactory(network=structure.network)
    address = reverse("members:public", args=[structure.network_id])
    assert Client().get(address).status_code == 404
    actions.open_to_anyone(seat, words="Un réseau d’essai", at=NOW)
    assert address in Client().get(reverse("account_login")).content.decode()
    page = Client().get(address).content.decode()
    assert structure.name in page
    assert "Un réseau d’essai" in page
    for private in (manager.user.full_name, seat.user.full_name, structure.email, structure.phone):
        assert private not in page
    actions.close_to_others(seat, at=NOW)
    assert Client().get(address).status_code == 404


def test_what_leaves_is_what_the_published_schema_reads(the_ground):
    structure = member(
        kind=StructureKind.PLIE,
        siret="13003013300016",
        email="accueil@plie.example",
        phone="0536491002",
        address="12 quai de la Sèvre, 79000 Niort",
    )
    (one,) = data_inclusion.exported(structure.network, found(structure.network_id))
    [read] = json.loads(data_inclusion.as_file([one]))
    assert Published.model_validate(read).siret == "13003013300016"
    assert (read["adresse"], read["code_postal"], read["commune"], read["code_insee"]) == (
        "12 quai de la Sèvre",
        "79000",
        "Niort",
        "79191",
    )
    assert read["reseaux_porteurs"] == ["plie"]
    assert read["date_maj"] == "2026-11-21"
    assert read["id"] == f"{read['source']}--{structure.slug}"
    assert (one.refused, one.missing) == ((), ())


def test_a_field_the_schema_refuses_is_left_out_and_told(the_ground):
    structure = member(siret="123", email="accueil")
    (one,) = data_inclusion.exported(structure.network, found(structure.network_id))
    assert set(one.refused) == {"SIRET", "adresse électronique"}
    assert "siret" not in one.data
    assert set(one.missing) == {"adresse", "code de la commune", "téléphone"}


def test_a_structure_the_schema_refuses_stays_and_is_told(the_ground):
    structure = member(name="PL")
    (one,) = data_inclusion.exported(structure.network, found(structure.network_id))
    assert (one.data, one.refused) == (None, ("nom",))
    assert json.loads(data_inclusion.as_file([one])) == []


def test_an_address_is_read_only_as_far_as_it_is_certain(the_ground):
    structure = member(address="1 place du Marché, 79200 Ailleurs-sur-Rien")
    (one,) = data_inclusion.exported(structure.network, found(structure.network_id))
    assert one.data["commune"] == "Ailleurs-sur-Rien"
    assert "code_insee" not in one.data


@pytest.mark.parametrize("name", ["directory", "white-areas", "balance"])
def test_pages_cost_the_same_however_many_members(name, the_ground, assert_max_queries):
    for rank in range(12):
        structure = member(f"Membre {rank}")
    seat = NetworkSeatFactory(network=structure.network)
    making.mandate(seat)
    client = browser(MembershipFactory(structure=structure, reader=True))
    client.get(reverse("members:directory"))
    with assert_max_queries(14):
        answer = client.get(reverse(f"members:{name}"))
    assert answer.status_code == 200


def test_white_areas_open_down_to_communes(the_ground):
    client = browser(MembershipFactory(structure=member()))
    address = reverse("members:white-areas")
    assert "Deux-Sèvres" in client.get(address).content.decode()
    department = client.get(address, {"departement": "79"}).content.decode()
    assert "Parthenay-Gâtine" in department
    communes = client.get(address, {"departement": "79", "epci": GATINE.partition(":")[2]}).content.decode()
    assert "Parthenay" in communes
    assert "79202" in communes


def test_the_head_sees_what_is_ready_and_takes_the_file(the_ground):
    structure = member(siret="123")
    client = browser(NetworkSeatFactory(network=structure.network))
    assert "SIRET" in client.get(reverse("members:inclusion")).content.decode()
    answer = client.get(reverse("members:inclusion-file"))
    assert answer["Content-Type"].startswith("application/json")
    assert json.loads(answer.content)[0]["nom"] == structure.name
    assert (
        browser(MembershipFactory(structure=structure, manager=True)).get(reverse("members:inclusion-file")).status_code
        == 404
    )


def test_the_directory_says_how_to_reach_a_member_to_its_network_alone():
    structure = member(address="3 rue des Ormes", phone="05 49 00 00 00", email="accueil@plie.example")
    seat = NetworkSeatFactory(network=structure.network)
    known = ("3 rue des Ormes", "05 49 00 00 00", "mailto:accueil@plie.example")
    shown = browser(seat).get(reverse("members:directory")).content.decode()
    assert [words in shown for words in known] == [True] * 3
    actions.open_to_anyone(seat, words="", at=NOW)
    outside = Client().get(reverse("members:public", args=[structure.network_id])).content.decode()
    assert structure.name in outside
    assert [words in outside for words in known] == [False] * 3


def test_words_of_the_public_page_written_by_two_people_are_both_shown(client_of):
    seat = NetworkSeatFactory()
    client, address = client_of(seat), reverse("members:public-settings")
    actions.open_to_anyone(seat, words="Un réseau d’essai", at=NOW)
    opened = client.get(address)
    assert client.post(address, sent_back(opened, "words", words="Le premier texte")).status_code == 302
    conflict = client.post(address, sent_back(opened, "words", words="Le second texte"))
    assert conflict.status_code == 409
    assert "Le premier texte" in text(conflict)
    assert PublicDirectory.objects.get().words == "Le premier texte"
    assert client.post(address, sent_back(conflict, "words")).status_code == 302
    assert PublicDirectory.objects.get().words == "Le second texte"


def test_a_public_page_closed_meanwhile_is_not_opened_again_unawares(client_of):
    seat = NetworkSeatFactory()
    client, address = client_of(seat), reverse("members:public-settings")
    actions.open_to_anyone(seat, words="Un réseau d’essai", at=NOW)
    opened = client.get(address)
    client.post(address, {"fermer": "1"})
    told = client.post(address, sent_back(opened, "words"))
    assert told.status_code == 422
    assert "fermée pendant que vous écriviez" in text(told)
    assert not PublicDirectory.objects.exists()
    assert client.post(address, sent_back(told, "words")).status_code == 302
    assert PublicDirectory.objects.get().words == "Un réseau d’essai"
