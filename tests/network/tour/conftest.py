from tests.ground_fixtures import ground_directory

__all__ = ["ground_directory"]
