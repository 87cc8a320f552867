"""A voice on a phone becomes a theme, an axis, a decision, and comes back to whoever spoke."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.governance.actions import sessions
from dentelle.network.governance.models import Body, Concern
from tests.e2e.browser import reached

pytestmark = pytest.mark.e2e
WORDS = "Le marché couvert ferme : douze étals, autant de premiers emplois."


def assert_menu_leaves_room(phone: Any) -> None:
    """The page begins in the first third of a phone, and the menu, drawn sideways, shows where one is."""
    header = phone.locator(".site-header").bounding_box()
    here = phone.locator(".site-nav-below [aria-current]").bounding_box()
    assert header["height"] < phone.viewport_size["height"] / 3
    assert here["x"] >= 0
    assert here["x"] + here["width"] <= phone.viewport_size["width"]


def test_an_official_writes_the_network_takes_it_up_and_tells_them(
    visit: Callable[[], Any], demo: Callable[..., None]
) -> None:
    official, head = visit(), visit()
    demo(official, "henri")
    official.set_viewport_size({"width": 390, "height": 844})
    official.get_by_role("link", name="Réseau", exact=True).click()
    official.get_by_role("link", name="Gouvernance", exact=True).click()
    official.wait_for_load_state()
    assert_menu_leaves_room(official)
    official.get_by_role("link", name="Écrire une préoccupation").click()
    reached(official, "governance-write")
    official.get_by_label("Qu’est-ce qui vous préoccupe").fill(WORDS)
    official.get_by_role("button", name="Envoyer au réseau").click()
    official.get_by_text("Votre préoccupation est écrite.").wait_for()
    written = Concern.objects.get(text=WORDS)

    demo(head, "odile")
    head.goto("/gouvernance/")
    reached(head, "governance-head")
    head.get_by_role("link", name="Ranger").first.click()
    head.get_by_label(WORDS).check()
    head.get_by_label("De quoi parlent-elles").select_option("nouveau")
    head.get_by_label("Nom du nouveau thème").fill("Premiers emplois du commerce")
    reached(head, "governance-gathering")
    head.get_by_role("button", name="Ranger").click()
    head.get_by_role("link", name="Premiers emplois du commerce").click()
    head.get_by_role("link", name="Proposer un axe").click()
    head.get_by_label("Nom de l’axe").fill("Commerce de proximité")
    head.get_by_label("Ce que le réseau veut").fill("Garder les premiers emplois là où vivent les gens.")
    assert head.get_by_label("Premiers emplois du commerce").is_checked()
    head.get_by_role("button", name="Proposer l’axe").click()
    head.get_by_label("Validé", exact=True).check()
    head.get_by_label("Instance qui a décidé").select_option(label="Conseil d’administration")
    head.get_by_label("Mots ou référence de la décision").fill("Adopté, délibération 12")
    head.get_by_role("button", name="Enregistrer la décision").click()
    head.get_by_text("La décision est enregistrée").wait_for()
    reached(head, "governance-axis")

    head.get_by_role("link", name="Créer un groupe de travail").click()
    head.get_by_label("Nom", exact=True).fill("Groupe de travail Commerce")
    head.get_by_role("button", name="Créer l’instance").click()
    head.get_by_role("link", name="Prévoir une séance").click()
    head.get_by_label("Date et heure").fill(f"{timezone.localtime(written.written_at):%Y-%m-%dT%H:%M}")
    head.get_by_role("button", name="Prévoir la séance").click()
    head.get_by_label("Intitulé du point").fill("Garder le marché ouvert")
    head.get_by_role("group", name="Préoccupations dont il part").get_by_label(WORDS).check()
    head.get_by_role("button", name="Ajouter le point").click()
    head.get_by_text("Inscrire une décision").click()
    head.get_by_label("Décision", exact=True).fill("Proposer un bail d’essai aux communes.")
    head.get_by_role("group", name="Préoccupations auxquelles elle répond").get_by_label(WORDS).check()
    head.get_by_role("button", name="Inscrire la décision").click()
    head.get_by_role("link", name="Relire et arrêter le compte rendu").click()
    head.get_by_role("heading", name="Arrêter ce compte rendu").wait_for()
    reached(head, "governance-session-hold")
    head.get_by_role("button", name="Arrêter le compte rendu").click()
    head.get_by_text("Compte rendu arrêté").wait_for()
    reached(head, "governance-session")

    official.reload()
    official.get_by_text("Proposer un bail d’essai aux communes.").wait_for()
    reached(official, "governance-told")


def test_what_is_typed_and_not_sent_is_kept_and_said_before_minutes_are_settled(
    page: Any, demo: Callable[..., None]
) -> None:
    demo(page, "odile")
    board = Body.objects.get(kind="board")
    seat = NetworkSeat.objects.get(user__email__startswith="odile")
    meeting = sessions.plan_session(
        seat, board, starts_at=timezone.now() - timedelta(hours=2), place="", at=timezone.now()
    )
    page.goto(f"/gouvernance/seances/{meeting.pk}/")
    page.get_by_label("Henri Sorin").select_option("present")
    warned = page.get_by_text("Une saisie de la séance n’est pas envoyée")
    warned.wait_for()
    page.get_by_label("Intitulé du point").fill("Budget")
    page.get_by_role("button", name="Ajouter le point").click()
    page.get_by_text("Le point est à l’ordre du jour.").wait_for()
    page.get_by_role("link", name="Relire et arrêter le compte rendu").click()
    warned.wait_for()
    page.get_by_role("listitem").filter(has_text="les présences").wait_for()
    assert not page.get_by_text("un point à ajouter").is_visible()
    reached(page, "governance-session-unsent")
    page.get_by_role("link", name="Revenir à la séance").click()
    page.get_by_role("button", name="La reprendre").click()
    assert page.get_by_label("Henri Sorin").input_value() == "present"
    page.get_by_role("button", name="Noter les présences").click()
    page.get_by_text("Les présences sont notées.").wait_for()
    assert not warned.is_visible()


def test_a_note_saved_in_a_session_is_not_said_to_be_unsent(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "odile")
    board = Body.objects.get(kind="board")
    seat = NetworkSeat.objects.get(user__email__startswith="odile")
    at = timezone.now()
    meeting = sessions.plan_session(seat, board, starts_at=at - timedelta(hours=2), place="", at=at)
    point = sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=at)
    page.goto(f"/gouvernance/seances/{meeting.pk}/")
    page.get_by_text("Noter ce qui a été dit").click()
    page.get_by_label("Ce qui a été dit sur « Budget »").fill("Équilibré.\nVoté sans débat.")
    opened = page.context.new_page()
    opened.goto(f"/gouvernance/seances/{meeting.pk}/")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Ce qui a été dit sur « Budget » est enregistré.").wait_for()
    assert not page.get_by_text("Une saisie non enregistrée a été retrouvée").is_visible()
    assert not page.get_by_text("Une saisie de la séance n’est pas envoyée").is_visible()
    opened.get_by_text("Noter ce qui a été dit").click()
    opened.get_by_label("Ce qui a été dit sur « Budget »").fill("Reporté.")
    opened.get_by_role("button", name="Enregistrer", exact=True).click()
    opened.get_by_role("heading", name="Ce qui a changé pendant que vous écriviez").wait_for()
    assert opened.get_by_label("Ce qui a été dit").input_value() == "Reporté."
    reached(opened, "governance-notes-meanwhile")
    opened.get_by_role("button", name="Enregistrer", exact=True).click()
    opened.get_by_text("est enregistré.").wait_for()
    assert not opened.get_by_text("Une saisie non enregistrée a été retrouvée").is_visible()
    point.refresh_from_db()
    assert point.notes == "Reporté."


def test_a_handover_prepared_ahead_changes_nothing_before_its_day(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "odile")
    page.goto("/gouvernance/mandats/")
    page.get_by_role("link", name="Faire la passation").click()
    day = timezone.localdate() + timedelta(days=23)
    page.get_by_label("Nom du nouveau mandat").fill("Mandat suivant")
    page.get_by_label("Commence le").fill(day.isoformat())
    taker = page.get_by_label("Qui prend la place de Henri Sorin, Conseil d’administration", exact=True)
    taker.fill("Éloïse Brémond")
    page.get_by_label("Instance des lignes qui ne la disent pas").select_option(label="Bureau")
    page.get_by_label("Autres arrivées, collées depuis un tableur").fill("Paul Imbert\nLise Faure;adjointe")
    page.get_by_role("button", name="Relire la passation").click()
    page.get_by_role("heading", name="À corriger").wait_for()
    reached(page, "governance-handover")
    page.get_by_label("Ce que devient la fonction de Henri Sorin, Conseil d’administration").select_option("remplace")
    page.get_by_role("button", name="Relire la passation").click()
    page.get_by_role("heading", name="Confirmer la passation").wait_for()
    reached(page, "governance-handover-recap")
    page.get_by_role("button", name="Confirmer la passation").click()
    page.get_by_text("La passation est préparée").wait_for()
    page.get_by_role("rowheader", name="Lise Faure, adjointe").wait_for()
    reached(page, "governance-mandate-ahead")
    page.get_by_role("link", name="Instances").click()
    page.get_by_role("link", name="Conseil d’administration").click()
    page.get_by_role("heading", name="4 personnes y siègent").wait_for()
    page.get_by_role("rowheader", name="Henri Sorin").wait_for()
    reached(page, "governance-body-ahead")
    page.get_by_role("region", name="À venir").get_by_role("link").first.click()
    page.get_by_role("link", name="Annuler la séance").click()
    page.get_by_label("Pourquoi elle est annulée").fill("Salle indisponible.")
    page.get_by_role("button", name="Annuler la séance").click()
    page.get_by_text("Séance annulée").first.wait_for()
    reached(page, "governance-session-cancelled")


def test_a_newcomer_finds_who_is_where_and_what_to_read(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "omar")
    page.goto("/membres/")
    reached(page, "members-directory")
    page.get_by_role("link", name="Zones blanches").click()
    page.get_by_label("Ce qui manque").select_option(label="Un dispositif « PLIE »")
    page.get_by_role("button", name="Voir").click()
    page.get_by_role("link", name="Deux-Sèvres (79)").click()
    page.get_by_role("link", name="CA du Bocage Bressuirais").click()
    page.get_by_role("rowheader", name="Bressuire", exact=True).wait_for()
    reached(page, "members-white-areas")
    page.goto("/bibliotheque/parcours/")
    page.get_by_role("button", name="C’est fait").first.click()
    page.get_by_role("heading", level=1, name="1 étape faite sur 5").wait_for()
    reached(page, "library-path")
    page.goto("/")
    page.get_by_role("link", name="Relire la ressource").click()
    page.get_by_role("button", name="Relue, toujours à jour").click()
    page.get_by_text("C’est noté").wait_for()
    reached(page, "library-item")
