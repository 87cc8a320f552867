"""Two people work on one contract: no change is lost, none is silently replaced."""

import re
from html import unescape

import pytest

from dentelle.thread.contracts import actions
from dentelle.thread.contracts.models import Contract
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return unescape(response.content.decode())


def sent_back(response, **typed: str) -> dict[str, str]:
    """What a browser sends of the page: hidden values and inputs as they stand, then what somebody types."""
    form = text(response).split('class="act-form"')[1].split("</form>")[0]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        known = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if known.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in known:
            values[known["name"]] = known.get("value", "on" if known.get("type") == "checkbox" else "")
    values |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s?(.*?)</textarea>', form, re.DOTALL))
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', body)
        values[name] = chosen[1] if chosen else ""
    return {**values, **typed}


@pytest.fixture
def contract(facilitator) -> Contract:
    return making.running(facilitator, number="2026-031")


def test_the_page_of_a_conflict_shows_before_now_and_mine(contract, facilitator, manager, client_of) -> None:
    address = f"/contrats/{contract.pk}/modifier"
    mine, hers = client_of(facilitator), client_of(manager)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), title="Titre de la collègue", subject="Son objet"))
    response = mine.post(address, sent_back(opened, title="Mon titre"))
    page = text(response)
    assert response.status_code == 409
    assert "modifié par une autre personne" in page
    assert f"{manager.user.full_name} a modifié" in page
    row = re.search(r"<th scope=\"row\">Intitulé</th>(.*?)</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r"<td[^>]*>(.*?)</td>", row[1]) == [
        "Réfection du groupe scolaire",
        "Titre de la collègue",
        "Mon titre",
    ]
    assert 'value="Mon titre"' in page
    assert Contract.objects.get(pk=contract.pk).title == "Titre de la collègue"


def test_sending_again_keeps_what_others_changed_elsewhere(contract, facilitator, manager, client_of) -> None:
    address = f"/contrats/{contract.pk}/modifier"
    mine, hers = client_of(facilitator), client_of(manager)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), subject="Son objet", number="2026-032"))
    conflict = mine.post(address, sent_back(opened, title="Mon titre"))
    assert mine.post(address, sent_back(conflict)).status_code == 302
    stored = Contract.objects.get(pk=contract.pk)
    assert (stored.title, stored.subject, stored.number) == ("Mon titre", "Son objet", "2026-032")


def test_a_change_undone_elsewhere_stays_undone(contract, facilitator, manager, client_of) -> None:
    address = f"/contrats/{contract.pk}/modifier"
    mine, hers = client_of(facilitator), client_of(manager)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), number="", is_framework="on"))
    conflict = mine.post(address, sent_back(opened, cpv="45214210"))
    mine.post(address, sent_back(conflict))
    stored = Contract.objects.get(pk=contract.pk)
    assert (stored.number, stored.is_framework, stored.cpv) == ("", True, "45214210")


def test_an_act_on_an_older_page_says_what_was_done_and_keeps_the_text(
    contract, facilitator, manager, client_of
) -> None:
    typed = {
        "revision": str(contract.revision),
        "kind": "meeting",
        "happened_on": "2026-10-01",
        "sharing": "inner",
        "text": "Réunion de chantier",
    }
    actions.add_lot(manager, contract.pk, number="1", expected_revision=contract.revision, at=NOW)
    client = client_of(facilitator)
    response = client.post(f"/contrats/{contract.pk}/echange", typed)
    page = text(response)
    assert response.status_code == 409
    assert f"{manager.user.full_name} a ajouté un lot" in page
    assert "Réunion de chantier" in page
    assert client.post(f"/contrats/{contract.pk}/echange", sent_back(response)).status_code == 302
    assert contract.exchanges.get().text == "Réunion de chantier"


def test_what_was_done_before_the_page_was_opened_is_not_told(contract, facilitator, manager, client_of) -> None:
    opened = contract.revision
    actions.add_lot(manager, contract.pk, number="1", expected_revision=opened, at=NOW)
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/lot", {"revision": opened, "number": "2"})
    meanwhile = text(response).split('class="meanwhile"')[1].split("</section>")[0]
    assert "a ajouté un lot" in meanwhile
    assert "titulaire" not in meanwhile
