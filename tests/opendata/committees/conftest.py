"""The real ground for the tests of this folder."""

from tests.ground_fixtures import ground, ground_directory

__all__ = ["ground", "ground_directory"]
