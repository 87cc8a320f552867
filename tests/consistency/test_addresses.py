"""Every address has a door (``test_access.py`` tries each as everybody)."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import MembershipFactory, StructureFactory
from tests.samples import addresses, all_samples

# Opened to anyone, after review. An address enters this list with the reason its view gives.
PUBLIC = {
    "login": "nobody is known before logging in",
    "logout": "leaving must work even when the session has already ended",
    "clauses:shared": "a buyer reads the calibration prepared for them without an account; the token is the key",
    "clauses:shared-note": "same key, same calibration, on paper",
}
ADDRESSES = addresses()
NAMES = [address.name for address in ADDRESSES]


pytestmark = pytest.mark.usefixtures("site_data")


@pytest.fixture
def owner(db):
    """The person whose objects everybody else tries to reach."""
    structure = StructureFactory(name="Structure témoin 7f3a")
    return MembershipFactory(structure=structure, user__full_name="Personne témoin", manager=True)


@pytest.fixture
def samples(owner):
    return all_samples(owner)


@pytest.fixture
def url_of(samples):
    def build(address):
        kwargs = samples[address.name].kwargs if address.arguments else {}
        return reverse(address.name, kwargs=kwargs)

    return build


def body(response):
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def test_every_address_has_a_name_of_its_own():
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("address", ADDRESSES, ids=NAMES)
def test_every_view_declares_its_door(address):
    assert getattr(address.view, "door", None), f"{address.name}: decorate its view with @members() or @public(reason)"


def test_what_is_public_has_been_reviewed():
    opened = {address.name: address.view.door.reason for address in ADDRESSES if address.view.door.kind == "public"}
    assert opened == PUBLIC


def test_every_address_with_arguments_has_a_sample(samples):
    wanted = {address.name: address.arguments for address in ADDRESSES if address.arguments}
    assert {name: frozenset(sample.kwargs) for name, sample in samples.items()} == wanted


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.name not in PUBLIC], ids=lambda a: a.name)
def test_a_stranger_is_sent_to_the_login_page(address, url_of, client):
    for method in (client.get, client.post):
        response = method(url_of(address))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.django_db
def test_a_person_without_a_structure_is_told_where_they_stand_and_nothing_else(client):
    lonely = MembershipFactory()
    lonely.delete()
    client.force_login(lonely.user)
    assert "aucune structure" in body(client.get(reverse("home")))
    for address in ADDRESSES:
        if address.view.door.kind not in {"public", "signed_in"} and not address.arguments:
            assert client.get(reverse(address.name)).status_code == 404
