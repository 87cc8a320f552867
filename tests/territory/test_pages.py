"""The pages of the territory, over HTTP."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.thread.territory import actions
from dentelle.thread.territory.models import Territory
from tests.factories import NOW

pytestmark = pytest.mark.django_db
RENNES = "epci:243500139"
SignIn = Callable[[Membership], Client]


def text(response: Any) -> str:
    return response.content.decode().replace("\u202f", " ").replace("&#8239;", " ").replace("&#x27;", "'")


def saved(membership: Membership, reference: Ground, name: str = "Bassin rennais") -> Territory:
    return actions.save_territory(membership, name=name, specs=[RENNES], reason="", ground=reference, at=NOW)


@pytest.fixture
def site(with_ground: None) -> None:
    """A site whose ground is built."""


def test_an_anonymous_visitor_is_led_to_the_login_page(client: Client) -> None:
    response = client.get("/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[0][0].startswith("/connexion/")


def test_without_ground_the_page_tells_the_command(
    facilitator: Membership, client_of: SignIn, settings: Any, tmp_path: Path
) -> None:
    settings.DENTELLE_GROUND = tmp_path / "nowhere"
    response = client_of(facilitator).get("/territoire/")
    assert response.status_code == 503
    assert "dentelle ground build" in text(response)


def test_a_structure_without_territory_is_told_to_choose_one(
    facilitator: Membership, client_of: SignIn, site: None
) -> None:
    page = text(client_of(facilitator).get("/territoire/"))
    assert "data-empty-state" in page
    assert 'href="/territoire/choisir/"' in page


def test_without_purchases_the_page_says_how_to_load_them(
    facilitator: Membership, client_of: SignIn, site: None, settings: Any, tmp_path: Path
) -> None:
    settings.DENTELLE_DECP = tmp_path / "empty"
    page = text(client_of(facilitator).get(f"/territoire/?territoire={RENNES}"))
    assert "dentelle decp import" in page


@time_machine.travel("2026-11-21T10:00:00Z", tick=False)
def test_the_page_says_a_fact_its_context_and_what_its_figures_are_worth(
    facilitator: Membership, client_of: SignIn, site: None, load_purchases: Callable[..., Path]
) -> None:
    load_purchases(
        [
            {"object": "Peinture du gymnase", "estimated_end": date(2027, 6, 1)},
            {"required": "no", "social_status": "considered", "duration_source": "cpv_median"},
        ]
    )
    page = text(client_of(facilitator).get(f"/territoire/?territoire={RENNES}"))
    assert "2 marchés reviennent d’ici novembre 2028" in page
    assert "Rennes Métropole (intercommunalité, 43 communes" in page
    assert "données au 3 novembre 2026" in page
    assert "durée publiée pour 50 % d’entre eux" in page
    assert "1 marché devra porter une condition sociale" in page
    assert "Peinture du gymnase" in page
    assert "Nettoyage : 1 600 h possibles" in page
    assert "à confirmer" in page
    assert "Ce que valent ces chiffres" in page


def test_a_territory_without_any_purchase_says_so(
    facilitator: Membership, client_of: SignIn, site: None, load_purchases: Callable[..., Path]
) -> None:
    load_purchases([{}])
    page = text(client_of(facilitator).get("/territoire/?territoire=commune:29019"))
    assert "Aucun marché connu ne revient" in page
    assert "data-empty-state" in page


def test_the_page_opens_on_the_territory_of_the_structure(
    facilitator: Membership, client_of: SignIn, site: None, reference: Ground, load_purchases: Callable[..., Path]
) -> None:
    load_purchases([{}])
    saved(facilitator, reference)
    page = text(client_of(facilitator).get("/territoire/"))
    assert "Bassin rennais" in page
    assert "Ce que valent ces chiffres" in page
    assert re.search(r'<a href="/territoire/"\s+aria-current="page">Territoire</a>', page)


def test_an_unknown_territory_gets_a_helpful_404(facilitator: Membership, client_of: SignIn, site: None) -> None:
    response = client_of(facilitator).get("/territoire/?territoire=department:1")
    assert response.status_code == 404
    assert "Ain (01)" in text(response)


def test_searching_forgives_and_offers_to_add(facilitator: Membership, client_of: SignIn, site: None) -> None:
    page = text(client_of(facilitator).get("/territoire/choisir/?q=renes+metropole&partie=commune:29019"))
    assert "Rennes Métropole" in page
    assert "partie=commune%3A29019&amp;partie=epci%3A243500139" in page


def test_htmx_gets_only_the_suggestions(facilitator: Membership, client_of: SignIn, site: None) -> None:
    page = text(client_of(facilitator).get("/territoire/choisir/?q=35000", headers={"HX-Request": "true"}))
    assert "Rennes" in page
    assert "<html" not in page


def test_a_search_without_answer_says_what_to_try(facilitator: Membership, client_of: SignIn, site: None) -> None:
    assert "Rien ne correspond" in text(client_of(facilitator).get("/territoire/choisir/?q=zzzzqqqq"))


def test_picked_and_pasted_places_are_saved_together(facilitator: Membership, client_of: SignIn, site: None) -> None:
    response = client_of(facilitator).post(
        "/territoire/enregistrer/",
        {"partie": [RENNES], "pasted": "Brest\n29151", "name": "Bassin", "reason": "Convention"},
    )
    territory = Territory.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == f"/territoire/?territoire=perso%3A{territory.pk}"
    assert len(territory.versions.get().communes) == 45


def test_a_wrong_line_loses_nothing_and_is_shown(facilitator: Membership, client_of: SignIn, site: None) -> None:
    response = client_of(facilitator).post(
        "/territoire/enregistrer/",
        {"partie": [RENNES], "pasted": "Brest\nXyzzyville", "name": "Bassin", "reason": "Pourquoi pas"},
    )
    page = text(response)
    assert response.status_code == 422
    assert not Territory.objects.exists()
    for kept in ("Xyzzyville", "Brest", 'value="Bassin"', "Pourquoi pas", f'value="{RENNES}"', "Lignes à corriger"):
        assert kept in page


def test_places_beyond_what_an_address_carries_are_told_not_dropped(
    facilitator: Membership, client_of: SignIn, site: None, reference: Ground
) -> None:
    many = [f"commune:{code}" for code in sorted(territory_of(reference, "department:29").communes)][:203]
    assert len(many) == 203
    for response in (
        client_of(facilitator).get("/territoire/choisir/", {"partie": many}),
        client_of(facilitator).post("/territoire/enregistrer/", {"partie": many, "name": "Finistère"}),
    ):
        assert "Au plus 200 lieux se choisissent un à un\u00a0: 3 lieux ne sont pas pris." in text(response)
    assert not Territory.objects.exists()


def test_a_refusal_is_shown_at_its_field(
    facilitator: Membership, client_of: SignIn, site: None, reference: Ground
) -> None:
    saved(facilitator, reference)
    response = client_of(facilitator).post("/territoire/enregistrer/", {"partie": [RENNES], "name": "Bassin rennais"})
    assert response.status_code == 422
    assert "a déjà un territoire nommé « Bassin rennais »" in text(response)


def test_a_revision_starts_from_what_the_territory_holds_and_shows_in_its_history(
    facilitator: Membership, client_of: SignIn, site: None, reference: Ground
) -> None:
    territory = saved(facilitator, reference)
    browser = client_of(facilitator)
    assert "epci:243500139 ; Rennes Métropole" in text(browser.get(f"/territoire/{territory.pk}/reviser/"))
    response = browser.post(
        f"/territoire/{territory.pk}/reviser/",
        {"pasted": "epci:243500139 ; Rennes Métropole\nBrest", "reason": "Brest nous rejoint"},
    )
    assert response.status_code == 302
    page = text(browser.get(f"/territoire/{territory.pk}/"))
    assert "Version 2" in page
    assert "Motif : Brest nous rejoint" in page
    assert "Ajoutées : Brest (29019)." in page


def test_adopting_makes_it_the_structures_territory(
    facilitator: Membership, client_of: SignIn, site: None, reference: Ground
) -> None:
    saved(facilitator, reference)
    other = saved(facilitator, reference, "Autre")
    client_of(facilitator).post(f"/territoire/{other.pk}/adopter/")
    other.refresh_from_db()
    assert other.is_default


def test_a_reader_sees_everything_and_is_offered_nothing_to_change(
    reader: Membership, facilitator: Membership, client_of: SignIn, site: None, reference: Ground
) -> None:
    territory = saved(facilitator, reference)
    browser = client_of(reader)
    for address in (f"/territoire/{territory.pk}/", "/territoire/choisir/"):
        page = text(browser.get(address))
        assert 'method="post" action="/territoire' not in page
    assert browser.post("/territoire/enregistrer/", {}).status_code == 404
    assert browser.get(f"/territoire/{territory.pk}/reviser/").status_code == 404


@pytest.mark.parametrize("address", ["/territoire/{pk}/", "/territoire/{pk}/reviser/"])
def test_another_structure_gets_the_same_answer_as_for_nothing(
    facilitator: Membership, outsider: Membership, client_of: SignIn, site: None, reference: Ground, address: str
) -> None:
    territory = saved(facilitator, reference)
    assert client_of(outsider).get(address.format(pk=territory.pk)).status_code == 404
    assert client_of(outsider).post(f"/territoire/{territory.pk}/adopter/").status_code == 404


@time_machine.travel("2026-11-21T10:00:00Z", tick=False)
def test_every_figure_opens_to_exactly_the_contracts_it_counts(
    facilitator: Membership, client_of: SignIn, site: None, load_purchases: Callable[..., Path]
) -> None:
    load_purchases(
        [
            {"estimated_end": date(2026 + (11 + rank) // 12, (11 + rank) % 12 + 1, 28), "required": answer}
            for rank in range(24)
            for answer in ("yes", "yes", "to_check", "no")[: 1 + rank % 4]
        ]
        + [{"estimated_end": date(2029, 1, 5)}, {"is_last_of_chain": False}, {"is_subsequent": True}]
    )
    browser = client_of(facilitator)
    page = text(browser.get(f"/territoire/?territoire={RENNES}"))
    cells = re.findall(r'<td class="number">\s*<a href="(/achats/[^"]+)">([\d ]+)</a>', page)
    figures = re.findall(r'<a href="(/achats/[^"]+)">\s*([\d ]+)\s*<span class="figure-counts">', page)
    assert len(figures) == 2
    assert len(cells) >= 27
    for address, count in figures + cells:
        answer = browser.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200
        found = re.search(r"<h1>\s*(\d+|Aucun) marché", text(answer))
        assert found, address
        assert int(found[1].replace("Aucun", "0")) == int(count), address
