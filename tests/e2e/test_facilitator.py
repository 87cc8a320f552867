"""The path the product is for: a territory, a contract that must carry a social condition, a clause, a note, a link."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.e2e.browser import SNAPSHOTS, reached, snapshot

pytestmark = pytest.mark.e2e


def downloaded(page: Any, link: str, into: Path) -> Path:
    """Click a link and return the file it gives."""
    with page.expect_download() as waited:
        page.get_by_role("link", name=link).click()
    path = into / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def test_from_a_territory_to_a_note_in_the_hands_of_the_buyer(
    page: Any, visit: Callable[[], Any], demo: Callable[..., None], tmp_path: Path
) -> None:
    page.goto("/")
    reached(page, "demo-login")
    demo(page, "nadia")
    page.get_by_role("link", name="Territoire", exact=True).click()
    page.get_by_role("heading", level=1, name="marchés reviennent d’ici").wait_for()
    reached(page, "demo-territory")

    page.get_by_role("link", name="marchés à condition sociale obligatoire").click()
    page.locator(".chip", has_text="condition sociale obligatoire").wait_for()
    reached(page, "demo-mandatory")
    # a supply of goods carries hardly any work: the facilitator takes a service
    contract = page.locator(
        "[data-open]", has_text=re.compile("nettoyage|transport|entretien|restauration", re.IGNORECASE)
    ).first
    chosen = contract.inner_text()
    contract.click()
    page.get_by_role("heading", level=1).filter(has_text=chosen[:30]).wait_for()
    reached(page, "demo-contract")

    page.get_by_role("link", name="Calibrer").first.click()
    result = page.locator("#apercu")
    before = result.locator(".answer-hours").inner_text()
    assert page.get_by_label("Intitulé du calibrage").input_value()
    reached(page, "demo-calibrate")

    effort = page.locator(".coefficient", has_text="Taux d’effort")
    effort.locator("summary").click()
    effort.get_by_label("Taux d’effort").first.fill("10")
    page.wait_for_function("(was) => document.querySelector('#apercu .answer-hours')?.innerText !== was", arg=before)
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.locator(".error-summary").wait_for()
    reached(page, "demo-calibrate-without-reason")
    effort.get_by_label("Motif").fill("Taux voté par les élus du bassin en 2026")
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_text("Calibrage enregistré.").wait_for()
    page.locator(".arithmetic", has_text="Taux voté par les élus du bassin en 2026").first.wait_for()
    assert before not in page.get_by_role("heading", level=1).inner_text()
    reached(page, "demo-calibration")

    pdf = downloaded(page, "Note de calibrage (PDF)", tmp_path)
    assert pdf.read_bytes()[:5] == b"%PDF-"
    assert b"Taux vot\xc3\xa9" in ZipFile(downloaded(page, "Note (Word)", tmp_path)).read("word/document.xml")

    page.get_by_role("link", name="Recalculer").click()
    page.get_by_text("identique").first.wait_for()
    reached(page, "demo-recompute")
    page.go_back()

    page.get_by_role("button", name="Créer un lien").click()
    address = page.get_by_label("Adresse à envoyer à l’acheteur").input_value()
    reached(page, "demo-link")
    buyer = visit()
    buyer.goto(address)
    buyer.get_by_role("heading", level=1).filter(has_text="h d’insertion").wait_for()
    assert buyer.get_by_role("navigation", name="Principale").count() == 0
    reached(buyer, "demo-shared")
    assert downloaded(buyer, "Télécharger la note (PDF)", tmp_path).read_bytes()[:5] == b"%PDF-"

    page.get_by_role("link", name="C’est copié, revenir").click()
    page.get_by_role("button", name="Fermer le lien").first.click()
    page.get_by_text("Lien fermé").wait_for()
    answer = buyer.goto(address)
    assert answer.status == 404
    assert chosen[:20] not in buyer.content()
    reached(buyer, "demo-link-closed")


def test_every_page_of_the_menu_prints(page: Any, demo: Callable[..., None], tmp_path: Path) -> None:
    demo(page, "nadia")
    for address in ("/territoire/", "/achats/?obligation=oui", "/calibrages/1/", "/donnees/"):
        page.goto(address)
        page.set_viewport_size({"width": 690, "height": 980})  # what A4 leaves between its margins
        page.emulate_media(media="print")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, address
        assert page.pdf(format="A4")[:5] == b"%PDF-"
        page.screenshot(path=SNAPSHOTS / f"print-{address.strip('/').split('/')[0]}.png", full_page=True)
        page.emulate_media(media="screen")


def test_the_other_pages_of_the_demonstration(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "paul")
    for name, address in {
        "demo-data": "/donnees/",
        "demo-calibrations": "/calibrages/",
        "demo-calibrate-by-hand": "/calibrages/nouveau",
        "demo-choose": "/territoire/choisir/?q=bressuire",
        "demo-region": "/territoire/?territoire=region:75",
        "demo-jobs": "/travaux/",
        "demo-unknown": "/nulle-part/",
    }.items():
        page.goto(address)
        reached(page, name)
    page.goto("/calibrages/nouveau")
    page.get_by_label("Méthode").get_by_text("par lots").or_(page.get_by_label("par lots")).first.check()
    snapshot(page, "demo-calibrate-lots")
