"""Worker processes, each with its own pipe: when the parent dies, however it dies, the pipe closes and the worker leaves."""

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dentelle.opendata.decp.pieces import Block, BlockResult

if TYPE_CHECKING:
    from dentelle.opendata.decp.blocks import SourceReader

# Below this size a process costs more than it brings.
WORTH_A_PROCESS: Final = 24 * 1024 * 1024
QUEUED_PER_WORKER: Final = 3
# The files a process holds open, where the system tells.
OPENED: Final = Path("/proc/self/fd")


class WorkerLost(RuntimeError):
    """A worker process ended before its answer."""


def _reader() -> "SourceReader":
    from dentelle.opendata.decp.blocks import SourceReader

    return SourceReader()


def _context() -> Any:
    """How processes are made: as copies of this one, readers loaded, when nothing else runs in it.

    A copy made while another thread holds a lock would wait for it for ever: then, or where the system makes no copies, each starts from nothing.
    """
    if threading.active_count() > 1 or not OPENED.exists():
        return multiprocessing.get_context("spawn")
    with _without_numpy():
        import_module("dentelle.opendata.decp.blocks")
    return multiprocessing.get_context("fork")


@contextmanager
def _without_numpy() -> Iterator[None]:
    """What is imported here for the first time does without numpy, as pyarrow can: numpy takes as long to load, and starts threads of its own."""
    hidden = "numpy" not in sys.modules
    if hidden:
        sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules["numpy"]


def _inherited(context: Any) -> list[int]:
    """What a copy would hold of this process, but for its standard streams: a lock or an end of a pipe held there would outlive it here."""
    if context.get_start_method() != "fork":
        return []
    return [int(each.name) for each in OPENED.iterdir() if int(each.name) > sys.stderr.fileno()]


def _work(connection: Connection, inherited: list[int]) -> None:
    for opened in inherited:
        with suppress(OSError):
            os.close(opened)
    gc.disable()
    with _without_numpy():
        reader = _reader()
    while True:
        try:
            task = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        if task is None:
            return
        path, source_key, block, folder = task
        try:
            answer: Any = reader.read(path, source_key, block, folder)
        except KeyboardInterrupt:
            return
        except Exception as failure:  # noqa: BLE001 -- carried to the parent, which raises it
            answer = failure
        try:
            connection.send(answer)
        except (BrokenPipeError, KeyboardInterrupt):
            return


class Crew:
    """Reads blocks, each by whichever process has the least to do; the answers come in the order the blocks were given."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.depth = max(1, size * QUEUED_PER_WORKER)
        self.waiting: deque[int] = deque()  # the worker of each block whose answer is not taken, oldest first
        self.own = None if size else _reader()
        self.done: deque[BlockResult] = deque()
        context = _context() if size else None
        self.workers = [_Worker(context) for _ in range(size)]

    def submit(self, path: Path, source_key: int, block: Block, folder: Path) -> None:
        if self.own is not None:
            self.done.append(self.own.read(path, source_key, block, folder))
            return
        for worker in self.workers:
            worker.hear()
        least = min(range(self.size), key=lambda rank: self.workers[rank].busy)
        self.workers[least].give((path, source_key, block, folder))
        self.waiting.append(least)

    def take(self) -> BlockResult:
        """The answer to the oldest block submitted."""
        if self.own is not None:
            return self.done.popleft()
        answer = self.workers[self.waiting.popleft()].answer()
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        if self.own is not None:
            self.own.close()
        for worker in self.workers:
            worker.connection.close()
        for worker in self.workers:
            worker.end()


class _Worker:
    """A process that reads, and the answers it gave that nobody took yet."""

    def __init__(self, context: Any) -> None:
        inherited = _inherited(context)
        self.connection, theirs = context.Pipe()
        inherited += [self.connection.fileno()] if inherited else []
        self.process = context.Process(target=_work, args=(theirs, inherited), daemon=True)
        self.process.start()
        theirs.close()
        self.busy = 0
        self.answers: deque[Any] = deque()

    def give(self, task: tuple[Path, int, Block, Path]) -> None:
        self.connection.send(task)
        self.busy += 1

    def hear(self) -> None:
        """Take in what it has already answered."""
        while self.busy and self.connection.poll():
            self.receive()

    def answer(self) -> Any:
        """Its oldest answer, waited for."""
        if not self.answers:
            self.receive()
        return self.answers.popleft()

    def receive(self) -> None:
        try:
            self.answers.append(self.connection.recv())
        except (EOFError, ConnectionResetError) as error:
            raise WorkerLost("un processus de lecture s’est arrêté (mémoire insuffisante ?)") from error
        self.busy -= 1

    def end(self) -> None:
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join()


@contextmanager
def crew(total_bytes: int, workers: int | None = None) -> Iterator[Crew]:
    """A crew fit for that many bytes, with the garbage collector at rest: records make no cycle and there are millions of them."""
    size = workers if workers is not None else (2 if total_bytes >= WORTH_A_PROCESS else 0)
    was_enabled = gc.isenabled()
    gc.disable()
    made = Crew(size)
    try:
        yield made
    finally:
        made.close()
        if was_enabled:
            gc.enable()
