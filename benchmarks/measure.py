"""What a benchmark hands over, and the tools to measure honestly."""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class BenchUnavailable(Exception):
    """This machine cannot run the benchmark; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Measure:
    """``figure`` in ``unit`` is what was measured; ``ratio`` is figure ÷ reference, both measured in the same run.

    ``reference`` says in words what the figure is compared with (« msgspec.Raw, même fichier : 6,1 s »); ``ratio`` is None
    when a figure has no reference (a memory ceiling, say), and lower is always better.
    """

    name: str
    figure: float
    unit: str
    reference: str = ""
    ratio: float | None = None
    note: str = ""


def against(name: str, figure: float, unit: str, reference: float, note: str = "") -> Measure:
    """A figure with its ratio to a reference of the same unit, measured in the same run."""
    return Measure(name, figure, unit, f"{reference:.4g} {unit}", figure / reference, note)


@dataclass(frozen=True, slots=True)
class Run:
    """One finished command: wall-clock seconds, peak resident memory of it and its children in megabytes (10⁶ bytes)."""

    seconds: float
    peak_mb: float
    output: str


# Runs the command and tells its peak memory. It stands between, because a process started by a large one inherits the
# large one's peak (Linux keeps it across exec): this small Python is all the command can inherit.
_LAUNCHER = """
import os, sys, time
started = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as told:
    told.write(f"{time.perf_counter() - started} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}")
"""


def run_measured(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Run ``command`` alone in its process and measure it; raises RuntimeError with its last words when it fails."""
    with tempfile.NamedTemporaryFile("r") as told:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, told.name, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            check=False,
        )
        words = told.read().split()
    output = done.stdout.decode("utf-8", "replace")
    if len(words) != 3 or words[2] != "0":
        raise RuntimeError(f"{' '.join(command)} → {words[2] if len(words) == 3 else 'not started'}\n{output[-2000:]}")
    return Run(float(words[0]), int(words[1]) * 1024 / 1e6, output)


def best_of(command: Sequence[str], times: int, *, environment: Mapping[str, str] | None = None) -> Run:
    """The quickest of ``times`` runs: what the machine can do when nothing else disturbs it."""
    return min((run_measured(command, environment=environment) for _ in range(times)), key=lambda run: run.seconds)


def machine() -> str:
    """The machine in one line: processor, cores, memory, system, Python."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = len(os.sched_getaffinity(0))
    return f"{processor}, {cores} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
