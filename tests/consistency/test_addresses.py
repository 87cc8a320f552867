"""Every address has a door (``test_access.py`` tries each as everybody)."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.signals import request_finished
from django.db import close_old_connections
from django.urls import reverse

from dentelle.foundations.journal.models import Entry
from tests.factories import MembershipFactory, StructureFactory
from tests.samples import addresses, all_samples, sample_of

# Opened to anyone, after review. An address enters this list with the reason its view gives.
LOST_PASSWORD = "whoever lost their password cannot sign in; the answer is the same whether the account exists or not"
PUBLIC = {
    "account_login": "nobody is known before signing in",
    "account_logout": "leaving must work even when the session has already ended",
    "mfa_authenticate": "second step of signing in: who holds the password is not signed in yet",
    "mfa_login_webauthn": "signing in with a passkey instead of a password",
    "account_reset_password": LOST_PASSWORD,
    "account_reset_password_done": LOST_PASSWORD,
    "account_reset_password_from_key": (
        "the key received by e-mail is the proof; opening the page uses nothing up, choosing a password does"
    ),
    "account_reset_password_from_key_done": LOST_PASSWORD,
    "mail:list": "the demonstration shows its fictional mail to whoever plays each part; elsewhere the page does not exist",
    "mail:detail": "same fictional mail, one message",
    "invitations:accept": (
        "an invited person has no account yet; the token received by e-mail is the key, and only a button uses it up"
    ),
    "invitations:link": (
        "an outside party has no account; opening the page uses nothing up, its button opens one thing, once"
    ),
    "invitations:link-again": (
        "whoever holds a link that no longer opens may have another sent, to the address of the first and nowhere else"
    ),
    "invitations:link-leave": "leaving must work even when the link has been closed meanwhile",
    "api:openapi": "the document says what the API is, not what is in it; programs read it before they have a token",
    "api:docs": "the documentation says what the API is, not what is in it; developers read it before they have a token",
    "digests:stop": "whoever got the e-mail stops it without signing in; the signed address names one person and does only this",
    "clauses:shared": "a buyer reads the calibration prepared for them without an account; the token is the key",
    "members:public": (
        "a network opens the list of its members to anyone: structures and places, no person; closed, it is a 404"
    ),
    "clauses:shared-note": "same key, same calibration, on paper",
    **dict.fromkeys(
        ("tour:public", "tour:public-calendar", "tour:public-event"),
        "stages the head of a network announced to the public; a draft, or one for members, is a 404",
    ),
    **dict.fromkeys(
        ("tour:public-synthesis", "tour:public-synthesis-file"),
        "a synthesis its head published adds up told, public stages, and says no more than their pages; else it is a 404",
    ),
    "tour:public-stage": (
        "anyone may come to a public stage: rate-limited, confirmed by e-mail, forgotten six months later"
    ),
    "tour:public-report": "the report of a public stage, once the head of the network has told it",
    "tour:public-document": "documents the head of the network opened to everybody",
    "advocacy:public-call": (
        "an open call is made to be passed on: what is asked and until when; what is answered stays in the network"
    ),
    "advocacy:public": (
        "a published white paper is made to be read by anyone: its words are those whose authors agreed; unpublished, it is a 404"
    ),
    "advocacy:public-file": (
        "the files of a published white paper are made to be read by anyone; withheld while an author took their words back"
    ),
    "practices:public": (
        "a sheet under an open licence is made to be read by anyone, without who to contact and with the words that tell who somebody is masked; under another, or archived, it is a 404"
    ),
    "tour:personal-calendar": (
        "a calendar has no account: the secret address its owner made reads what they may read, until they close it"
    ),
    "tour:leave": "whoever received the letter has no account; opening the page does nothing, its button gives the place back",
}
ADDRESSES = addresses()
BY_LINK = {address.name for address in ADDRESSES if address.view.door.kind == "link_bearers"}
BY_TOKEN = {address.name for address in ADDRESSES if address.view.door.kind == "machines"}
OWN = {address.name for address in ADDRESSES if address.view.door.kind == "signed_in"}  # each person's own account
NAMES = [address.name for address in ADDRESSES]


pytestmark = pytest.mark.usefixtures("site_data")


@pytest.fixture
def owner(db):
    """The person whose objects everybody else tries to reach."""
    structure = StructureFactory(name="Structure témoin 7f3a")
    return MembershipFactory(structure=structure, user__full_name="Personne témoin", manager=True)


@pytest.fixture
def url_of(owner):
    """The address of the owner's object; made once, and its room's others with it."""
    made = {}

    def build(address):
        if address.name not in made:
            made[address.name] = sample_of(owner, address.name).kwargs if address.arguments else {}
        return reverse(address.name, kwargs=made[address.name])

    return build


def body(response):
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8", "replace")


@contextmanager
def keeping_the_connection():
    """The end of a request closes the connection, which here is that of the test (Django's test client does the same)."""
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_finished.connect(close_old_connections)


def test_every_address_has_a_name_of_its_own():
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("address", ADDRESSES, ids=NAMES)
def test_every_view_declares_its_door(address):
    assert getattr(address.view, "door", None), f"{address.name}: decorate its view with @members() or @public(reason)"


def test_what_is_public_has_been_reviewed():
    opened = {address.name: address.view.door.reason for address in ADDRESSES if address.view.door.kind == "public"}
    assert opened == PUBLIC


def test_every_address_with_arguments_has_a_sample(owner):
    wanted = {address.name: address.arguments for address in ADDRESSES if address.arguments}
    assert {name: frozenset(sample.kwargs) for name, sample in all_samples(owner).items()} == wanted


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.name in BY_LINK], ids=lambda a: a.name)
def test_without_its_link_nobody_opens_what_a_link_opens(address, url_of, owner, client_of, client):
    for browser in (client, client_of(owner)):
        assert (browser.get(url_of(address)).status_code, browser.post(url_of(address)).status_code) == (404, 404)


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.name in BY_TOKEN], ids=lambda a: a.name)
def test_without_a_token_nobody_opens_what_a_token_opens(address, url_of, owner, client_of, client):
    for browser in (client, client_of(owner)):
        assert (browser.get(url_of(address)).status_code, browser.post(url_of(address)).status_code) == (401, 401)


@pytest.mark.parametrize(
    "address", [a for a in ADDRESSES if a.name not in PUBLIC.keys() | BY_LINK | BY_TOKEN], ids=lambda a: a.name
)
def test_a_stranger_is_sent_to_the_login_page(address, url_of, client):
    for method in (client.get, client.post):
        response = method(url_of(address))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.parametrize("address", ADDRESSES, ids=NAMES)
def test_head_answers_as_get_does(address, url_of, owner, client, client_of):
    # mail scanners and link previews ask HEAD first; a shared link must not look broken to them
    visitor = client if address.name in PUBLIC else client_of(owner)
    url = url_of(address)  # making the object is told in the journal
    before = Entry.objects.count()
    got, head = visitor.get(url), visitor.head(url)
    body(got)
    with keeping_the_connection():
        head.close()  # a download holds its file until then
    assert (head.status_code, head.get("Content-Type")) == (got.status_code, got.get("Content-Type"))
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_person_without_a_structure_is_told_where_they_stand_and_nothing_else(client):
    lonely = MembershipFactory()
    lonely.delete()
    client.force_login(lonely.user)
    assert "aucune structure" in body(client.get(reverse("home")))
    for address in ADDRESSES:
        if address.view.door.kind not in {"public", "signed_in", "machines"} and not address.arguments:
            assert client.get(reverse(address.name)).status_code == 404
