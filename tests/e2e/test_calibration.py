"""A facilitator answers a buyer: type, see the arithmetic, change a coefficient, keep, print, share, close."""

import io
from typing import Any

import pypdf
import pytest

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses.models import Calibration
from tests.e2e.browser import assert_accessible, snapshot

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_ground"),
]


def fill(page: Any) -> None:
    page.goto("/calibrages/nouveau")
    page.get_by_label("Montant estimé").fill("1 000 000")
    page.locator("#id_trade").select_option(label="Maçonnerie")
    page.get_by_label("Durée du contrat").fill("18")
    page.locator("#apercu").get_by_text("833 h d’insertion").wait_for()


def test_a_buyer_is_answered_today(page: Any, facilitator: Membership, sign_in: Any) -> None:
    sign_in(facilitator)
    fill(page)
    snapshot(page, "calibration-live")
    assert_accessible(page)
    cost = page.locator(".coefficient", has_text="Coût horaire de référence")
    cost.get_by_text("Changer cette valeur").click()
    cost.locator("input").fill("42")
    page.locator("#apercu").get_by_text("Dites pourquoi vous changez ce coefficient").wait_for()
    cost.locator("textarea").fill("Devis de trois entreprises")
    page.locator("#apercu").get_by_text("595 h d’insertion").wait_for()
    page.get_by_label("Intitulé du calibrage").fill("Réfection du groupe scolaire")
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_role("heading", name="595 h d’insertion : Réfection du groupe scolaire").wait_for()
    snapshot(page, "calibration")
    assert_accessible(page)
    with page.expect_download() as awaited:
        page.get_by_role("link", name="Note de calibrage (PDF)").click()
    note = pypdf.PdfReader(io.BytesIO(awaited.value.path().read_bytes()))
    assert "595" in note.pages[0].extract_text()
    page.get_by_role("button", name="Créer un lien").click()
    address = page.get_by_label("Adresse à envoyer à l’acheteur").input_value()
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_role("heading", name="En semaines et en emplois").wait_for()
    snapshot(page, "calibration-shared")
    assert_accessible(page)


def test_the_end_of_a_session_loses_nothing_typed(page: Any, facilitator: Membership, sign_in: Any) -> None:
    sign_in(facilitator)
    fill(page)
    page.get_by_label("Intitulé du calibrage").fill("Toiture de la médiathèque")
    page.context.clear_cookies()
    sign_in(facilitator)
    page.goto("/calibrages/nouveau")
    page.get_by_role("button", name="La reprendre").click()
    page.locator("#apercu").get_by_text("833 h d’insertion").wait_for()
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_role("heading", name="Toiture de la médiathèque").wait_for()
    assert Calibration.objects.get().hours == 833
    page.goto("/calibrages/nouveau")
    assert not page.get_by_role("button", name="La reprendre").is_visible()


def test_computing_works_without_any_script(chromium: Any, live_server: Any, facilitator: Membership) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/connexion/")
    page.locator("#id_username").fill(facilitator.user.email)
    page.locator("#id_password").fill("un mot de passe de test")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.goto("/calibrages/nouveau")
    page.get_by_label("Montant estimé").fill("1 000 000")
    page.locator("#id_trade").select_option(label="Maçonnerie")
    page.get_by_role("button", name="Calculer").click()
    page.locator("#apercu").get_by_text("833 h d’insertion").wait_for()
    context.close()


def test_on_a_phone_the_result_follows_the_form(page: Any, facilitator: Membership, sign_in: Any) -> None:
    sign_in(facilitator)
    fill(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("window.scrollTo(0, 0)")
    bar = page.locator("#resume-resultat")
    assert bar.bounding_box()["y"] < 844, "in sight without scrolling"
    bar.get_by_text("833 h d’insertion").wait_for()
    page.get_by_label("Montant estimé").fill("2 000 000")
    bar.get_by_text("1 667 h d’insertion").wait_for()
    assert page.locator(".summary-bar").count() == 1
    bar.get_by_role("link").click()
    assert 0 <= page.locator("#titre-resultat").bounding_box()["y"] < 200
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not bar.is_visible()


def test_on_a_wide_screen_the_result_stays_in_sight(page: Any, facilitator: Membership, sign_in: Any) -> None:
    sign_in(facilitator)
    fill(page)
    page.set_viewport_size({"width": 992, "height": 800})
    page.get_by_role("button", name="Enregistrer le calibrage").scroll_into_view_if_needed()
    box = page.locator(".calibration-result .answer-hours").bounding_box()
    assert 0 <= box["y"] < 400
