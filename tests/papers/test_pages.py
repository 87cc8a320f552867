"""The pages of papers: what serves now, reading, downloading, the dossier."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.association import associate_structure
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.models import Contract
from dentelle.thread.papers.catalogue import PAPERS
from dentelle.thread.papers.reading import text_of
from tests.contracts import making
from tests.factories import NOW, MembershipFactory
from tests.papers.making import plain

pytestmark = pytest.mark.django_db


def page(client, name: str, **kwargs: object) -> str:
    response = client.get(reverse(f"papers:{name}", kwargs=kwargs))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_first_what_serves_at_this_stage(facilitator, client_of) -> None:
    client = client_of(facilitator)
    draft, running = making.contract(facilitator), making.running(facilitator)
    assert "5 pièces servent" in plain(page(client, "contract", pk=draft.pk))
    assert "3 pièces servent" in plain(page(client, "contract", pk=running.pk))
    now, _, others = page(client, "contract", pk=running.pk).partition("Hors de leur moment")
    assert "Lettre de prise en charge" in now
    assert "Mention pour l’avis" in others


def test_a_paper_without_an_addressee_says_so_instead_of_opening(facilitator, client_of) -> None:
    draft = making.contract(facilitator)
    client = client_of(facilitator)
    assert "Aucun titulaire n’est saisi" in page(client, "contract", pk=draft.pk)
    response = client.get(reverse("papers:download", kwargs={"pk": draft.pk, "slug": "lettre"}), follow=True)
    assert "Aucun titulaire n’est saisi" in response.content.decode()


@pytest.mark.parametrize("kind", PAPERS, ids=lambda kind: kind.code)
def test_each_paper_downloads_as_a_word_document_that_opens(facilitator, client_of, kind) -> None:
    contract = making.running(facilitator)
    response = client_of(facilitator).get(reverse("papers:download", kwargs={"pk": contract.pk, "slug": kind.slug}))
    assert response["Content-Disposition"] == f'attachment; filename="{kind.slug}-{contract.pk}.docx"'
    document = Document(io.BytesIO(response.content))
    assert document.core_properties.title.startswith(kind.label)
    assert "{{" not in text_of(response.content)
    assert "{%" not in text_of(response.content)


def test_blanks_stand_on_a_marked_ground_in_the_document(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    response = client_of(facilitator).get(reverse("papers:download", kwargs={"pk": contract.pk, "slug": "ccap"}))
    marked = [
        run.text
        for paragraph in Document(io.BytesIO(response.content)).paragraphs
        for run in paragraph.runs
        if run.font.highlight_color is not None
    ]
    assert any("pénalités au regard du CCAG" in words for words in marked)
    assert all(words.startswith("[à compléter") and words.endswith("]") for words in marked)


def test_the_words_read_on_screen_are_those_of_the_document(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    shown = page(client_of(facilitator), "read", pk=contract.pk, slug="lettre")
    assert "Bâtisseurs 1" in shown
    assert "<mark>[à compléter" in shown


def test_the_dossier_holds_what_serves_and_a_page_that_says_what_is_left(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    response = client_of(facilitator).get(reverse("papers:dossier", kwargs={"pk": contract.pk}))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        names = archive.namelist()
        index = plain(text_of(archive.read("00-sommaire.docx")))
    assert names == ["00-sommaire.docx", "01-lettre.docx", "02-compte-rendu.docx", "03-avenant.docx"]
    assert "Lettre de prise en charge" in index
    assert "Reste à compléter :" in index
    assert "Modèle : celui de Dentelle." in index
    assert "Dû aujourd’hui : 833 h d’insertion" in index


def test_the_dossier_of_a_closed_contract_keeps_what_had_served(facilitator, client_of) -> None:
    contract = making.running(facilitator, 10)
    lock = {"expected_revision": contract.revision, "at": NOW}
    change = {"decided_on": NOW.date(), "reason": "Travaux ajoutés", "minutes_change": 60}
    actions.add_amendment(facilitator, contract.pk, obligation_pk=contract.obligations.get().pk, **change, **lock)
    total = actions.ClosingTotal({LeverCounts.INSERTION_HOURS: 11 * 60}, "Bilan", NOW.date())
    lock["expected_revision"] += 1
    actions.move_contract(facilitator, contract.pk, "close_met", total=total, **lock)
    client = client_of(facilitator)
    address = reverse("papers:dossier", kwargs={"pk": contract.pk})
    with zipfile.ZipFile(io.BytesIO(client.get(address).content)) as archive:
        names = archive.namelist()
        index = plain(text_of(archive.read("00-sommaire.docx")))
    kept = [name[3:-5] for name in names]
    assert {"ccap", "annexe-engagement", "lettre", "avenant"} <= set(kept)
    assert "compte-rendu" not in kept  # no plan was agreed: there was no kick-off to report
    assert "les pièces qui ont servi" in index
    assert address in client.get(reverse("contracts:detail", kwargs={"pk": contract.pk})).content.decode()


def test_a_structure_that_follows_a_part_writes_no_papers(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    other = MembershipFactory(facilitator=True)
    associate_structure(
        facilitator,
        contract.pk,
        other.structure_id,
        due_minutes=600,
        since=NOW.date(),
        expected_revision=contract.revision,
        at=NOW,
    )
    assert Contract.objects.filter(associations__structure=other.structure).exists()
    client = client_of(other)
    assert client.get(reverse("papers:contract", kwargs={"pk": contract.pk})).status_code == 404
    assert "titre-pieces" not in client.get(reverse("contracts:detail", kwargs={"pk": contract.pk})).content.decode()


def test_the_page_of_a_contract_leads_to_its_papers(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    shown = client_of(facilitator).get(reverse("contracts:detail", kwargs={"pk": contract.pk})).content.decode()
    assert reverse("papers:dossier", kwargs={"pk": contract.pk}) in shown
    assert "Compte rendu de démarrage" in shown


def test_a_reader_downloads_and_is_offered_no_template_to_send(reader, facilitator, client_of) -> None:
    contract = making.running(facilitator)
    client = client_of(reader)
    assert client.get(reverse("papers:dossier", kwargs={"pk": contract.pk})).status_code == 200
    assert "Envoyer le modèle" not in page(client, "template", slug="avis")
    assert client.post(reverse("papers:template", kwargs={"slug": "avis"})).status_code == 404


def test_a_paper_that_does_not_exist_is_not_found(facilitator, client_of) -> None:
    contract = making.running(facilitator)
    assert client_of(facilitator).get(f"/pieces/contrats/{contract.pk}/inconnue").status_code == 404


def test_the_papers_of_a_contract_cost_the_same_whatever_it_gathers(facilitator, client_of) -> None:
    small, large = making.running(facilitator), making.running(facilitator)
    for number in range(2, 12):
        actions.add_subcontract(
            facilitator,
            large.pk,
            large.holders.first().pk,
            SubcontractContent(making.company(number), due_minutes=60),
            expected_revision=large.revision,
            at=NOW,
        )
        large.refresh_from_db()
    client = client_of(facilitator)
    client.get(reverse("papers:contract", kwargs={"pk": small.pk}))
    counts = []
    for each in (small, large):
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("papers:download", kwargs={"pk": each.pk, "slug": "lettre"}))
        counts.append(len(made))
    assert counts[0] == counts[1] <= 40
