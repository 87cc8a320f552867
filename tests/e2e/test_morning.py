"""A facilitator's morning: what awaits, one thing done, one put off, one found; the e-mail that says the same, and stops."""

from collections.abc import Callable
from typing import Any

import pytest

from dentelle.foundations.accounts.models import User
from dentelle.foundations.digests.queries import days_of
from dentelle.foundations.digests.stopping import stop_token
from tests.e2e.browser import reached

pytestmark = pytest.mark.e2e


def lines(page: Any, label: str) -> Any:
    return page.locator(".awaiting-line", has_text=label)


def test_the_list_empties_as_things_are_done(page: Any, visit: Callable[[], Any], demo: Callable[..., None]) -> None:
    demo(page, "nadia")
    page.get_by_role("heading", level=1, name="choses vous attendent").wait_for()
    page.get_by_role("heading", level=2, name="Portefeuille par étape").wait_for()
    reached(page, "morning")

    page.get_by_role("link", name="Bon de commande à chiffrer").click()
    before = lines(page, "Bon de commande à chiffrer").count()
    first = lines(page, "Bon de commande à chiffrer").first
    title = first.locator(".awaiting-subject").inner_text().split("\n")[0]
    first.get_by_role("link", name="Chiffrer un bon de commande").click()
    page.get_by_label("Heures ajoutées").fill("120")
    page.get_by_role("button", name="Fixer les heures").click()
    page.get_by_text("Bon de commande chiffré.").wait_for()
    page.get_by_role("link", name="Ma journée").click()
    page.get_by_role("link", name="Bon de commande à chiffrer").click()
    assert lines(page, "Bon de commande à chiffrer").count() == before - 1
    assert lines(page, title).count() == 0

    page.goto("/")
    total = int(page.locator("h1").inner_text().split()[0])
    line = page.locator(".awaiting-line").first
    line.locator("summary").click()
    reached(page, "morning-put-off")
    line.get_by_role("button", name="dans une semaine").click()
    page.get_by_text("Remis à plus tard").wait_for()
    assert int(page.locator("h1").inner_text().split()[0]) == total - 1
    page.locator(".put-off summary").click()
    page.locator(".put-off").get_by_role("button", name="Reprendre").click()
    page.get_by_text("de retour dans votre liste").wait_for()

    page.keyboard.press("/")
    page.keyboard.type("ormeaux")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=2, name="Conventions de globalisation").wait_for()
    reached(page, "morning-search")
    page.locator("#recherche").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement === document.querySelector('#reponses [data-hit]')")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).filter(has_text="Ormeaux").wait_for()

    page.goto("/courriels/recapitulatif/")
    page.get_by_role("heading", level=1, name="choses vous attendent").wait_for()
    reached(page, "morning-mail")
    nadia = User.objects.get(email="nadia@demo.dentelle.example")
    reader = visit()
    reader.goto(f"/recapitulatif/arreter/{stop_token(nadia)}/")
    reached(reader, "morning-stop")
    assert days_of(nadia)
    reader.get_by_role("button", name="Ne plus le recevoir").click()
    reader.get_by_role("heading", level=1, name="Vous ne recevrez plus de récapitulatif").wait_for()
    assert days_of(nadia) == ""
    page.goto("/compte/recapitulatif/")
    page.get_by_label("lundi").check()
    reached(page, "morning-days")
    page.get_by_role("button", name="Enregistrer les jours").click()
    page.get_by_text("Quand quelque chose vous attend").wait_for()
    reached(page, "morning-account")
    assert days_of(nadia) == "0"


@pytest.mark.parametrize(
    ("who", "said"),
    [("paul", "choses attendent votre structure"), ("ines", "au registre"), ("odile", "attend")],
)
def test_each_hat_lands_on_a_page_of_its_own(page: Any, demo: Callable[..., None], who: str, said: str) -> None:
    demo(page, who)
    page.get_by_role("heading", level=1, name=said).wait_for()
    reached(page, f"morning-{who}")
