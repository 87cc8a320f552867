"""What a person knows is asked where they are: a name instead of a number, the missing dates with the step itself."""

import re
from datetime import date

from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.thread.contracts.models import Contract
from tests.clauses import making as calibrations
from tests.contracts import making
from tests.factories import NOW

BUYER, COMPANY = "21350238800019", "55208131766522"


def known(actor, siret, name, kind):
    return find_or_create_by_siret(actor, siret, identity=Identity(name=name), kinds=(kind,), at=NOW)[0]


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_typing_a_name_proposes_the_organisations_of_the_directory_buyers_first(facilitator, client_of):
    known(facilitator, COMPANY, "Saint-Élan Bâtiment", "company")
    known(facilitator, BUYER, "Saint-Élan, commune", "buyer")
    client = client_of(facilitator)
    page = text(client.get("/organisations/proposees?champ=buyer_siret&nature=buyer&buyer_siret=saint el"))
    assert re.findall(r'value="(\d+)"', page) == [BUYER, COMPANY]
    assert "<option" not in text(client.get("/organisations/proposees?champ=buyer_siret&buyer_siret=s"))


def test_a_buyer_is_entered_by_its_name(facilitator, client_of):
    buyer = known(facilitator, BUYER, "Commune de Saint-Élan", "buyer")
    typed = {"title": "Voirie", "buyer_siret": "commune de saint-elan", "clause_type": "EXECUTION_CONDITION"}
    assert client_of(facilitator).post("/contrats/nouveau", typed).status_code == 302
    assert Contract.objects.get().buyer == buyer


def test_a_name_nobody_has_is_refused_at_its_field(facilitator, client_of):
    typed = {"title": "Voirie", "buyer_siret": "Commune inventée", "clause_type": "EXECUTION_CONDITION"}
    response = client_of(facilitator).post("/contrats/nouveau", typed)
    assert response.status_code == 422
    assert "« Commune inventée » n’est pas à l’annuaire : donnez son SIRET." in text(response)
    assert not Contract.objects.exists()


def test_the_step_asks_what_is_missing_and_nothing_else(facilitator, client_of):
    contract = making.contract(facilitator, notified_on=date(2026, 9, 1))
    making.obligation(facilitator, contract)
    page = text(client_of(facilitator).get(f"/contrats/{contract.pk}/etape?move=notify"))
    assert 'name="siret"' in page
    for known_or_useless in ("notified_on", "starts_on", "total_source", "closed_on"):
        assert f'name="{known_or_useless}"' not in page


def test_the_award_is_noted_with_its_date_and_its_holder_in_one_go(facilitator, client_of):
    contract = making.contract(facilitator)
    making.obligation(facilitator, contract)
    company = known(facilitator, COMPANY, "Bâtisseurs réunis", "company")
    typed = {
        "revision": contract.revision,
        "move": "notify",
        "notified_on": "2026-11-02",
        "siret": "Bâtisseurs réunis",
    }
    assert client_of(facilitator).post(f"/contrats/{contract.pk}/etape", typed).status_code == 302
    contract.refresh_from_db()
    assert (contract.state, contract.notified_on) == ("notified", date(2026, 11, 2))
    assert contract.holders.get().organisation == company


def test_a_step_refused_leaves_neither_holder_nor_date(facilitator, client_of):
    contract = making.contract(facilitator)
    known(facilitator, COMPANY, "Bâtisseurs réunis", "company")
    typed = {"revision": contract.revision, "move": "notify", "notified_on": "2026-11-02", "siret": COMPANY}
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/etape", typed)
    assert response.status_code == 422
    assert "au moins une obligation" in text(response)
    contract.refresh_from_db()
    assert (contract.notified_on, contract.holders.exists()) == (None, False)


def test_an_execution_that_would_end_before_it_starts_is_refused(facilitator, client_of):
    contract = making.contract(facilitator, notified_on=date(2026, 9, 1), ends_on=date(2027, 1, 1))
    making.obligation(facilitator, contract)
    making.holder(facilitator, contract)
    client = client_of(facilitator)
    client.post(f"/contrats/{contract.pk}/etape", {"revision": contract.revision, "move": "notify"})
    contract.refresh_from_db()
    typed = {"revision": contract.revision, "move": "start", "starts_on": "2027-06-01"}
    response = client.post(f"/contrats/{contract.pk}/etape", typed)
    assert response.status_code == 422
    assert "La fin de l’exécution précède son début." in text(response)


def told(client, typed) -> str:
    page = text(client.get(f"/organisations/proposees?champ=siret&ou=id_siret&siret={typed}"))
    return re.search(r'id="id_siret-recognised"[^>]*>([^<]*)<', page)[1]


def test_a_number_typed_whole_says_whose_it_is(facilitator, client_of):
    known(facilitator, COMPANY, "Bâtisseurs réunis", "company")
    client = client_of(facilitator)
    assert told(client, "552 081 317 66522") == "À l’annuaire : Bâtisseurs réunis."
    assert "sa clé de contrôle est fausse" in told(client, "55208131766523")
    assert "écrivez aussi son nom" in told(client, "73282932000074")
    assert told(client, "5520813176") == told(client, "bâtisseurs") == ""


def test_a_calibration_already_in_the_register_is_told_with_its_contract(facilitator, client_of):
    calibration = calibrations.saved(facilitator)
    client = client_of(facilitator)
    address = f"/contrats/nouveau?calibrage={calibration.pk}"
    assert "vient déjà de là" not in text(client.get(address))
    client.post("/contrats/nouveau", {"title": "Lot 1", "calibration": calibration.pk})
    first = Contract.objects.get(title="Lot 1")
    page = text(client.get(address))
    assert "vient déjà de là" in page
    assert f'<a href="/contrats/{first.pk}">Lot 1</a>' in page
    assert "vient déjà de là" not in text(client.get("/contrats/nouveau"))


def test_the_page_says_before_one_types_which_dates_a_signed_contract_keeps(facilitator, client_of):
    signed = making.running(facilitator)
    draft = making.contract(facilitator, starts_on=date(2027, 1, 1))
    client = client_of(facilitator)
    assert "ne change que par un avenant" in text(client.get(f"/contrats/{signed.pk}/modifier"))
    assert "ne change que par un avenant" not in text(client.get(f"/contrats/{draft.pk}/modifier"))
