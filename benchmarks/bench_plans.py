"""A purchase plan of ten thousand lines: dropped, told line by line, written and priced; and hostile files refused."""

import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measure, run_measured

FEW, MANY = 1_000, 10_000
PROMISED, REFUSED_WITHIN = 5.0, 2.0  # seconds


def measures() -> list[Measure]:
    """In a process and on a database of their own; ``DATABASE_URL`` of an empty PostgreSQL database measures that one."""
    with tempfile.TemporaryDirectory() as home:
        told = Path(home) / "told.json"
        environment = {
            "DENTELLE_HOME": home,
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{home}/dentelle.sqlite3",
            "DJANGO_SETTINGS_MODULE": "dentelle.config.settings.dev",
        }
        command = [sys.executable, "-m", "benchmarks.plans_once", str(FEW), str(MANY), str(told)]
        run_measured(command, environment=environment)
        found = json.loads(told.read_text())
    many, few = found["many"], found["few"]
    whole = many["read"] + many["write"]
    note = (
        f"{MANY} lignes : lues {many['read']:.2f} s, écrites et chiffrées {many['write']:.2f} s, relues {many['again']:.2f} s ; "
        f"{many['queries']} requêtes hors insertions ({few['queries']} pour {FEW} lignes), {found['vendor']}"
    )
    lines = [
        Measure("plan, déposé écrit chiffré", whole, "s", f"promis : {PROMISED:.0f} s", whole / PROMISED, note),
        Measure(
            "plan, par ligne",
            whole / MANY * 1_000,
            "ms",
            f"{FEW} lignes : {(few['read'] + few['write']) / FEW * 1_000:.3f} ms",
            whole / MANY / ((few["read"] + few["write"]) / FEW),
        ),
    ]
    for name, seconds in found["hostile"].items():
        label = {"blank rows": "un million de lignes vides", "bomb": "classeur de 400 Mo"}[name]
        reference = f"promis : {REFUSED_WITHIN:.0f} s"
        lines.append(Measure(f"refus, {label}", seconds, "s", reference, seconds / REFUSED_WITHIN))
    return lines
