"""A facilitator follows a contract from its calibration to its closing: register, holder, plan, amendment, stated total."""

from typing import Any

import pytest

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.states import ContractState
from tests.clauses.making import saved
from tests.e2e.browser import reached

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_ground"),
]
BUYER, COMPANY = "21350238800019", "55208131766522"


def act(page: Any, name: str) -> None:
    page.get_by_text("Autres actes").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, level=1).wait_for()


def sent(page: Any, button: str, done: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_text(done).wait_for()


def test_a_contract_goes_from_its_calibration_to_its_closing(page: Any, facilitator: Membership, sign_in: Any) -> None:
    calibration = saved(facilitator)
    sign_in(facilitator)
    page.goto(f"/calibrages/{calibration.pk}/")
    page.get_by_role("link", name="Inscrire au registre").click()
    assert page.get_by_label("Heures dues").input_value() == "833"
    page.locator("#id_buyer_siret").fill(BUYER)
    page.get_by_label("Nom de l’acheteur").fill("Commune d’essai")
    for label, day in (("Notifié le", "2025-09-01"), ("Exécution du", "2025-10-01"), ("au", "2026-09-30")):
        page.get_by_label(label).first.fill(day)
    page.locator("#id_holder_siret").fill(COMPANY)
    page.get_by_label("Nom de l’entreprise titulaire").fill("Bâtisseurs réunis")
    reached(page, "register-new")
    sent(page, "Inscrire au registre", "Contrat inscrit au registre.")

    page.locator("a.btn-primary", has_text="Arrêter le plan d’insertion").click()
    page.get_by_label("Réunion de démarrage le").fill("2025-09-20")
    page.get_by_label("Correspondant du titulaire").fill("Élodie Fabre")
    sent(page, "Arrêter le plan", "Plan arrêté.")
    page.locator("a.btn-primary", has_text="Exécution démarrée").click()
    sent(page, "Changer d’étape", "Étape notée.")
    act(page, "Saisir un avenant")
    page.get_by_label("Décidé le").fill("2025-12-01")
    page.get_by_label("Motif").fill("Tranche de travaux ajoutée")
    page.get_by_label("Obligation modifiée").select_option(index=1)
    page.get_by_label("Heures ajoutées ou retirées").fill("120")
    sent(page, "Saisir l’avenant", "Avenant saisi.")
    page.get_by_role("heading", name="953 h d’insertion").wait_for()
    reached(page, "register-contract")

    act(page, "Changer d’étape")
    page.get_by_label("Clore : engagement tenu").check()
    page.get_by_label("Total constaté, heures d’insertion").fill("960")
    page.get_by_label("Source du total").fill("Bilan du titulaire")
    page.get_by_label("Clos le").fill("2026-10-05")
    reached(page, "register-closing")
    sent(page, "Changer d’étape", "Étape notée.")
    page.get_by_text("Bilan du titulaire").wait_for()
    contract = Contract.objects.get()
    assert (contract.state, contract.stated_insertion_minutes) == (ContractState.CLOSED_MET, 960 * 60)
    assert contract.calibration == calibration
