"""How long one waits for practices at 5 000 sheets: a sentence, its list with facets, the panel of another page."""

import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measure, run_measured

SHEETS = 5_000
PROMISED = 100.0  # milliseconds


def measures() -> list[Measure]:
    """In a process and on a database of their own; ``DATABASE_URL`` of an empty PostgreSQL database measures that one."""
    with tempfile.TemporaryDirectory() as home:
        told = Path(home) / "told.json"
        environment = {
            "DENTELLE_HOME": home,
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{home}/dentelle.sqlite3",
            "DJANGO_SETTINGS_MODULE": "dentelle.config.settings.dev",
        }
        run_measured(
            [sys.executable, "-m", "benchmarks.practices_once", str(SHEETS), str(told)], environment=environment
        )
        found = json.loads(told.read_text())
    note = f"{SHEETS} fiches, {found['queries']} questions, {found['vendor']}"
    names = {
        "search": "pratiques, une question",
        "list": "pratiques, sa liste et ses facettes",
        "facets": "pratiques, la même avec une facette",
        "all": "pratiques, la liste entière",
        "near": "pratiques, panneau d’une autre page",
    }
    promised = f"promis : {PROMISED:.0f} ms"
    return [
        Measure(f"{label} p95", found[key]["p95"], "ms", promised, found[key]["p95"] / PROMISED, note)
        for key, label in names.items()
    ]
