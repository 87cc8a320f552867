"""Who may do what, and what becomes of what was typed when something gets in the way."""

from collections.abc import Callable
from typing import Any

import pytest

from dentelle.thread.clauses.models import Calibration
from tests.e2e.browser import asks_no_more, reached

pytestmark = pytest.mark.e2e


def test_a_reader_reads_everything_and_changes_nothing(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "ines")
    kept = Calibration.objects.count()
    calibration = Calibration.objects.filter(structure__name__startswith="Maison").first()
    page.goto(f"/calibrages/{calibration.pk}/")
    for act in ("Modifier", "Créer la version suivante", "Créer un lien", "Fermer le lien"):
        assert page.get_by_role("button", name=act).or_(page.get_by_role("link", name=act)).count() == 0
    reached(page, "reader-calibration")
    page.goto("/calibrages/nouveau")
    assert page.get_by_role("button", name="Enregistrer le calibrage").count() == 0
    page.goto("/donnees/")
    assert page.locator("input[type=file]").count() == 0
    reached(page, "reader-data")
    page.goto("/territoire/choisir/?partie=epci:200040244")
    assert page.get_by_role("button", name="Enregistrer ce territoire").count() == 0
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for address in (
        f"/calibrages/{calibration.pk}/modifier",
        f"/calibrages/{calibration.pk}/dupliquer",
        f"/calibrages/{calibration.pk}/partages",
        "/donnees/",
        "/territoire/enregistrer/",
    ):
        answer = page.request.post(address, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
        assert answer.status == 404, address
    assert Calibration.objects.count() == kept


def test_another_structure_sees_nothing_of_the_first(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "omar")
    theirs = list(Calibration.objects.filter(structure__name__startswith="Maison"))
    assert theirs
    for calibration in theirs:
        for end in ("", "modifier", "recalculer", "note.pdf", "note.docx"):
            assert page.request.get(f"/calibrages/{calibration.pk}/{end}").status == 404
    page.goto("/calibrages/")
    assert "Maison de l’emploi du Bocage" not in page.locator("main").inner_text()
    assert not page.locator(", ".join(f"a[href='/calibrages/{one.pk}/']" for one in theirs)).count()
    page.goto("/territoire/choisir/")
    assert "Bassin du Bocage" not in page.locator("main").inner_text()
    assert page.goto("/territoire/?territoire=perso:1").status in {200, 404}
    assert "Bassin du Bocage" not in page.locator("main").inner_text()
    reached(page, "other-structure")


def fill_by_hand(page: Any, title: str) -> None:
    page.goto("/calibrages/nouveau")
    page.get_by_label("Intitulé du calibrage").fill(title)
    page.get_by_label("Montant estimé").fill("800000")
    page.locator("#id_trade").select_option(label="Maçonnerie")
    page.locator("#apercu .answer-hours").wait_for()


def test_two_clicks_on_save_keep_one_calibration(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "nadia")
    fill_by_hand(page, "Deux clics")
    page.get_by_role("button", name="Enregistrer le calibrage").dblclick()
    page.get_by_text("Calibrage enregistré.").wait_for()
    assert Calibration.objects.filter(title="Deux clics").count() == 1
    page.go_back()
    page.get_by_role("heading", level=1, name="Calibrer une clause").wait_for()


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "nadia")
    fill_by_hand(page, "Saisie de longue haleine")
    effort = page.locator(".coefficient", has_text="Taux d’effort")
    effort.locator("summary").click()
    effort.locator("input").first.fill("12")
    effort.locator("textarea").fill("Délibération du bassin")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_text("Votre session était terminée").wait_for()
    reached(page, "session-ended")
    page.get_by_label("Adresse électronique").fill("nadia@demo.dentelle.example")
    page.get_by_label("Mot de passe").fill("dentelle-demo-2026")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("button", name="La reprendre").click()
    asks_no_more(page)
    assert page.get_by_label("Intitulé du calibrage").input_value() == "Saisie de longue haleine"
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_text("Calibrage enregistré.").wait_for()
    page.locator(".arithmetic-override", has_text="Délibération du bassin").first.wait_for()


def test_an_answer_that_comes_late_does_not_wipe_what_was_typed_since(page: Any, demo: Callable[..., None]) -> None:
    held: list[Any] = []

    def of_the_coefficients(asked: Any) -> bool:
        return asked.headers.get("hx-target") == "coefficients"

    def hold_the_first(route: Any) -> None:
        if of_the_coefficients(route.request) and not held:
            held.append(route)
        else:
            route.continue_()

    demo(page, "nadia")
    page.route("**/calibrages/apercu", hold_the_first)
    fill_by_hand(page, "Réseau lent")
    effort = page.locator(".coefficient", has_text="Taux d’effort")
    effort.locator("summary").click()
    effort.locator("input").first.fill("12")
    effort.locator("textarea").fill("Délibération du bassin")
    first = held[0].request
    with page.expect_response(lambda got: of_the_coefficients(got.request) and got.request != first) as again:
        held[0].continue_()
    assert "D%C3%A9lib%C3%A9ration" in again.value.request.post_data
    asks_no_more(page)
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.locator(".arithmetic-override", has_text="Délibération du bassin").first.wait_for()


def test_a_list_of_communes_pasted_comes_back_after_the_login_page(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "nadia")
    page.goto("/territoire/choisir/")
    page.get_by_label("Nom du territoire").fill("Bassin dessiné à la main")
    page.get_by_label("Communes ou intercommunalités à ajouter").fill("79049 ; 79191")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer ce territoire").click()
    page.get_by_text("Votre session était terminée").wait_for()
    page.get_by_label("Adresse électronique").fill("nadia@demo.dentelle.example")
    page.get_by_label("Mot de passe").fill("dentelle-demo-2026")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("button", name="La reprendre").click()
    page.get_by_role("button", name="Enregistrer ce territoire").click()
    page.get_by_role("heading", level=1, name="d’ici").wait_for()
    assert "Bassin dessiné à la main" in page.locator(".lead").inner_text()


def test_two_tabs_on_one_calibration_lose_neither(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "nadia")
    pk = Calibration.objects.filter(structure__name__startswith="Maison").first().pk
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"/calibrages/{pk}/modifier")
    page.get_by_label("Intitulé du calibrage").fill("Premier onglet")
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_text("Calibrage enregistré.").wait_for()
    other.get_by_label("Intitulé du calibrage").fill("Second onglet")
    other.get_by_role("button", name="Enregistrer le calibrage").click()
    other.get_by_text("Ce calibrage a changé pendant que vous le modifiiez").wait_for()
    assert other.get_by_label("Intitulé du calibrage").input_value() == "Second onglet"
    reached(other, "two-tabs")
    other.get_by_role("button", name="Garder ma saisie à part").click()
    other.get_by_text("Calibrage enregistré.").wait_for()
    assert {"Premier onglet", "Second onglet"} <= set(Calibration.objects.values_list("title", flat=True))


def test_a_form_older_than_the_session_says_what_to_do(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "nadia")
    fill_by_hand(page, "Ancienne page")
    other = page.context.new_page()
    page.context.clear_cookies()
    other.goto("/connexion/")
    other.get_by_label("Adresse électronique").fill("nadia@demo.dentelle.example")
    other.get_by_label("Mot de passe").fill("dentelle-demo-2026")
    other.get_by_role("button", name="Se connecter", exact=True).click()
    other.wait_for_url("**/")
    page.get_by_role("button", name="Enregistrer le calibrage").click()
    page.get_by_role("heading", level=1, name="ouverte depuis trop longtemps").wait_for()
    reached(page, "stale-form")
    page.goto("/calibrages/nouveau")
    page.get_by_role("button", name="La reprendre").click()
    assert page.get_by_label("Intitulé du calibrage").input_value() == "Ancienne page"
