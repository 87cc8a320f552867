"""The renewals of a whole generated country, beside DuckDB reading the same columns; and what the back-test finds there."""

import json
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.generated import write_contracts
from benchmarks.measure import Measure, run_measured

ROWS = int(os.environ.get("BENCH_MARTS_ROWS", "400000"))
AS_OF = date(2026, 11, 21)
CEILING_MB = 1500
BACKTEST_AT = date(2022, 6, 30)

_SCAN = """
import duckdb, sys
duckdb.execute("SET threads = 2")
print(duckdb.execute("SELECT count(*), count(DISTINCT object_words), sum(amount_cents), max(effective_on), max(duration_months), "
    "max(cpv), max(place_code), max(buyer_siren) FROM read_parquet(?)", [sys.argv[1]]).fetchall())
"""


def measures() -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contracts.parquet"
        rows = write_contracts(path, ROWS)
        scan = min(
            (run_measured([sys.executable, "-c", _SCAN, str(path)]) for _ in range(3)), key=lambda run: run.seconds
        )
        answer = run_measured([sys.executable, "-m", "benchmarks.bench_marts", str(path), "renewals"])
        judged = run_measured([sys.executable, "-m", "benchmarks.bench_marts", str(path), "backtest"])
    found = json.loads(answer.output.splitlines()[-1])
    scores = json.loads(judged.output.splitlines()[-1])
    score = scores["all"]
    reference = f"DuckDB, lecture des mêmes colonnes : {scan.seconds:.2f} s"
    note = f"{rows} contrats engendrés, {found['rows']} reviennent en 24 mois"
    known = f"données engendrées, au {BACKTEST_AT:%d/%m/%Y}, {score['foreseen']} prévus, {score['renewed']} revenus"
    return [
        Measure("marts: renewals, whole country", answer.seconds, "s", reference, answer.seconds / scan.seconds, note),
        # against the gigabyte and a half it should hold in, whatever the machine
        Measure(
            "marts: renewals, peak memory", answer.peak_mb, "MB", f"{CEILING_MB} MB", answer.peak_mb / CEILING_MB, note
        ),
        Measure("marts: back-test", judged.seconds, "s", reference, judged.seconds / scan.seconds, note),
        Measure("marts: back-test, precision", 100 * score["precision"], "%", note=known),
        Measure("marts: back-test, recall", 100 * score["recall"], "%", note=known),
        Measure("marts: back-test, median error", score["median_error_months"], "months", note=known),
        *(
            Measure(
                f"marts: back-test, precision, {level}",
                100 * row["precision"],
                "%",
                note=f"{row['foreseen_renewed']} revenus sur {row['foreseen']} prévus",
            )
            for level in ("high", "medium", "low")
            if (row := scores[level])["precision"] is not None
        ),
    ]


def _work(path: Path, act: str) -> None:
    """One act in its own process, so that its memory is its own."""
    from benchmarks.generated import ground_tables
    from dentelle.opendata.decp.schema import MODIFICATIONS
    from dentelle.opendata.engines import MARTS_MEMORY, session, to_arrow
    from dentelle.opendata.marts import schema
    from dentelle.opendata.marts.backtest import backtest
    from dentelle.opendata.marts.ground_frames import ground_frames
    from dentelle.opendata.marts.parameters import Window
    from dentelle.opendata.marts.renewals import renewals
    from dentelle.opendata.marts.rules_tables import foresight

    with session("duckdb", scratch=path.parent / "spill", memory=MARTS_MEMORY) as engine:
        contracts = engine.parquet([path])
        if act == "backtest":
            judged = backtest(contracts, engine.arrow(MODIFICATIONS.empty_table()), at=BACKTEST_AT)
            rows = to_arrow(judged.rows, schema.BACKTEST).to_pylist()
            print(json.dumps({row["confidence"]: row for row in rows}))
            return
        ground = ground_frames(engine, ground_tables())
        window = Window.starting(2026, 12, 24)
        answer = to_arrow(renewals(contracts, ground, foresight(), as_of=AS_OF, window=window).rows, schema.RENEWALS)
        print(json.dumps({"rows": answer.num_rows}))


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2])
