"""``python -m benchmarks`` (``make bench``): run every benchmark, print a table, compare with the committed ratios."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import BenchUnavailable, Measure, machine

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline.json"
TOLERANCE = 1.2
# Below a twentieth of what it is compared with, how much a figure changes is noise.
SLIGHT = 0.05


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 even when a ratio has worsened (a warning says so), 1 when a benchmark failed, 2 when badly asked."""
    arguments = _arguments(argv)
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if arguments.only and arguments.only not in names:
        print(f"bench : « {arguments.only} » est inconnu ; connus : {', '.join(names)}", file=sys.stderr)
        return 2
    measures: list[Measure] = []
    failed = False
    for name in [arguments.only] if arguments.only else names:
        print(f"→ {name}", flush=True)
        try:
            measures += importlib.import_module(f"benchmarks.bench_{name}").measures()
        except BenchUnavailable as reason:
            print(f"  non mesuré : {reason}")
        except Exception as failure:  # noqa: BLE001 (one broken benchmark must not hide the others)
            print(f"  ÉCHEC : {type(failure).__name__} : {failure}")
            failed = True
    print_table(measures)
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {"ratios": {}}
    warned = warnings(measures, baseline["ratios"])
    for line in [*warned, elsewhere(baseline.get("machine", ""), machine()) if warned else ""]:
        print(line)
    _write(measures)
    if arguments.save_baseline:
        ratios = baseline["ratios"] | {m.name: float(f"{m.ratio:.4g}") for m in measures if m.ratio is not None}
        told = baseline | {"machine": machine(), "ratios": ratios}
        BASELINE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        print(f"Référence écrite : {BASELINE}")
    return 1 if failed else 0


def warnings(measures: Sequence[Measure], ratios: Mapping[str, float]) -> list[str]:
    """One line per ratio beyond 1.2 times its committed value (slight ones left aside), and one for those that have none yet."""
    lines = [
        f"ATTENTION : {m.name} : ratio {m.ratio:.2f}, référence {ratios[m.name]:.2f} (× {m.ratio / (ratios[m.name] or SLIGHT):.2f})"
        for m in measures
        if m.ratio is not None and m.name in ratios and m.ratio > max(TOLERANCE * ratios[m.name], SLIGHT)
    ]
    unknown = [m.name for m in measures if m.ratio is not None and m.name not in ratios]
    if unknown:
        lines.append(f"Sans référence enregistrée : {', '.join(unknown)} (--save-baseline l’écrit)")
    return lines


def elsewhere(told: str, here: str) -> str:
    """Say that the baseline was taken on another processor, where a promise in seconds is another ratio; empty on the same one."""
    if not told or told.partition(",")[0] == here.partition(",")[0]:
        return ""
    return f"La référence vient d’une autre machine ({told})\u00a0: seuls s’y comparent les ratios de deux mesures du même passage."


def print_table(measures: Sequence[Measure]) -> None:
    rows = [("mesure", "valeur", "unité", "ratio", "référence", "note")]
    for m in measures:
        ratio = "" if m.ratio is None else f"{m.ratio:.2f}"
        rows.append((m.name, f"{m.figure:,.3f}".replace(",", " "), m.unit, ratio, m.reference, m.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print()
    for row in rows:
        cells = (
            cell.rjust(width) if place in {1, 3} else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
    print()


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="run bench_NAME.py alone")
    parser.add_argument("--save-baseline", action="store_true", help="write the ratios of this run as the new baseline")
    return parser.parse_args(argv)


def _write(measures: Sequence[Measure]) -> None:
    home = Path(os.environ.get("DENTELLE_HOME") or HERE.parent / "var")
    home.mkdir(parents=True, exist_ok=True)
    here = machine()
    lines = [asdict(measure) | {"machine": here} for measure in measures]
    (home / "bench.json").write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{here}\nÉcrit : {home / 'bench.json'}")


if __name__ == "__main__":
    sys.exit(main())
