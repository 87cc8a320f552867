"""How long a person waits for an answer on the command line, beside Python starting and doing nothing."""

import sys
from pathlib import Path

from benchmarks.measure import Measure, best_of
from dentelle.cli.main import VERBS

DENTELLE = str(Path(sys.executable).with_name("dentelle"))
TIMES = 15
QUESTIONS = {
    "help": "help",
    "calibrate": "calibrate --amount 1000000 --labour-share 0.5 --effort 0.05 --hourly-cost 30 --format json",
    "obligation": "obligation --amount 220000 --buyer local --contract services --launched 2026-10-01 --format json",
}


def measures() -> list[Measure]:
    bare = best_of([sys.executable, "-c", "pass"], TIMES).seconds
    found = []
    for name, words in QUESTIONS.items():
        if name != "help" and name not in VERBS:
            continue
        run = best_of([DENTELLE, *words.split()], TIMES)
        reference = f"python -c pass : {bare:.3f} s"
        found.append(
            Measure(f"dentelle {name}", run.seconds, "s", reference, run.seconds / bare, f"{run.peak_mb:.0f} Mo")
        )
    return found
