"""Worker processes, each with its own pipe: when the parent dies, however it dies, the pipe closes and the worker leaves."""

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dentelle.opendata.decp.pieces import Block, BlockResult

if TYPE_CHECKING:
    from dentelle.opendata.decp.blocks import SourceReader

# Below this size a process costs more than it brings.
WORTH_A_PROCESS: Final = 24 * 1024 * 1024
QUEUED_PER_WORKER: Final = 2


class WorkerLost(RuntimeError):
    """A worker process ended before its answer."""


def _reader() -> "SourceReader":
    from dentelle.opendata.decp.blocks import SourceReader

    return SourceReader()


def _work(connection: Connection) -> None:
    gc.disable()
    # pyarrow does without numpy, which takes longer to load than all a reader needs
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
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
    """Reads blocks in the order they were given, in this process or in others."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.depth = max(1, size * QUEUED_PER_WORKER)
        self.waiting: deque[int] = deque()
        self.turn = 0
        self.own = None if size else _reader()
        self.done: deque[BlockResult] = deque()
        self.connections: list[Connection] = []
        self.processes: list[Any] = []
        context = multiprocessing.get_context("spawn")
        for _ in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self.connections.append(ours)
            self.processes.append(process)

    def submit(self, path: Path, source_key: int, block: Block, folder: Path) -> None:
        if self.own is not None:
            self.done.append(self.own.read(path, source_key, block, folder))
            return
        self.connections[self.turn].send((path, source_key, block, folder))
        self.waiting.append(self.turn)
        self.turn = (self.turn + 1) % self.size

    def take(self) -> BlockResult:
        """The answer to the oldest block submitted."""
        if self.own is not None:
            return self.done.popleft()
        try:
            answer = self.connections[self.waiting.popleft()].recv()
        except (EOFError, ConnectionResetError) as error:
            raise WorkerLost("un processus de lecture s’est arrêté (mémoire insuffisante ?)") from error
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        if self.own is not None:
            self.own.close()
        for connection in self.connections:
            connection.close()
        for process in self.processes:
            process.join(timeout=5)
            if process.is_alive():
                process.terminate()
                process.join()


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
