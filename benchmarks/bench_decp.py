"""How fast and how small the DECP import is, against the bare decoding of the same bytes.

    python -m benchmarks.bench_decp [--megabytes 500] [--folder DIR] [--json]

Reference for JSON: msgspec splits a sound twin of the file into raw records and decodes each, every field typed, garbage collector
off, one process, nothing kept nor written. Reference for XML: lxml's bare iterparse, counting records. The import is the whole chain, from the
file to canonical Parquet, digest of the source included. Reference and import are run in turn, five times; each is its best run, which is what
other loads of the machine disturbed least. Anonymous memory is the highest sum of RssAnon over the process and its workers, sampled every 20 ms,
in the middle one of five runs: it leaves out the page cache through which the file is mapped.
"""

import argparse
import compileall
import gc
import json
import mmap
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.make_decp import write
from benchmarks.measure import Measure, against

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5


def _in_process(what: str, path: Path) -> float:
    """Seconds of a reference, measured in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_decp", "--reference", what, str(path)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    return float(found.stdout)


def _reference(what: str, path: Path) -> float:
    gc.disable()
    if what == "xml":
        from lxml import etree

        started = time.perf_counter()
        count = 0
        for _, element in etree.iterparse(str(path), tag="marche", resolve_entities=False, no_network=True):
            count += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        assert count
        return time.perf_counter() - started
    import msgspec

    from benchmarks.typed import TypedRecord

    started = time.perf_counter()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        opening = mapped.find(b'"marche":[') + len(b'"marche":')
        raws = msgspec.json.decode(memoryview(mapped)[opening:-2], type=list[msgspec.Raw])
        decode = msgspec.json.Decoder(TypedRecord).decode
        for raw in raws:
            try:
                decode(raw)
            except (
                msgspec.ValidationError
            ):  # a few records of another shape: the importer mends them, the reference passes
                continue
        elapsed = time.perf_counter() - started
        sys.stdout.write(f"{elapsed}\n")
        sys.stdout.flush()
        os._exit(0)  # the mapped file is still exported to the decoder: nothing to close in order


def anonymous_mb(pid: int) -> float:
    """Anonymous memory of a process and of its children, now."""
    total = 0
    for each in [pid, *_children(pid)]:
        try:
            status = Path(f"/proc/{each}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("RssAnon:"):
                total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    except OSError:  # it has just ended
        pass
    return found + [grandchild for child in found for grandchild in _children(child)]


def run_import(path: Path, into: Path) -> tuple[float, float, dict[str, Any]]:
    """(seconds of the whole command, peak of anonymous MB, its summary)."""
    shutil.rmtree(into, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "dentelle.cli.main",
        "decp",
        "import",
        str(path),
        "--into",
        str(into),
        "--format",
        "json",
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    peak = [0.0]

    def watch() -> None:
        while process.poll() is None:
            peak[0] = max(peak[0], anonymous_mb(process.pid))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    watcher.join()
    assert process.returncode == 0
    return time.perf_counter() - started, peak[0], json.loads(output)


def cpu_seconds() -> float:
    """Processor time of the processes started and ended so far: what a busy machine does not inflate as it does a clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _round(what: str, bare: Path, file: Path, into: Path) -> tuple[float, float, float, float, float, dict[str, Any]]:
    """Reference then import: seconds of each, processor seconds of each, peak of the import in MB, its summary."""
    begun = cpu_seconds()
    reference = _in_process(what, bare)
    between = cpu_seconds()
    seconds, peak, summary = run_import(file, into)
    return reference, seconds, between - begun, cpu_seconds() - between, peak, summary


def measures(megabytes: float = 500, folder: Path | None = None) -> list[Measure]:
    """Every figure of the import, each with its reference measured in the same run."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        return _measures(megabytes, Path(scratch))


def _measures(megabytes: float, scratch: Path) -> list[Measure]:
    compileall.compile_dir(ROOT / "dentelle", quiet=1)  # as installed packages are: what is timed is the import
    found = []
    file, twin = scratch / "decp.json", scratch / "sound.json"
    told = write(file, megabytes=megabytes, records=None, seed=1, form="json")
    write(twin, megabytes=megabytes, records=None, seed=1, form="json", sound=True)
    rounds = [_round("json", twin, file, scratch / "data") for _ in range(ROUNDS)]
    reference, seconds, reference_cpu, import_cpu = (min(each[at] for each in rounds) for at in range(4))
    peak = statistics.median(each[4] for each in rounds)
    summary = rounds[0][5]
    assert summary["read"] == summary["kept"] + summary["duplicates"] + summary["rejected"] == told["records"]
    size = f"{told['bytes'] / 1e6:.0f} Mo, {told['records']} contrats"
    found.append(against("import DECP, JSON", seconds, "s", reference, f"{size} ; cible ≤ 4×, visée 2×"))
    found.append(
        against(
            "import DECP, JSON, temps de processeur",
            import_cpu,
            "s",
            reference_cpu,
            "deux cœurs : la moitié, au mieux, à l’horloge",
        )
    )
    found.append(Measure("import DECP, mémoire anonyme", peak, "Mo", "1 024 Mo", peak / 1024, "cible ≤ 1 024 Mo"))
    shutil.rmtree(scratch / "data")
    twin.unlink()
    write(file, megabytes=2 * megabytes, records=None, seed=1, form="json")
    double = statistics.median(run_import(file, scratch / "data")[1] for _ in range(ROUNDS))
    found.append(against("import DECP, mémoire sur un fichier double", double, "Mo", peak, "cible ≤ 1,10×"))
    shutil.rmtree(scratch / "data")
    file.unlink()
    xml = scratch / "decp.xml"
    told = write(xml, megabytes=0.4 * megabytes, records=None, seed=1, form="xml")
    rounds = [_round("xml", xml, xml, scratch / "data") for _ in range(ROUNDS)]
    reference, seconds = (min(each[at] for each in rounds) for at in range(2))
    found.append(against("import DECP, XML", seconds, "s", reference, f"{told['bytes'] / 1e6:.0f} Mo ; cible ≤ 4×"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=500)
    parser.add_argument("--folder", type=Path, help="where to write the files (1.5 GB at least for 500 MB)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--reference", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.reference:
        print(_reference(arguments.reference[0], Path(arguments.reference[1])))
        return
    found = measures(arguments.megabytes, arguments.folder)
    if arguments.json:
        print(json.dumps([asdict(measure) for measure in found], ensure_ascii=False))
        return
    for measure in found:
        ratio = f"{measure.ratio:.2f}× ({measure.reference})" if measure.ratio is not None else ""
        print(f"{measure.name:45} {measure.figure:9.2f} {measure.unit:3} {ratio:24} {measure.note}")


if __name__ == "__main__":
    main()
