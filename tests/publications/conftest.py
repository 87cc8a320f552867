from tests.ground_fixtures import ground_directory
from tests.purchases.conftest import data

__all__ = ["data", "ground_directory"]
