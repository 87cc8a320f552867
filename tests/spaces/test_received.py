"""A company without account: a link opens its part of one contract; looking uses nothing up, a button does; one click asks again."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from dentelle.foundations.directory.contact_actions import ContactWords, add_contact
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.models import Contract, Exchange
from dentelle.web.spaces.received_views import SENT_PER_DAY
from tests.contracts import making
from tests.factories import NOW
from tests.spaces.making import ADDRESS, link, plan, raw, shared, text

pytestmark = pytest.mark.django_db
HERE = "/recu/"


@pytest.fixture(autouse=True)
def _attempts_of_this_test_only():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def contract(facilitator) -> Contract:
    return making.running(facilitator, 1_200)


def address() -> str:
    message = Message.objects.filter(to=ADDRESS).order_by("-created_at", "-pk")[0]
    return re.search(r"/lien/\S+", message.text)[0]


def opened(where: str = "") -> Client:
    browser = Client()
    browser.post(where or address())
    return browser


def test_the_facilitator_sends_the_link_from_the_contract(facilitator, contract, client_of) -> None:
    client = client_of(facilitator)
    typed = {"revision": contract.revision, "company": making.company().pk, "email": ADDRESS, "days": "30"}
    page = text(client.post(f"/contrats/{contract.pk}/lien", typed, follow=True))
    assert "Lien envoyé." in page
    assert ADDRESS in page
    message = Message.objects.get(to=ADDRESS)
    assert "la clause sociale du marché « Réfection du groupe scolaire »" in message.text
    assert message.structure == contract.structure
    assert Entry.objects.filter(act="link.sent", object_id=str(contract.pk)).count() == 1


@pytest.mark.parametrize(("field", "typed"), [("company", "987654"), ("email", "pas une adresse"), ("days", "0")])
def test_a_link_that_cannot_be_sent_says_why_at_its_field(facilitator, contract, client_of, field, typed) -> None:
    known = {"revision": contract.revision, "company": making.company().pk, "email": ADDRESS, "days": "30"}
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/lien", {**known, field: typed})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not MagicLink.objects.exists()


def test_the_addresses_the_structure_knows_are_offered_and_those_of_others_are_not(
    facilitator, outsider, contract, client_of
) -> None:
    for actor, address in ((facilitator, "connue@entreprise.example"), (outsider, "autre@entreprise.example")):
        words = ContactWords("Hervé Lorin")
        add_contact(actor, making.company().pk, words, emails=[address], on=NOW.date(), at=NOW)
    page = raw(client_of(facilitator).get(f"/contrats/{contract.pk}/lien"))
    assert '<option value="connue@entreprise.example">' in page
    assert "autre@entreprise.example" not in page


def test_no_link_leaves_before_the_notification(facilitator, client_of) -> None:
    contract = making.contract(facilitator)
    making.holder(facilitator, contract)
    assert "une fois le marché notifié" in text(client_of(facilitator).get(f"/contrats/{contract.pk}/lien"))


def test_looking_uses_nothing_up_and_the_button_opens_its_part(facilitator, contract) -> None:
    link(facilitator, contract)
    scanner = Client()
    for _ in range(3):
        assert scanner.get(address()).status_code == 200
        assert scanner.head(address()).status_code == 200
    assert scanner.get(HERE).status_code == 404
    assert MagicLink.objects.get().used_at is None
    page = text(opened().get(HERE))
    assert "1 200 h d’insertion pour Bâtisseurs 1" in page
    assert "nommer un correspondant et confirmer le plan d’insertion" in page
    assert opened().get(HERE).status_code == 404  # it served once


def test_it_confirms_the_plan_and_the_structure_reads_it(facilitator, contract, client_of) -> None:
    plan(facilitator, contract)
    link(facilitator, contract)
    browser = opened()
    form = browser.get(f"{HERE}plan").context["form"]
    typed = {bound.name: bound.value() for bound, _ in [*form.lines, *form.months]}
    typed |= {"name": "Driss Fabre", "email": "driss@entreprise.example"}
    assert browser.post(f"{HERE}plan", typed)["Location"] == HERE
    made = contract.plans.get()
    assert (made.correspondent_name, made.confirmed_by) == ("Driss Fabre", ADDRESS)
    page = text(client_of(facilitator).get(f"/contrats/{contract.pk}"))
    assert "Driss Fabre" in page
    assert "Dentelle a reçu du titulaire la confirmation de son plan d’insertion (1 200 h sur 12 mois)" in page


def test_it_asks_a_question_under_a_name_and_reads_what_was_shared(facilitator, contract, client_of) -> None:
    told = shared(facilitator, contract, "holder", "Compte rendu", file="cr.txt")
    inner = shared(facilitator, contract, "inner", "Entre nous", file="inner.txt")
    link(facilitator, contract)
    browser = opened()
    page = text(browser.get(HERE))
    assert "Compte rendu" in page
    assert "Entre nous" not in page
    assert b"".join(browser.get(f"{HERE}pieces/{told.attachment_id}")) == "pièce de Compte rendu".encode()
    assert browser.get(f"{HERE}pieces/{inner.attachment_id}").status_code == 404
    typed = {"revision": contract.revision, "name": "Driss Fabre", "text": "Quand commencer ?"}
    assert "Question envoyée." in text(browser.post(f"{HERE}question", typed, follow=True))
    page = text(client_of(facilitator).get(f"/contrats/{contract.pk}"))
    assert "posée par Driss Fabre (Bâtisseurs 1)" in page


def test_a_subcontractor_has_its_part_and_no_plan_to_confirm(facilitator, contract) -> None:
    content = SubcontractContent(making.company(2), subject="Peinture", due_minutes=90 * 60)
    actions.add_subcontract(
        facilitator, contract.pk, contract.holders.get().pk, content, expected_revision=contract.revision, at=NOW
    )
    contract.refresh_from_db()
    link(facilitator, contract, 2)
    browser = opened()
    page = text(browser.get(HERE))
    assert "Transmises par Bâtisseurs 1 (Peinture) : 90 h." in page
    assert browser.get(f"{HERE}plan").status_code == 404


def test_another_link_is_asked_in_one_click_and_goes_to_the_same_address(facilitator, contract) -> None:
    first = link(facilitator, contract)
    used = address()
    opened()
    closed = Client().get(used)
    assert closed.status_code == 404
    assert "Demander un nouveau lien" in text(closed)
    Client().post(f"{used}nouveau/")
    assert address() != used
    assert MagicLink.objects.latest("pk").first == first
    assert opened().get(HERE).status_code == 200


def test_the_structure_takes_the_access_back_at_once(facilitator, contract, client_of) -> None:
    sent = link(facilitator, contract)
    browser = opened()
    assert browser.get(HERE).status_code == 200
    client_of(facilitator).post(f"/contrats/{contract.pk}/liens/{sent.pk}/fermer")
    assert browser.get(HERE).status_code == 404


def test_a_company_taken_off_the_contract_opens_nothing_any_more(facilitator, contract) -> None:
    link(facilitator, contract)
    browser = opened()
    contract.holders.update(organisation=making.company(2))
    assert browser.get(HERE).status_code == 404
    assert browser.post(f"{HERE}question", {"text": "?"}).status_code == 404
    assert not Exchange.objects.exists()


def test_an_access_ends_on_its_day(facilitator, contract) -> None:
    sent = link(facilitator, contract)
    browser = opened()
    with time_machine.travel(sent.open_until, tick=False):
        assert browser.get(HERE).status_code == 404


def test_a_link_sends_no_more_than_people_do(facilitator, contract) -> None:
    link(facilitator, contract)
    browser = opened()
    typed = {"revision": contract.revision, "name": "Driss"}
    answers = [
        browser.post(f"{HERE}question", {**typed, "text": f"Question {rank} ?"}).status_code
        for rank in range(SENT_PER_DAY + 1)
    ]
    assert (answers[0], answers[-1]) == (302, 429)
    assert Exchange.objects.count() == SENT_PER_DAY


def test_its_pages_are_kept_out_of_caches_and_search_engines(facilitator, contract) -> None:
    link(facilitator, contract)
    browser = opened()
    for where in (HERE, f"{HERE}plan", f"{HERE}question"):
        response = browser.get(where)
        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response["X-Robots-Tag"]


def test_leaving_closes_the_browser_and_not_the_access(facilitator, contract) -> None:
    link(facilitator, contract)
    browser = opened()
    browser.post("/lien/quitter/")
    assert browser.get(HERE).status_code == 404
    assert MagicLink.objects.get().revoked_at is None
    assert timezone.now() < MagicLink.objects.get().open_until
