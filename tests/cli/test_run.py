"""`dentelle run` as a person lives it: real processes, a real port, a real signal."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.databases import DENTELLE, environment, fresh_database

START_SECONDS = 300  # a ceiling for a busy machine, never what is measured


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    """Every living descendant of ``pid``."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(stat.parent.name)
            found += [child, *children_of(child)]
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Site:
    """A running `dentelle run`, with what it printed."""

    def __init__(self, folder, database_url, **settings):
        self.port = free_port()
        self.log = folder / "run.log"
        self._out = self.log.open("wb")
        self.process = subprocess.Popen(
            [*DENTELLE, "run", "--port", str(self.port)],
            env=environment(folder / "home", database_url, **settings),
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self):
        return self.log.read_text(encoding="utf-8")

    def ready(self):
        assert self.process.poll() is None, self.said()
        return "Le site répond" in self.said()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()

    def close(self):
        for pid in [*children_of(self.process.pid), self.process.pid]:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)
        self._out.close()


@pytest.fixture
def database_url(tmp_path):
    with fresh_database(tmp_path) as url:
        yield url


@pytest.fixture
def site(tmp_path, database_url):
    """Without the demonstration, whose data take longer to make than what these tests look at."""
    running = Site(tmp_path, database_url, DENTELLE_DEMO="false")
    try:
        wait_until(running.ready, START_SECONDS, "the site did not start in time")
        yield running
    finally:
        running.close()


def test_it_starts_answers_and_stops_whole(site):
    status, page = site.get("/")
    assert status == 200
    assert "Se connecter" in page
    assert "nadia@demo.dentelle.example" not in page
    assert "http://localhost:" in site.said()
    family = children_of(site.process.pid)
    assert len(family) >= 5  # gunicorn and its two workers, the worker, the clock
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(30) == 0
    assert [pid for pid in family if alive(pid)] == []


def parts_called(site, word):
    """The processes of the site whose command has this word."""
    return [
        pid for pid in children_of(site.process.pid) if word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    ]


def test_background_work_that_dies_is_started_again(site):
    [clock] = parts_called(site, b"clock")
    os.kill(clock, signal.SIGKILL)
    wait_until(lambda: parts_called(site, b"clock") not in ([], [clock]), 30, "the clock was not started again")
    assert "« l’horloge » s’est arrêté : il est relancé" in site.said()
    assert site.get("/connexion/")[0] == 200


def test_when_the_site_itself_dies_it_says_so_and_stops_the_others(site):
    family = children_of(site.process.pid)
    gunicorn = parts_called(site, b"gunicorn")
    os.kill(min(gunicorn), signal.SIGKILL)
    assert site.process.wait(30) == 1
    assert "« le site » s’est arrêté" in site.said()
    wait_until(lambda: not any(map(alive, family)), 30, "some parts outlived the site")


def test_when_it_is_killed_outright_nothing_survives_it(site):
    family = children_of(site.process.pid)
    site.process.kill()
    wait_until(lambda: not any(map(alive, family)), 30, "some parts outlived their parent")
    assert site.process.wait() == -signal.SIGKILL


def test_it_starts_with_its_demonstration_and_again_on_what_it_left(tmp_path, database_url):
    said = []
    for _ in range(2):
        running = Site(tmp_path, database_url)
        try:
            wait_until(running.ready, START_SECONDS, "the site did not start in time")
            status, page = running.get("/")
            assert status == 200
            assert "Comptes de démonstration" in page
            assert "nadia@demo.dentelle.example" in page
            running.process.send_signal(signal.SIGINT)
            assert running.process.wait(30) == 0
        finally:
            running.close()
        said.append(running.said())
    assert "comptes fictifs créés" in said[0]
    assert "comptes fictifs créés" not in said[1]


def refusal(folder, *words):
    done = subprocess.run(
        [*DENTELLE, "run", *words], env=environment(folder, ""), capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stderr


def test_a_port_already_taken_gets_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = refusal(tmp_path, "--port", str(port))
    assert code == 2
    assert said.count("\n") == 1
    assert f"le port {port} n’est pas libre" in said
    assert f"make run PORT={port % 65535 + 1}" in said


@pytest.mark.parametrize("port", ["0", "65536", "-1", "huit", "8000.5"])
def test_a_port_that_is_no_port_gets_one_clear_line(tmp_path, port):
    code, said = refusal(tmp_path, f"--port={port}")
    assert (code, said.count("\n")) == (2, 1)
    assert "n’est pas un port" in said


def test_a_home_that_cannot_be_written_gets_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    code, said = refusal(tmp_path / "file" / "home", "--port", str(free_port()))
    assert (code, said.count("\n")) == (2, 1)
    assert "ne peut être créé" in said
