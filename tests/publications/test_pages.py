"""The pages of publications: the list, one contract, what the page of a contract says."""

import json
import re

import pytest
from django.urls import reverse

from dentelle.thread.publications.models import Publication
from tests.contracts import making as contracts
from tests.publications.making import KEY, award, loaded, looked, signed

pytestmark = pytest.mark.django_db


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_the_page_of_a_contract_shows_promise_and_publication_and_opens_the_source(
    facilitator, client_of, data
) -> None:
    contract = signed(facilitator, "CONDITION_AND_CRITERION")
    loaded(data, award())
    looked()
    shown = page(client_of(facilitator), reverse("contracts:detail", kwargs={"pk": contract.pk}))
    assert "Clause sociale, Critère social" in shown
    assert "n’est pas ce qui était promis" in shown
    assert "a rapproché le contrat de sa publication (même SIRET d’acheteur et même numéro)" in shown
    source = reverse("purchases:contract", kwargs={"contract_key": KEY})
    assert f"{source}#sources" in shown
    assert 'id="sources"' in page(client_of(facilitator), source)


def test_nothing_is_said_before_the_contract_is_signed(facilitator, client_of) -> None:
    draft = contracts.contract(facilitator)
    assert "titre-publication" not in page(client_of(facilitator), reverse("contracts:detail", kwargs={"pk": draft.pk}))


def test_the_fragment_to_copy_is_json(facilitator, client_of) -> None:
    contract = signed(facilitator)
    shown = client_of(facilitator).get(reverse("publications:detail", kwargs={"pk": contract.pk})).content.decode()
    (written,) = re.findall(r'<textarea id="json"[^>]*>(.*?)</textarea>', shown, re.DOTALL)
    assert json.loads(written.replace("&quot;", '"')) == {
        "considerationsSociales": {"considerationSociale": ["Clause sociale"]}
    }


def test_a_person_confirms_and_refuses_from_the_page(facilitator, client_of, data) -> None:
    contract, client = signed(facilitator, number=""), client_of(facilitator)
    loaded(data, award())
    looked()
    address = reverse("publications:detail", kwargs={"pk": contract.pk})
    assert "Est-ce ce contrat" in page(client, address)
    confirmed = client.post(
        reverse("publications:confirm", kwargs={"pk": contract.pk}), {"contract_key": KEY}, follow=True
    )
    assert "Rapprochement confirmé." in confirmed.content.decode()
    assert f"confirmé par {facilitator.user.full_name}" in page(client, address)
    client.post(reverse("publications:reopen", kwargs={"pk": contract.pk}))
    refused = client.post(
        reverse("publications:refuse", kwargs={"pk": contract.pk}), {"contract_key": KEY}, follow=True
    )
    assert "ne sera plus proposée" in refused.content.decode()
    assert not Publication.objects.exists()


def test_a_decision_on_what_changed_meanwhile_is_said_on_the_page(facilitator, client_of) -> None:
    contract = signed(facilitator)
    answer = client_of(facilitator).post(
        reverse("publications:confirm", kwargs={"pk": contract.pk}), {"contract_key": KEY}, follow=True
    )
    assert "a changé entre-temps" in answer.content.decode()


def test_the_list_filters_by_standing_words_and_person(facilitator, client_of, data) -> None:
    signed(facilitator, number="1", title="Toiture du gymnase")
    signed(facilitator, title="École maternelle")
    loaded(data, award())
    looked()
    client = client_of(facilitator)
    missing = page(client, "/publications/?etat=missing")
    assert "Toiture du gymnase" in missing
    assert "École maternelle" not in missing
    assert "École maternelle" in page(client, "/publications/?texte=ecole&etat=toutes")
    assert "Toiture du gymnase" not in page(client, "/publications/?texte=ecole&etat=toutes")
    assert "2 contrats" in page(client, "/publications/?mes=1&etat=toutes")
    # by default, what calls for somebody
    assert "1 contrat<" in page(client, "/publications/?etat=nimporte&apres=xx")


def test_a_message_to_the_buyer_is_ready_to_be_copied(facilitator, client_of, data) -> None:
    contract = signed(facilitator)
    loaded(data)
    shown = page(client_of(facilitator), reverse("publications:detail", kwargs={"pk": contract.pk}))
    assert "Nous n’avons pas trouvé ce marché dans les données essentielles publiées." in shown
    assert "La considération sociale à publier est : Clause sociale" in shown
    assert reverse("directory:detail", kwargs={"pk": contract.buyer_id}) in shown


def test_a_reader_sees_without_deciding(reader, facilitator, client_of, data) -> None:
    contract = signed(facilitator, number="")
    loaded(data, award())
    looked()
    shown = page(client_of(reader), reverse("publications:detail", kwargs={"pk": contract.pk}))
    assert "Est-ce ce contrat" in shown
    assert "C’est ce contrat" not in shown


def test_an_empty_register_says_what_will_be_here(facilitator, client_of) -> None:
    assert "Ici, ce que vos contrats signés doivent publier" in page(client_of(facilitator), "/publications/")
