"""Read the features of a GeoJSON, within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from dentelle.opendata.refusal import SourceRefused

MAX_BYTES = 80_000_000  # the national file of 2024 has 10.6 million characters
# our name → the properties it is known under, in lower case
PROPERTIES = {
    "code": ("code_qp", "codeqp", "code_qpv"),
    "name": ("lib_qp", "nom_qp", "nom_qpv"),
    "communes": ("insee_com", "code_commune", "code_insee"),
    "commune_names": ("lib_com", "nom_commune", "commune_qp"),
}
_GEOGRAPHIC = ("CRS84", "4326")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its rank in the file (from 1), the properties wanted as text, its geometry as written."""

    rank: int
    properties: dict[str, str]
    geometry: Any


def read_features(path: Path) -> Iterator[Feature]:
    """Yield the features of a GeoJSON in degrees; refuse any other thing, or a file too large to be held."""
    if not path.is_file():
        raise SourceRefused("file_absent", f"le fichier {path} n’existe pas.")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise SourceRefused("file_too_large", f"{size / 1e6:.0f} Mo, {MAX_BYTES // 1_000_000} Mo au plus.", path=path)
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        document = orjson.loads(content)
    except ValueError as broken:
        raise SourceRefused("geojson_broken", f"JSON illisible ({broken}).", path=path) from broken
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise SourceRefused("geojson_expected", "un GeoJSON « FeatureCollection » non vide est attendu.", path=path)
    _check_reference_system(path, document.get("crs"))
    for rank, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise SourceRefused("feature_unreadable", f"objet n° {rank} : ni propriétés ni contour.", path=path)
        yield Feature(rank, _wanted(feature["properties"]), feature.get("geometry"))


def _check_reference_system(path: Path, declared: Any) -> None:
    if declared is None:
        return
    name = str(declared.get("properties", {}).get("name", "")) if isinstance(declared, dict) else str(declared)
    if not name.endswith(_GEOGRAPHIC):
        raise SourceRefused(
            "not_geographic", f"les coordonnées sont en « {name[:60]} » ; exportez le fichier en WGS84.", path=path
        )


def _wanted(properties: dict[str, Any]) -> dict[str, str]:
    lowered = {key.lower(): value for key, value in properties.items()}
    found = {}
    for name, known in PROPERTIES.items():
        value = next((lowered[key] for key in known if lowered.get(key) not in {None, ""}), "")
        found[name] = str(value).strip()
    return found
