"""How long one waits for the register at 60 000 contracts of 200 structures, beside the same pages at 1 000."""

import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measure, run_measured

STRUCTURES, CONTRACTS, FEW = 200, 60_000, 1_000


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
        sizes = (str(STRUCTURES), str(FEW), str(CONTRACTS), str(told))
        run_measured([sys.executable, "-m", "benchmarks.contracts_once", *sizes], environment=environment)
        found = json.loads(told.read_text())
    lines = []
    for page, few in found["few"].items():
        many = found["many"][page]
        note = f"{CONTRACTS} contrats de {STRUCTURES} structures, {many['queries']} requêtes SQL, {found['vendor']}"
        reference = f"{FEW} contrats : {few['p95']:.1f} ms, {few['queries']} requêtes"
        lines.append(Measure(f"register {page} p95", many["p95"], "ms", reference, many["p95"] / few["p95"], note))
    return lines
