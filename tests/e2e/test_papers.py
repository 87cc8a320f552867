"""A facilitator reads a contract's papers, downloads its dossier, sends a template of her own, and settles a publication."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.papers.models import PaperTemplate
from dentelle.thread.papers.reading import text_of
from dentelle.thread.publications.models import Publication, PublicationState
from dentelle.thread.publications.queries import awaiting
from tests.contracts import making as contracts
from tests.e2e.browser import reached
from tests.factories import NOW
from tests.papers.making import plain, template
from tests.publications.making import award, loaded, looked, signed
from tests.purchases.conftest import data

__all__ = ["data"]
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("with_ground")]


def kept(page: Any, link: str, into: Path) -> Path:
    with page.expect_download() as waited:
        page.get_by_role("link", name=link, exact=True).click()
    path = into / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def test_a_facilitator_downloads_the_dossier_of_a_contract(
    page: Any, facilitator: Membership, sign_in: Any, tmp_path: Path
) -> None:
    contract = contracts.running(facilitator)
    sign_in(facilitator)
    page.goto(f"/contrats/{contract.pk}")
    reached(page, "papers-contract-section")
    page.get_by_role("link", name="Toutes les pièces du contrat").click()
    page.get_by_role("heading", name="pièces servent à ce contrat").wait_for()
    reached(page, "papers-contract")
    path = kept(page, "Télécharger le dossier clause", tmp_path)
    with ZipFile(path) as archive:
        assert archive.namelist()[0] == "00-sommaire.docx"
        said = plain(text_of(archive.read("01-lettre.docx")))
    assert "À l’attention de Bâtisseurs 1" in said
    assert "833 h d’insertion" in said
    page.get_by_role("link", name="Lire : Lettre de prise en charge").click()
    page.get_by_text("Ce que vous devez").wait_for()
    reached(page, "papers-read")


def test_a_structure_replaces_a_template(page: Any, facilitator: Membership, sign_in: Any, tmp_path: Path) -> None:
    contracts.running(facilitator)
    sign_in(facilitator)
    page.goto("/pieces/modeles/")
    reached(page, "papers-templates")
    page.get_by_role("link", name="Mention pour l’avis").click()
    assert kept(page, "Télécharger le modèle de Dentelle", tmp_path).suffix == ".docx"
    own = tmp_path / "notre-avis.docx"
    own.write_bytes(template("Notre avis : {{ marche.intitule }}, {{ marche.inconnue }}"))
    page.get_by_label("Votre modèle (.docx)").set_input_files(own)
    page.get_by_role("button", name="Envoyer le modèle").click()
    page.get_by_role("heading", name="variable inconnue dans la version").wait_for()
    reached(page, "papers-version-unknown")
    own.write_bytes(template("Notre avis : {{ marche.intitule }}"))
    page.get_by_role("link", name="envoyez la version suivante").click()
    page.get_by_label("Votre modèle (.docx)").set_input_files(own)
    page.get_by_role("button", name="Envoyer le modèle").click()
    page.get_by_text("Notre avis : Réfection du groupe scolaire").wait_for()
    page.get_by_role("button", name="Mettre en service").click()
    page.get_by_text("Ce modèle est en service").wait_for()
    reached(page, "papers-template")
    assert PaperTemplate.objects.count() == 2


def test_a_publication_is_confirmed_from_the_list(page: Any, facilitator: Membership, sign_in: Any, data: Any) -> None:
    signed(facilitator, number="")
    loaded(data, award(social_status="none", social_clause=False))
    looked()
    sign_in(facilitator)
    page.goto("/contrats/")
    page.get_by_role("link", name="Publications").click()
    reached(page, "publications-list")
    page.get_by_role("link", name="Confirmer ou refuser le rapprochement").click()
    reached(page, "publications-to-confirm")
    page.get_by_role("button", name="C’est ce contrat").click()
    page.get_by_text("Rapprochement confirmé.").wait_for()
    reached(page, "publications-different")
    assert Publication.objects.get().state == PublicationState.MATCHED
    assert [each.standing.value for each in awaiting(facilitator, NOW)] == ["different"]
