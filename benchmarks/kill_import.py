"""Kill an import with SIGKILL at random moments: the data set must stay readable, and the next import must complete it.

    python -m benchmarks.kill_import [--times 20] [--seed 1] [--megabytes 40]

Each round starts from a data set of one file, imports a second one in a process of its own, and kills that process and its workers at a moment
drawn between its start and the time a whole import takes. What is checked after each kill: the manifest opens, every table has the rows and
the digest it says, and the contracts are those of before or of after, never between. Then the import is run again to its end.
"""

import argparse
import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.make_decp import write
from dentelle.opendata.decp.dataset import Dataset, open_dataset

ROOT = Path(__file__).resolve().parent.parent


def start(file: Path, into: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "dentelle.cli.main",
        "decp",
        "import",
        str(file),
        "--into",
        str(into),
        "--workers",
        "2",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def whole(dataset: Dataset) -> bool:
    """Whether every table is what the manifest says."""
    for name, table in dataset.manifest.tables.items():
        content = dataset.path(name).read_bytes()
        if (
            hashlib.sha256(content).hexdigest() != table.sha256
            or pq.read_metadata(dataset.path(name)).num_rows != table.rows
        ):
            return False
    return True


def run(times: int, seed: int, megabytes: float) -> list[tuple[float, str]]:
    """(moment of the kill in seconds, what was found), one for each round; raise AssertionError at the first harm."""
    draw = random.Random(seed)  # noqa: S311 -- moments, not secrets
    rounds = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        first, second, data, kept = folder / "first.json", folder / "second.json", folder / "data", folder / "kept"
        write(first, megabytes=megabytes / 8, records=None, seed=11, form="json")
        write(second, megabytes=megabytes, records=None, seed=12, form="json")
        assert start(first, kept).wait() == 0
        before = open_dataset(kept).digest
        shutil.copytree(kept, data)
        began = time.perf_counter()
        assert start(second, data).wait() == 0
        longest = time.perf_counter() - began
        after = open_dataset(data).digest
        for _ in range(times):
            shutil.rmtree(data)
            shutil.copytree(kept, data)
            moment = draw.uniform(0, longest)
            process = start(second, data)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            process.wait()
            found = open_dataset(data)
            assert whole(found), f"a table differs from its manifest after a kill at {moment:.2f} s"
            assert found.digest in {before, after}
            state = "before" if found.digest == before else "after"
            left = len(list((data / "staging").glob("*.partial-*"))) if (data / "staging").exists() else 0
            assert start(second, data).wait() == 0
            completed = open_dataset(data)
            assert completed.digest == after
            assert whole(completed)
            assert not list(data.glob("staging/*.partial-*"))
            assert len(list(data.glob("tables-*"))) == 1
            rounds.append((moment, f"{state}, {left} unfinished source"))
    return rounds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=float, default=40)
    arguments = parser.parse_args()
    rounds = run(arguments.times, arguments.seed, arguments.megabytes)
    for moment, state in rounds:
        print(f"killed at {moment:6.2f} s: data set as {state}; completed by the next import")
    print(f"{len(rounds)} kills, {len(rounds)} readable data sets, {len(rounds)} completed")


if __name__ == "__main__":
    main()
