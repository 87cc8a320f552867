"""The list of purchases: narrowed, ordered, turned, walked with the keyboard, taken away."""

import csv
import io
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest

from tests.e2e.browser import reached

pytestmark = pytest.mark.e2e


@pytest.fixture
def lists(page: Any, demo: Callable[..., None]) -> Any:
    """The facilitator of the demonstration, on the list of what comes back in France."""
    demo(page, "nadia")
    page.goto("/achats/?territoire=france")
    return page


def objects(page: Any) -> list[str]:
    return page.locator("[data-open]").all_inner_texts()


def test_filters_become_chips_that_can_be_taken_off(lists: Any) -> None:
    lists.goto("/achats/?territoire=department:79")
    assert lists.get_by_label("Territoire").locator("option:checked").inner_text().startswith("Deux-Sèvres")
    lists.get_by_label("Mots").fill("nettoyage")
    lists.get_by_role("button", name="Filtrer").first.click()
    lists.locator(".chip", has_text="contient « nettoyage »").wait_for()
    lists.locator(".chip", has_text="Deux-Sèvres").wait_for()
    assert all("ettoyage" in text for text in objects(lists))
    reached(lists, "purchases-filtered")
    lists.locator(".chip", has_text="nettoyage").get_by_role("link").click()
    lists.locator(".chip", has_text="nettoyage").wait_for(state="detached")
    assert "q=" not in lists.url


def test_a_filter_nobody_can_read_says_what_to_write(lists: Any) -> None:
    lists.goto("/achats/?territoire=Bresuire&depuis=demain&min=cher")
    lists.get_by_text("« demain » n’est pas un mois").first.wait_for()
    assert lists.get_by_text("aucun territoire ne porte ce nom").first.is_visible()
    assert lists.get_by_label("Fin estimée depuis").input_value() == "demain"
    reached(lists, "purchases-unreadable")


def test_pages_follow_each_other_and_come_back(lists: Any) -> None:
    lists.get_by_role("link", name="Montant attribué").click()
    lists.wait_for_url("**tri=montant**")
    first = objects(lists)
    lists.get_by_role("link", name="Page suivante").click()
    lists.get_by_text("51 à 100").wait_for()
    assert not set(objects(lists)) & set(first) or objects(lists) != first
    lists.get_by_role("link", name="Page précédente").click()
    lists.get_by_text("1 à 50").wait_for()
    assert objects(lists) == first


def test_columns_are_chosen_and_remembered(lists: Any) -> None:
    lists.get_by_text("Choisir les colonnes").click()
    panel = lists.locator("details", has_text="Choisir les colonnes")
    panel.get_by_label("Titulaire").uncheck()
    panel.get_by_label("CPV").check()
    panel.get_by_role("button", name="Afficher ces colonnes").click()
    lists.get_by_role("columnheader", name="CPV").wait_for()
    lists.goto("/achats/")
    assert lists.get_by_role("columnheader", name="Titulaire").count() == 0
    reached(lists, "purchases-columns")


def test_the_list_is_walked_with_the_keyboard(lists: Any) -> None:
    lists.keyboard.press("j")
    lists.keyboard.press("j")
    lists.keyboard.press("k")
    assert lists.evaluate("document.activeElement === document.querySelector('[data-open]')")
    lists.keyboard.press("/")
    assert lists.evaluate("document.activeElement.id") == "id_q"
    lists.keyboard.press("Escape")
    lists.evaluate("document.activeElement.blur()")
    lists.keyboard.press("?")
    lists.get_by_role("dialog", name="Raccourcis clavier").wait_for()
    reached(lists, "purchases-keyboard")
    lists.keyboard.press("Escape")
    lists.keyboard.press("j")
    chosen = objects(lists)[0]
    lists.keyboard.press("Enter")
    lists.get_by_role("heading", level=1).filter(has_text=chosen[:25]).wait_for()


def test_a_phone_shows_cards(lists: Any) -> None:
    lists.set_viewport_size({"width": 390, "height": 844})
    row = lists.locator("[data-row]").first
    assert row.get_by_role("link", name="Calibrer").is_visible()
    assert row.bounding_box()["height"] < 190
    assert lists.locator("thead").first.bounding_box()["height"] <= 1


def export(page: Any, form: str, finish_jobs: Callable[[Any], None]) -> bytes:
    page.get_by_text("Exporter ").click()
    page.get_by_role("button", name=form).click()
    page.get_by_role("heading", level=1, name="Exporter une liste d’achats").wait_for()
    finish_jobs(page)
    link = page.locator(".job-files a")
    link.wait_for()
    reached(page, f"export-{'csv' if 'CSV' in form else 'xlsx'}")
    with page.expect_download() as waited:
        link.click()
    return waited.value.path().read_bytes()


def test_the_whole_list_is_taken_away_as_text_and_as_a_spreadsheet(
    lists: Any, finish_jobs: Callable[[Any], None]
) -> None:
    lists.goto("/achats/")
    total = int("".join(filter(str.isdigit, lists.locator(".list-bar strong").inner_text())))
    rows = list(csv.reader(io.StringIO(export(lists, "Texte (CSV)", finish_jobs).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == total + 1
    lists.goto("/achats/")
    book = ZipFile(io.BytesIO(export(lists, "Tableur (XLSX)", finish_jobs)))
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == total + 1


def test_a_view_is_kept_and_forgotten(lists: Any) -> None:
    lists.goto("/achats/?q=voirie")
    lists.get_by_text("Enregistrer cette vue").click()
    lists.get_by_label("Nom de la vue").fill("Voirie")
    lists.locator("details", has_text="Enregistrer cette vue").get_by_role("button", name="Enregistrer").click()
    lists.get_by_text("Vue « Voirie » enregistrée").wait_for()
    lists.goto("/achats/")
    lists.get_by_role("link", name="Voirie", exact=True).click()
    lists.locator(".chip", has_text="contient « voirie »").wait_for()
    reached(lists, "purchases-views")
    lists.get_by_role("button", name="Oublier").click()
    lists.get_by_text("Vue oubliée").wait_for()
