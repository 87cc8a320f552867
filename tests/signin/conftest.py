from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from dentelle.foundations.accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.signin.browsers import Browser


@pytest.fixture(autouse=True)
def _attempts_of_this_test_only() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(email="aline@essai.example", full_name="Aline Roux")


@pytest.fixture
def browser() -> Client:
    """A browser on https, where passkeys are allowed."""
    return Browser()


@pytest.fixture
def signed_in(browser: Client, person: User) -> Client:
    """A browser in which the person gave their password a moment ago."""
    answer = browser.post("/connexion/", {"username": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser


@pytest.fixture
def confirmed(signed_in: Client) -> Callable[[], Client]:
    """The same, having given the password again to change ways of signing in."""

    def confirm() -> Client:
        answer = signed_in.post("/compte/confirmer/", {"password": PASSWORD, "next": "/compte/"})
        assert answer.status_code == 302, answer.content.decode()
        return signed_in

    return confirm
