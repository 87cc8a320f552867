"""The pages of the directory, as people walk them."""

from html import unescape
from itertools import chain

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.directory.models import Contact, Organisation, OrganisationKind
from dentelle.foundations.search.actions import index_many
from tests.directory.making import TODAY, contact, organisation, siren_of, siret_of
from tests.directory.test_bounces import of, report
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(facilitator, client_of):
    return client_of(facilitator)


def text(response):
    return unescape(b"".join(response).decode() if response.streaming else response.content.decode())


def names(page):
    return [part.split("</a>")[0].split(">")[-1] for part in page.split('<th scope="row">')[1:]]


def test_an_organisation_is_added_from_its_siret_and_opened_when_it_exists(client):
    typed = {"siret": siret_of(1), "name": "Ville de Saint-Élan", "kinds": ["buyer"]}
    answer = client.post("/organisations/nouvelle", typed)
    here = Organisation.objects.get()
    assert answer["Location"] == f"/organisations/{here.pk}/"
    again = client.post("/organisations/nouvelle", {"siret": siret_of(1)}, follow=True)
    assert "a déjà sa fiche" in text(again)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"siret": "7,8E+13"}, "abîmé par un tableur"),
        ({"siret": siret_of(1)[:-1] + "1", "name": "x"}, "clé de contrôle"),
        ({"siret": siret_of(1)}, "donnez le nom"),
    ],
)
def test_what_is_refused_is_said_at_its_box_and_nothing_typed_is_lost(client, typed, said):
    page = client.post("/organisations/nouvelle", {**typed, "address": "1 rue du Lavoir"})
    assert page.status_code == 422
    assert said in text(page)
    assert "1 rue du Lavoir" in text(page)


def test_the_list_is_searched_filtered_and_paged_without_loss(client, facilitator, monkeypatch):
    from dentelle.foundations.directory import queries

    monkeypatch.setattr(queries.list_organisations, "__kwdefaults__", {"after": None, "before": None, "size": 3})
    for number in range(8):
        organisation(facilitator, number + 1, f"Atelier {number // 2}", kinds=["siae_ei"])
    organisation(facilitator, 50, "Zone")
    seen, address = [], "/organisations/?nature=siae_ei"
    while address:
        page = text(client.get(address))
        seen.append(names(page))
        following = page.split('rel="next"')[0].rpartition('href="')[2] if 'rel="next"' in page else ""
        address = f"/organisations/{following.split(chr(34))[0].replace('&amp;', '&')}" if following else ""
    assert [len(part) for part in seen] == [3, 3, 2]
    everything = list(chain.from_iterable(seen))
    assert everything == sorted(everything)
    back = page.split('rel="prev"')[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert names(text(client.get(f"/organisations/{back}"))) == seen[1]
    assert names(text(client.get("/organisations/?texte=zone"))) == ["Zone"]


@pytest.mark.parametrize("address", ["?apres=99999", "?avant=x", "?nature=inconnue", "?apres=" + "9" * 40])
def test_an_address_nobody_wrote_gives_the_list_from_its_beginning(client, facilitator, address):
    organisation(facilitator, 1, "Seule")
    assert names(text(client.get(f"/organisations/{address}"))) == ["Seule"]


def test_the_export_holds_the_filtered_list_with_numbers_as_texts(client, facilitator):
    organisation(facilitator, 1, "=CMD()", kinds=["buyer"])
    organisation(facilitator, 2, "Ailleurs")
    lines = text(client.get("/organisations/organisations.csv?nature=buyer")).splitlines()
    assert lines[0].startswith("\ufeffSIRET;SIREN;Nom")
    assert len(lines) == 2
    assert lines[1].startswith(f"{siret_of(1)[:3]} {siret_of(1)[3:6]} ")
    assert ";'=CMD();" in lines[1]


def test_a_merge_is_compared_then_done_then_the_duplicate_leads_to_the_rest(client, facilitator):
    kept = organisation(facilitator, 1, "Ville de Saint-Élan")
    double = organisation(facilitator, 1, "Mairie de St Élan", establishment=2)
    address = f"/organisations/{double.pk}/fusionner"
    assert "Ville de Saint-Élan" in text(client.get(address, {"texte": "ville"}))
    assert "Après la fusion" in text(client.get(address, {"avec": kept.pk}))
    assert client.post(address, {"avec": kept.pk})["Location"] == f"/organisations/{kept.pk}/"
    assert client.get(f"/organisations/{double.pk}/")["Location"] == f"/organisations/{kept.pk}/"
    assert "a fusionné dans cette fiche" in text(client.get(f"/organisations/{kept.pk}/"))


def test_a_merge_of_two_companies_says_why_it_is_refused(client, facilitator):
    kept, other = organisation(facilitator, 1), organisation(facilitator, 2)
    answer = client.post(f"/organisations/{other.pk}/fusionner", {"avec": kept.pk})
    assert answer.status_code == 409
    assert "même SIREN" in text(answer)


def test_a_change_made_meanwhile_is_shown_and_a_second_sending_is_a_decision(client, facilitator):
    here = organisation(facilitator, 1, "Avant")
    typed = {"name": "Première", "revision": 1}
    assert client.post(f"/organisations/{here.pk}/modifier", typed).status_code == 302
    late = client.post(f"/organisations/{here.pk}/modifier", {"name": "Seconde", "revision": 1})
    assert late.status_code == 409
    assert "Première" in text(late)
    assert 'value="2"' in text(late)
    client.post(f"/organisations/{here.pk}/modifier", {"name": "Seconde", "revision": 2})
    here.refresh_from_db()
    assert here.name == "Seconde"


def test_a_contact_is_added_warned_of_bounced_and_closed(client, facilitator):
    here = organisation(facilitator, 1)
    added = client.post(
        f"/organisations/{here.pk}/contacts/nouveau", {"name": "Accueil", "emails": "mairie@essai.example"}, follow=True
    )
    assert "adresse générique" in text(added)
    person = Contact.objects.get()
    email = person.emails.get()
    page = client.post(f"/organisations/adresses/{email.pk}/rebondit", follow=True)
    assert "rebondit depuis" in text(page)
    assert "Elle fonctionne" in text(page)
    client.post(f"/organisations/contacts/{person.pk}/clore")
    assert "ancien contact" in text(client.get(f"/organisations/{here.pk}/"))


def test_a_delivery_status_mail_is_dropped_and_told(client, facilitator):
    contact(facilitator, organisation(facilitator, 1), emails=["a@essai.example"])
    file = SimpleUploadedFile("avis.eml", report(of("a@essai.example")))
    assert "a@essai.example\u202f: rebondit" in text(client.post("/organisations/avis-de-non-remise", {"file": file}))
    refused = client.post("/organisations/avis-de-non-remise", {"file": SimpleUploadedFile("x.eml", b"Bonjour")})
    assert refused.status_code == 422
    assert "pas un avis de non-remise" in text(refused)


def test_a_reader_reads_and_is_offered_nothing_to_change(reader, facilitator, client_of):
    here = organisation(facilitator, 1)
    contact(facilitator, here)
    page = text(client_of(reader).get(f"/organisations/{here.pk}/"))
    assert "Jeanne Marchand" in page
    for words in ("Ajouter un contact", "Fusionner", "Elle rebondit", "Modifier"):
        assert words not in page


def test_another_structure_sees_the_organisation_and_none_of_its_contacts(outsider, facilitator, client_of):
    here = organisation(facilitator, 1, "Ville de tous")
    contact(facilitator, here)
    page = text(client_of(outsider).get(f"/organisations/{here.pk}/"))
    assert "Ville de tous" in page
    assert "Jeanne Marchand" not in page
    assert "a ajouté un contact" not in page
    assert facilitator.structure.name not in page
    assert facilitator.user.full_name not in page
    assert "une autre structure a créé la fiche" in page


def fill(membership, count, here):
    """``count`` organisations, and as many contacts in the one looked at."""
    rows = Organisation.objects.bulk_create(
        Organisation(
            siret=siret_of(2000 + rank), siren=siren_of(2000 + rank), name=f"Atelier {rank}",
            sort_name=f"atelier {rank}", name_source="typed", created_at=NOW, updated_at=NOW,
        )
        for rank in range(count)
    )  # fmt: skip
    OrganisationKind.objects.bulk_create(OrganisationKind(organisation=row, kind="siae_ei") for row in rows)
    index_many(rows)
    Contact.objects.bulk_create(
        Contact(structure=membership.structure, organisation=here, name=f"Contact {rank}", valid_from=TODAY)
        for rank in range(count)
    )


def test_lists_and_pages_cost_the_same_queries_at_ten_and_a_thousand_rows(client, facilitator):
    here = organisation(facilitator, 1, "Observée")
    addresses = ("/organisations/", "/organisations/?texte=atelier&nature=siae_ei", f"/organisations/{here.pk}/")
    counts = {address: [] for address in addresses}
    for count in (10, 1000):
        Organisation.objects.exclude(pk=here.pk).delete()
        Contact.objects.all().delete()
        fill(facilitator, count, here)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts[address].append(len(queries))
    for address, (few, many) in counts.items():
        assert few == many <= 20, address
