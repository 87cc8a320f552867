"""Pages over 1.6 million generated contracts: two server workers, each warm, 200 requests over the mix below, two people at a time."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.make_purchases import make
from benchmarks.measure import BenchUnavailable, Measure
from dentelle.opendata.marts.serving import assemble

CONTRACTS = int(os.environ.get("DENTELLE_BENCH_CONTRACTS", "1600000"))
REQUESTS = 200
PROMISE_MS = 200
ROOT = Path(__file__).resolve().parent.parent
COMMUNES = ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data" / "communes.json"

# (page, addresses): what facilitators do, in turn; {key} becomes a contract of the data
MIX = (
    ("territoire", ("/territoire/?territoire=epci:243500139", "/territoire/?territoire=department:59")),
    ("territoire, région", ("/territoire/?territoire=region:84",)),
    ("liste, territoire", ("/achats/?territoire=epci:200046977", "/achats/?territoire=department:35")),
    ("liste, France", ("/achats/",)),
    ("liste, triée", ("/achats/?territoire=region:53&tri=montant&sens=desc", "/achats/?tri=acheteur")),
    ("liste, filtres", ("/achats/?obligation=oui&clause=non&cpv=45&min=90000", "/achats/?confiance=forte&cpv=90,77&mois=12")),
    ("mots", ("/achats/?q=nettoyage+école", "/achats/?q=menuis&mois=0&remplaces=oui", "/achats/?q=commune&tri=montant&sens=desc")),
    ("marché", ("/achats/{key}/",) * 3),
)  # fmt: skip


def measures() -> list[Measure]:
    if not COMMUNES.exists():
        raise BenchUnavailable("les paquets npm ne sont pas installés (make setup)")
    with TemporaryDirectory(prefix="dentelle-bench-") as folder:
        home = Path(folder)
        keys = _prepare(home)
        with _served(home) as (port, cookie):
            return _measured(port, cookie, keys)


def _prepare(home: Path) -> list[str]:
    store = home / "decp" / "serving.duckdb"
    with duckdb.connect(config={"temp_directory": str(home / "spill"), "memory_limit": "6GB"}) as connection:
        make(connection, CONTRACTS, COMMUNES)
        started = time.perf_counter()
        assemble(connection, store, {"as_of": "2026-11-21"})
        print(
            f"  {CONTRACTS} contrats : fichier de {store.stat().st_size / 1e6:.0f} Mo en {time.perf_counter() - started:.0f} s"
        )
    with duckdb.connect(str(store), read_only=True) as connection:
        found = connection.execute("SELECT contract_key FROM purchases USING SAMPLE 60 ROWS (reservoir, 7)").fetchall()
    return [row[0] for row in found]


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DENTELLE_HOME": str(home),
        "DENTELLE_DECP": str(home / "decp"),
        "DENTELLE_GROUND": str(home / "ground"),
        "DATABASE_URL": f"sqlite:///{home / 'site.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "dentelle.config.settings.dev",
    }


_SIGN_IN = """
import django; django.setup()
from django.test import Client
from django.utils import timezone
from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import Membership, Network, Structure
user = User.objects.create_user("bench@example.org", full_name="Mesure")
structure = Structure.objects.create(
    network=Network.objects.create(name="Mesure"), name="Mesure", slug="mesure", status="approved", approved_at=timezone.now()
)
Membership.objects.create(user=user, structure=structure, role="facilitator")
client = Client(); client.force_login(user); print(client.cookies["sessionid"].value)
"""


@contextmanager
def _served(home: Path) -> Iterator[tuple[int, str]]:
    environment = _environment(home)

    def run(*words: str) -> str:
        done = subprocess.run(words, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run(sys.executable, "-m", "dentelle.cli.main", "ground", "build")
    run(sys.executable, "manage.py", "migrate", "--verbosity", "0")
    cookie = run(sys.executable, "-c", _SIGN_IN)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "dentelle.config.wsgi",
            "-w",
            "2",
            "--threads",
            "2",
            "-b",
            f"127.0.0.1:{port}",
        ],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port, cookie
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _get(port: int, cookie: str, address: str) -> float:
    """Milliseconds until the whole page is read; an error when it is not a page."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address.replace("é", "%C3%A9"), headers={"Cookie": f"sessionid={cookie}"})
    response = connection.getresponse()
    body = response.read()
    elapsed = (time.perf_counter() - started) * 1000
    connection.close()
    if response.status != 200 or b"</html>" not in body:
        raise RuntimeError(f"{address} → {response.status}")
    return elapsed


def _measured(port: int, cookie: str, keys: list[str]) -> list[Measure]:
    some_keys = cycle(keys)
    planned = [
        (page, address.replace("{key}", next(some_keys)))
        for page, address in islice(cycle([(page, address) for page, many in MIX for address in many]), REQUESTS)
    ]
    with ThreadPoolExecutor(2) as people:
        warm = [address for _ in range(10) for address in dict.fromkeys(address for _, address in planned[:20])]
        list(people.map(lambda address: _get(port, cookie, address), warm))
        times = list(people.map(lambda one: (one[0], _get(port, cookie, one[1])), planned))
        bare = list(people.map(lambda _: _get(port, cookie, "/travaux/"), range(50)))
    reference = _p95(bare)
    found = [_line(f"pages, {page}", [t for name, t in times if name == page], reference) for page, _ in MIX]
    return [*found, _line("pages, ensemble", [t for _, t in times], reference, f"promesse : moins de {PROMISE_MS} ms")]


def _line(name: str, times: list[float], reference: float, note: str = "") -> Measure:
    p95 = _p95(times)
    said = f"p50 {statistics.median(times):.0f} ms, {len(times)} requêtes" + (f", {note}" if note else "")
    return Measure(name, round(p95, 1), "ms (p95)", f"page sans données : {reference:.0f} ms", p95 / reference, said)


def _p95(times: list[float]) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
