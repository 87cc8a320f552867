"""How long one waits for the search box and the list of organisations at 60 000 of them, beside a plain LIKE."""

import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measure, run_measured

ORGANISATIONS = 60_000


def measures() -> list[Measure]:
    """In a process and on a database of their own; ``DATABASE_URL`` of an empty PostgreSQL database measures that one."""
    with tempfile.TemporaryDirectory() as home:
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{home}/dentelle.sqlite3"
        told = Path(home) / "told.json"
        environment = {
            "DENTELLE_HOME": home,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "dentelle.config.settings.dev",
        }
        run_measured(
            [sys.executable, "-m", "benchmarks.search_once", str(ORGANISATIONS), str(told)], environment=environment
        )
        found = json.loads(told.read_text())
    note = f"{ORGANISATIONS} organisations, {found['queries']} requêtes, {found['vendor']}"
    like = f"LIKE, même table : {found['like_p95']:.1f} ms"
    return [
        Measure("search p50", found["search_p50"], "ms", note=note),
        Measure("search p95", found["search_p95"], "ms", like, found["search_p95"] / found["like_p95"], note),
        Measure("organisations list p95", found["list_p95"], "ms", like, found["list_p95"] / found["like_p95"], note),
        Measure("search rebuild", found["rebuild_s"], "s", note=note),
    ]
