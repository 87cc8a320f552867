"""A ground built once from the npm package, and a small serving store made by hand, for the tests of the territory."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings as django_settings

from dentelle.opendata.cog.build import build_ground
from dentelle.opendata.ground.store import Ground, load_ground
from dentelle.opendata.marts.serving import assemble
from dentelle.thread.territory import overview, queries
from tests.territory.purchases import write_views

AS_OF = date(2026, 11, 3)


@pytest.fixture(scope="session")
def ground_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("ground")
    build_ground(django_settings.DENTELLE_NODE_MODULES, directory)
    return directory


@pytest.fixture(scope="session")
def reference(ground_directory: Path) -> Ground:
    return load_ground(ground_directory)


@pytest.fixture
def with_ground(settings: Any, ground_directory: Path) -> None:
    """The site reads its ground from the one built for the tests."""
    settings.DENTELLE_GROUND = ground_directory


@pytest.fixture
def load_purchases(settings: Any, tmp_path: Path) -> Iterator[Callable[[Iterable[dict[str, Any]]], Path]]:
    """``load_purchases([{…}, …])``: the site reads a store that holds these purchases (see ``tests/territory/purchases.py``)."""

    def load(rows: Iterable[dict[str, Any]]) -> Path:
        settings.DENTELLE_DECP = tmp_path / "decp"
        with duckdb.connect() as connection:
            write_views(connection, list(rows))
            return assemble(connection, tmp_path / "decp" / "serving.duckdb", {"as_of": AS_OF.isoformat()})

    yield load
    # what is remembered for the life of a process must not outlive the test it was read in
    overview._overview.cache_clear()
    queries._store.cache_clear()
