"""Exports of 1.2 million rows, beyond one sheet of a spreadsheet: how long, and that memory stays small."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.bench_pages import COMMUNES
from benchmarks.make_purchases import make
from benchmarks.measure import BenchUnavailable, Measure, run_measured
from dentelle.opendata.marts.serving import assemble

ROWS = int(os.environ.get("DENTELLE_BENCH_ROWS", "1200000"))
PROMISE_MB = 300


def measures() -> list[Measure]:
    if not COMMUNES.exists():
        raise BenchUnavailable("les paquets npm ne sont pas installés (make setup)")
    found = []
    with TemporaryDirectory(prefix="dentelle-bench-") as folder:
        home = Path(folder)
        store = home / "serving.duckdb"
        with duckdb.connect(config={"temp_directory": str(home / "spill"), "memory_limit": "6GB"}) as connection:
            make(connection, ROWS, COMMUNES)
            assemble(connection, store, {"as_of": "2026-11-21"})
        environment = {"DENTELLE_HOME": folder, "DJANGO_SETTINGS_MODULE": "dentelle.config.settings.dev"}
        for form, order in (("csv", "end"), ("xlsx", "end"), ("csv", "amount")):
            out = home / f"out.{form}"
            run = run_measured(
                [sys.executable, "-m", "benchmarks.export_once", str(store), form, str(out), order],
                environment=environment,
            )
            assert int(run.output.split()[-1]) == ROWS, run.output
            note = f"{ROWS} lignes, {out.stat().st_size / 1e6:.0f} Mo écrits, {run.seconds:.0f} s"
            found.append(
                Measure(
                    f"export {form}{', trié' if order != 'end' else ''}, mémoire",
                    run.peak_mb,
                    "Mo",
                    f"promesse : {PROMISE_MB} Mo",
                    None,
                    note,
                )
            )
    return found
