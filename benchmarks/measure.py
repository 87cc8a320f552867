"""What a benchmark hands over, and the tools to measure honestly."""

import os
import platform
import subprocess
import time
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


def run_measured(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Run ``command`` alone in its process and measure it; raises RuntimeError with its last words when it fails."""
    started = time.perf_counter()
    # peak memory of this child alone: getrusage(RUSAGE_CHILDREN) would keep the largest of all children so far
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
    )
    assert process.stdout
    with process.stdout as pipe:
        output = pipe.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} → {process.returncode}\n{output[-2000:]}")
    return Run(seconds, usage.ru_maxrss * 1024 / 1e6, output)


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
