"""The site with its ground and a few purchases, where one of everything can be made."""

from tests.consistency.conftest import site_data  # noqa: F401 (a fixture)
from tests.ground_fixtures import ground_directory  # noqa: F401 (a session fixture)
