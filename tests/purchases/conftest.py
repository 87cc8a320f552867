from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ground_fixtures import ground_directory
from tests.serving_frames import make_store

__all__ = ["ground_directory"]


@pytest.fixture
def data(tmp_path: Path, settings) -> Callable[..., Path]:
    """``data(purchase("…"), …)``: the site reads these contracts."""
    settings.DENTELLE_DECP = tmp_path / "decp"
    settings.DENTELLE_HOME = tmp_path

    def load(*rows: dict[str, Any], **tables: list[dict[str, Any]]) -> Path:
        return make_store(tmp_path / "decp" / "serving.duckdb", *rows, **tables)

    return load


def key(number: int) -> str:
    """A contract_key as real ones are: 20 hexadecimal digits."""
    return f"{number:020x}"
