"""A person invited comes in with the role they were given, by the address they were invited at, and by no other."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Organisation, Seat
from dentelle.foundations.invitations import actions
from dentelle.foundations.invitations.models import Invitation
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Membership
from tests.factories import NOW, PASSWORD, MembershipFactory, UserFactory
from tests.invitations.pages import shown, text
from tests.invitations.samples import TOKEN

NEW = "quatre mots sans aucun rapport"
WHO = "lea@essai.example"
SITE = "https://testserver/"
GIVEN = {"full_name": "Léa Martin", "password": NEW, "again": NEW}


def invited(manager, *, email=WHO, role="facilitator", **given):
    return actions.invite(manager, email=email, role=role, site=SITE, at=timezone.now(), **given)


@pytest.fixture
def address(manager, received):
    invited(manager)
    return received(WHO)


@pytest.fixture
def buyer(db):
    return Organisation.objects.create(
        siret="21860194300014",
        siren="218601943",
        name="Ville d’essai",
        sort_name="ville d essai",
        name_source="typed",
        created_at=NOW,
        updated_at=NOW,
    )


def test_an_invited_person_chooses_a_password_and_comes_in(address, manager):
    browser = Client()
    assert manager.structure.name in text(browser.get(address))
    browser.post(address, GIVEN)
    user = User.objects.get(email=WHO)
    assert browser.session[SESSION_KEY] == str(user.pk)
    assert user.check_password(NEW)
    assert user.emailaddress_set.get().verified
    assert Membership.objects.get(user=user).role == "facilitator"
    assert Membership.objects.get(user=user).structure == manager.structure


def test_the_key_of_the_session_changes_when_the_account_opens(address):
    browser = Client()
    browser.get(address)
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["sessionid"] = session.session_key
    browser.post(address, GIVEN)
    assert browser.session.session_key != session.session_key


def test_looking_never_uses_an_invitation_up(address):
    scanner = Client()
    for _ in range(3):
        assert scanner.get(address).status_code == scanner.head(address).status_code == 200
    assert not User.objects.filter(email=WHO).exists()
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"full_name": " "}, "obligatoire"),
        ({"password": "court", "again": "court"}, "trop court"),
        ({"again": "autre chose de long"}, "diffèrent"),
        ({"password": "lea@essai.example", "again": "lea@essai.example"}, "trop semblable"),
    ],
)
def test_what_is_wrong_is_said_and_uses_nothing_up(changed, said, address):
    answer = Client().post(address, GIVEN | changed)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not User.objects.filter(email=WHO).exists()
    assert Client().post(address, GIVEN).status_code == 302


def test_an_invitation_serves_once(address):
    Client().post(address, GIVEN)
    again = Client().post(address, GIVEN | {"full_name": "Une autre"})
    assert again.status_code == 404
    assert User.objects.get(email=WHO).full_name == "Léa Martin"


@pytest.mark.parametrize("case", ["unknown", "accepted", "revoked", "expired"])
def test_every_invitation_that_does_not_open_says_the_same(case, address, manager):
    asked, delta = address, timedelta()
    if case == "unknown":
        asked = f"/invitation/{TOKEN}/"
    elif case == "accepted":
        Client().post(address, GIVEN)
    elif case == "revoked":
        actions.revoke(manager, Invitation.objects.get().pk, at=timezone.now())
    else:
        delta = timedelta(days=15)
    expected = shown(Client().get("/invitation/inconnue/"))
    with time_machine.travel(timezone.now() + delta, tick=False):
        for answer in (Client().get(asked), Client().post(asked, GIVEN)):
            assert (answer.status_code, shown(answer)) == (404, expected)


def test_an_address_with_an_account_gets_the_role_once_signed_in_and_not_before(address, manager):
    user = UserFactory(email=WHO, full_name="Léa Martin")
    stranger = Client()
    assert "Connectez-vous" in text(stranger.get(address)).replace("connectez-vous", "Connectez-vous")
    stranger.post(address, GIVEN)
    assert not Membership.objects.filter(user=user).exists()
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    browser = Client()
    browser.force_login(user)
    browser.post(address)
    assert Membership.objects.get(user=user).structure == manager.structure


def test_the_account_of_another_address_gains_nothing(address, outsider, client_of):
    browser = client_of(outsider)
    page = text(browser.get(address))
    assert "une autre adresse" in page
    assert WHO not in page
    browser.post(address, GIVEN)
    assert Membership.objects.filter(user=outsider.user).count() == 1
    assert not User.objects.filter(email=WHO).exists()


def test_capitals_make_no_second_account(manager, received):
    user = UserFactory(email=WHO)
    invited(manager, email="  Lea@Essai.Example ")
    browser = Client()
    browser.force_login(user)
    browser.post(received(WHO))
    assert Membership.objects.filter(user=user).exists()
    assert User.objects.filter(email__iexact=WHO).count() == 1


def test_a_closed_account_is_not_opened_by_an_invitation(address):
    UserFactory(email=WHO, is_active=False)
    Client().post(address, GIVEN)
    assert not Membership.objects.filter(user__email=WHO).exists()


def test_somebody_of_another_organisation_gets_a_seat_and_no_place(manager, buyer, received):
    invited(manager, role="buyer", organisation=buyer)
    Client().post(received(WHO), GIVEN)
    seat = Seat.objects.get(user__email=WHO)
    assert (seat.organisation, seat.role, seat.closed_at) == (buyer, "buyer", None)
    assert not Membership.objects.filter(user__email=WHO).exists()


def test_sending_again_closes_the_former_link_and_lasts_again(address, manager, client_of, received):
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        client_of(manager).post(f"/invitations/{Invitation.objects.get().pk}/renvoyer/")
        assert Client().get(address).status_code == 404
        assert Client().get(received(WHO)).status_code == 200


def test_withdrawing_closes_at_once(address, manager, client_of):
    client_of(manager).post(f"/invitations/{Invitation.objects.get().pk}/retirer/")
    assert Client().post(address, GIVEN).status_code == 404


def test_the_page_invites_lists_and_says_what_is_wrong(manager, client_of, buyer):
    browser = client_of(manager)
    answer = browser.post("/invitations/", {"email": WHO, "role": "member:reader"}, follow=True)
    assert "Invitation envoyée à lea@essai.example" in text(answer)
    assert "en attente" in text(answer)
    for given, said in (
        ({"email": WHO, "role": "member:reader"}, "déjà invitée"),
        ({"email": manager.user.email, "role": "member:reader"}, "déjà partie"),
        ({"email": "x", "role": "member:reader"}, "valide"),
        ({"email": "a@b.example", "role": "member:chef"}, "choix"),
        ({"email": "a@b.example", "role": "seat:buyer"}, "SIRET"),
        ({"email": "a@b.example", "role": "seat:buyer", "siret": "11111111111111"}, "enregistrez-la"),
    ):
        answer = browser.post("/invitations/", given)
        assert (answer.status_code, said in text(answer)) == (422, True), (given, said)
    answer = browser.post(
        "/invitations/", {"email": "a@b.example", "role": "seat:buyer", "siret": "218 601 943 00014"}, follow=True
    )
    assert buyer.name in text(answer)


@pytest.mark.parametrize("who", ["facilitator", "reader", "outsider"])
def test_only_those_responsible_invite(who, request, client_of, address):
    browser = client_of(request.getfixturevalue(who))
    invitation = Invitation.objects.get()
    assert browser.get("/invitations/").status_code == 404
    for act in ("renvoyer", "retirer"):
        assert browser.post(f"/invitations/{invitation.pk}/{act}/").status_code == 404


def test_a_manager_of_elsewhere_cannot_touch_an_invitation(address, client_of):
    other = MembershipFactory(manager=True)
    for act in ("renvoyer", "retirer"):
        assert client_of(other).post(f"/invitations/{Invitation.objects.get().pk}/{act}/").status_code == 404
    assert WHO not in text(client_of(other).get("/invitations/"))


def test_a_structure_does_not_write_to_the_whole_world(manager):
    for n in range(actions.PER_DAY):
        invited(manager, email=f"p{n}@essai.example")
    with pytest.raises(actions.InvitationRefused, match="demain"):
        invited(manager)
    assert Message.objects.count() == actions.PER_DAY


def test_each_act_is_recorded_once(address, manager):
    Client().post(address, GIVEN)
    acts = Entry.objects.filter(structure=manager.structure).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["invitation.sent", "account.created", "membership.created", "invitation.accepted"]
    assert WHO not in str(list(Entry.objects.values()))


def test_the_list_asks_as_many_questions_for_ten_as_for_two_hundred(manager, client_of):
    counts, browser = [], client_of(manager)
    for total in (10, 200):
        for n in range(Invitation.objects.count(), total):
            Invitation.objects.create(
                structure=manager.structure,
                grant="member",
                role="reader",
                email=f"p{n}@essai.example",
                token_hash=f"{n:064}",
                invited_by=manager.user,
                created_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
        with CaptureQueriesContext(connection) as captured:
            browser.get("/invitations/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20
