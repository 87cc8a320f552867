"""A second connection to the tables being built, which writes what is ready while the first goes on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import duckdb


class Beside:
    """Statements run in the order they are asked, in a thread and by a connection of their own.

    What another connection creates as TEMP, or registers, is not seen here.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection.cursor()
        self.thread = ThreadPoolExecutor(1)
        self.asked: list[Future[Any]] = []

    def register(self, name: str, rows: Any) -> None:
        """Give rows a name statements may use."""
        self._ask(self.connection.register, name, rows)

    def run(self, *statements: str) -> None:
        """Have statements run; what goes wrong is raised by ``wait``."""
        for statement in statements:
            self._ask(self.connection.execute, statement)

    def wait(self) -> None:
        """Wait for all that was asked; raise what went wrong first."""
        while self.asked:
            self.asked.pop(0).result()

    def close(self) -> None:
        """Give up what is not done yet."""
        for each in self.asked:
            each.cancel()
        while wait(self.asked, timeout=0).not_done:  # one that is about to start does not hear it yet
            self.connection.interrupt()
            wait(self.asked, timeout=0.05)
        self.thread.shutdown()
        self.connection.close()

    def _ask(self, act: Callable[..., Any], *given: Any) -> None:
        self.asked.append(self.thread.submit(act, *given))
