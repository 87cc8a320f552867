"""A buyer goes from its purchase plan to hours and words in five clicks at most; a facilitator corrects one in the grid."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dentelle.foundations.organisations.models import Coverage, Membership
from tests.e2e.browser import reached
from tests.factories import PASSWORD
from tests.plans import making

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_ground"),
]
PROMISED = 5


class Clicks:
    """Counts what a person clicks, choosing the file included."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Any) -> None:
        self.count += 1
        target.click()


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    year = timezone.localdate().year + 1
    lines = [(*line[:5], f"01/0{rank + 3}/{year}", *line[6:]) for rank, line in enumerate(making.LINES)]
    path = tmp_path / "programmation.xlsx"
    path.write_bytes(making.workbook_bytes(lines))
    return path


def test_a_buyer_goes_from_its_plan_to_hours_and_words_in_five_clicks(
    page: Any, facilitator: Membership, plan_file: Path
) -> None:
    Coverage.objects.create(
        structure=facilitator.structure,
        version=1,
        valid_from=date(2026, 1, 1),
        places=["commune:35238"],
        created_at=timezone.now(),
    )
    seat = making.seat_at(making.buyer())
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(seat.user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/")

    click = Clicks()
    click(page.get_by_role("navigation").get_by_role("link", name="Ma programmation"))
    page.get_by_role("heading", level=1, name="Votre programmation d’achats").wait_for()
    page.get_by_label("Fichier").set_input_files(plan_file)
    click.count += 1  # the browser's own window, where the file is chosen
    reached(page, "plan-buyer-drop")
    click(page.get_by_role("button", name="Lire le fichier"))
    page.get_by_role("heading", level=1, name="prêtes à écrire").wait_for()
    reached(page, "plan-buyer-grid")
    click(page.get_by_role("button", name="Écrire 4"))
    page.get_by_role("heading", level=1, name="h possibles").wait_for()
    hours = page.locator("tr", has_text="Entretien des espaces verts").locator("td.number.strong").inner_text()
    assert "h" in hours
    reached(page, "plan-buyer")
    click(page.get_by_role("link", name="Entretien des espaces verts"))
    assert click.count <= PROMISED
    words = page.get_by_label("Clause").input_value()
    assert "L2112-2" in words
    assert hours.split()[0] in words
    reached(page, "plan-buyer-line")


def test_a_facilitator_corrects_a_file_in_its_grid(
    page: Any, facilitator: Membership, sign_in: Any, tmp_path: Path
) -> None:
    path = tmp_path / "programmation.xlsx"
    wrong = [(*making.LINES[0][:3], "entre 40 et 90 k€", *making.LINES[0][4:]), *making.LINES[1:]]
    path.write_bytes(making.workbook_bytes(wrong))
    making.buyer()
    sign_in(facilitator)
    page.goto("/programmations/")
    page.get_by_role("link", name="Déposer une programmation").first.click()
    page.get_by_label("Acheteur").fill("21350238800019")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Fichier").set_input_files(path)
    page.get_by_role("button", name="Lire le fichier").click()
    page.get_by_role("heading", level=1, name="3 lignes prêtes, 1 à corriger").wait_for()
    reached(page, "plan-grid-wrong")
    page.get_by_label("Montant estimé HT, ligne 4").fill("480 000")
    page.get_by_role("button", name="Enregistrer les corrections").click()
    page.get_by_role("heading", level=1, name="4 lignes prêtes à écrire").wait_for()
    page.get_by_role("button", name="Écrire 4").click()
    page.get_by_role("link", name="Entretien des espaces verts").click()
    reached(page, "plan-line")
    page.get_by_role("link", name="Calibrer", exact=True).click()
    assert page.get_by_label("Montant estimé").input_value() == "480000"
