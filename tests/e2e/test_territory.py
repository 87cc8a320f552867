"""From the login page to the one screen of a territory."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.territory.queries import window_of
from tests.e2e.browser import assert_accessible, snapshot

pytestmark = pytest.mark.e2e


def purchases(today: date) -> list[dict[str, Any]]:
    """A year and a half of purchases around Rennes, dated from today."""
    start, _ = window_of(today)
    trades = [
        ("cleaning", "Nettoyage et propreté"),
        ("paint", "Peinture et finitions du bâtiment"),
        ("green", "Espaces verts"),
    ]
    rows = []
    for rank in range(60):
        trade, name = trades[rank % 3]
        rows.append(
            {
                "object": f"Marché {rank} : {name.lower()} des bâtiments et abords des équipements publics",
                "estimated_end": start + timedelta(days=11 * rank),
                "required": ("yes", "no", "no", "to_check", "no")[rank % 5],
                "trade": trade,
                "trade_name": name,
                "hours_low": 100 + rank,
                "hours_central": 300 + rank * 5,
                "hours_high": 700 + rank * 9,
                "hours_status": "to_confirm" if rank % 3 else "local_practice",
                "social_status": ("considered", "none", "not_stated")[rank % 3],
                "amount_cents": 90_000_00 + rank * 12_345_00,
            }
        )
    return rows


def test_the_login_page_is_accessible_and_says_what_is_wrong(page: Any, facilitator: Membership) -> None:
    page.goto("/")
    assert_accessible(page)
    snapshot(page, "login")
    page.get_by_label("Adresse électronique").fill(facilitator.user.email)
    page.get_by_label("Mot de passe").fill("autre chose")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page)


def test_choosing_a_territory_leads_to_what_comes_back_there(
    page: Any,
    sign_in: Callable[[Membership], None],
    facilitator: Membership,
    with_ground: None,
    load_purchases: Callable[..., Path],
) -> None:
    load_purchases(purchases(date.today()))  # noqa: DTZ011 (the page itself looks at today)
    sign_in(facilitator)
    assert page.locator("[data-empty-state]").count() == 1
    page.goto("/territoire/")
    assert page.locator("[data-empty-state]").count() == 1
    assert_accessible(page)
    snapshot(page, "home-without-territory")

    page.get_by_role("link", name="Choisir le territoire").click()
    page.get_by_label("Nom, code postal ou code").press_sequentially("renes metropole")
    page.get_by_role("link", name="Ajouter Rennes Métropole (intercommunalité)").click()
    page.get_by_label("Nom, code postal ou code").fill("Brest")
    page.get_by_role("link", name="Ajouter Brest (commune)").click()
    page.get_by_label("Communes ou intercommunalités à ajouter").fill("35024 ; Betton\nVilleneuve-qui-n’est-pas")
    page.get_by_label("Nom du territoire").fill("Bassin d’emploi rennais")
    assert_accessible(page)
    page.get_by_role("button", name="Enregistrer ce territoire").click()

    page.get_by_text("Lignes à corriger").wait_for()
    assert page.get_by_label("Nom du territoire").input_value() == "Bassin d’emploi rennais"
    assert_accessible(page)
    snapshot(page, "territory-choose-error")
    page.get_by_label("Communes ou intercommunalités à ajouter").fill("29151 ; Morlaix")
    page.get_by_role("button", name="Enregistrer ce territoire").click()

    page.get_by_role("heading", level=1, name="marchés reviennent d’ici").wait_for()
    assert "Bassin d’emploi rennais" in page.locator(".lead").inner_text()
    page.locator("summary", has_text="Voir les données").first.click()
    assert_accessible(page)
    snapshot(page, "territory")

    page.get_by_role("link", name="sa composition").click()
    page.get_by_role("link", name="Réviser").click()
    assert_accessible(page)
    snapshot(page, "territory-revise")
    page.get_by_label("Ce que contient le territoire").fill("epci:243500139")
    page.get_by_label("Pourquoi ce changement").fill("Retour au périmètre de l’intercommunalité")
    page.get_by_role("button", name="Enregistrer la nouvelle version").click()
    page.get_by_text("Version 2, en vigueur").wait_for()
    assert_accessible(page)
    snapshot(page, "territory-history")


def test_a_region_shows_its_departments_on_a_map(
    page: Any,
    sign_in: Callable[[Membership], None],
    facilitator: Membership,
    with_ground: None,
    load_purchases: Callable[..., Path],
) -> None:
    load_purchases(purchases(date.today()))  # noqa: DTZ011 (the page itself looks at today)
    sign_in(facilitator)
    page.goto("/territoire/?territoire=region:53")
    page.get_by_role("img", name="le département où il en revient le plus").first.wait_for()
    assert_accessible(page)
    snapshot(page, "territory-region")


def test_searching_works_without_any_script(
    chromium: Any, live_server: Any, facilitator: Membership, client_of: Callable[..., Any], with_ground: None
) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-FR")
    session = client_of(facilitator).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/territoire/choisir/")
    page.get_by_label("Nom, code postal ou code").fill("35000")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Ajouter Rennes (commune)").click()
    assert page.get_by_label("Nom du territoire").input_value() == "Rennes"
    context.close()
