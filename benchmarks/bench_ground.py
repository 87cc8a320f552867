"""How long the ground takes to be made, loaded and searched, beside the plainest way to do the same."""

import difflib
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import orjson
import pyarrow.parquet as pq

from benchmarks.measure import BenchUnavailable, Measure
from dentelle.opendata.cog.build import build_ground
from dentelle.opendata.cog.read import FILES, find_package
from dentelle.opendata.ground import load_ground
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.text import fold

NODE_MODULES = Path(__file__).resolve().parents[1] / "node_modules"
# what people type: exact names, beginnings, codes, slips, one letter, nonsense
QUERIES = (
    "Rennes", "Saint-Étienne", "st etiene", "havre", "L’Haÿ-les-Roses", "saint denis 93", "44000", "370", "2A004",
    "243500139", "Bret", "Marsielle", "Clermont Ferand", "bourg en bresse", "metropole rennes", "s", "saint", "de la",
    "communauté de communes faucigny glières", "chalons s/ saone", "Lamarche en Woëvre", "lyon 3e", "ille et vilaine",
    "Bretagne", "vilenave dornon", "aix les bain", "montpelier", "pxu", "xqzxqzxqz", "la roche sur yon et alentours",
)  # fmt: skip
SLOW_QUERIES = ("st etiene", "Marsielle", "Clermont Ferand", "vilenave dornon", "montpelier")
ROUNDS = 10


def measures() -> list[Measure]:
    try:
        package = find_package(NODE_MODULES)
    except SourceRefused as refusal:
        raise BenchUnavailable(str(refusal)) from refusal
    with tempfile.TemporaryDirectory() as folder:
        made = _seconds(lambda: build_ground(NODE_MODULES, Path(folder)), 1)[0]
        again = min(_seconds(lambda: build_ground(NODE_MODULES, Path(folder)), 5))
        parsed = min(
            _seconds(
                lambda: [orjson.loads((package.folder / "data" / f"{name}.json").read_bytes()) for name in FILES], 3
            )
        )
        path = build_ground(NODE_MODULES, Path(folder)).path
        bare = min(_seconds(lambda: pq.read_table(path), 10))
        loaded = min(_seconds(lambda: load_ground(Path(folder)), 10))
        ready = min(_seconds(lambda: load_ground(Path(folder)).search("tours"), 3))
        search = _search(Path(folder))
    return [
        Measure("ground build", made, "s", f"orjson.loads des mêmes fichiers : {parsed:.3f} s", made / parsed),
        Measure("ground build, déjà fait", again, "s"),
        Measure("ground load", loaded, "s", f"pyarrow read_table : {bare:.3f} s", loaded / bare),
        Measure("ground load + première recherche", ready, "s"),
        *search,
    ]


def _search(directory: Path) -> list[Measure]:
    ground = load_ground(directory)
    names = [fold(name) for name in ground.communes_table()["commune_name"].to_pylist()]
    ground.search("tours")
    ours = sorted(seconds for query in QUERIES for seconds in _seconds(partial(ground.search, query), ROUNDS))
    scan = statistics.median(
        seconds for query in QUERIES for seconds in _seconds(partial(_scan, fold(query), names), 3)
    )
    near = statistics.median(
        seconds
        for query in SLOW_QUERIES
        for seconds in _seconds(partial(difflib.get_close_matches, fold(query), names, 10), 1)
    )
    half, most = _quantile(ours, 0.5), _quantile(ours, 0.95)
    note = f"{len(QUERIES)} requêtes × {ROUNDS}, {len(names)} communes, maximum {ours[-1] * 1000:.0f} ms"
    return [
        Measure("ground search p50", half * 1000, "ms", f"difflib : {near * 1000:.0f} ms", half / near, note),
        Measure("ground search p95", most * 1000, "ms", f"parcours « in » : {scan * 1000:.1f} ms", most / scan, note),
    ]


def _scan(query: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if query in name]


def _seconds(act: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        found.append(time.perf_counter() - started)
    return found


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
