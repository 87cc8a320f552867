"""A partner answers by a link on a phone; the answer becomes a sheet, reviewed, published, found, tried elsewhere."""

from typing import Any

import pytest
from django.utils import timezone

from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Membership
from dentelle.network.practices.models import Practice, PracticeVersion
from dentelle.rules.practices import ANSWERED
from tests.e2e.browser import reached
from tests.e2e.conftest import log_in
from tests.factories import PASSWORD, MembershipFactory, StructureFactory
from tests.practices import making as making_sheets
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_ground"),
]
PHONE = {"width": 390, "height": 844}


def link_in_mail(live_server: Any, email: str) -> str:
    text = Message.objects.filter(to=email).latest("created_at").text
    return str(next(word for word in text.split() if word.startswith(live_server.url)))


def answer_on_a_phone(phone: Any, address: str) -> None:
    phone.set_viewport_size(PHONE)
    phone.goto(address)
    phone.get_by_role("button", name="Ouvrir").click()
    phone.get_by_role("heading", level=1, name="Vous et votre territoire").wait_for()
    phone.get_by_label("Votre structure").fill("Ville d’Essai")
    phone.get_by_label("acheteur, donneur d’ordre").check()
    phone.get_by_label("Votre territoire").fill("commune:35238")
    phone.get_by_role("group", name="Avez-vous une expérience").get_by_label("oui").check()
    phone.get_by_text("Enregistré à").wait_for()
    assert not phone.get_by_label("Précisez").is_visible()
    reached(phone, "survey-first")
    phone.set_viewport_size(PHONE)
    phone.get_by_role("button", name="Continuer").click()
    phone.get_by_role("heading", level=1, name="Une expérience").wait_for()
    phone.get_by_label("Insertion en amont de l’achat").check()
    phone.get_by_label("En une ligne").fill("Un rendez-vous avant chaque lancement")
    phone.get_by_label("Racontez").fill("La facilitatrice lit le besoin six mois avant.")
    phone.get_by_role("group", name="Est-ce que cela a marché").get_by_label("oui").check()
    phone.get_by_label("Qu’est-ce que cela a donné").fill("Quatorze marchés clausés au lieu de trois")
    phone.get_by_label("Qu’est-ce qui a coincé").fill("Les petits marchés y échappent.")
    phone.get_by_role("group", name="Acceptez-vous").get_by_label("oui").check()
    phone.get_by_label("Qui contacter").fill("Service des achats")
    phone.get_by_role("button", name="Continuer").click()
    phone.get_by_role("heading", level=1, name="Ce que vous attendez").wait_for()
    phone.get_by_role("button", name="Continuer").click()
    phone.get_by_role("heading", level=1, name="Tout y est").wait_for()
    reached(phone, "survey-end")
    phone.set_viewport_size(PHONE)
    phone.get_by_role("button", name="Envoyer ma réponse").click()
    phone.get_by_role("heading", level=1, name="Merci").wait_for()


def test_from_an_answer_on_a_phone_to_a_practice_tried_elsewhere(
    facilitator: Membership, visit: Any, live_server: Any, settings: Any
) -> None:
    settings.DENTELLE_SITE = live_server.url
    head = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=head, at=timezone.now())
    from dentelle.network.surveys.inviting import invite_addresses

    invite_addresses(
        head,
        campaign.pk,
        "achats@essai.example",
        kind="buyer",
        region_code="53",
        site=live_server.url + "/",
        at=timezone.now(),
    )
    answer_on_a_phone(visit(), link_in_mail(live_server, "achats@essai.example"))

    network = visit()
    log_in(network, head.user.email, PASSWORD)
    network.get_by_role("navigation").get_by_role("link", name="Réseau", exact=True).click()
    network.get_by_role("navigation").get_by_role("link", name="Enquêtes").click()
    network.get_by_role("rowheader").get_by_role("link", name=campaign.title).click()
    network.get_by_role("heading", level=1, name="1 réponse sur 1 invitation").wait_for()
    reached(network, "survey-campaign")
    network.get_by_role("link", name="achats@essai.example").click()
    reached(network, "survey-response")
    network.get_by_role("button", name="En faire une fiche pratique").click()
    network.get_by_role("heading", level=1, name="Un rendez-vous avant chaque lancement").wait_for()
    assert network.get_by_role("link", name="la réponse à l’enquête").is_visible()
    network.get_by_role("link", name="Compléter la fiche").click()
    network.get_by_label("Résumé").fill("La facilitatrice est invitée à la programmation.")
    network.get_by_label("Professionnels de l’insertion").check()
    network.get_by_label("Niveau de preuve").select_option("2")
    network.get_by_label("Licence").select_option("etalab-2.0")
    reached(network, "practice-edit")
    network.get_by_role("button", name="Enregistrer le brouillon").click()
    network.get_by_role("button", name="Proposer à la relecture").click()

    reviewer = visit()
    log_in(reviewer, facilitator.user.email, PASSWORD)
    reviewer.get_by_role("navigation").get_by_role("link", name="Réseau", exact=True).click()
    reviewer.get_by_role("navigation").get_by_role("link", name="Pratiques").click()
    reviewer.get_by_role("link", name="Un rendez-vous avant chaque lancement").click()
    for one in ANSWERED:
        reviewer.get_by_role("group", name=one.label).get_by_label("2", exact=True).check()
    reached(reviewer, "practice-review")
    reviewer.get_by_role("button", name="Fiche relue").click()
    reviewer.get_by_text("Fiche relue").first.wait_for()

    practice = Practice.objects.get()
    version = PracticeVersion.objects.get()
    network.goto(f"/pratiques-du-reseau/{practice.pk}?version={version.number}")
    network.get_by_role("heading", name="Cette fiche attend l’accord de la personne qui a répondu").wait_for()
    reached(network, "practice-waits-for-agreement")
    told = visit()
    told.set_viewport_size(PHONE)
    told.goto(link_in_mail(live_server, "achats@essai.example"))
    told.get_by_role("button", name="Ouvrir").click()
    told.get_by_role("heading", level=1, name="Un rendez-vous avant chaque lancement").wait_for()
    reached(told, "practice-agreement")
    told.get_by_role("button", name="Je suis d’accord pour publier").click()
    told.get_by_text("Votre accord est donné").wait_for()
    network.goto(f"/pratiques-du-reseau/{practice.pk}?version={version.number}")
    network.get_by_role("button", name="Publier").click()
    network.get_by_text("Fiche publiée").wait_for()

    elsewhere = visit()
    other = MembershipFactory(facilitator=True, structure=StructureFactory(network=facilitator.structure.network))
    log_in(elsewhere, other.user.email, PASSWORD)
    elsewhere.goto("/pratiques/")
    elsewhere.get_by_label("Votre question").fill("anticiper les lancements de marchés")
    elsewhere.get_by_role("button", name="Chercher", exact=True).click()
    reached(elsewhere, "practice-list")
    elsewhere.get_by_role("link", name="Un rendez-vous avant chaque lancement").click()
    elsewhere.get_by_role("link", name="Essayé chez nous").click()
    elsewhere.get_by_label("A marché en partie").check()
    elsewhere.get_by_label("Ce qui s’est passé").fill("Huit marchés relus la première année.")
    reached(elsewhere, "practice-tried")
    elsewhere.get_by_role("button", name="Dire ce que cela a donné").click()
    elsewhere.get_by_text("Huit marchés relus").wait_for()
    reached(elsewhere, "practice-sheet")


# where the label of each line ends, and where each printed line of its value begins
VALUES = """() => [...document.querySelectorAll('.practice-line')].map(line => {
    const label = line.querySelector('strong').getBoundingClientRect()
    const range = document.createRange()
    range.selectNodeContents(line.lastChild)
    const rows = [...range.getClientRects()].filter(row => row.width > 1)
    return {right: label.right, bottom: label.bottom, lefts: rows.map(row => row.left), top: rows[0].top}
})"""


def test_a_value_never_runs_under_its_label(visit: Any, facilitator: Membership) -> None:
    practice = making_sheets.published(
        facilitator, host="Une structure porteuse au nom assez long pour tenir sur deux lignes d’un téléphone"
    )
    page = visit()
    log_in(page, facilitator.user.email, PASSWORD)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/pratiques/{practice.pk}")
        page.get_by_role("heading", level=2, name="Identité").wait_for()
        shown = page.evaluate(VALUES)
        assert shown
        for line in shown:
            assert len({round(left) for left in line["lefts"]}) == 1
            assert line["top"] >= line["bottom"] - 1 if width == 390 else line["lefts"][0] >= line["right"] - 1


def test_a_text_pasted_too_long_is_told_and_not_cut(visit: Any, facilitator: Membership) -> None:
    page = visit()
    log_in(page, facilitator.user.email, PASSWORD)
    page.goto("/pratiques/nouvelle")
    box = page.get_by_label("Constat de départ")
    box.click()
    page.keyboard.insert_text("mot\n" * 400)
    page.get_by_text("Il en reste 2.").first.wait_for()
    page.keyboard.insert_text("encore")
    page.get_by_role("status").filter(has_text="6 caractères de trop").wait_for()
    assert box.input_value() == "mot\n" * 400 + "encore"
