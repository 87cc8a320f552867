"""The real ground, built once per session from the npm package; import the fixtures in a folder's ``conftest.py``."""

from pathlib import Path

import pytest

from dentelle.opendata.cog.build import build_ground
from dentelle.opendata.ground import Ground, load_ground
from tests.shared import ROOT

NODE_MODULES = ROOT / "node_modules"


@pytest.fixture(scope="session")
def ground_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder holding the ground alone, without any loaded zoning: do not write in it."""
    directory = tmp_path_factory.mktemp("ground")
    build_ground(NODE_MODULES, directory)
    return directory


@pytest.fixture(scope="session")
def ground(ground_directory: Path) -> Ground:
    """The ground of the COG, shared by the tests of a session (it is read-only)."""
    return load_ground(ground_directory)
