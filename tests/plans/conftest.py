from tests.territory.fixtures import ground_directory, reference, with_ground

__all__ = ["ground_directory", "reference", "with_ground"]
