"""A framework, a local agreement under it, its reading and its yearly review: the head, a structure, the partner."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from dentelle.demo.buyers import siret as made_siret
from dentelle.foundations.directory.models import Seat
from dentelle.network.agreements.models import Agreement, Party
from tests.e2e.browser import reached
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.e2e


def act(page: Any, agreement: Agreement, code: str, button: str, **given: Any) -> None:
    """Open an act, fill what it asks by its labels, send it."""
    page.goto(reverse("agreements:act", args=[agreement.pk, code]))
    fill(page, given)
    page.get_by_role("button", name=button, exact=True).click()
    page.locator(".alert-success").wait_for()


def fill(page: Any, given: dict[str, Any]) -> None:
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        elif isinstance(value, bool):
            field.check()
        else:
            field.fill(value)


def signed_by_all(page: Any, agreement: Agreement, on: date) -> None:
    """Each signature noted, one form each, then the agreement itself."""
    while True:
        page.goto(reverse("agreements:detail", args=[agreement.pk]))
        if not page.get_by_role("link", name="Noter une signature").count():
            break
        act(page, agreement, "signature", "Noter la signature", on=on.isoformat())
    page.get_by_role("link", name="Noter la convention comme signée").click()
    page.get_by_role("button", name="Noter l’étape", exact=True).click()
    page.get_by_text("Étape notée.").wait_for()


def written(page: Any, agreement: Agreement, partner_siret: str, own_siret: str, own_name: str) -> None:
    """Parties, signatories, an article and a commitment."""
    for side, siret in (("author", own_siret), ("partner", partner_siret)):
        known = {"is_public": "yes" if side == "partner" else "no"}
        name = {} if side == "partner" else {"name": own_name}
        act(page, agreement, "partie", "Ajouter", siret=siret, **name, side=side, **known)
    for party in Party.objects.filter(agreement=agreement).order_by("pk"):
        for rank in range(party.signatories_needed):
            act(page, agreement, "signataire", "Nommer", party=str(party.pk), full_name=f"Signataire {rank + 1}")
    act(page, agreement, "article", "Ajouter l’article", title="Orienter", text="Chacun oriente vers l’autre.")
    act(
        page,
        agreement,
        "engagement",
        "Ajouter l’engagement",
        text="Tenir une permanence commune",
        theme="mobility",
        own_lead="coordination",
        partner_lead="direction de l’agence",
    )


def test_from_a_framework_to_a_local_agreement_and_its_yearly_review(visit: Visit, demo: Callable[..., None]) -> None:
    head, desk, partner = visit(), visit(), visit()
    demo(head, "odile")
    today = timezone.localdate()
    siret = Seat.objects.get(user__email="fanny@demo.dentelle.example").organisation.siret
    head.goto("/conventions/")
    reached(head, "agreements-head")
    head.get_by_role("link", name="Écrire une convention-cadre").click()
    reached(head, "agreement-new-framework")
    head.get_by_label("Intitulé").fill("Convention-cadre du parcours")
    head.get_by_label("mobilité").check()
    head.get_by_label("Début").fill(today.isoformat())
    head.get_by_label("Fin").fill((today + timedelta(days=700)).isoformat())
    head.get_by_role("button", name="Créer le brouillon").click()
    head.get_by_text("Convention créée.").wait_for()
    frame = Agreement.objects.get(title="Convention-cadre du parcours")
    own = Agreement.objects.frameworks().exclude(pk=frame.pk).filter(is_example=False)[0].parties.get(side="author")
    assert own.organisation
    written(head, frame, siret, own.organisation.siret, own.organisation.name)
    head.get_by_role("link", name="Proposer à la signature").click()
    head.get_by_role("button", name="Noter l’étape", exact=True).click()
    signed_by_all(head, frame, today)
    reached(head, "agreement-framework")

    demo(desk, "claire")
    desk.goto("/conventions/")
    desk.get_by_role("link", name="Convention locale, Communauté de communes de Haute-Gâtine").click()
    desk.get_by_text("n’est pas en vigueur aujourd’hui").wait_for()
    reached(desk, "agreement-blocked")
    local = Agreement.objects.local().get(state="draft")
    desk.get_by_role("link", name="Modifier", exact=True).click()
    desk.get_by_label("Convention-cadre").select_option(value=str(frame.pk))
    desk.get_by_label("Fin").fill((today + timedelta(days=400)).isoformat())
    reached(desk, "agreement-head-form")
    desk.get_by_role("button", name="Enregistrer").click()
    desk.get_by_text("Convention modifiée.").wait_for()
    assert local.structure
    written(desk, local, siret, made_siret("00039900", 1), local.structure.name)
    act(
        desk,
        local,
        "indicateur",
        "Ajouter l’indicateur",
        name="Permanences tenues",
        definition="Demi-journées tenues ensemble",
        source="agenda partagé",
        unit="count",
        frequency="monthly",
        target="2",
    )
    desk.get_by_role("link", name="Proposer à la signature").click()
    reached(desk, "agreement-propose")
    desk.get_by_role("button", name="Noter l’étape", exact=True).click()
    desk.get_by_text("Étape notée.").wait_for()

    demo(partner, "fanny")
    partner.get_by_role("heading", level=1, name="quelque chose de vous").wait_for()
    reached(partner, "partner-agreements")
    partner.get_by_role("link", name=local.title).click()
    partner.get_by_role("link", name="Noter une signature").click()
    partner.locator("[name=on]").fill(today.isoformat())
    reached(partner, "partner-signs")
    partner.get_by_role("button", name="Noter la signature").click()
    partner.get_by_text("Signature notée.").wait_for()
    signed_by_all(desk, local, today)
    act(desk, local, "releve", "Enregistrer le relevé", day=today.isoformat(), value="2", source="agenda partagé")
    reached(desk, "agreement-local")

    partner.goto("/mes-conventions/")
    partner.get_by_role("link", name=local.title).click()
    partner.get_by_text("partiel, arrêté au").first.wait_for()
    partner.get_by_text("Autres actes").click()
    partner.get_by_role("link", name="Confirmer ou contester des relevés").click()
    reached(partner, "partner-answers")
    partner.get_by_label("Je confirme").check()
    partner.get_by_role("button", name="Envoyer la réponse").click()
    partner.get_by_text("1 relevé confirmé.").wait_for()
    reached(partner, "partner-agreement")
    with partner.expect_download() as download:
        partner.get_by_role("link", name=f"Bilan {today.year} (Word)").click()
    document = Document(BytesIO(download.value.path().read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*cells, *(each.text for each in document.paragraphs)])
    assert "Permanences tenues" in said
    assert "confirmé" in said

    desk.goto("/conventions/cote-a-cote")
    desk.get_by_text("Tenir une permanence commune").first.wait_for()
    reached(desk, "agreements-side-by-side")
    desk.goto("/qui-fait-quoi/")
    reached(desk, "who-does-what")
    desk.get_by_role("link", name="Ajouter une ligne").click()
    reached(desk, "who-does-what-new")
    desk.get_by_label("Service").select_option(label="aide au numérique")
    desk.get_by_role("button", name="Ajouter la ligne").click()
    desk.get_by_text("Ligne ajoutée.").wait_for()
