"""A stage of the Tour, from its announcement to the synthesis: the head, somebody on a phone, a facilitator, an official."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dentelle.foundations.messages.models import Message
from dentelle.network.tour.models import Finding, Registration, Stage
from tests.e2e.browser import reached

pytestmark = pytest.mark.e2e
FINDING = "Les petites communes n’ont personne pour écrire une clause."
NEED = "Quelqu’un qui relise notre cahier des charges, une fois par an."
PHONE = {"width": 390, "height": 844}


def test_a_stage_goes_from_its_announcement_to_the_synthesis_of_the_tour(
    visit: Callable[[], Any], demo: Callable[..., None]
) -> None:
    head, guest, facilitator, official = visit(), visit(), visit(), visit()
    day = timezone.localdate() + timedelta(days=5)

    demo(head, "odile")
    head.get_by_role("link", name="Réseau", exact=True).click()
    head.get_by_role("link", name="Tour", exact=True).click()
    reached(head, "tour")
    head.get_by_role("link", name="Préparer une étape").click()
    head.get_by_label("Région", exact=True).select_option(label="Occitanie")
    head.get_by_label("Titre").fill("Étape d’Occitanie")
    head.locator("#id_day").fill(day.isoformat())
    head.get_by_label("Commence à").fill("09:30")
    head.locator("#id_place").fill("Halle fictive, Toulouse")
    reached(head, "tour-stage-new")
    head.get_by_role("button", name="Garder l’étape").click()
    head.get_by_role("link", name="Écrire le programme").click()
    head.get_by_label("Heure, ligne 1").fill("09:30")
    head.get_by_label("Intitulé, ligne 1").fill("Accueil")
    reached(head, "tour-programme")
    head.get_by_role("button", name="Enregistrer le programme").click()
    head.get_by_role("button", name="Annoncer l’étape").click()
    head.get_by_text("L’étape est annoncée").wait_for()
    reached(head, "tour-stage-announced")
    stage = Stage.objects.get(title="Étape d’Occitanie")

    guest.set_viewport_size(PHONE)
    guest.goto(f"/tours/{stage.tour_id}/")
    reached(guest, "tour-public")
    guest.set_viewport_size(PHONE)
    guest.get_by_role("link", name="Étape d’Occitanie").click()
    guest.get_by_label("Prénom et nom").fill("Ana Ruiz")
    guest.get_by_label("Vous venez comme").select_option(label="Acheteur, donneur d’ordre")
    guest.get_by_label("Adresse électronique").fill("ana@achats.example")
    guest.get_by_label("J’accepte que ces informations").check()
    reached(guest, "tour-public-stage")
    guest.get_by_role("button", name="M’inscrire").click()
    guest.get_by_text("C’est reçu.").wait_for()
    letter = Message.objects.get(to="ana@achats.example")
    leave = re.search(r"/tours/inscription/\S+", letter.text)
    assert leave
    guest.goto(leave[0])
    reached(guest, "tour-leave")

    demo(official, "henri")
    official.set_viewport_size(PHONE)
    official.goto(f"/tour/etapes/{stage.pk}/")
    official.get_by_role("button", name="M’inscrire").click()
    official.get_by_text("Votre place est réservée. Un courriel").wait_for()

    Stage.objects.filter(pk=stage.pk).update(day=timezone.localdate() - timedelta(days=1))  # the day has come and gone
    demo(facilitator, "omar")
    facilitator.set_viewport_size(PHONE)
    facilitator.goto(f"/tour/etapes/{stage.pk}/")
    facilitator.get_by_role("link", name="Noter un besoin").click()
    facilitator.get_by_label("Qui le dit").select_option(label="Élu, élue")
    facilitator.get_by_label("De quoi ont-ils besoin").fill(NEED)
    reached(facilitator, "tour-need")
    facilitator.get_by_role("button", name="Noter, et un autre").click()
    facilitator.get_by_text("C’est noté").wait_for()
    # the same form, empty: what it held is saved, and not offered again
    assert facilitator.get_by_text("Une saisie non enregistrée").count() == 0

    # a name anybody may have typed, without a space
    Registration.objects.create(stage=stage, full_name="w" * 150, organisation="m" * 150, registered_at=timezone.now())
    head.goto(f"/tour/etapes/{stage.pk}/")
    head.get_by_role("link", name="Noter les présences").click()
    head.get_by_label("Ana Ruiz").focus()
    head.keyboard.press("Space")  # she did not come
    reached(head, "tour-attendance")
    head.get_by_role("button", name="Enregistrer les présences").click()
    head.get_by_text("Les présences sont notées").wait_for()
    assert Registration.objects.get(email="ana@achats.example").attended is False
    head.get_by_text("Établir un constat").click()
    head.get_by_label("Ce que l’étape montre").fill(FINDING)
    head.get_by_label(NEED).check()
    head.get_by_role("button", name="Établir le constat").click()
    head.get_by_text("Le constat est établi").wait_for()
    finding = Finding.objects.get(text=FINDING)

    official.goto(f"/tour/constats/{finding.pk}/")
    official.get_by_role("link", name="En faire ma préoccupation").click()
    reached(official, "tour-carry")
    official.get_by_role("button", name="Envoyer au réseau").click()
    official.get_by_text("Votre préoccupation est écrite").wait_for()

    facilitator.goto(f"/tour/constats/{finding.pk}/")
    facilitator.get_by_role("button", name="En faire une fiche pratique").click()
    facilitator.get_by_role("link", name="l’étape Occitanie du Tour").click()
    facilitator.get_by_role("link", name="Fiche en préparation, PLIE des Deux Rives").wait_for()
    reached(facilitator, "tour-finding")

    head.get_by_label("Ce que l’étape a appris").fill("Les petites communes demandent une relecture partagée.")
    head.get_by_role("button", name="Raconter l’étape").click()
    head.get_by_text("L’étape est racontée").wait_for()
    reached(head, "tour-stage-reported")
    with head.expect_download() as report:
        head.get_by_role("link", name="Rapport d’une page (PDF)").click()
    assert report.value.suggested_filename == "rapport-etape-doccitanie.pdf"
    head.goto(f"/tour/{stage.tour_id}/synthese/")
    head.get_by_text(FINDING).wait_for()
    reached(head, "tour-synthesis")
    head.set_viewport_size(PHONE)
    cut = "table => { const frame = table.parentElement; return frame.scrollWidth - frame.clientWidth }"
    assert head.locator("table.across").evaluate(cut) <= 0
    head.set_viewport_size({"width": 1280, "height": 900})
    head.get_by_role("button", name="Publier la synthèse").click()
    head.get_by_text("La synthèse est publiée").wait_for()
    guest.goto(f"/tours/{stage.tour_id}/")
    guest.get_by_role("link", name="Synthèse du Tour").click()
    guest.get_by_text(FINDING).wait_for()
    reached(guest, "tour-public-synthesis")
    with head.expect_download() as synthesis:
        head.get_by_role("link", name="Synthèse (PDF)").click()
    assert synthesis.value.suggested_filename.endswith(".pdf")

    guest.goto(f"/tours/etapes/{stage.pk}/")
    guest.get_by_text("Les petites communes demandent une relecture partagée.").wait_for()
    reached(guest, "tour-public-reported")
