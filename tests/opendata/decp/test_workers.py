"""Processes that read: each is given what it can take, none outlives who made it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dentelle.opendata.decp.importing import _locked
from dentelle.opendata.decp.pieces import Block, Container
from dentelle.opendata.decp.workers import Crew, WorkerLost, _context

TWO_READERS = """
import os, sys, time
from pathlib import Path
from dentelle.opendata.decp.importing import _locked
from dentelle.opendata.decp.workers import Crew
with _locked(Path(sys.argv[1])):
    crew = Crew(2)
    print(*[worker.process.pid for worker in crew.workers], flush=True)
    time.sleep(60)
"""


def a_block(path: Path) -> Block:
    path.write_text('{"marches": {"marche": [{"id": "1", "objet": "Voirie", "acheteur": {"id": "21790049000011"}}]}}')
    text = path.read_text()
    return Block(0, Container("array", text.index("[") + 1), text.index("[") + 1, text.index("]"))


@pytest.mark.parametrize("size", [0, 1, 2])
def test_answers_come_in_the_order_blocks_were_given(tmp_path: Path, size: int) -> None:
    block = a_block(tmp_path / "a.json")
    crew = Crew(size)
    try:
        for number in range(5):
            crew.submit(tmp_path / "a.json", 1, Block(number, block.container, block.start, block.end), tmp_path)
        assert [crew.take().number for _ in range(5)] == [0, 1, 2, 3, 4]
    finally:
        crew.close()


def test_the_reader_with_the_least_to_do_is_given_the_next_block(tmp_path: Path) -> None:
    block = a_block(tmp_path / "a.json")
    crew = Crew(2)
    try:
        busy, free = crew.workers
        busy.busy = 4  # as if its blocks were long
        for _ in range(3):
            crew.submit(tmp_path / "a.json", 1, block, tmp_path)
        assert free.busy + len(free.answers) == 3
    finally:
        crew.close()


def test_a_reader_that_dies_is_told(tmp_path: Path) -> None:
    crew = Crew(1)
    try:
        os.kill(crew.workers[0].process.pid, signal.SIGSTOP)
        crew.submit(tmp_path / "absent.json", 1, a_block(tmp_path / "a.json"), tmp_path)
        os.kill(crew.workers[0].process.pid, signal.SIGKILL)
        with pytest.raises(WorkerLost, match="mémoire"):
            crew.take()
    finally:
        crew.close()


def test_readers_and_the_lock_leave_with_whoever_made_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TWO_READERS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        readers = [int(pid) for pid in maker.stdout.readline().split()]
        maker.kill()
    assert len(readers) == 2
    patience = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() and _state(pid) != "Z" for pid in readers):
        assert time.monotonic() < patience, "a reader outlived the import"
        time.sleep(0.05)
    with _locked(tmp_path):
        pass


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def test_a_process_where_something_else_runs_is_not_copied() -> None:
    resting = threading.Event()
    other = threading.Thread(target=resting.wait)
    other.start()
    try:
        assert _context().get_start_method() == "spawn"
    finally:
        resting.set()
        other.join()
