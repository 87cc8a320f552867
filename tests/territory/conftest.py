"""The fixtures of the territory; end-to-end journeys use them too."""

from tests.territory.fixtures import ground_directory, load_purchases, reference, with_ground

__all__ = ["ground_directory", "load_purchases", "reference", "with_ground"]
