"""The demonstration tells a story: no page it opens to is in its empty state, no page is missing."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from dentelle.demo.load import load_demo
from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Membership
from tests.samples import addresses

# Pages that may say « rien ici » even in the demonstration, and why.
MAY_BE_EMPTY = {
    "jobs:list": "background work appears when somebody asks for it",
}


def demo_pages():
    """Every page a member reaches without choosing an object first."""
    return [
        address.name
        for address in addresses()
        if not address.arguments and address.view.door.kind == "members" and address.name not in MAY_BE_EMPTY
    ]


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of the demonstration, made by the first test that needs them."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo(db, client, settings, demo_home):
    settings.DENTELLE_HOME = demo_home
    settings.DENTELLE_GROUND, settings.DENTELLE_DECP = demo_home / "ground", demo_home / "decp"
    said = []
    assert load_demo(at=timezone.now(), say=said.append)
    assert said
    client.force_login(User.objects.get(email=DEMO_ACCOUNTS[0].email))
    return client


def test_no_page_of_the_demonstration_is_in_its_empty_state(demo):
    empty, failed = [], []
    for name in demo_pages():
        response = demo.get(reverse(name), follow=True)
        body = b"".join(response) if response.streaming else response.content
        if response.status_code not in {200, 404, 405}:  # 404 and 405: fragments that need words, acts that need POST
            failed.append((name, response.status_code))
        if b"data-empty-state" in body:
            empty.append(name)
    assert (empty, failed) == ([], [])


def test_the_demonstration_is_loaded_once(demo):
    people, acts = User.objects.count(), Entry.objects.count()
    assert not load_demo(at=timezone.now(), say=print)
    assert (User.objects.count(), Entry.objects.count()) == (people, acts)


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account.email)
def test_every_account_shown_on_the_login_page_opens_its_structure(account, demo, client):
    client.logout()
    answer = client.post("/connexion/", {"username": account.email, "password": DEMO_PASSWORD})
    assert answer.status_code == 302
    membership = Membership.objects.get(user__email=account.email)
    assert (membership.structure.name, membership.role) == (account.structure, account.role)


def test_a_real_installation_is_never_filled(client, facilitator):
    assert not load_demo(at=timezone.now(), say=print)
    assert User.objects.count() == 1
