import pytest

from tests.factories import NetworkFactory, NetworkSeatFactory
from tests.network.governance import making as governance


@pytest.fixture
def author(db):
    return governance.official(user__full_name="Henri Sorin", structure__name="PLIE de Gâtine")


@pytest.fixture
def seat(author):
    return governance.head_of(author)


@pytest.fixture
def stranger(db):
    """The head of another network."""
    return NetworkSeatFactory(network=NetworkFactory(name="Autre réseau"))
