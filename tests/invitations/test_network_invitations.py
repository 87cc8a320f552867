"""The head of a network invites who answers for its structures, and who sits beside them; of other networks, nobody."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from dentelle.foundations.invitations.models import Invitation
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Membership, NetworkSeat, StructureStatus
from tests.factories import NetworkFactory, NetworkSeatFactory, StructureFactory, UserFactory
from tests.invitations.pages import text

WHO = "lea@essai.example"
GIVEN = {
    "full_name": "Léa Martin",
    "password": "quatre mots sans aucun rapport",
    "again": "quatre mots sans aucun rapport",
}
PAGE = "/reseau/invitations/"


@pytest.fixture
def head(db):
    return NetworkSeatFactory()


@pytest.fixture
def browser(head):
    client = Client()
    client.force_login(head.user)
    return client


def invite(browser, place, email=WHO):
    return browser.post(PAGE, {"email": email, "place": str(place)}, follow=True)


def test_a_person_invited_to_the_network_sits_at_its_head_and_in_no_structure(head, browser, received):
    assert "Invitation envoyée à lea@essai.example" in text(invite(browser, "network"))
    guest = Client()
    assert str(head.network) in text(guest.get(received(WHO)))
    guest.post(received(WHO), GIVEN)
    assert NetworkSeat.objects.get(user__email=WHO).network == head.network
    assert not Membership.objects.filter(user__email=WHO).exists()
    assert guest.get("/reseau/").status_code == 200


def test_a_person_invited_for_a_structure_is_its_manager(head, browser, received):
    structure = StructureFactory(network=head.network)
    invite(browser, structure.pk)
    Client().post(received(WHO), GIVEN)
    held = Membership.objects.get(user__email=WHO)
    assert (held.structure, held.role) == (structure, "manager")
    assert not NetworkSeat.objects.filter(user__email=WHO).exists()


@pytest.mark.parametrize("status", [StructureStatus.REQUESTED, StructureStatus.CLOSED])
def test_nobody_is_invited_to_a_structure_that_is_not_at_work(status, head, browser):
    structure = StructureFactory(network=head.network)
    type(structure).objects.filter(pk=structure.pk).update(status=status)
    assert invite(browser, structure.pk).status_code == 422
    assert not Message.objects.exists()


def test_the_structures_of_another_network_are_neither_shown_nor_taken(head, browser):
    elsewhere = StructureFactory(name="Ailleurs", network=NetworkFactory(name="Autre réseau"))
    assert "Ailleurs" not in text(browser.get(PAGE))
    assert invite(browser, elsewhere.pk).status_code == 422
    assert not Invitation.objects.exists()


def test_the_head_of_another_network_reaches_no_invitation_of_this_one(head, browser):
    invite(browser, "network")
    invitation = Invitation.objects.get()
    other = Client()
    other.force_login(NetworkSeatFactory(network=NetworkFactory(name="Autre réseau")).user)
    assert WHO not in text(other.get(PAGE))
    for act in ("renvoyer", "retirer"):
        assert other.post(f"{PAGE}{invitation.pk}/{act}/").status_code == 404
    assert browser.post(f"{PAGE}{invitation.pk}/renvoyer/").status_code == 302
    assert browser.post(f"{PAGE}{invitation.pk}/retirer/").status_code == 302
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_members_do_not_open_the_page_of_the_network(manager, client_of):
    assert client_of(manager).get(PAGE).status_code == 404
    assert invite(client_of(manager), "network").status_code == 404


def test_a_manager_sees_who_the_network_invited_to_their_structure_and_not_to_its_head(
    head, browser, manager, client_of
):
    invite(browser, manager.structure.pk)
    invite(browser, "network", email="autre@essai.example")
    page = text(client_of(manager).get("/invitations/"))
    assert WHO in page
    assert "autre@essai.example" not in page


@pytest.mark.parametrize("place", ["structure", "network"])
def test_whoever_waits_or_is_there_already_is_not_invited_again(place, head, browser, received):
    where = "network" if place == "network" else StructureFactory(network=head.network).pk
    assert invite(browser, where).status_code == 200
    assert "déjà invitée" in text(invite(browser, where))
    Client().post(received(WHO), GIVEN)
    assert "déjà" in text(invite(browser, where))
    assert Invitation.objects.count() == 1


def test_each_act_is_recorded_once(head, browser, received):
    invite(browser, "network")
    Client().post(received(WHO), GIVEN)
    acts = Entry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["invitation.sent", "account.created", "network_seat.opened", "invitation.accepted"]


def test_two_waiting_invitations_to_one_place_are_refused_by_the_database(head, browser):
    invite(browser, "network")
    again = Invitation.objects.get()
    again.pk, again.token_hash = None, "b" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_the_page_of_a_structure_leads_to_its_invitation(head, browser):
    structure = StructureFactory(network=head.network)
    link = f"{PAGE}?pour={structure.pk}"
    assert f'href="{link}"' in browser.get(f"/reseau/{structure.pk}/").content.decode()
    assert f'<option value="{structure.pk}" selected>' in browser.get(link).content.decode()


def test_an_account_of_the_address_is_asked_to_sign_in_before_it_sits(head, browser, received):
    user = UserFactory(email=WHO)
    invite(browser, "network")
    Client().post(received(WHO), GIVEN)
    assert not NetworkSeat.objects.filter(user=user).exists()
