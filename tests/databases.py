"""Databases of their own for tests that start the programme as its users do, of the vendor the suite runs on."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg

ROOT = Path(__file__).resolve().parent.parent
DENTELLE = [str(Path(sys.executable).with_name("dentelle"))]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address (DATABASE_URL) of an empty database, dropped at the end."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'dentelle.sqlite3'}"
        return
    name = f"fresh_{secrets.token_hex(6)}"
    with _administration(server) as link:
        link.execute(f"CREATE DATABASE {name}")
    try:
        yield server.rpartition("/")[0] + f"/{name}"
    finally:
        with _administration(server) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _administration(url: str) -> Iterator[psycopg.Connection]:
    parts = environ.Env.db_url_config(url)
    with psycopg.connect(
        dbname="postgres",
        host=parts["HOST"] or None,
        port=parts["PORT"] or None,
        user=parts["USER"] or None,
        password=parts["PASSWORD"] or None,
        autocommit=True,
    ) as link:
        yield link


def environment(home: Path, database_url: str, **more: str) -> dict[str, str]:
    """What a person's shell would hold: no settings module of the tests, a home and a database of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DENTELLE_", "DJANGO_", "PYTEST_"))}
    return kept | {"DENTELLE_HOME": str(home), "DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"} | more
