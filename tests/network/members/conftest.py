import pytest

from tests.ground_fixtures import ground, ground_directory


@pytest.fixture
def the_ground(settings, ground_directory, ground):
    """The site reads the real ground."""
    settings.DENTELLE_GROUND = ground_directory
    return ground


__all__ = ["ground", "ground_directory"]
