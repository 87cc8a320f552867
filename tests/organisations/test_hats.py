"""One hat at a time: what it opens goes when the right behind it goes, and a form is obeyed only under the hat it was opened with."""

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.foundations.organisations.hats import Wardrobe
from dentelle.foundations.organisations.models import Membership, Structure, StructureStatus
from tests.factories import MembershipFactory, NetworkSeatFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """A person who is a manager here and a reader there."""
    here = MembershipFactory(manager=True, structure__name="PLIE d’ici")
    there = MembershipFactory(reader=True, user=here.user, structure__name="PLIE de là-bas")
    return here, there


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


def acting(client):
    """What the last page knew of the person."""
    request = client.get(reverse("clauses:list")).wsgi_request
    return request.structure and request.structure.name


def wear(client, held):
    return client.post(reverse("structures:wear"), {"hat": f"membership:{held.pk}"})


def test_the_first_hat_is_worn_until_another_is_chosen(two):
    here, there = two
    client = signed_in(here.user)
    assert acting(client) == "PLIE d’ici"
    assert wear(client, there).status_code == 302
    assert acting(client) == "PLIE de là-bas"


def test_somebody_elses_hat_cannot_be_worn(two):
    here, _ = two
    client = signed_in(here.user)
    for key in (f"membership:{MembershipFactory().pk}", "membership:0", "network_seat:1", "", "membership"):
        assert client.post(reverse("structures:wear"), {"hat": key}).status_code == 404
    assert acting(client) == "PLIE d’ici"


def test_a_hat_is_not_changed_by_a_link(two):
    assert signed_in(two[0].user).get(reverse("structures:wear")).status_code == 405


def test_a_removed_membership_opens_nothing_though_its_session_goes_on(two):
    here, there = two
    client = signed_in(here.user)
    wear(client, there)
    assert acting(client) == "PLIE de là-bas"
    there.delete()
    assert acting(client) == "PLIE d’ici"
    here.delete()
    assert client.get(reverse("clauses:list")).status_code == 404


def test_a_form_sent_under_a_right_that_has_gone_is_not_obeyed_under_another(two):
    here, there = two
    client = signed_in(here.user)
    wear(client, there)
    assert acting(client) == "PLIE de là-bas"
    there.delete()
    assert client.post(reverse("purchases:save_view"), {"nom": "ailleurs", "query": ""}).status_code == 404


def test_a_form_opened_under_one_hat_is_refused_under_the_next(two):
    here, there = two
    client = signed_in(here.user, enforce_csrf_checks=True)
    client.get(reverse("purchases:list"))
    opened_with = client.cookies["csrftoken"].value
    token = {"csrfmiddlewaretoken": opened_with}
    assert client.post(reverse("structures:wear"), {"hat": f"membership:{there.pk}", **token}).status_code == 302
    assert client.post(reverse("purchases:save_view"), {"nom": "vue", "query": "", **token}).status_code == 403


def test_a_role_taken_away_is_gone_at_the_next_request(two):
    here, _ = two
    client = signed_in(here.user)
    assert client.get(reverse("clauses:new")).status_code == 200
    Membership.objects.filter(pk=here.pk).update(role="elected_official")
    assert client.get(reverse("clauses:new")).status_code == 404


@pytest.mark.parametrize(
    ("status", "said"),
    [("requested", "en attente d’agrément"), ("refused", "refusé"), ("closed", "est fermée")],
)
def test_people_of_a_structure_not_at_work_see_one_page(status, said):
    structure = StructureFactory(status=status, status_reason="dossier incomplet")
    client = signed_in(MembershipFactory(structure=structure, manager=True).user)
    page = client.get(reverse("home")).content.decode()
    assert said in page
    assert "dossier incomplet" in page
    assert "site-nav" in page
    assert 'href="/achats/"' not in page
    assert client.get(reverse("purchases:list")).status_code == 404


def test_closing_a_structure_shuts_its_doors_on_people_at_work():
    membership = MembershipFactory(facilitator=True)
    client = signed_in(membership.user)
    assert client.get(reverse("clauses:list")).status_code == 200
    Structure.objects.update(status=StructureStatus.CLOSED)
    assert client.get(reverse("clauses:list")).status_code == 404


def test_a_person_keeps_to_the_structure_they_chose_even_when_it_closes(two):
    """They are told, and choose; nothing is done for another structure without their knowing."""
    here, there = two
    client = signed_in(here.user)
    wear(client, there)
    Structure.objects.filter(pk=there.structure_id).update(status=StructureStatus.CLOSED)
    assert client.get(reverse("clauses:list")).status_code == 404
    assert "PLIE de là-bas est fermée" in client.get(reverse("home")).content.decode()


def test_a_deactivated_account_is_signed_out():
    membership = MembershipFactory(facilitator=True)
    client = signed_in(membership.user)
    assert client.get(reverse("clauses:list")).status_code == 200
    membership.user.is_active = False
    membership.user.save()
    assert client.get(reverse("clauses:list"))["Location"].startswith(reverse("account_login"))


def test_the_page_head_offers_the_other_hats_only(two):
    here, _ = two
    seat = NetworkSeatFactory(user=here.user)
    page = signed_in(here.user).get(reverse("clauses:list")).content.decode()
    assert f'value="network_seat:{seat.pk}"' in page
    assert f'value="membership:{here.pk}"' not in page


def test_a_hat_that_opens_doors_comes_before_one_that_waits():
    waiting = MembershipFactory(structure=StructureFactory(requested=True))
    working = MembershipFactory(user=waiting.user)
    assert Wardrobe(waiting.user).first().held == working
