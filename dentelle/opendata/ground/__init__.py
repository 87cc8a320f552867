"""The ground: places, territories, names.

In: ``cog.parquet`` (``dentelle ground build``) and the official files loaded beside it. Out: ``Ground`` (answers and
tables to join with), ``Territory`` (a set of communes), search. Decided here: what a territory contains, which place a
typed name means.
"""

from collections.abc import Mapping
from pathlib import Path

from dentelle.opendata.ground.places import Commune, Department, Epci, GroundMissing, Region, UnknownPlace
from dentelle.opendata.ground.search import Hit
from dentelle.opendata.ground.specs import parse_territory, territory_of
from dentelle.opendata.ground.store import Ground, load_ground
from dentelle.opendata.ground.territory import KIND_LABELS, KINDS, Territory, TerritoryKind

__all__ = [
    "KINDS",
    "KIND_LABELS",
    "Commune",
    "Department",
    "Epci",
    "Ground",
    "GroundMissing",
    "Hit",
    "Region",
    "Territory",
    "TerritoryKind",
    "UnknownPlace",
    "ground_directory",
    "load_ground",
    "parse_territory",
    "territory_of",
]

PROJECT = Path(__file__).resolve().parents[3]


def ground_directory(environ: Mapping[str, str]) -> Path:
    """Return ``$DENTELLE_GROUND``, else ``$DENTELLE_HOME/ground``; the home is ``var/`` in the project by default."""
    if environ.get("DENTELLE_GROUND"):
        return Path(environ["DENTELLE_GROUND"])
    return Path(environ.get("DENTELLE_HOME") or PROJECT / "var") / "ground"
