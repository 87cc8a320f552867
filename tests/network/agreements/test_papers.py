"""What people take from an agreement and put there: its text in Word, the signed copy, the example of 2020; what a partner opens."""

from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.network.agreements.actions.services import declare_service
from dentelle.network.agreements.models import Agreement, Signatory
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making
from tests.network.agreements.test_pages import post, words

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def member():
    return MembershipFactory(facilitator=True)


def page_of(browser, address):
    return " ".join(unescape(browser.get(address).content.decode()).replace("\u202f", " ").split())


def test_the_head_loads_the_agreement_of_2020_with_who_signed_it_and_its_empty_articles(member, client_of):
    head = making.head_of(member)
    browser = client_of(head)
    assert "Charger la convention de 2020" in browser.get("/conventions/").content.decode()
    for _ in range(2):
        assert browser.post(reverse("agreements:load-example")).status_code == 302
    example = Agreement.objects.get()
    assert list(Signatory.objects.values_list("full_name", flat=True)) == ["Yohan David", "Jean Bassères"]
    said = words(browser.get(reverse("agreements:document", args=[example.pk])).content)
    assert said.count("Texte non disponible") == 4
    assert "directeur général" in said
    assert "Charger la convention" not in browser.get("/conventions/").content.decode()
    assert client_of(member).post(reverse("agreements:load-example")).status_code == 404


def test_an_agreement_gives_its_text_in_word_with_what_is_to_complete(member, client_of):
    agreement = making.draft(member, title="Convention {{ 7 * 7 }}")
    said = words(client_of(member).get(reverse("agreements:document", args=[agreement.pk])).content)
    assert "Convention {{ 7 * 7 }}" in said
    assert "[à compléter : les articles]" in said.replace("\xa0", " ")


def test_the_signed_copy_is_taken_by_its_people_and_its_parties_and_by_nobody_else(member, client_of):
    agreement = making.local(member)
    given = {"file": SimpleUploadedFile("signee.pdf", PDF, "application/pdf")}
    assert post(client_of(member), "act", agreement, "exemplaire", **given).status_code == 302
    inside, outside = (reverse(f"agreements:{door}signed-file", args=[agreement.pk]) for door in ("", "seat-"))
    colleague = MembershipFactory(structure=member.structure, reader=True)
    for browser, address in ((client_of(colleague), inside), (client_of(making.partner_seat()), outside)):
        got = browser.get(address)
        assert b"".join(got.streaming_content) == PDF
    neighbour = client_of(MembershipFactory(manager=True))
    assert neighbour.get(inside).status_code == 404
    assert inside not in neighbour.get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    StoredFile.objects.update(state=FileState.QUARANTINED)
    assert client_of(member).get(inside).status_code == 404
    assert "attente de l’antivirus" in page_of(client_of(member), reverse("agreements:detail", args=[agreement.pk]))


def test_another_file_than_a_pdf_is_refused_at_its_field(member, client_of):
    agreement = making.local(member)
    given = {"file": SimpleUploadedFile("signee.pdf", b"MZ\x00\x01", "application/pdf")}
    assert post(client_of(member), "act", agreement, "exemplaire", **given).status_code == 422


def test_a_partner_with_nothing_to_move_is_offered_no_dead_end(member, client_of):
    agreement = making.local(member)
    seat = client_of(making.partner_seat())
    page = page_of(seat, reverse("agreements:seat-detail", args=[agreement.pk]))
    assert "Changer d’étape" not in page
    assert "Aucune étape" in page_of(seat, reverse("agreements:seat-act", args=[agreement.pk, "etape"]))


def test_a_siret_is_read_with_the_spaces_people_type(member, client_of):
    agreement = making.draft(member)
    siret = making.partner().siret
    typed = f" {siret[:3]} {siret[3:6]}\u00a0{siret[6:9]}  {siret[9:]} "
    given = {"siret": typed, "side": "partner", "is_public": "yes"}
    assert post(client_of(member), "act", agreement, "partie", **given).status_code == 302
    assert agreement.parties.get().organisation == making.partner()


def test_the_page_of_a_local_agreement_leads_to_its_framework_and_to_practices(member, client_of):
    agreement = making.local(member)
    page = client_of(member).get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    assert f'href="{reverse("agreements:detail", args=[agreement.framework_id])}"' in page
    assert reverse("practices:near") in page


def test_an_amendment_typed_on_its_page_adds_what_was_opened(member, client_of):
    agreement = making.local(member)
    article = agreement.articles.get()
    given = {
        "signed_on": NOW.date().isoformat(),
        "reason": "Un engagement de plus",
        "commitment_article": article.pk,
        "text": "Ouvrir un guichet",
        "own_lead": "coordination",
        "partner_lead": "agence",
        "side": "other",
    }
    short = {**given, "partner_lead": ""}
    refused = post(client_of(member), "act", agreement, "avenant", **short)
    assert refused.status_code == 422
    assert post(client_of(member), "act", agreement, "avenant", **given).status_code == 302
    assert agreement.commitments.filter(amendment__number=1).get().text == "Ouvrir un guichet"
    page = page_of(client_of(member), reverse("agreements:detail", args=[agreement.pk]))
    assert "Il ajoute l’engagement « Ouvrir un guichet »" in page


def test_an_organisation_named_on_the_map_reads_it_and_writes_nothing(member, client_of):
    seat = making.partner_seat()
    browser = client_of(seat)
    address = reverse("agreements:seat-map")
    assert address not in browser.get("/mes-conventions/").content.decode()
    assert "Aucune structure n’a encore déclaré" in page_of(browser, address)
    known = {"service": "mobility", "public": "all", "places": ["commune:79191"], "detail": "Un mardi sur deux"}
    declare_service(member, organisation=making.partner(), **known, at=NOW)
    assert address in browser.get("/mes-conventions/").content.decode()
    page = page_of(browser, address)
    assert "Retirer" not in page
    assert "Ajouter une ligne" not in page
    assert browser.post(address).status_code in {404, 405}


def test_the_word_document_opens_with_its_parties(member, client_of):
    agreement = making.local(member)
    answer = client_of(making.partner_seat()).get(reverse("agreements:seat-document", args=[agreement.pk]))
    tables = Document(BytesIO(answer.content)).tables
    assert making.partner().name in [cell.text for cell in tables[0].columns[0].cells]
