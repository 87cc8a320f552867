"""Real files for tests, where they are present; a test that needs an absent one is skipped and says why."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("DENTELLE_SHARED", ROOT.parent / "shared"))


def shared_path(relative: str) -> Path:
    """Return the path of a shared test file, or skip the calling test."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"real test data absent: {relative} (set DENTELLE_SHARED to the folder that holds it)")
    return path
