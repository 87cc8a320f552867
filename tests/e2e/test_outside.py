"""The people outside structures on their own pages: a buyer, a company by a link without account, the head of the network."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from dentelle.foundations.accounts.models import User
from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models import Contract, InsertionPlan, PenaltyDecision
from dentelle.thread.contracts.states import ContractState
from tests.e2e.browser import reached
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e


def organisation_of(who: str) -> int:
    return User.objects.get(email=f"{who}@demo.dentelle.example").seats.get().organisation_id


def test_a_buyer_validates_hours_decides_a_penalty_and_opens_its_figures_and_files(
    page: Any, demo: Callable[..., None]
) -> None:
    demo(page, "beatrice")
    page.get_by_role("heading", level=1, name="quelque chose de vous").wait_for()
    reached(page, "buyer-contracts")
    page.get_by_role("link", name="attendus de vous").click()
    buyer = organisation_of("beatrice")
    waiting = Contract.objects.filter(buyer=buyer, state=ContractState.CALIBRATED).latest("updated_at")
    page.goto(reverse("spaces:contract", args=[waiting.pk]))
    reached(page, "buyer-contract")
    page.get_by_role("link", name="Valider les heures proposées").click()
    reached(page, "buyer-validates")
    page.get_by_role("button", name="Valider ces heures").click()
    page.get_by_text("Heures validées.").wait_for()
    waiting.refresh_from_db()
    assert waiting.state == ContractState.BUYER_APPROVED
    short = Contract.objects.get(buyer=buyer, state=ContractState.CLOSED_PARTIAL, obligations__penalty_value__gt=0)
    page.goto(reverse("spaces:contract", args=[short.pk]))
    page.get_by_role("link", name="Décider d’une pénalité proposée").click()
    reached(page, "buyer-penalty")
    page.get_by_label("Ne pas l’appliquer").check()
    page.get_by_label("Motif").fill("Retard dû à nos services")
    page.get_by_role("button", name="Enregistrer ma décision").click()
    page.get_by_text("Décision enregistrée.").wait_for()
    assert PenaltyDecision.objects.get().decided_by.email == "beatrice@demo.dentelle.example"
    page.get_by_role("link", name="Mes indicateurs").click()
    reached(page, "buyer-indicators")
    figure = page.locator(".indicator .figure-value a").first
    count = int(re.sub(r"\D", "", figure.inner_text()))
    figure.click()
    page.get_by_role("heading", level=1, name="avec une clause").wait_for()
    assert page.locator("tbody tr").count() == count
    reached(page, "buyer-indicator")
    page.get_by_role("link", name="Mes pièces").click()
    reached(page, "buyer-files")
    with page.expect_download() as download:
        page.get_by_role("link", name="compte-rendu-demarrage.pdf").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_a_company_and_an_siae_read_what_they_owe(visit: Visit, demo: Callable[..., None]) -> None:
    for who in ("marc", "sonia"):
        page = visit()
        demo(page, who)
        page.get_by_role("heading", level=1, name="contrat").wait_for()
        reached(page, f"{who}-contracts")
        page.locator("tbody th a").first.click()
        page.get_by_role("heading", name="Qui appeler").wait_for()
        reached(page, f"{who}-contract")


def test_a_company_without_account_confirms_its_plan_by_a_link(visit: Visit, demo: Callable[..., None]) -> None:
    facilitator = visit()
    demo(facilitator, "nadia")
    plan = InsertionPlan.objects.filter(
        contract__structure__name="Maison de l’emploi du Bocage",
        contract__state=ContractState.RUNNING,
        confirmed_at=None,
    ).latest("pk")
    contract = plan.contract
    facilitator.goto(reverse("contracts:act", args=[contract.pk, "lien"]))
    reached(facilitator, "link-to-company")
    facilitator.get_by_label("Entreprise").select_option(label=plan.holder.organisation.name)
    facilitator.get_by_label("Adresse électronique").fill("travaux@titulaire.example")
    facilitator.get_by_role("button", name="Envoyer le lien").click()
    facilitator.get_by_text("Lien envoyé.").wait_for()
    message = Message.objects.get(to="travaux@titulaire.example")
    address = re.search(r"/lien/\S+", message.text)
    assert address

    company = visit()
    company.goto(address[0])
    reached(company, "link-received")
    company.get_by_role("button", name="Ouvrir").click()
    company.get_by_role("heading", level=1, name=contract.title).wait_for()
    reached(company, "link-contract")
    company.get_by_role("link", name="Confirmer votre plan d’insertion").click()
    company.get_by_label("Nom de votre correspondant").fill("Driss Fabre")
    company.get_by_label("Son téléphone").fill("06 00 00 00 00")
    reached(company, "link-plan")
    company.get_by_role("button", name="Confirmer le plan").click()
    company.get_by_text("Plan confirmé.").wait_for()
    company.get_by_role("link", name="Poser une question au facilitateur").click()
    company.get_by_label("Votre nom").fill("Driss Fabre")
    company.get_by_label("Votre question").fill("Qui propose les candidatures ?")
    reached(company, "link-question")
    company.get_by_role("button", name="Envoyer la question").click()
    company.get_by_text("Question envoyée.").wait_for()

    other = visit()
    other.goto(address[0])
    reached(other, "link-used")
    other.get_by_role("button", name="Demander un nouveau lien").click()
    other.get_by_role("heading", level=1).wait_for()
    assert Message.objects.filter(to="travaux@titulaire.example").count() == 2

    facilitator.goto(reverse("contracts:detail", args=[contract.pk]))
    facilitator.get_by_text("Driss Fabre").first.wait_for()
    reached(facilitator, "contract-with-link")
    facilitator.locator("article", has_text="Qui propose").get_by_role("link", name="Répondre").click()
    facilitator.get_by_label("Répondu le").fill("2026-11-22")
    facilitator.get_by_label("Réponse").fill("Nous, sous quinze jours.")
    facilitator.get_by_role("button", name="Donner la réponse").click()
    facilitator.get_by_text("Réponse notée.").wait_for()
    company.reload()
    company.get_by_text("Nous, sous quinze jours.").wait_for()

    contract = Contract.objects.filter(
        structure__name="Maison de l’emploi du Bocage", exchanges__kind="question", exchanges__answered_on__isnull=False
    ).first()
    facilitator.goto(reverse("contracts:detail", args=[contract.pk]))
    facilitator.get_by_role("link", name="Réponses aux candidats").click()
    assert "Réponse donnée à tous" in facilitator.locator("#reponses").input_value()
    reached(facilitator, "answers")
    facilitator.get_by_role("link", name="Noter qui a été informé").first.click()
    reached(facilitator, "answers-told")


def test_the_head_of_the_network_approves_a_structure(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "odile")
    waiting = Structure.objects.get(status="requested")
    reached(page, "network")
    page.get_by_role("link", name=waiting.name).first.click()
    reached(page, "network-structure")
    page.get_by_role("button", name="Agréer").first.click()
    page.get_by_role("status").filter(has_text=waiting.name).wait_for()
    waiting.refresh_from_db()
    assert waiting.is_approved
    reached(page, "network-approved")
