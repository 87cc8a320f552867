"""A site with its ground and a few purchases, so that pages are walked as people see them, not in their « no data » state."""

from pathlib import Path

import pytest

from tests.ground_fixtures import ground_directory  # noqa: F401 (a session fixture)
from tests.serving_frames import make_store, purchase

CONTRACT_KEY = f"{1:020x}"
SOURCE = {"source_sha256": "ab" * 32, "source_name": "decp.json", "format": "json", "read": 2, "rejected": 0}


@pytest.fixture
def site_data(settings, tmp_path: Path, ground_directory: Path) -> None:  # noqa: F811 (the fixture imported above)
    settings.DENTELLE_GROUND = ground_directory
    settings.DENTELLE_DECP = tmp_path / "decp"
    make_store(tmp_path / "decp" / "serving.duckdb", purchase(CONTRACT_KEY), purchase(f"{2:020x}"), sources=[SOURCE])
