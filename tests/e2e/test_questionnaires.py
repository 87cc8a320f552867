"""The head of a network writes a questionnaire on a computer and on a phone, looks at it, publishes it, prepares the next; two
colleagues answer one part at the same time."""

import re
from typing import Any

import pytest
from django.utils import timezone

from dentelle.network.surveys import actions
from dentelle.network.surveys.models import Questionnaire, Response
from dentelle.network.surveys.reading import being_written
from tests.e2e.browser import reached
from tests.e2e.conftest import log_in
from tests.factories import NOW, PASSWORD, MembershipFactory
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def save(page: Any) -> None:
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/ecrire")


def test_a_questionnaire_is_written_looked_at_published_and_followed_by_its_next_version(page: Any) -> None:
    seat = head_of(MembershipFactory(facilitator=True))
    log_in(page, seat.user.email, PASSWORD)
    page.goto("/enquetes-du-reseau/")
    page.get_by_role("link", name="Écrire un questionnaire").click()
    page.get_by_label("Titre").fill("Les clubs d’entreprises")
    reached(page, "questionnaire-begin")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("link", name="Ajouter une partie").click()
    page.get_by_label("Titre de la partie").fill("Votre club")
    reached(page, "questionnaire-part")
    save(page)
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Ajouter une question").click()
    page.get_by_label("Question", exact=True).fill("Avez-vous un club d’entreprises ?")
    page.get_by_label("On y répond par").select_option(label="oui ou non")
    assert not page.get_by_label("Réponses possibles").is_visible()
    page.get_by_label("Il faut y répondre").check()
    save(page)
    page.get_by_role("link", name="Ajouter une question").click()
    page.get_by_label("Question", exact=True).fill("Quelles entreprises y viennent ?")
    page.get_by_label("On y répond par").select_option(label="plusieurs choix")
    page.get_by_label("Réponses possibles").fill("Bâtiment")
    page.get_by_label("Avez-vous un club d’entreprises ? — oui").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Un choix demande deux réponses possibles au moins.").first.wait_for()
    page.get_by_label("Réponses possibles").fill("Bâtiment\nPropreté\nRestauration")
    reached(page, "questionnaire-question")
    save(page)
    for words, kind in (("Combien sont-elles ?", "un nombre entier"), ("Dont actives", "un nombre entier")):
        page.get_by_role("link", name="Ajouter une question").click()
        page.get_by_label("Question", exact=True).fill(words)
        page.get_by_label("On y répond par").select_option(label=kind)
        save(page)
    page.get_by_role("button", name="Monter « Quelles entreprises y viennent ? »").click()
    page.get_by_text("qui est posée après").wait_for()
    page.get_by_label("Ajouter un contrôle").select_option(label="l’un ne dépasse pas l’autre")
    page.get_by_role("button", name="Choisir").click()
    page.get_by_label("Ce nombre").select_option(label="Dont actives (Votre club)")
    page.get_by_label("ne dépasse pas").select_option(label="Combien sont-elles ? (Votre club)")
    reached(page, "questionnaire-control")
    save(page)
    reached(page, "questionnaire-draft")
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Voir comme qui répond").click()
    assert not page.get_by_label("Bâtiment").is_visible()
    page.get_by_role("group", name="Avez-vous un club").get_by_label("oui").check()
    page.get_by_label("Bâtiment").wait_for()
    reached(page, "questionnaire-preview")
    page.get_by_role("link", name="Revenir au questionnaire").click()
    page.get_by_role("button", name="Publier cette version").click()
    page.get_by_text("Version 1 publiée").wait_for()
    reached(page, "questionnaire-published")
    page.get_by_role("button", name="Préparer la version suivante").click()
    page.get_by_role("link", name="Combien sont-elles ?").click()
    page.get_by_label("Question", exact=True).fill("Combien d’entreprises y viennent ?")
    save(page)
    page.get_by_role("heading", name="Ce qui change depuis la version 1").wait_for()
    reached(page, "questionnaire-next")
    assert sorted(Questionnaire.objects.values_list("version", flat=True)) == [1, 2]


def test_a_long_questionnaire_stays_readable(page: Any) -> None:
    seat = head_of(MembershipFactory(facilitator=True))
    made = actions.take_shipped(seat, "plie", at=NOW)
    log_in(page, seat.user.email, PASSWORD)
    page.goto(f"/enquetes-du-reseau/questionnaire/{made.pk}")
    page.get_by_role("button", name="Préparer la version suivante").click()
    page.get_by_role("heading", name="Publier la version 2").wait_for()
    reached(page, "questionnaire-long")


def test_two_colleagues_answer_one_part_and_neither_loses_a_word(visit: Any) -> None:
    nadia = MembershipFactory(facilitator=True)
    paul = MembershipFactory(facilitator=True, structure=nadia.structure)
    invitee = making.asked(nadia, at=timezone.now())
    actions.save_part(invitee, "you", 1, making.YOU, at=timezone.now())
    laptop, phone = visit(), visit()
    phone.set_viewport_size(PHONE)
    for page, member in ((laptop, nadia), (phone, paul)):
        log_in(page, member.user.email, PASSWORD)
        page.goto(f"/enquetes/{invitee.campaign_id}/repondre?partie=experience")
    saved = re.compile(r"/brouillon\?")
    redo, start = "Que referiez-vous", "D’où êtes-vous partis"
    with phone.expect_response(saved):
        phone.get_by_label(redo).fill("Un seul lieu.")
    with laptop.expect_response(saved):
        laptop.get_by_label(start).fill("D’un échec.")
    # the answer to the first save is still to come when the second is typed
    laptop.get_by_label("Combien de personnes").fill("1")
    laptop.get_by_label("Combien de personnes").press("Tab")
    laptop.wait_for_timeout(650)
    laptop.get_by_label("Combien de personnes").fill("12")
    laptop.get_by_label(redo).fill("Deux lieux.")
    laptop.get_by_label(redo).press("Tab")
    laptop.get_by_text("a été modifié par une autre personne").wait_for()
    beside = laptop.locator("#entre-temps-redo blockquote")
    assert [each.strip() for each in beside.all_inner_texts()] == ["Un seul lieu.", "Deux lieux."]
    assert not laptop.locator("#entre-temps-people blockquote").count()
    reached(laptop, "survey-both-wrote")
    laptop.get_by_role("button", name="Continuer").click()
    laptop.get_by_role("heading", name="Ce qui a changé pendant que vous écriviez").wait_for()
    reached(laptop, "survey-meanwhile")
    assert laptop.get_by_label(redo).input_value() == "Deux lieux."
    laptop.get_by_label(redo).fill("Un lieu, puis deux.")
    laptop.get_by_role("button", name="Continuer").click()
    laptop.get_by_role("heading", level=1, name="Ce que vous attendez").wait_for()
    known = being_written(Response.objects.get())
    assert [known[code, 1] for code in ("start", "redo", "people")] == ["D’un échec.", "Un lieu, puis deux.", 12]
