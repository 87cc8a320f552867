"""What open data say of a SIRET: its name, its commune, its legal category, and where that was read.

Without any data loaded the answer is empty: the person types the name.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dentelle.foundations.directory.identifiers import Identifier
from dentelle.foundations.directory.models import NameSource
from dentelle.opendata.cog.build import FILE_NAME
from dentelle.opendata.ground import Ground, load_ground
from dentelle.opendata.ground.places import GroundMissing, UnknownPlace
from dentelle.opendata.marts.serving_store import ServingStore, StoreMissing
from dentelle.opendata.sirene import lookup

STORE_FILE = "serving.duckdb"


@dataclass(frozen=True, slots=True)
class Learnt:
    """Empty texts are what nobody says. ``source`` tells where the name comes from, empty without a name."""

    name: str = ""
    source: str = ""
    commune_code: str = ""
    legal_category: str = ""
    closed: bool = False  # SIRENE says the establishment, or the unit, has ceased


def learn(identifier: Identifier) -> Learnt:
    """Return what is known of an organisation: SIRENE first, then the geographic code, then public purchases data."""
    directory = Path(settings.DENTELLE_GROUND)
    office = lookup.establishment(directory, identifier.siret) if identifier.siret else None
    unit = lookup.unit(directory, identifier.siren)
    in_code, seat = _in_geographic_code(identifier.siren)
    candidates = (
        ((unit or {}).get("name"), NameSource.SIRENE),
        ((office or {}).get("name"), NameSource.SIRENE),
        (in_code, NameSource.GEOGRAPHIC_CODE),
    )
    name, source = next(((name, source) for name, source in candidates if name), ("", ""))
    if not name:
        name = _in_purchases(identifier.siren)
        source = NameSource.DECP if name else ""
    closed = next((not row["active"] for row in (office, unit) if row is not None), False)
    return Learnt(
        name=name[:250],
        source=source,
        commune_code=(office or {}).get("commune_code") or seat,
        legal_category=(unit or {}).get("legal_category") or "",
        closed=closed,
    )


def commune_name(code: str) -> str:
    """Return the name of a commune, empty when the code is empty or unknown, or no ground is prepared."""
    with suppress(GroundMissing, UnknownPlace):
        return ground().commune(code).name if code else ""
    return ""


def resolve_commune(code: str) -> str | None:
    """Return the current commune a code leads to, None when it leads nowhere; the code itself without a ground."""
    try:
        return ground().resolve(code)
    except GroundMissing:
        return code


_loaded: dict[Path, tuple[int, Ground]] = {}
_lock = threading.Lock()


def ground() -> Ground:
    """Return the ground of this installation, read again when its file changes; raises GroundMissing."""
    directory = Path(settings.DENTELLE_GROUND)
    path = directory / FILE_NAME
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    with _lock:
        held = _loaded.get(directory)
        if held is None or held[0] != stamp:
            held = _loaded[directory] = (stamp, load_ground(directory))
        return held[1]


def _in_geographic_code(siren: str) -> tuple[str, str]:
    try:
        return ground().name_of_siren(siren) or "", ground().seat_of_siren(siren) or ""
    except GroundMissing:
        return "", ""


def _in_purchases(siren: str) -> str:
    store = _store(Path(settings.DENTELLE_DECP) / STORE_FILE)
    try:
        found = store.rows(
            "SELECT buyer_name FROM buyers WHERE buyer_siren = ? AND buyer_name IS NOT NULL", [siren]
        ) or store.rows(
            "SELECT holder_name FROM holders WHERE holder_siren = ? AND holder_name IS NOT NULL "
            "GROUP BY holder_name ORDER BY count(*) DESC, holder_name LIMIT 1",
            [siren],
        )
    except StoreMissing:
        return ""
    return str(found[0][0]) if found else ""


@lru_cache(maxsize=4)
def _store(path: Path) -> ServingStore:
    return ServingStore(path)
